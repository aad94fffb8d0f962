using System.Globalization;
using Governance.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Governance.Cluster.Tests.Faults;

/// <summary>
/// Three nodes under 2,000 readings/s while they are killed, frozen, cut off and restarted, and their database with
/// them: nothing acknowledged is lost or doubled, no occurrence, no case, no deadline.
/// </summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    /// <summary>A short run by default; longer with GOVERNANCE_FAULT_MINUTES, another course with GOVERNANCE_FAULT_SEED (tests/soak.sh).</summary>
    [ClusterFact]
    public async Task Nothing_is_lost_or_doubled_by_random_faults()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("GOVERNANCE_FAULT_SEED"), out var set) ? set : Environment.TickCount & 0xFFFF;
        var minutes = double.TryParse(Environment.GetEnvironmentVariable("GOVERNANCE_FAULT_MINUTES"), CultureInfo.InvariantCulture, out var asked) ? asked : 1.5;
        Tell($"seed {seed}");
        var (lies, report) = await new FaultRun(seed, TimeSpan.FromMinutes(minutes), Tell).RunAsync();
        Tell(report);
        if (Environment.GetEnvironmentVariable("GOVERNANCE_FAULT_REPORT") is { Length: > 0 } file) await File.WriteAllTextAsync(file, report + string.Join("\n", lies));
        Assert.True(lies.Count == 0, $"seed {seed}: {lies.Count} lies\n{string.Join("\n", lies.Take(40))}\n{report}");
    }

    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
