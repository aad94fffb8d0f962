using Governance.Contracts.Messages;
using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Actors.Tests.EngineUnderTest;

namespace Governance.Actors.Tests;

/// <summary>
/// Cuts exactly between ledger commit, journal commit and acknowledgement. Whatever the order: every acknowledged
/// reading lies in the ledger once, its effect is in the alarm state once, and one event has one case.
/// </summary>
public sealed class CrashWindowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("crash-").FullName;
    private static readonly Ingest Crossing = Plant.Part(1, (2, 2.6), (3, 2.7));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_cut_is_the_measure_of_the_others()
    {
        await using var engine = await BegunAsync();
        var answer = await engine.IngestAsync(Crossing);
        Assert.Equal(new Mark(0, 1, 3), Assert.Single(answer.Marks));
        await WantOneAlarmAsync(engine);
    }

    [Fact]
    public async Task Ledger_committed_journal_not()
    {
        await using (var engine = await BegunAsync())
        {
            engine.Cuts.FailJournal(true);
            var unanswered = engine.AskAsync<Ingested>(Crossing, 5);
            await EventuallyAsync(async () => await engine.Ledger.CountReadingsAsync(Plant.Id, default) == 3, "the ledger holds the chunk");
            Assert.False(unanswered.IsCompletedSuccessfully);
            await engine.CrashAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => unanswered);
        }
        await using var again = await StartAsync(_folder);
        // Evaluated again from the ledger's tail, before the gateway has sent anything.
        await EventuallyAsync(async () => (await SourceAsync(again)).Detectors[0].Level == AlarmLevel.Two, "the tail gave the alarm");
        Assert.Equal(new Mark(0, 1, 3), Assert.Single((await again.IngestAsync(Crossing)).Marks));
        await WantOneAlarmAsync(again);
    }

    [Fact]
    public async Task Journal_committed_ledger_not()
    {
        await using (var engine = await BegunAsync())
        {
            engine.Cuts.FreezeLedger();
            var unanswered = engine.AskAsync<Ingested>(Crossing, 5);
            // The alarm does not wait for the ledger: it is raised while the ledger stands still.
            await EventuallyAsync(async () => await AlertsAsync(engine, AlertKind.OccurrenceRaised) == 1, "the alarm is out");
            Assert.False(unanswered.IsCompletedSuccessfully);
            engine.Cuts.FailLedger(true);
            await engine.CrashAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => unanswered);
        }
        await using var again = await StartAsync(_folder);
        Assert.Equal(1, await again.Ledger.CountReadingsAsync(Plant.Id, default));
        Assert.Equal(new Mark(0, 1, 3), Assert.Single((await again.IngestAsync(Crossing)).Marks));
        await WantOneAlarmAsync(again);
    }

    [Fact]
    public async Task Both_committed_acknowledgement_not()
    {
        await using (var engine = await BegunAsync())
        {
            engine.Cuts.HoldLedgerAnswer();
            var unanswered = engine.AskAsync<Ingested>(Crossing, 5);
            await EventuallyAsync(async () => await engine.Ledger.CountReadingsAsync(Plant.Id, default) == 3 && await AlertsAsync(engine, AlertKind.OccurrenceRaised) == 1, "both are durable");
            Assert.False(unanswered.IsCompletedSuccessfully);
            await engine.CrashAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => unanswered);
        }
        await using var again = await StartAsync(_folder);
        Assert.Equal(new Mark(0, 1, 3), Assert.Single((await again.IngestAsync(Crossing)).Marks));
        await WantOneAlarmAsync(again);
    }

    [Fact]
    public async Task Acknowledged_then_crashed()
    {
        await using (var engine = await BegunAsync())
        {
            await engine.IngestAsync(Crossing);
            await engine.CrashAsync();
        }
        await using var again = await StartAsync(_folder);
        var answer = await again.IngestAsync(Plant.Part(2, (3, 2.7), (4, 2.8)));
        Assert.Equal(new Mark(0, 1, 4), Assert.Single(answer.Marks));
        Assert.Empty(answer.Refusals);
        Assert.Equal([1L, 2, 3, 4], (await again.StoredAsync(Plant.Id)).Select(r => r.Seq));
        await WantOneAlarmAsync(again, 4);
    }

    [Fact]
    public async Task A_failed_ledger_batch_without_a_crash_is_not_acknowledged_and_heals()
    {
        await using var engine = await BegunAsync();
        engine.Cuts.FailLedger(true);
        var refused = await engine.AskAsync<Ingested>(Crossing);
        Assert.Equal("NOT_DURABLE", Assert.Single(refused.Refusals).Reason);
        Assert.Empty(refused.Marks);
        engine.Cuts.FailLedger(false);
        Assert.Equal(new Mark(0, 1, 3), Assert.Single((await engine.IngestAsync(Crossing)).Marks));
        await WantOneAlarmAsync(engine);
    }

    [Fact]
    public async Task A_journal_that_failed_under_an_alarm_delays_its_dispatch_by_seconds_not_by_a_row()
    {
        await using var engine = await BegunAsync();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        engine.Cuts.FailJournal(true);
        await Assert.ThrowsAsync<Akka.Actor.AskTimeoutException>(() => engine.AskAsync<Ingested>(Crossing, 1));
        engine.Cuts.FailJournal(false);
        // Nobody sends anything again: the source wakes by itself and finds the alarm in the ledger.
        await EventuallyAsync(async () => await AlertsAsync(engine, AlertKind.CaseDispatched) == 1, "the alarm was dispatched");
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < new Entity.EntityLimits().ActiveRow / 2);
        await WantOneAlarmAsync(engine);
    }

    [Fact]
    public async Task A_failed_journal_without_a_crash_is_not_acknowledged_and_heals()
    {
        await using var engine = await BegunAsync();
        engine.Cuts.FailJournal(true);
        await Assert.ThrowsAsync<Akka.Actor.AskTimeoutException>(() => engine.AskAsync<Ingested>(Crossing, 2));
        engine.Cuts.FailJournal(false);
        Assert.Equal(new Mark(0, 1, 3), Assert.Single((await engine.IngestAsync(Crossing)).Marks));
        await WantOneAlarmAsync(engine);
    }

    [Fact]
    public async Task An_owner_frozen_and_resumed_after_another_took_over_can_neither_acknowledge_nor_store()
    {
        await using var frozen = await BegunAsync();
        await frozen.IngestAsync(Plant.Part(1, (1, 0.1)));
        frozen.Cuts.FreezeLedger();
        var unanswered = frozen.AskAsync<Ingested>(Plant.Part(2, (2, 0.2)), 20);
        await using var owner = await StartAsync(_folder);
        Assert.Equal(new Mark(0, 1, 3), Assert.Single((await owner.IngestAsync(Plant.Part(1, (2, 0.3), (3, 2.6)))).Marks));
        frozen.Cuts.Release();
        var answer = await unanswered;
        Assert.Equal("NOT_DURABLE", Assert.Single(answer.Refusals).Reason);
        // It has done no harm; that it goes is the cluster's part.
        await frozen.CrashAsync();
        Assert.Equal([1L, 2, 3], (await owner.StoredAsync(Plant.Id)).Select(r => r.Seq));
        await WantOneAlarmAsync(owner);
    }

    [Fact]
    public async Task An_owner_frozen_and_resumed_after_another_took_over_cannot_journal()
    {
        await using var frozen = await BegunAsync();
        await frozen.IngestAsync(Crossing);
        var occurrence = (await SourceAsync(frozen)).Detectors[0].Memo.Live!.Occurrence;
        await using var owner = await StartAsync(_folder);
        await SourceAsync(owner);
        await EventuallyAsync(async () => (await owner.AskAsync<InspectionReply>(new Inspect(Plant.Address))).Memory.Owner
            != (await frozen.AskAsync<InspectionReply>(new Inspect(Plant.Address))).Memory.Owner, "the other owns the source");
        var acknowledge = new Command(Plant.Address, "stale-owner", Caller.System, 0, new AcknowledgeOccurrence(occurrence, ""));
        await Assert.ThrowsAsync<Akka.Actor.AskTimeoutException>(() => frozen.AskAsync<CommandReply>(acknowledge, 3));
        Assert.False((await SourceAsync(owner)).Detectors[0].Operator.IsAcknowledged);
    }

    [Fact]
    public async Task P2_the_same_number_with_other_content_is_refused_and_the_first_is_kept()
    {
        await using var engine = await BegunAsync();
        await engine.IngestAsync(Plant.Part(1, (1, 0.1)));
        var same = await engine.IngestAsync(Plant.Part(2, (1, 0.1)));
        Assert.Empty(same.Refusals);
        var other = await engine.IngestAsync(Plant.Part(3, (1, 9.9)));
        Assert.Equal("SEQ_REUSED", Assert.Single(other.Refusals).Reason);
        Assert.Equal(new Mark(0, 1, 1), Assert.Single(other.Marks));
        Assert.Equal(AlarmLevel.None, (await SourceAsync(engine)).Detectors[0].Level);
        Assert.Equal(1, await engine.Ledger.CountReadingsAsync(Plant.Id, default));
    }

    [Fact]
    public async Task P3_a_gap_is_evaluated_at_once_asked_for_and_never_acknowledged_over()
    {
        await using var engine = await BegunAsync();
        var answer = await engine.IngestAsync(Plant.Part(1, (4, 2.6)));
        Assert.Equal(new Mark(0, 1, 1), Assert.Single(answer.Marks));
        var missing = Assert.Single(answer.Missing);
        Assert.Equal((2L, 3L), (missing.FromSeq, missing.ToSeq));
        Assert.Equal(AlarmLevel.Two, (await SourceAsync(engine)).Detectors[0].Level);
        Assert.Equal(new Mark(0, 1, 2), Assert.Single((await engine.IngestAsync(Plant.Part(2, (2, 0.1)))).Marks));
        var lost = new DeclareSkipped(Plant.Address, 3, new GatewayId("gw"), 1, "A", 3, 3, "broken disk");
        await engine.AskAsync<Ingested>(lost);
        Assert.Equal(new Mark(0, 1, 5), Assert.Single((await engine.IngestAsync(Plant.Part(4, (5, 2.6)))).Marks));
    }

    private async Task<EngineUnderTest> BegunAsync()
    {
        var engine = await StartAsync(_folder);
        await Plant.CommissionAsync(engine);
        await engine.IngestAsync(Plant.Part(0, (1, 0.1)));
        // At rest: a confirmation that is journaled just when the journal is cut would stop the source before it has seen the reading of the test.
        await EventuallyAsync(async () => (await engine.AskAsync<InspectionReply>(new Inspect(Plant.Address))).Memory.Outbox.IsEmpty, "the source has delivered everything");
        return engine;
    }

    private static Task<HazardSourceState> SourceAsync(EngineUnderTest engine) => engine.StateAsync<HazardSourceState>(EntityKinds.HazardSource, Plant.Id);

    private static async Task<int> AlertsAsync(EngineUnderTest engine, AlertKind kind) =>
        (await engine.StateAsync<AlertFeedState>(EntityKinds.AlertFeed, "410803001")).Recent.Count(e => e.Alert.Kind == kind);

    /// <summary>The one end that every cut must come to.</summary>
    private static async Task WantOneAlarmAsync(EngineUnderTest engine, long readings = 3)
    {
        Assert.Equal(readings, await engine.Ledger.CountReadingsAsync(Plant.Id, default));
        var source = await SourceAsync(engine);
        var live = source.Detectors[0].Memo.Live;
        Assert.NotNull(live);
        Assert.Equal(readings, source.Detectors[0].Memo.Evaluated.Through);
        var incident = Assert.Single(source.Incidents);
        await EventuallyAsync(async () => (await engine.StateAsync<CaseState>(EntityKinds.Case, incident.Case.Value)).Number.Length > 0, "the case is open and numbered");
        var opened = await engine.StateAsync<CaseState>(EntityKinds.Case, incident.Case.Value);
        Assert.Equal(live.Occurrence, Assert.Single(opened.Occurrences).Id);
        await EventuallyAsync(async () => await AlertsAsync(engine, AlertKind.CaseDispatched) == 1, "the desk holds the task");
        Assert.Equal(1, await AlertsAsync(engine, AlertKind.OccurrenceRaised));
        Assert.Equal(1, await AlertsAsync(engine, AlertKind.CaseOpened));
    }
}
