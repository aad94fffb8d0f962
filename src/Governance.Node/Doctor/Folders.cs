namespace Governance.Node.Doctor;

/// <summary>What checks ask of folders and files.</summary>
internal static class Folders
{
    /// <summary>The folder itself, or the nearest one above it that is there.</summary>
    internal static string Existing(string path)
    {
        var at = Path.GetFullPath(path);
        while (!Path.Exists(at) && Path.GetDirectoryName(at) is { } parent) at = parent;
        return at;
    }

    /// <summary>Why nothing can be written into a folder; null when something can. Leaves nothing behind.</summary>
    internal static string? WhyNotWritable(string folder)
    {
        try
        {
            using var probe = new FileStream(Path.Combine(folder, $".governance-doctor-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            probe.WriteByte(0);
            probe.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return e.Message; }
    }

    /// <summary>Mode of the thing itself, not of a link to it; null where there are no modes.</summary>
    internal static UnixFileMode? Mode(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return File.GetUnixFileMode(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path);
    }

    internal static string Octal(UnixFileMode mode) => Convert.ToString((int)mode & 0x1FF, 8).PadLeft(3, '0');
}
