namespace Governance.Node.Tests;

/// <summary>How long readings are kept is said in days, and said wrongly it starts no node.</summary>
public sealed class RetentionOptionTests
{
    [Theory, InlineData("29"), InlineData("-1"), InlineData("36501")]
    public async Task A_node_does_not_start_with_a_retention_that_makes_no_sense(string days)
    {
        var (exit, _, errors) = await NodeProcess.RunAsync("serve", "--ledger-retention-days", days);
        Assert.Equal((1, $"governance: --ledger-retention-days: 30 to 36500 days, or 0 for ever, not {days}"), (exit, errors.Trim()));
    }

    [Fact]
    public async Task It_may_come_from_the_environment()
    {
        var (exit, _, errors) = await NodeProcess.RunAsync(new Dictionary<string, string> { ["GOVERNANCE_LEDGER_RETENTION_DAYS"] = "7" }, "serve");
        Assert.Equal(1, exit);
        Assert.Contains("not 7", errors);
    }
}
