using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Governance.Gateway.Disk;

/// <summary>A segment that is being written: records at its end, one after the other.</summary>
internal sealed class SegmentFile : IDisposable
{
    private const string Prefix = "readings-", Suffix = ".seg", Unfinished = ".new";
    private readonly SafeFileHandle _handle;

    private SegmentFile(long number, SafeFileHandle handle) => (Number, _handle) = (number, handle);

    internal long Number { get; }
    internal long Bytes { get; private set; }
    /// <summary>Highest position of a reading in it; −1 when there is none.</summary>
    internal long LastPosition { get; set; } = -1;

    /// <summary>A segment appears under its name with its head in it, or not at all.</summary>
    internal static SegmentFile Create(string folder, long number, ReadOnlySpan<byte> head)
    {
        var path = PathOf(folder, number);
        var file = new SegmentFile(number, File.OpenHandle(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.Read));
        try
        {
            file.Append(head);
            file.Sync();
            File.Move(path + Unfinished, path);
            StableFiles.SyncFolder(folder);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal void Append(ReadOnlySpan<byte> records)
    {
        RandomAccess.Write(_handle, records, Bytes);
        Bytes += records.Length;
    }

    internal void Sync() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();

    internal static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:0000000000}{Suffix}");
    internal static string PathOf(string folder, long number) => Path.Combine(folder, NameOf(number));

    /// <summary>Numbers of the segments that are there, ascending.</summary>
    internal static List<long> List(string folder) => [.. Directory.EnumerateFiles(folder, Prefix + "*" + Suffix)
        .Select(p => long.Parse(Path.GetFileName(p).AsSpan(Prefix.Length, Path.GetFileName(p).Length - Prefix.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture)).Order()];

    /// <summary>Files whose beginning was cut short.</summary>
    internal static void DeleteUnfinished(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Unfinished)) File.Delete(path);
    }

    /// <summary>Keeps a file that nobody can read for people to look at, under a name that no start reads again.</summary>
    internal static void SetAside(string path) => File.Move(path, path + ".corrupt", overwrite: true);

    /// <summary>Takes off what was never finished.</summary>
    internal static void Cut(string path, long length)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(file, length);
        RandomAccess.FlushToDisk(file);
    }
}
