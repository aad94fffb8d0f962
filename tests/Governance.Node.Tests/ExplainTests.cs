using System.Text.Json;

namespace Governance.Node.Tests;

/// <summary>`governance explain` and `governance inspect gateway` against a real node in a process of its own.</summary>
public sealed class ExplainTests
{
    [Fact]
    public async Task A_case_and_its_alarm_are_explained_and_the_case_equals_its_journal()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("explain-").FullName, "rise.csv");
        // The alarm lives when the recording ends.
        File.WriteAllLines(file, ["time,gas", .. Enumerable.Range(0, 20).Select(m => $"2026-01-05T08:{m:00}:00Z,{(m < 10 ? "0.5" : "2.5")}")]);
        await using var node = new NodeProcess();
        await node.StartAsync();
        string[] at = ["--endpoint", node.Endpoint, "--data-dir", node.DataDir];
        var (exit, output, errors) = await NodeProcess.RunAsync(["replay", file, "--time", "time", "--column", "gas", "--high", "1.0", "--high-high", "2.0", "--json", .. at]);
        Assert.True(exit == 0, errors);
        Assert.Single(JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("episodes").EnumerateArray());
        var roster = await JsonAsync(["report", "alarms", "--drill", "--from", "2026-01-05T08:00Z", "--to", "2026-01-05T09:00Z", "--list", "5", .. at]);
        var alarm = Assert.Single(roster.GetProperty("responses").EnumerateArray());
        var (source, occurrence, caseId) = (Text(alarm, "sourceId"), Text(alarm, "occurrenceId"), Text(alarm, "caseId"));

        var why = await JsonAsync(["explain", source, occurrence, .. at]);
        Assert.Equal((2.5, 2.0, "active"), (why.GetProperty("cause").GetProperty("value").GetDouble(), why.GetProperty("limit").GetDouble(), Text(why, "phase")));
        var explained = await JsonAsync(["explain", caseId, .. at]);
        Assert.True(explained.GetProperty("equalsJournal").GetBoolean());
        Assert.Contains($"{occurrence} returns to normal", explained.GetProperty("closes").EnumerateArray().Select(c => c.GetString()));
        var (_, lines, _) = await NodeProcess.RunAsync(["explain", caseId, .. at]);
        foreach (var word in new[] { "to close", "told", "recomputed from the journal it is the same" }) Assert.Contains(word, lines, StringComparison.Ordinal);
        Assert.Equal((1, $"governance: which occurrence of {source}? `governance inspect source {source}` lists them"), await ErrorAsync(["explain", source, .. at]));
        Assert.Equal(1, (await ErrorAsync(["explain", "nonsense", .. at])).Exit);
        var (_, gateway, _) = await NodeProcess.RunAsync(["inspect", "gateway", "gw-never-seen", .. at]);
        Assert.Contains("actor gateway/gw-never-seen", gateway, StringComparison.Ordinal);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static async Task<JsonElement> JsonAsync(string[] arguments)
    {
        for (var until = DateTime.UtcNow.AddSeconds(60); ;)
        {
            var (exit, output, errors) = await NodeProcess.RunAsync([.. arguments, "--json"]);
            // A node that has just started reads its journal first, and the records follow it.
            if (exit == 0 && !(arguments[0] == "report" && output.Contains("\"responses\": [ ]", StringComparison.Ordinal))) return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
            Assert.True(DateTime.UtcNow < until && (exit == 0 || errors.Contains("RECORDS_NOT_COMPLETE", StringComparison.Ordinal)), errors);
        }
    }

    private static async Task<(int Exit, string Error)> ErrorAsync(string[] arguments)
    {
        var (exit, _, errors) = await NodeProcess.RunAsync(arguments);
        return (exit, errors.Trim());
    }
}
