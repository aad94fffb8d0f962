namespace Governance.Node.Doctor;

/// <summary>The key that tokens are signed with: whoever reads it can be anybody.</summary>
internal sealed class TokenKeyCheck : ICheck
{
    /// <summary>HMAC-SHA256 wants a key at least as long as its result.</summary>
    private const int MinimumBytes = 32;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite, World = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public string Name => "token key";

    public Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel)
    {
        var file = Path.GetFullPath(Path.Combine(node.KeysDir, "token.key"));
        return Task.FromResult<IReadOnlyList<Finding>>([File.Exists(file) ? Existing(file) : Absent(node, file)]);
    }

    private Finding Existing(string file)
    {
        try
        {
            using var key = File.OpenRead(file);
            if (key.Length < MinimumBytes) return Finding.Fail(Name, $"{file} has {key.Length} bytes; a key has at least {MinimumBytes}", $"delete it, and the next start makes a new one; tokens issued so far end with it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(Name, $"{file} cannot be read: {e.Message}", $"give it to the user that the node runs as: chown USER {file} && chmod 600 {file}");
        }
        return Folders.Mode(file) switch
        {
            { } open when (open & World) != 0 => Finding.Fail(Name, $"{file} has mode {Folders.Octal(open)}: anybody on this machine may sign tokens", $"chmod 600 {file}; if others had access, replace it on all nodes"),
            { } shared when (shared & Group) != 0 => Finding.Warn(Name, $"{file} has mode {Folders.Octal(shared)}: its group may sign tokens", $"chmod 600 {file}; a secret of Kubernetes mounted with fsGroup is meant to be so"),
            _ => Finding.Ok(Name, $"{file}: readable by its owner only"),
        };
    }

    private Finding Absent(DoctorSettings node, string file)
    {
        var folder = Folders.Existing(node.KeysDir);
        if (!Directory.Exists(folder) || Folders.WhyNotWritable(folder) is not null)
            return Finding.Fail(Name, $"{file} is missing and cannot be made in {folder}", "put the key there (openssl rand -out token.key 64; mode 600), or name its folder with --keys");
        if (!node.Clustered) return Finding.Ok(Name, $"{file}: the first start makes it");
        return Finding.Warn(Name, $"{file} is missing: the first start makes one of its own", "all nodes of a cluster share one key: copy token.key from another node first, else tokens of the others are refused here");
    }
}
