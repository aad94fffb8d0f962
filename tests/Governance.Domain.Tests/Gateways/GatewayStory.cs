using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.Tests.Gateways;

/// <summary>A gateway's day: streams report, sources speak, time passes and deadlines fire at their instants.</summary>
internal sealed class GatewayStory
{
    internal static readonly DateTimeOffset Day = new(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
    private readonly GatewayRules _rules = new("410803");

    internal GatewayState State { get; private set; } = GatewayState.New("GW-1") with { WatchedSince = Day };
    internal DateTimeOffset Now { get; private set; } = Day;
    internal List<GatewayEvent> Events { get; } = [];
    internal List<Send> Sends { get; } = [];
    internal string? Fence { get; private set; }

    internal GatewayStory Report(int session = 1, long epoch = 1, TimeSpan? skew = null, bool ended = false, double silentFor = 0)
    {
        var report = new SessionReport(Session(session), epoch, "node-1", TimeSpan.FromSeconds(silentFor), skew, ended);
        (var decision, Fence) = _rules.Report(State, report, Now);
        Take(decision);
        State = GatewayRules.Heard(State, report, Now);
        return this;
    }

    internal static Guid Session(int number) => new(number, 0, 0, new byte[8]);

    /// <summary>Alive for so long: reports every five seconds, as the edge sends them.</summary>
    internal GatewayStory Alive(double seconds, int session = 1, TimeSpan? skew = null)
    {
        for (var until = Now.AddSeconds(seconds); Now < until;) Wait(5).Report(session, skew: skew);
        return this;
    }

    internal GatewayStory Wait(double seconds)
    {
        var until = Now.AddSeconds(seconds);
        while (_rules.Deadlines(State).Select(d => d.Due).Where(d => d <= until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var due && due <= until)
        {
            Now = due > Now ? due : Now;
            Take(_rules.Decide(State, new Stimulus.Woken(), Now));
        }
        Now = until;
        return this;
    }

    internal GatewayStory Says(string source, int detectors = 2, string area = "410803001", double period = 1, params string[] lost) =>
        Take(_rules.Decide(State, new Stimulus.Delivered(new SourceFed(new HazardSourceId(source), source, "Works", new AreaCode(area), detectors, TimeSpan.FromSeconds(period),
            [.. lost.Select(d => new DetectorFault(d, Health.Lost, Now.AddSeconds(-120)))], Now), new EntityAddress(EntityKinds.HazardSource, source)), Now));

    internal GatewayStory CaseClosed(MonitoringFaultRaised message, CaseKey at) =>
        Take(_rules.Decide(State, new Stimulus.Confirmed(message, new EntityAddress(EntityKinds.Case, at.Value), new Outcome("CASE_CLOSED")), Now));

    /// <summary>Memory is gone; the journal is read again, and somebody listens from now on.</summary>
    internal GatewayStory Crash()
    {
        var found = Events.Aggregate(GatewayState.New("GW-1"), GatewayEvolution.Evolve);
        // What memory alone knows: when it was heard, and since when somebody listens.
        Assert.Equal(Text(State with { HeardAt = found.HeardAt, WatchedSince = found.WatchedSince }), Text(found));
        State = found with { WatchedSince = Now };
        return this;
    }

    internal IEnumerable<T> Told<T>() => Sends.Select(s => s.Message).OfType<T>();
    internal IEnumerable<Alert> Alerts(AlertKind kind) => Told<AlertPublished>().Select(p => p.Alert).Where(a => a.Kind == kind);

    private GatewayStory Take(Decision<GatewayEvent> decision)
    {
        Assert.Null(decision.Refusal);
        foreach (var happened in decision.Events)
        {
            Events.Add(happened);
            State = GatewayEvolution.Evolve(State, happened);
        }
        Sends.AddRange(decision.Sends);
        return this;
    }

    private static string Text(GatewayState state) => System.Text.Json.JsonSerializer.Serialize(state);
}
