using System.Text.Json;

namespace Governance.Node.Tests;

/// <summary>The main job as a user runs it.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_chlorine_alarm_of_3_August_closes_with_every_reading_in_the_ledger()
    {
        var (exit, output, errors) = await NodeProcess.RunAsync("demo", "--exit", "--json", "--speed", "600");
        Assert.True(exit == 0, errors);
        var result = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal("chlorine", result.GetProperty("scenario").GetString());
        Assert.Equal("CLOSED", result.GetProperty("case_state").GetString());
        Assert.StartsWith("410803-20250803-DR-00001-", result.GetProperty("case").GetString());
        Assert.Equal("2025-08-03T14:10:00+08:00", result.GetProperty("alarm_raised_at").GetString());
        Assert.Equal("2025-08-03T14:31:00+08:00", result.GetProperty("alarm_cleared_at").GetString());
        Assert.Equal(21, result.GetProperty("minutes_to_clear").GetDouble());
        var sent = result.GetProperty("readings_sent").GetInt64();
        Assert.True(sent > 40_000);
        Assert.Equal(sent, result.GetProperty("readings_acknowledged").GetInt64());
        Assert.Equal(sent, result.GetProperty("readings_in_ledger").GetInt64());
        var ledger = result.GetProperty("ledger").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());
        Assert.Equal(ledger["total_s"], ledger.Where(l => l.Key.Contains('→')).Sum(l => l.Value), 3);
        Assert.Equal(21 * 60, ledger["receipt_to_clear_s"]);
        // The script's instants, whatever the speed: recorded time stands where the last acknowledged frame stands.
        Assert.Equal([0, 40, 50, 450, 720, 20, 400, 120], ledger.Where(l => l.Key.Contains('→')).Select(l => l.Value));
    }

    [Theory]
    [InlineData("replay", "nothing.csv", "--step", "30s", "--column", "x", "--high", "1")]
    [InlineData("replay", "nothing.csv", "--column", "x", "--high", "1")]
    [InlineData("demo", "--speed", "0")]
    [InlineData("inspect", "case", "410803-20250803-EM-00017-C", "--endpoint", "http://127.0.0.1:1", "--token", "x")]
    [InlineData("inspect", "what", "x", "--token", "x")]
    [InlineData("token", "--role", "viewer", "--hours", "0")]
    public async Task What_is_wrong_is_said_in_one_line_and_the_exit_code(params string[] arguments)
    {
        var (exit, _, errors) = await NodeProcess.RunAsync(arguments);
        Assert.NotEqual(0, exit);
        Assert.StartsWith("governance: ", errors.Trim());
        Assert.DoesNotContain("   at ", errors);
    }
}
