using System.Text.Json;

namespace Governance.Node.Tests;

/// <summary>The three scripts of cases.md from end to end, as a user runs them: through gRPC, in recorded time, each leg against its script.</summary>
public sealed class DrillTests
{
    [Theory]
    [InlineData("chlorine", 0, 8), InlineData("chargers", 0, 11), InlineData("certificate-fee", 1, 13)]
    public async Task A_script_ends_closed_with_every_promise_kept(string scenario, int slips, int legs)
    {
        var (exit, output, errors) = await NodeProcess.RunAsync("drill", scenario, "--json", "--speed", "0");
        var result = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.True(exit == 0, $"{result.GetProperty("not_kept")}\n{errors}");
        Assert.Equal((scenario, "CLOSED", 0), (result.GetProperty("scenario").GetString(), result.GetProperty("case_state").GetString(), result.GetProperty("not_kept").GetArrayLength()));
        Assert.Equal((legs, slips), (result.GetProperty("legs").GetArrayLength(), result.GetProperty("slips").GetArrayLength()));
        Assert.All(result.GetProperty("legs").EnumerateArray(), leg => Assert.Equal(leg.GetProperty("planned").GetDateTimeOffset(), leg.GetProperty("happened").GetDateTimeOffset()));
        Assert.All(result.GetProperty("slips").EnumerateArray(), slip => Assert.Equal(("CANCELLED", "TX-2025-DR-0001"), (slip.GetProperty("state").GetString(), slip.GetProperty("number").GetString())));
        Assert.All(result.GetProperty("clocks").EnumerateArray(), clock => Assert.Contains(clock.GetProperty("state").GetString(), new[] { "MET", "RUNNING" }));
        Assert.InRange(result.GetProperty("desk_ms").GetDouble(), 0, 10_000);
    }

    [Fact]
    public async Task A_scenario_that_is_none_is_said_so()
    {
        var (exit, _, errors) = await NodeProcess.RunAsync("drill", "earthquake");
        Assert.Equal(1, exit);
        Assert.Contains("chlorine, chargers, certificate-fee", errors);
    }
}
