using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using static Governance.Domain.Gateways.GatewayEvent;

namespace Governance.Domain.Gateways;

/// <summary>
/// The rules of a device gateway: session fence (P5), skew ledger (§5) and silence (§3). It stands beside the readings,
/// never in their way: a reading is stored and evaluated whether or not its gateway's entity answers.
/// </summary>
/// <param name="district">Six digits: where a gateway belongs that feeds several subdistricts, or none.</param>
public sealed class GatewayRules(string district) : IEntityRules<GatewayState, GatewayEvent>
{
    public const string Lost = "GATEWAY_LOST", Maintenance = "MAINTENANCE";
    /// <summary>Why a stream must end: <see cref="OldEpoch"/> as a source found it, or <see cref="Superseded"/> by a newer stream of the same gateway.</summary>
    public const string OldEpoch = "OLD_EPOCH", Superseded = "SUPERSEDED";

    public GatewayState Initial(string id) => GatewayState.New(id);
    public GatewayState Evolve(GatewayState state, GatewayEvent happened) => GatewayEvolution.Evolve(state, happened);
    public ClockId Clock(GatewayState state) => ClockId.Wall;

    public IEnumerable<Deadline> Deadlines(GatewayState state)
    {
        if (state.LostAt is { } lost) yield return new Deadline(Lost, lost);
        if (state.IsLost) yield break;
        foreach (var id in state.UnjudgedSources) yield return new Deadline(Maintenance, state.JudgeAt(state.Sources[id]));
    }

    public Decision<GatewayEvent> Decide(GatewayState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: SourceFed m } => Fed(state, m, now),
        Stimulus.Confirmed { Message: MonitoringFaultRaised m, Outcome.Name: "CASE_CLOSED" } c => WorkOrders.Move(new GatewayFold(state, district), m, c.To, now),
        Stimulus.Confirmed => Decision<GatewayEvent>.Nothing,
        Stimulus.Woken => Fire(state, now),
        _ => throw new InvalidOperationException($"a gateway takes no {stimulus}"),
    };

    /// <summary>
    /// What the edge said of a live stream. Not a command: it is said again in a few seconds. An older stream is fenced, for the
    /// newer one has its readings. A stream of a lower epoch is not fenced here: where it uses a detector whose epoch is over,
    /// that detector's source refuses it by name, and where it does not it is another device, whose alarms must come.
    /// </summary>
    /// <returns>The decision, and why the stream must end, if it must.</returns>
    public (Decision<GatewayEvent> Decision, string? Fence) Report(GatewayState state, SessionReport report, DateTimeOffset now)
    {
        var fold = new GatewayFold(state, district);
        var heardAt = now - report.SilentFor;
        if (report.Epoch < state.Epoch) { Doubt(fold, report, now); return (fold.Decision, null); }
        if (state.Over.Contains(report.Session)) { Contend(fold, report, heardAt, now); return (fold.Decision, Superseded); }
        var isNew = state.Session?.Id != report.Session;
        if (isNew && report.Ended) return (fold.Decision, null);
        if (isNew) fold.Happen(new SessionOpened(now, report.Session, report.Epoch, report.Node));
        if (fold.State.IsLost && heardAt > state.HeardAt + GatewayState.ReportDelay) Outages.Return(fold, now);
        if (report.Skew is { } skew) Skews.Note(fold, skew, now);
        if (report.Ended && fold.State.Session!.EndedAt is null) fold.Happen(new SessionEnded(now, report.Session));
        return (fold.Decision, null);
    }

    /// <summary>A sign of life is kept in memory: journaling each would be a write every few seconds for nothing. Only of the gateway's own stream.</summary>
    public static GatewayState Heard(GatewayState state, SessionReport report, DateTimeOffset now) =>
        state.Session?.Id == report.Session && now - report.SilentFor > state.HeardAt ? state with { HeardAt = now - report.SilentFor } : state;

    private Decision<GatewayEvent> Fed(GatewayState state, SourceFed m, DateTimeOffset now)
    {
        var fold = new GatewayFold(state, district);
        var known = state.Sources.GetValueOrDefault(m.Source.Value);
        if (m.SaysTheSameAs(known?.Feed) || (known is null && m.Detectors == 0)) return fold.Decision;
        if (known is not null) WorkOrders.End(fold, known, m, now);
        fold.Happen(new SourceNoted(now, m with { At = now }));
        // Nothing depends on it any more: there is nobody to miss.
        if (fold.State.Sources.IsEmpty && fold.State.IsLost) Outages.Return(fold, now);
        return fold.Decision;
    }

    private Decision<GatewayEvent> Fire(GatewayState state, DateTimeOffset now)
    {
        var fold = new GatewayFold(state, district);
        if (state.LostAt is { } lost && lost <= now) Outages.Lost(fold, lost, now);
        if (fold.State.IsLost) return fold.Decision;
        foreach (var id in state.UnjudgedSources)
            if (fold.State.JudgeAt(fold.State.Sources[id]) is var due && due <= now) WorkOrders.Order(fold, fold.State.Sources[id], due, now);
        return fold.Decision;
    }

    private static void Doubt(GatewayFold fold, SessionReport report, DateTimeOffset now)
    {
        if (IsTold(fold, now)) return;
        fold.Happen(new SessionDoubted(now, report.Session, report.Epoch, report.Node));
        fold.TellAll(AlertKind.SecurityEvent, $"doubted/{now.UtcTicks}", now, $"gateway {fold.State.Id}: a stream of epoch {report.Epoch} is open, epoch {fold.State.Epoch} is known; a zombie, or another device of this name");
    }

    /// <summary>A half-open stream gets no frames: one that does, after the newer one began, has a device of its own.</summary>
    private static void Contend(GatewayFold fold, SessionReport report, DateTimeOffset heardAt, DateTimeOffset now)
    {
        if (fold.State.Session is not { } session || heardAt < session.OpenedAt + GatewayState.UnderWay || IsTold(fold, now)) return;
        fold.Happen(new SessionsContended(now, report.Session, report.Node));
        fold.TellAll(AlertKind.SecurityEvent, $"contended/{now.UtcTicks}", now, $"gateway {fold.State.Id}: two streams of this name send at once; two devices use it");
    }

    private static bool IsTold(GatewayFold fold, DateTimeOffset now) => fold.State.DoubtToldAt is { } told && now < told + GatewayState.DoubtToldEvery;
}
