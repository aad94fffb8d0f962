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

    /// <summary>Against a node that runs; afterwards its lists know the case, by what was written in it.</summary>
    [Fact]
    public async Task A_drill_on_a_running_node_is_found_in_its_reports_and_only_where_drills_are_asked_for()
    {
        await using var node = new NodeProcess();
        await node.StartAsync();
        string[] at = ["--endpoint", node.Endpoint, "--data-dir", node.DataDir];
        var (exit, output, errors) = await NodeProcess.RunAsync(["drill", "chargers", "--json", .. at]);
        Assert.True(exit == 0, errors);
        var number = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("case").GetString();
        // The lists follow the journal.
        var (found, until) = (default(JsonElement), DateTime.UtcNow.AddSeconds(30));
        do found = await ListAsync(["report", "cases", "--drill", "--text", "电动车充电桩", "--state", "closed", "--json", .. at]);
        while (found.GetArrayLength() == 0 && DateTime.UtcNow < until);
        var line = Assert.Single(found.EnumerateArray());
        Assert.Equal((number, "ZJ", "CLOSED"), (line.GetProperty("caseNumber").GetString(), line.GetProperty("lead").GetString(), line.GetProperty("state").GetString()));
        Assert.Empty((await ListAsync(["report", "cases", "--text", "充电桩", "--json", .. at])).EnumerateArray());
        Assert.Empty((await ListAsync(["report", "deadlines", "--drill", "--within", "3d", "--json", .. at])).EnumerateArray());
        Assert.Contains(number!, (await NodeProcess.RunAsync(["report", "cases", "--drill", "--level", "blue", .. at])).Output);
        Assert.Contains("--level", (await NodeProcess.RunAsync(["report", "cases", "--level", "pink", .. at])).Errors);
    }

    private static async Task<JsonElement> ListAsync(string[] arguments)
    {
        var (exit, output, errors) = await NodeProcess.RunAsync(arguments);
        Assert.True(exit == 0, errors);
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("cases");
    }

    [Fact]
    public async Task A_scenario_that_is_none_is_said_so()
    {
        var (exit, _, errors) = await NodeProcess.RunAsync("drill", "earthquake");
        Assert.Equal(1, exit);
        Assert.Contains("chlorine, chargers, certificate-fee", errors);
    }
}
