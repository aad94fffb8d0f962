using Governance.Gateway.Disk;

namespace Governance.FieldGateway.Keeping;

/// <summary>The file of remembered uploads: lines are added at the end; now and then it is replaced by a shorter one. Not thread-safe.</summary>
internal sealed class RequestFile : IDisposable
{
    private const string Name = "requests";
    private readonly string _path;
    private FileStream? _file;
    private bool _isTorn;

    internal RequestFile(string folder)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, Name);
    }

    /// <summary>Lines in the file.</summary>
    internal int Lines { get; private set; }

    internal IReadOnlyList<RequestLine> Read()
    {
        if (!File.Exists(_path)) return [];
        var lines = new List<RequestLine>();
        var bytes = File.ReadAllBytes(_path).AsSpan();
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
            if (RequestLine.Parse(bytes[..end]) is { } line) lines.Add(line);
        return lines;
    }

    internal void Append(ReadOnlySpan<byte> line, bool mustSync)
    {
        _file ??= new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            // A write that failed may have left half a line; what follows must not be glued to it.
            if (_isTorn) _file.Write("\n"u8);
            _isTorn = true;
            _file.Write(line);
            if (mustSync) _file.Flush(flushToDisk: true);
            _isTorn = false;
        }
        catch (IOException)
        {
            _file.Dispose();
            _file = null;
            throw;
        }
        Lines++;
    }

    /// <summary>Durable when this returns; a crash leaves the old file or the new one.</summary>
    internal void Replace(IEnumerable<byte[]> lines)
    {
        var content = new MemoryStream();
        var count = 0;
        foreach (var line in lines)
        {
            content.Write(line);
            count++;
        }
        StableFiles.Replace(_path, content.GetBuffer().AsSpan(0, (int)content.Length));
        _file?.Dispose();
        (_file, Lines, _isTorn) = (null, count, false);
    }

    /// <summary>Removes it, as well as can be; the next line must be a replacement.</summary>
    internal void TryForget()
    {
        _file?.Dispose();
        _file = null;
        try
        {
            File.Delete(_path);
            StableFiles.SyncFolder(Path.GetDirectoryName(_path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* a disk that takes not even this takes no readings either */ }
    }

    public void Dispose() => _file?.Dispose();
}
