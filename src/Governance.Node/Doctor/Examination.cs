using System.Runtime.CompilerServices;
using Governance.Node.Doctor.Database;

namespace Governance.Node.Doctor;

/// <summary>Runs every check, one after the other: a check that breaks is a finding and stops no other.</summary>
internal static class Examination
{
    private static readonly ICheck[] Checks =
    [
        new PolicyCheck(), new NotifyCheck(), new DataFolderCheck(), new DiskCheck(), new TokenKeyCheck(), new PortsCheck(), new ClusterCheck(), new DatabaseCheck(), new ClockCheck(), new MachineCheck(),
    ];

    internal static async IAsyncEnumerable<Finding> RunAsync(DoctorSettings node, [EnumeratorCancellation] CancellationToken cancel)
    {
        var secrets = new Secrets(node.Postgres);
        foreach (var check in Checks)
            foreach (var finding in await GuardedAsync(check, node, cancel))
                yield return finding with { Detail = secrets.Hide(OneLine(finding.Detail)), Fix = secrets.Hide(OneLine(finding.Fix)) };
    }

    private static async Task<IReadOnlyList<Finding>> GuardedAsync(ICheck check, DoctorSettings node, CancellationToken cancel)
    {
        try { return await check.RunAsync(node, cancel); }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return [Finding.Fail(check.Name, $"could not be checked: {e.GetType().Name}: {e.Message}", "run the doctor as the user that the node runs as, with the node's own options")];
        }
    }

    private static string OneLine(string text) => string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
