using Governance.Actors.Accountability;
using Governance.Actors.Meetings;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Registry;
using Governance.Storage;
using Governance.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Governance.Actors.Tests;

/// <summary>What meetings hear of the accounts of cases: who is likely to be late, whose score fell, what a re-inspection found.</summary>
public sealed class AccountFactsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2025, 9, 3, 8, 0, 0, TimeSpan.FromHours(8));
    private static readonly CasePolicy Policy = PolicyFiles.Read(Repo.Policy()).Policy;
    private readonly string _folder = Directory.CreateTempSubdirectory("account-facts-").FullName;
    private SqliteAccountViews _accounts = null!;
    private AccountFacts _facts = null!;

    public async Task InitializeAsync()
    {
        _accounts = new SqliteAccountViews(Path.Combine(_folder, "accounts.db"));
        await _accounts.BeginAsync(AccountFolder.Form, default);
        _facts = new AccountFacts(new NoCases(), _accounts, Policy);
    }

    public async Task DisposeAsync()
    {
        await _accounts.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class NoCases : ICaseFacts
    {
        public Task<IReadOnlyList<AgendaFact>> AllAsync(DateTimeOffset at, CancellationToken cancel) => Task.FromResult<IReadOnlyList<AgendaFact>>([]);
    }

    [Fact]
    public async Task A_case_like_those_that_were_late_comes_before_the_meeting_and_one_like_those_in_time_does_not()
    {
        var past = Enumerable.Range(0, 60).Select(i => HalfWay($"past-{i}", i % 2 == 0 ? "YJ" : "CG", i % 2 == 0));
        await ToldAsync([.. past, HalfWay("late", "YJ", null), HalfWay("in-time", "CG", null)], []);
        var fact = Assert.Single(await HeardAsync(Now));
        Assert.Equal((AgendaSection.BreachedOrStale, $"case/{CaseKey.Of("late").Value}"), (fact.Section, fact.Key));
        Assert.Contains("(YJ)", fact.Text);
    }

    [Fact]
    public async Task A_score_that_fell_is_told_with_both_figures_and_one_that_rose_is_not()
    {
        var (july, august) = (new Month(2025, 7), new Month(2025, 8));
        await ToldAsync([.. Answered("a", "YJ", july, true), .. Answered("b", "YJ", august, false), .. Answered("c", "CG", july, false), .. Answered("d", "CG", august, true)], []);
        var fact = Assert.Single(await HeardAsync(Now));
        Assert.Equal((AgendaSection.FallingScores, "score/YJ/202508", august.To), (fact.Section, fact.Key, fact.Since));
    }

    [Fact]
    public async Task A_reinspection_that_failed_this_week_is_told()
    {
        await ToldAsync([], [Inspected("C1", false, Now.AddDays(-2)), Inspected("C2", true, Now.AddDays(-2)), Inspected("C3", false, Now.AddDays(-8))]);
        Assert.Equal((AgendaSection.FailedReinspections, "reinspection/C1"), Assert.Single(await HeardAsync(Now)) is var fact ? (fact.Section, fact.Key) : default);
    }

    /// <summary>What is not known yet is not kept: the meeting a minute later hears it.</summary>
    [Fact]
    public async Task Accounts_that_are_not_complete_say_nothing_and_are_asked_again()
    {
        Assert.Empty(await HeardAsync(Now));
        await ToldAsync([], [Inspected("C1", false, Now.AddDays(-2))]);
        Assert.Single(await HeardAsync(Now.AddMinutes(1)));
    }

    private async Task ToldAsync(IReadOnlyList<CaseAccount> cases, IReadOnlyList<ReinspectedCase> reinspected)
    {
        await _accounts.ApplyAsync(new AccountBatch([.. cases.Select(a => new AccountedCase(CaseState.New(a.Key), a))], new Dictionary<string, int>(), [], reinspected, 0, 1), default);
        await _accounts.ConfirmAsync(1, Now, default);
    }

    private async Task<IReadOnlyList<OutsideFact>> HeardAsync(DateTimeOffset at) => [.. (await _facts.AllAsync(at, default)).Cast<OutsideFact>()];

    private static CaseAccount Account(string name, string organisation) => CaseAccount.New(CaseKey.Of(name).Value) with { Category = "0602", Area = "410803001", Level = Colour.Yellow, Lead = organisation, Received = Now.AddDays(-40) };

    private static CaseAccount HalfWay(string name, string organisation, bool? missed) =>
        Account(name, organisation) with { HalfWay = new HalfWay(Now.AddDays(-1), organisation, Colour.Yellow, missed), Over = missed is not null };

    /// <summary>As many cases as a rank wants, each offered and answered; in a category of its own, so that nobody is measured by another.</summary>
    private static IEnumerable<CaseAccount> Answered(string name, string organisation, Month month, bool inTime) =>
        from account in Enumerable.Range(0, (int)Policy.Scorecard[ScoreSetting.RankedFromCases]).Select(i => Account($"{name}-{i}", organisation))
        let at = month.From.AddDays(3)
        select account with { Facts = [new ScoreFact(at, FactKind.Offered, organisation, $"of-{organisation}", account.Key, true), new ScoreFact(at, FactKind.Signed, organisation, $"of-{organisation}", account.Key, inTime), new ScoreFact(at, FactKind.Due, organisation, $"of-{organisation}", account.Key, inTime)] };

    private static ReinspectedCase Inspected(string key, bool passed, DateTimeOffset at) => new(key, new Month(2025, 8), "YJ", passed, at);
}
