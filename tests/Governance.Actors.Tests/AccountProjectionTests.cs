using System.Text.Json;
using Governance.Contracts.Messages;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Storage;
using Microsoft.Data.Sqlite;

namespace Governance.Actors.Tests;

/// <summary>The accounts of cases are what the journal says, however often they are begun.</summary>
public sealed class AccountProjectionTests : IDisposable
{
    private static readonly EntityAddress Case = new(EntityKinds.Case, CaseKey.Of("lamp").Value);
    private readonly string _folder = Directory.CreateTempSubdirectory("accounts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Facts_exclusions_and_reinspections_come_from_the_journal_and_are_made_again_the_same()
    {
        string first;
        var month = Month.Of(DateTimeOffset.UtcNow);
        await using (var engine = await EngineUnderTest.StartAsync(_folder))
        {
            await DoAsync(engine, Case, Caller.System, new CaseCommand.RegisterCase("AP", "e1", "0602", 0.95, Colour.Grey, "410803001", Place.Unknown with { Address = "street 1" }, [], "lamp", "zhang", false, [], false, ""));
            var lead = (await engine.StateAsync<CaseState>(Case.Kind, Case.Id)).Lead.Organisation;
            var handler = new Caller("wang", lead, [Roles.Handler]);
            foreach (var step in (CaseCommand[])[new CaseCommand.AcceptTask(""), new CaseCommand.ArriveOnScene("QR", 0, 0, 0, ""), new CaseCommand.CompleteTask("RESOLVED", "photo", ["P"]), new CaseCommand.SubmitFeedback("done", "done")])
                await DoAsync(engine, Case, handler, step);
            var leader = new Caller("li", "DISPATCH", [Roles.Leader]);
            await DoAsync(engine, Case, leader, new CaseCommand.Verify(true, "on site"));
            await DoAsync(engine, Case, leader, new CaseCommand.CancelOff("RESOLVED", ""));
            var card = ScorecardState.Address(lead, month);
            await DoAsync(engine, card, leader, new ScorecardCommand.Exclude(Case.Id, FactKind.Signed, "DUPLICATE", "", 1));
            await DoAsync(engine, card, new Caller("zhao", "DC", [Roles.Inspection]), new ScorecardCommand.Exclude(Case.Id, FactKind.Signed, "DUPLICATE", "", 1));
            await EngineUnderTest.EventuallyAsync(async () => (await engine.Accounts.Views.ExcludedAsync(month, default)).Count == 1, "the exclusion is known");
            Assert.Equal([FactKind.Offered, FactKind.Signed, FactKind.Due, FactKind.Closed, FactKind.Resolved], (await FactsAsync(engine)).Select(f => f.Kind));
            var closed = Assert.Single(await engine.Accounts.Views.ClosedAsync(month.From, month.To, 10, default));
            Assert.Equal((Case.Id, lead, true), (closed.Key, closed.Lead, closed.Over));
            first = await DumpAsync(engine, month);
        }
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(_folder, "accounts.db*")) File.Delete(file);
        await using var again = await EngineUnderTest.StartAsync(_folder);
        await EngineUnderTest.EventuallyAsync(async () => (await again.Accounts.Views.ProgressAsync(default)).AsOf is not null, "the journal was read to its end");
        await EngineUnderTest.EventuallyAsync(async () => await DumpAsync(again, month) == first, "the same accounts");
    }

    [Fact]
    public async Task A_crash_neither_loses_a_fact_nor_counts_one_twice()
    {
        await using (var engine = await EngineUnderTest.StartAsync(_folder))
        {
            await DoAsync(engine, Case, Caller.System, new CaseCommand.RegisterCase("AP", "e1", "0602", 0.95, Colour.Grey, "410803001", Place.Unknown, [], "lamp", "zhang", false, [], false, ""));
            await engine.CrashAsync();
        }
        await using var restarted = await EngineUnderTest.StartAsync(_folder);
        var lead = (await restarted.StateAsync<CaseState>(Case.Kind, Case.Id)).Lead.Organisation;
        await DoAsync(restarted, Case, new Caller("wang", lead, [Roles.Handler]), new CaseCommand.AcceptTask(""));
        await EngineUnderTest.EventuallyAsync(async () => (await FactsAsync(restarted)).Select(f => f.Kind).SequenceEqual([FactKind.Offered, FactKind.Signed]), "offered once and signed once");
    }

    [Fact]
    public async Task A_month_that_is_re_inspected_is_an_entity_of_its_own()
    {
        await using var engine = await EngineUnderTest.StartAsync(_folder);
        var (seed, zhao) = ("a seed of some length", new Caller("zhao", "DC", [Roles.Inspection]));
        var next = Month.Of(DateTimeOffset.UtcNow.AddDays(40));
        await DoAsync(engine, ReinspectionState.Address(next), zhao, new ReinspectionCommand.CommitSeed(Reinspection.HashOf(seed)));
        Assert.Equal(Reinspection.HashOf(seed), (await engine.StateAsync<ReinspectionState>(EntityKinds.Reinspection, next.ToString())).Hash);
        var reply = await engine.AskAsync<CommandReply>(new Command(ReinspectionState.Address(next), "draw", zhao, 0, new ReinspectionCommand.DrawLot(seed, Reinspection.Draw(seed, [], 5))));
        Assert.Equal("MONTH_NOT_OVER", reply.Refusal?.Reason);
    }

    [Fact]
    public async Task The_node_on_duty_seals_what_is_journaled_by_itself_and_goes_on()
    {
        await using var engine = await EngineUnderTest.StartAsync(_folder);
        await DoAsync(engine, Case, Caller.System, new CaseCommand.RegisterCase("AP", "e1", "0602", 0.95, Colour.Grey, "410803001", Place.Unknown, [], "lamp", "zhang", false, [], false, ""));
        await EngineUnderTest.EventuallyAsync(async () => await SealedAsync(engine) > 0, "the case is sealed");
        var before = await SealedAsync(engine);
        await DoAsync(engine, Case, new Caller("li", "DISPATCH", [Roles.Leader]), new CaseCommand.Urge("hurry"));
        await EngineUnderTest.EventuallyAsync(async () => await SealedAsync(engine) > before, "so is what came later");

        static async Task<long> SealedAsync(EngineUnderTest engine) => (await engine.Accounts.Seals.HeadsAsync([Case.ToString()], default)).GetValueOrDefault(Case.ToString())?.Seal.Number ?? 0;
    }

    private static Task<IReadOnlyList<ScoreFact>> FactsAsync(EngineUnderTest engine) => engine.Accounts.Views.FactsAsync(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(500), 1000, default);

    private static async Task<string> DumpAsync(EngineUnderTest engine, Month month) => JsonSerializer.Serialize(new
    {
        facts = await FactsAsync(engine), excluded = await engine.Accounts.Views.ExcludedAsync(month, default), account = (await engine.Accounts.Views.CaseAsync(Case.Id, default))?.Account,
    });

    private static async Task DoAsync(EngineUnderTest engine, EntityAddress to, Caller caller, ICommand command)
    {
        var reply = await engine.AskAsync<CommandReply>(new Command(to, Guid.NewGuid().ToString(), caller, 0, command));
        Assert.Null(reply.Refusal?.Reason);
    }
}
