using System.IO.Compression;
using Google.Protobuf;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>
/// States as they travel in answers. A desk that calls for hundreds of cases, or a long agenda, outgrows what one message between
/// nodes may have (1 MiB), and what outgrows it is dropped without a word: who asked would wait in vain. Such states say the same
/// things over and over, so a large one travels compressed; small ones are not worth the time.
/// </summary>
internal static class StatePacking
{
    /// <summary>From here on a state travels compressed.</summary>
    internal const int FromBytes = 256 * 1024;
    /// <summary>No state is larger than this; more is damage.</summary>
    internal const int LimitBytes = 64 * 1024 * 1024;
    private const string Compressed = "deflate:";

    internal static J.Payload Pack(object state)
    {
        var plain = JournalRegistry.Kernel.Pack(state);
        if (plain.Body.Length < FromBytes) return plain;
        using var body = new MemoryStream();
        using (var deflate = new DeflateStream(body, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(plain.Body.Span);
        return new J.Payload { Manifest = Compressed + plain.Manifest, Body = UnsafeByteOperations.UnsafeWrap(body.GetBuffer().AsMemory(0, (int)body.Length)) };
    }

    internal static object Unpack(J.Payload wire)
    {
        if (!wire.Manifest.StartsWith(Compressed, StringComparison.Ordinal)) return JournalRegistry.Kernel.Unpack(wire);
        using var deflate = new DeflateStream(new MemoryStream(wire.Body.ToByteArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = deflate.Read(buffer)) > 0;)
        {
            if (plain.Length + read > LimitBytes) throw new InvalidDataException($"{wire.Manifest}: a state of more than {LimitBytes} bytes");
            plain.Write(buffer, 0, read);
        }
        return JournalRegistry.Kernel.Unpack(new J.Payload { Manifest = wire.Manifest[Compressed.Length..], Body = UnsafeByteOperations.UnsafeWrap(plain.GetBuffer().AsMemory(0, (int)plain.Length)) });
    }
}
