using System.Net;
using System.Text;
using System.Text.Json;

namespace Governance.Node.Tests;

/// <summary>`governance report` against a real node in a process of its own, and the metrics that such a node sends.</summary>
public sealed class ReportTests
{
    /// <summary>An hour of minutes from 08:00: over the limit of 1 at 08:10, 08:12, 08:14 (level 2 from 2 on) and from 08:58 on.</summary>
    private static string Recording()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("report-").FullName, "hour.csv");
        var text = new StringBuilder("time,gas\n");
        for (var minute = 0; minute < 60; minute++) text.Append($"2026-01-05T08:{minute:00}:00Z,{(minute is 14 ? "2.5" : minute is 10 or 12 or >= 58 ? "1.5" : "0.5")}\n");
        File.WriteAllText(file, text.ToString());
        return file;
    }

    [Fact]
    public async Task A_recorded_hour_is_reported_with_its_exact_figures_and_a_drill_is_no_hand_over()
    {
        await using var node = new NodeProcess();
        await node.StartAsync();
        string[] at = ["--endpoint", node.Endpoint, "--data-dir", node.DataDir];
        var (exit, _, errors) = await NodeProcess.RunAsync(["replay", Recording(), "--time", "time", "--column", "gas", "--high", "1.0", "--high-high", "2.0", .. at]);
        Assert.True(exit == 0, errors);
        string[] hour = ["report", "alarms", "--drill", "--from", "2026-01-05T08:00Z", "--to", "2026-01-05T17:00+08:00", .. at];
        JsonElement report;
        var until = DateTime.UtcNow.AddSeconds(60);
        // The records follow the journal; a report says up to when.
        do report = await JsonAsync([.. hour, "--json"]);
        while (report.GetProperty("alarms").GetInt32() < 4 && DateTime.UtcNow < until);
        Assert.Equal((4, 4 / 6.0, 3, "2026-01-05T08:10:00Z"), (report.GetProperty("alarms").GetInt32(), report.GetProperty("alarmsPer10Min").GetDouble(), report.GetProperty("peak10Min").GetInt32(), report.GetProperty("peakFrom").GetString()));
        Assert.Equal([("ALARM_LEVEL_1", 3), ("ALARM_LEVEL_2", 1)], report.GetProperty("levels").EnumerateArray().Select(l => (l.GetProperty("level").GetString(), l.GetProperty("alarms").GetInt32())));
        Assert.Equal((3, 60.0, 60.0), report.GetProperty("clear") is var clear ? (clear.GetProperty("count").GetInt32(), clear.GetProperty("p50S").GetDouble(), clear.GetProperty("maxS").GetDouble()) : default);
        Assert.Equal(0, report.GetProperty("bypassed").GetProperty("total").GetDouble());
        Assert.True(report.TryGetProperty("asOf", out _));

        var (_, table, _) = await NodeProcess.RunAsync([.. hour, "--list", "2"]);
        foreach (var word in new[] { "2026-01-05 16:00:00 to 2026-01-05 17:00:00", "0.67", "3, from 2026-01-05 16:10:00", "at most 10", "1: 3 (75 %)", "1 min 00 s", "complete up to", "and more: the first 2 are listed" }) Assert.Contains(word, table, StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 200));

        // What lives in a drill is nobody's shift.
        var handover = await JsonAsync(["report", "handover", "--since", "30m", .. at, "--json"]);
        Assert.Equal((0, 0), (handover.GetProperty("active").GetArrayLength(), handover.GetProperty("totals").GetProperty("active").GetInt32()));
        var (_, lists, _) = await NodeProcess.RunAsync(["report", "handover", "--area", "410803001", .. at]);
        foreach (var word in new[] { "hand-over of 410803001", "active, unacknowledged first: none", "open cases: none", "changed in the shift: none" }) Assert.Contains(word, lists, StringComparison.Ordinal);
        Assert.Equal((1, "governance: InvalidArgument: PERIOD_EMPTY: to: a period ends after it begins"), await ErrorAsync(["report", "alarms", "--from", "1h", "--to", "2h", .. at]));
        Assert.Equal((1, "governance: NotFound: UNKNOWN_SOURCE: HS-NOWHERE is not commissioned"), await ErrorAsync(["report", "alarms", "--source", "HS-NOWHERE", .. at]));
    }

    [Theory]
    [InlineData("governance: --from: a time like 2026-08-03T14:00 or 2026-08-03T06:00Z, or how long ago like 8h, not 'yesterday'", "alarms", "--from", "yesterday")]
    [InlineData("governance: --since: a time like 2026-08-03T14:00 or 2026-08-03T06:00Z, or how long ago like 8h, not '8x'", "handover", "--since", "8x")]
    [InlineData("governance: --list: 0 to 1000, not 1001", "alarms", "--list", "1001")]
    [InlineData("governance: the node does not answer", "handover")]
    public async Task What_is_asked_wrongly_is_told_in_words(string wanted, params string[] arguments)
    {
        var (exit, error) = await ErrorAsync(["report", .. arguments, "--token", "x", "--endpoint", $"http://127.0.0.1:{NodeProcess.FreePort()}"]);
        Assert.Equal(1, exit);
        Assert.StartsWith(wanted, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_names_both_reports_and_their_options()
    {
        Assert.Contains("report", (await NodeProcess.RunAsync("--help")).Output, StringComparison.Ordinal);
        var help = (await NodeProcess.RunAsync("report", "--help")).Output;
        Assert.Contains("alarms", help, StringComparison.Ordinal);
        Assert.Contains("handover", help, StringComparison.Ordinal);
        var alarms = (await NodeProcess.RunAsync("report", "alarms", "--help")).Output;
        Assert.All(new[] { "--from", "--to", "--area", "--source", "--drill", "--json", "--endpoint", "--token" }, option => Assert.Contains(option, alarms, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_knows_a_collector_sends_it_the_alarm_load()
    {
        var collector = $"http://127.0.0.1:{NodeProcess.FreePort()}/";
        using var listener = new HttpListener { Prefixes = { collector } };
        listener.Start();
        await using var node = new NodeProcess();
        await node.StartAsync(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_METRIC_EXPORT_INTERVAL"] = "500" });
        string[] wanted = ["governance.alarms.active", "governance.alarms.unacknowledged", "governance.alarms.unacknowledged.oldest_age", "governance.alarms.shelved", "governance.alarms.out_of_service",
            "governance.sources.grey", "governance.alarms.floods", "governance.alarms.projection_lag"];
        // The first may be sent before the node has the duty; from then on every one has them all.
        for (var text = ""; !wanted.All(name => text.Contains(name, StringComparison.Ordinal));)
        {
            var context = await listener.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal("/v1/metrics", context.Request.Url!.AbsolutePath);
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            text = Encoding.Latin1.GetString(body.ToArray());
            context.Response.Close();
        }
    }

    private static async Task<JsonElement> JsonAsync(string[] arguments)
    {
        var (exit, output, errors) = await NodeProcess.RunAsync(arguments);
        // A node that has just started reads its journal first, and says so.
        for (var until = DateTime.UtcNow.AddSeconds(60); errors.Contains("RECORDS_NOT_COMPLETE", StringComparison.Ordinal) && DateTime.UtcNow < until;) (exit, output, errors) = await NodeProcess.RunAsync(arguments);
        Assert.True(exit == 0, errors);
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
    }

    private static async Task<(int Exit, string Error)> ErrorAsync(string[] arguments)
    {
        var (exit, _, errors) = await NodeProcess.RunAsync(arguments);
        return (exit, errors.Trim());
    }
}
