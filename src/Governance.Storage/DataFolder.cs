namespace Governance.Storage;

/// <summary>Another process uses the data folder.</summary>
public sealed class DataFolderInUseException(string path, Exception cause)
    : Exception($"{path} is in use by another process: stop that node, or choose another folder with --data-dir", cause);

/// <summary>Where a single node keeps everything: one file per purpose, one writer each, the folder locked.</summary>
public sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";
    private readonly FileStream _lock;

    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
        else Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try { _lock = new FileStream(File(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException inUse) { throw new DataFolderInUseException(Path, inUse); }
    }

    public string Path { get; }
    public string Journal => File("journal.db");
    public string Snapshots => File("snapshots.db");
    public string Ledger => File("ledger.db");
    public string Deadlines => File("deadlines.db");
    public string Views => File("views.db");
    public string Alarms => File("alarms.db");
    public string Accounts => File("accounts.db");
    public string Seals => File("seals.db");
    public string Keys => File("keys");

    /// <summary>Whether a process holds the folder. Makes nothing, and holds the lock itself no longer than the call.</summary>
    public static bool IsInUse(string path)
    {
        var file = System.IO.Path.Combine(path, LockName);
        if (!System.IO.File.Exists(file)) return false;
        try { new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(); }
        catch (FileNotFoundException) { return false; }
        catch (IOException) { return true; }
        return false;
    }

    public void Dispose() => _lock.Dispose();

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
