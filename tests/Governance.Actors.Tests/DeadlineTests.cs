using System.Collections.Immutable;
using Governance.Actors.Entity;
using Governance.Contracts.Messages;
using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Actors.Tests.EngineUnderTest;

namespace Governance.Actors.Tests;

/// <summary>No deadline depends on one node's memory: it fires once, although the node died before it and nobody asked after it.</summary>
public sealed class DeadlineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deadline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_deadline_over_which_the_node_was_dead_fires_once_and_says_how_late()
    {
        // Signatures within 1.2 s, everything else far away.
        var policy = Repo.Policy() with { Clocks = Repo.Policy().Clocks.Replace("orange|SIGN|10", "orange|SIGN|0.02") };
        string key;
        await using (var engine = await StartAsync(_folder, policyTexts: policy))
        {
            await CommissionLiveAsync(engine);
            await engine.IngestAsync(Live(1, 2.6));
            key = Assert.Single((await engine.StateAsync<HazardSourceState>(EntityKinds.HazardSource, "HS-L-1")).Incidents).Case.Value;
            await EventuallyAsync(async () => (await engine.StateAsync<CaseState>(EntityKinds.Case, key)).Phase == CasePhase.Assigned, "the case is open");
            await engine.CrashAsync();
        }
        await using var again = await StartAsync(_folder, policyTexts: policy);
        await EventuallyAsync(async () => (await AlertsAsync(again)).Any(a => a.Kind == AlertKind.DeadlineBreached), "the deadline was told although nobody asked after the case");
        var state = await again.StateAsync<CaseState>(EntityKinds.Case, key);
        var sign = Assert.Single(state.Clocks, c => c.Name == ClockName.Sign);
        Assert.Equal(ClockPhase.Breached, sign.Phase);
        Assert.True(sign.LateBy > TimeSpan.Zero);
        Assert.Equal(Supervision.Urged, state.Supervision);
        await again.AskAsync<StateReply>(new GetState(new EntityAddress(EntityKinds.Case, key)));
        Assert.Single(await AlertsAsync(again), a => a.Kind == AlertKind.DeadlineBreached);
    }

    [Fact]
    public async Task An_entity_that_left_memory_is_woken_by_its_row()
    {
        var policy = Repo.Policy() with { Clocks = Repo.Policy().Clocks.Replace("orange|SIGN|10", "orange|SIGN|0.08") };
        var limits = new EntityLimits { PassivateAfter = TimeSpan.FromMilliseconds(300) };
        await using var engine = await StartAsync(_folder, limits, policy);
        await CommissionLiveAsync(engine);
        await engine.IngestAsync(Live(1, 2.6));
        await EventuallyAsync(async () => (await AlertsAsync(engine)).Any(a => a.Kind == AlertKind.DeadlineBreached), "a passivated case kept its deadline");
        Assert.Single(await AlertsAsync(engine), a => a.Kind == AlertKind.DeadlineBreached);
    }

    [Fact]
    public async Task A_source_to_which_nobody_writes_turns_grey()
    {
        await using var engine = await StartAsync(_folder);
        await CommissionLiveAsync(engine, TimeSpan.FromMilliseconds(100));
        // Its last reading is long gone: taken just now, so it is evaluated, but received as of more than a minute ago.
        var at = DateTimeOffset.UtcNow.AddSeconds(-90);
        await engine.IngestAsync(Live(1, 0.1, at));
        await EventuallyAsync(async () => (await engine.StateAsync<HazardSourceState>(EntityKinds.HazardSource, "HS-L-1")) is { Colour: Colour.Grey } s && s.Detectors[0].Memo.Health is Health.Stale or Health.Lost, "silence turned it grey");
    }

    private static async Task CommissionLiveAsync(EngineUnderTest engine, TimeSpan? period = null)
    {
        var limits = ImmutableArray.Create(new Limit(LimitDirection.High, AlarmLevel.Two, 2, 0.2, TimeSpan.Zero, 0, TimeSpan.Zero));
        var config = new SourceConfig(new HazardSourceId("HS-L-1"), "Live", "Works", new AreaCode("410803001"), false,
            [new DetectorConfig(new DetectorId("A"), HazardKind.ToxicGas, "mg/m3", period ?? TimeSpan.FromSeconds(20), 0, 30, 0.5, "", "A", limits)], []);
        Assert.Null((await engine.AskAsync<CommandReply>(new Command(new EntityAddress(EntityKinds.HazardSource, "HS-L-1"), "c", Caller.System, 0, new CommissionSource(config)))).Refusal);
    }

    private static Ingest Live(long seq, double value, DateTimeOffset? received = null)
    {
        var at = Clocks.Truncated(received ?? DateTimeOffset.UtcNow);
        return new Ingest(new EntityAddress(EntityKinds.HazardSource, "HS-L-1"), seq,
            [new ReadingSegment(new GatewayId("gw"), 1, ClockId.Wall, at, at, false, [new Reading(0, seq, at, at, value, Quality.Good)])]);
    }

    private static async Task<IEnumerable<Alert>> AlertsAsync(EngineUnderTest engine) =>
        (await engine.StateAsync<AlertFeedState>(EntityKinds.AlertFeed, "410803001")).Recent.Select(e => e.Alert);
}
