using System.Text.Json;

namespace Governance.Node.Tests;

/// <summary>
/// Every bench ends and counts right at the smallest size. Nothing here looks at a time: figures stand in
/// tests/Governance.Benchmarks, with the commands that made them.
/// </summary>
[Trait("Length", "long")]
public sealed class BenchTests
{
    [Fact]
    public async Task Journal_finds_every_event_that_it_wrote()
    {
        var told = await RunAsync("journal", "--entities", "2", "--seconds", "1", "--rounds", "1", "--samples", "5");
        var sides = told.GetProperty("limits").EnumerateObject().Select(l => (l.Name, Side: l.Value.GetProperty("limit"))).Append(("product", told.GetProperty("product"))).ToList();
        Assert.Equal(["bare", "memory", "product", "stock"], sides.Select(s => s.Item1).Order());
        foreach (var (name, side) in sides)
        {
            Assert.True(side.GetProperty("events_per_second").GetDouble() > 0, name);
            Assert.True(side.GetProperty("written").GetInt64() > 0, name);
            Assert.Equal(side.GetProperty("written").GetInt64(), side.GetProperty("found").GetInt64());
        }
        Assert.All(told.GetProperty("limits").EnumerateObject(), l => Assert.True(l.Value.GetProperty("ratio").GetDouble() > 0));
    }

    [Fact]
    public async Task History_draws_every_bucket()
    {
        var told = await RunAsync("history", "--hours", "1", "--detectors", "3", "--rounds", "1");
        Assert.True(told.GetProperty("codec").GetProperty("block_bytes_per_reading").GetDouble() < told.GetProperty("codec").GetProperty("plain_bytes_per_reading").GetDouble());
        Assert.Equal([12L, 36, 120, 1800], told.GetProperty("drawings").EnumerateArray().Take(4).Select(d => d.GetProperty("answered").GetInt64()));
    }

    /// <summary>Readings of real instruments come back as they went, in a fraction of the room.</summary>
    [RealDataTheory("methane/methane-train.arff"), InlineData("methane/methane-train.arff", "MM31,MM116,AS038,PG072,PD,BA13", 15)]
    public async Task History_packs_recorded_readings(string file, string columns, double times)
    {
        var codec = (await RunAsync("history", "--recorded", RealData.Path(file), "--column", columns, "--step", "30", "--rounds", "1")).GetProperty("codec");
        Assert.True(codec.GetProperty("block_bytes_per_reading").GetDouble() * times < codec.GetProperty("plain_bytes_per_reading").GetDouble());
    }

    [Fact]
    public async Task Recovery_finds_every_case_as_it_was_left()
    {
        var told = await RunAsync("recovery", "--sources", "12", "--cases", "8", "--overdue", "3", "--detectors", "2", "--rounds", "1");
        Assert.Equal(5, told.GetProperty("asked").GetInt32());
        Assert.Equal(5, told.GetProperty("answered").GetInt32());
        Assert.True(told.GetProperty("case_rows").GetInt64() >= 8 * 40);
        foreach (var field in new[] { "ready_s", "first_reading_s", "overdue_s", "entities_per_second", "ratio" }) Assert.True(told.GetProperty(field).GetDouble() > 0, field);
    }

    [Fact]
    public async Task Memory_weighs_everything()
    {
        var told = await RunAsync("memory", "--each", "5", "--detectors", "2", "--subscribers", "3", "--rounds", "1");
        Assert.Equal(["case", "detector", "heard_detector", "source", "subscriber"], told.GetProperty("bytes").EnumerateObject().Select(b => b.Name).Order());
        Assert.True(told.GetProperty("heap_bytes").GetInt64() > 0);
        Assert.True(told.GetProperty("rss_bytes").GetInt64() > told.GetProperty("heap_bytes").GetInt64());
    }

    [Fact]
    public async Task Ingest_finds_every_reading_that_it_sent()
    {
        var told = await RunAsync("ingest", "--sources", "3", "--detectors", "2", "--frame", "10", "--gateways", "2", "--seconds", "1", "--rounds", "1", "--rate", "5000");
        Assert.True(told.GetProperty("sent").GetInt64() > 0);
        Assert.Equal(told.GetProperty("sent").GetInt64(), told.GetProperty("in_ledger").GetInt64());
        Assert.Equal(["Log", "RowsSqlite"], told.GetProperty("limits").EnumerateObject().Select(l => l.Name).Order());
    }

    [Fact]
    public async Task Latency_hears_every_alarm_that_it_raised()
    {
        var told = await RunAsync("latency", "--background", "0", "--samples", "5");
        var round = told.GetProperty("rounds").EnumerateArray().Single();
        Assert.Equal(5, round.GetProperty("samples").GetInt32());
        Assert.True(told.GetProperty("limit").GetProperty("p50_ms").GetDouble() > 0);
    }

    [Fact]
    public async Task Nation_finds_every_reading_that_it_sent()
    {
        var told = await RunAsync("nation", "--sources", "20", "--detectors", "2", "--rate", "5000", "--minutes", "0.05");
        Assert.True(told.GetProperty("sent").GetInt64() > 0);
        Assert.Equal(told.GetProperty("sent").GetInt64(), told.GetProperty("in_ledger").GetInt64());
    }

    [Fact]
    public async Task Failover_says_that_it_needs_a_database()
    {
        var (exit, _, errors) = await NodeProcess.RunAsync("bench", "failover");
        Assert.Equal(1, exit);
        Assert.Contains("--postgres", errors);
    }

    private static async Task<JsonElement> RunAsync(string name, params string[] arguments)
    {
        var (exit, output, errors) = await NodeProcess.RunAsync(["bench", name, "--json", .. arguments]);
        Assert.True(exit == 0, errors + output);
        var told = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(name, told.GetProperty("bench").GetString());
        Assert.NotEmpty(told.GetProperty("machine").GetString()!);
        return told;
    }
}
