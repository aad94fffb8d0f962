using Governance.Storage;

namespace Governance.Node.Doctor;

/// <summary>The data folder is there or can be made, is writable, private, and nobody else's.</summary>
internal sealed class DataFolderCheck : ICheck
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Name => "data folder";

    public Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel) => Task.FromResult<IReadOnlyList<Finding>>([Run(Path.GetFullPath(node.DataDir))]);

    private Finding Run(string path)
    {
        var existing = Folders.Existing(path);
        if (!Directory.Exists(existing)) return Finding.Fail(Name, $"{existing} is a file, not a folder", "choose another folder with --data-dir");
        if (Folders.WhyNotWritable(existing) is { } why)
            return Finding.Fail(Name, $"{existing} cannot be written: {why}", $"make {path} and give it to the user that the node runs as (install -d -m 700 -o USER {path}), or choose another with --data-dir");
        if (existing != path) return Finding.Ok(Name, $"{path}: the first start makes it");
        if (DataFolder.IsInUse(path))
            return Finding.Fail(Name, $"{path} is locked by another process", "a node runs on it: stop that one before you start another, or choose another folder with --data-dir; of a running node ask /healthz/ready instead");
        if (Folders.Mode(path) is { } mode && (mode & Others) != 0)
            return Finding.Warn(Name, $"{path} has mode {Folders.Octal(mode)}: others on this machine may look into it", $"chmod 700 {path}");
        return Finding.Ok(Name, $"{path}: writable, private, not in use");
    }
}
