using Governance.Contracts.Messages;
using Governance.Domain.Alerts;
using Governance.Domain.Audit;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Microsoft.Data.Sqlite;
using static Governance.Actors.Tests.EngineUnderTest;

namespace Governance.Actors.Tests;

/// <summary>The auditor of escalation: what no timer and no row remembers is found in the journal, told, and done.</summary>
public sealed class AuditTests : IDisposable
{
    private const string Area = "410803001";
    private readonly string _folder = Directory.CreateTempSubdirectory("audit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_deadline_that_nobody_remembers_is_told_within_half_a_minute_and_the_case_is_woken()
    {
        var policy = Repo.Policy() with { Clocks = Repo.Policy().Clocks.Replace("red|SIGN|5\n", "red|SIGN|0.15\n", StringComparison.Ordinal) };
        await using (var engine = await StartAsync(_folder, policyTexts: policy))
        {
            await engine.AskAsync<CommandReply>(new Command(Case, "1", new Caller("platform", "", [Roles.Relay]), 0, new CaseCommand.RegisterCase(
                "HL", "1", "0201", 1, Colour.Red, Area, Place.Unknown, [], "smoke", "", false, [], false, "")));
            await EventuallyAsync(async () => (await engine.Views.CaseAsync(Case.Id, default))?.Armed is not null, "the list knows the case");
            Assert.Equal(Supervision.None, (await engine.StateAsync<CaseState>(EntityKinds.Case, Case.Id)).Supervision);
            await engine.CrashAsync();
        }
        // The row by which the sweeper would wake it is gone.
        await using (var deadlines = new SqliteConnection($"Data Source={Path.Combine(_folder, "deadlines.db")};Pooling=False"))
        {
            await deadlines.OpenAsync();
            await using var delete = deadlines.CreateCommand();
            delete.CommandText = "DELETE FROM deadline WHERE kind = 'case'";
            Assert.Equal(1, await delete.ExecuteNonQueryAsync());
        }
        await using var again = await StartAsync(_folder, policyTexts: policy);
        await EventuallyAsync(async () => (await again.StateAsync<AuditState>(EntityKinds.Audit, "410803")).Noted.Count == 1, "the auditor notes what is missing", 60);
        var noted = Assert.Single((await again.StateAsync<AuditState>(EntityKinds.Audit, "410803")).Noted);
        Assert.Equal((Case.Id, "SIGN"), (noted.Case.Value, noted.Step));
        Assert.InRange(again.Clocks.Now(ClockId.Wall) - noted.Due, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
        await EventuallyAsync(async () => (await again.StateAsync<AlertFeedState>(EntityKinds.AlertFeed, Area)).Recent.Exists(e => e.Alert.Kind == AlertKind.AuditDifference), "the desks hear of it");
        await EventuallyAsync(async () => (await again.StateAsync<CaseState>(EntityKinds.Case, Case.Id)).Supervision == Supervision.Urged, "the case does what it slept over");
    }

    private static readonly EntityAddress Case = new(EntityKinds.Case, CaseKey.Of("HL/1").Value);
}
