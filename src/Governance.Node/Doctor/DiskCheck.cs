using System.Globalization;

namespace Governance.Node.Doctor;

/// <summary>Free space where the data folder is.</summary>
internal sealed class DiskCheck : ICheck
{
    private const long WarnBytes = 1L << 30, FailBytes = 100L << 20;

    public string Name => "disk";

    public Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel)
    {
        var at = Folders.Existing(node.DataDir);
        var free = new DriveInfo(at).AvailableFreeSpace;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1 << 20):N0} MiB free at {at}");
        var fix = node.Clustered ? "free some space; the data itself is in PostgreSQL: look at the disk of its machine too" : "free some space, or choose a folder on a larger disk with --data-dir: a node with a full disk acknowledges nothing";
        var finding = free < FailBytes ? Finding.Fail(Name, detail, fix) : free < WarnBytes ? Finding.Warn(Name, detail, fix) : Finding.Ok(Name, detail);
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
