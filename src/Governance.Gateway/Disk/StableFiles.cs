using System.Runtime.InteropServices;

namespace Governance.Gateway.Disk;

/// <summary>Writing so that it is there after a power cut: content first, then the name, then the folder.</summary>
internal static partial class StableFiles
{
    /// <summary>Replaces a small file as a whole: a reader finds the old content or the new one.</summary>
    internal static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var fresh = path + ".new";
        using (var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(fresh, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes names in a folder durable. Systems that cannot open a folder do so by themselves.</summary>
    internal static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(folder, 0);
        if (handle < 0) throw new IOException($"{folder} cannot be opened to be synced (errno {Marshal.GetLastPInvokeError()})");
        try
        {
            if (Sync(handle) != 0) throw new IOException($"{folder} cannot be synced (errno {Marshal.GetLastPInvokeError()})");
        }
        finally { _ = Close(handle); }
    }

    /// <summary>Names this run of the machine: what was written in it and not synced is still there. Empty where the system does not say.</summary>
    internal static string Boot()
    {
        try { return OperatingSystem.IsLinux() ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : ""; }
        catch (IOException) { return ""; }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
