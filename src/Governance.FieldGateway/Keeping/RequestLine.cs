using System.Globalization;
using System.Text;
using System.Text.Json;
using Governance.FieldGateway.Hj212;

namespace Governance.FieldGateway.Keeping;

/// <summary>What is written about an upload.</summary>
internal enum RequestWord
{
    /// <summary>Its readings are about to be taken, under these numbers.</summary>
    Intended = 0,
    /// <summary>They outlive the process.</summary>
    Kept = 1,
    /// <summary>They were not taken after all.</summary>
    NotTaken = 2,
}

/// <summary>One line of the file of requests: four digits of checksum, a space, JSON. A line that was torn is passed over.</summary>
internal sealed record RequestLine(RequestWord Word, string Mn, string Key, string Digest, long Epoch, IReadOnlyList<Intended>? Numbers, bool IsRest)
{
    private const int ChecksumChars = 4;

    internal static RequestLine Of(RequestWord word, Request request) =>
        new(word, request.Name.Mn, request.Name.Key, request.Name.Digest, request.Epoch, word == RequestWord.Intended ? request.Numbers : null, request.IsRest);

    internal byte[] ToBytes()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this);
        return [.. Encoding.ASCII.GetBytes(Crc16.Of(json).ToString("X4", CultureInfo.InvariantCulture)), (byte)' ', .. json, (byte)'\n'];
    }

    internal static RequestLine? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length <= ChecksumChars + 1 || !ushort.TryParse(line[..ChecksumChars], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var told)) return null;
        var json = line[(ChecksumChars + 1)..];
        if (Crc16.Of(json) != told) return null;
        try { return JsonSerializer.Deserialize<RequestLine>(json); }
        catch (JsonException) { return null; }
    }
}
