using Governance.Domain.AlarmLoad;
using Governance.Domain.Kernel;

namespace Governance.Storage;

/// <summary>How far the records of alarms have come.</summary>
/// <param name="Offset">Journal offset that they reflect; 0 when new.</param>
/// <param name="AsOf">
/// Everything journaled before this moment is in them: the moment before the journal was last read to its end. Null: never
/// yet since they were begun; they show the past and must not be taken for the present.
/// </param>
public sealed record AlarmProgress(long Offset, DateTimeOffset? AsOf);

/// <summary>What the projection of alarms writes in one transaction.</summary>
/// <param name="Sources">That were commissioned, first or anew.</param>
/// <param name="Links">Applied after the alarms.</param>
public sealed record AlarmBatch(
    IReadOnlyCollection<WatchedSource> Sources, IReadOnlyCollection<AlarmRecord> Alarms, IReadOnlyCollection<CaseLink> Links,
    IReadOnlyCollection<AlarmInterval> Intervals, IReadOnlyCollection<CaseRecord> Cases, long From, long To)
{
    public bool IsEmpty => Sources.Count + Alarms.Count + Links.Count + Intervals.Count + Cases.Count == 0;
}

/// <summary>Whose records: of an area, of a source, or of all (both empty); of live sources or of drills.</summary>
/// <param name="Area">Code of a subdistrict; empty: the whole district.</param>
public sealed record AlarmScope(string Area, string SourceId, bool Drill);

/// <summary>What is live now, counted for the metrics. Live sources only.</summary>
/// <param name="ActiveByLevel">Told and active, by level.</param>
/// <param name="Unacknowledged">Of those, detectors' alarms that nobody has acknowledged and that are not suppressed.</param>
/// <param name="OldestUnacknowledged">When the oldest of them was raised; null: none.</param>
public sealed record AlarmGauges(
    IReadOnlyDictionary<AlarmLevel, int> ActiveByLevel, int Unacknowledged, DateTimeOffset? OldestUnacknowledged, IReadOnlyDictionary<IntervalKind, int> Running);

/// <summary>The records are of a newer build's making: this build must neither read nor write them.</summary>
public sealed class AlarmViewsTooNewException(int found, int known)
    : Exception($"the records of alarms are of form {found}, this build makes form {known}: a newer node feeds them");

/// <summary>
/// Read models of alarms, suppressions, outages of trust, floods and case legs, fed by the journal; rows and offset in one
/// transaction. Nothing but reports and metrics hangs on them; they are made again from the journal when their form changes.
/// </summary>
public interface IAlarmViews : IAsyncDisposable
{
    /// <summary>Makes them ready to be fed in this form: what an older build made of the journal is thrown away, to be made again.</summary>
    /// <exception cref="AlarmViewsTooNewException">A newer build feeds them.</exception>
    Task<AlarmProgress> BeginAsync(int form, CancellationToken cancel);

    Task<AlarmProgress> ProgressAsync(CancellationToken cancel);

    /// <summary>Throws <see cref="ViewsMovedException"/>, and writes nothing, when the records are not at the batch's first offset.</summary>
    Task ApplyAsync(AlarmBatch batch, CancellationToken cancel);

    /// <summary>The journal was read to its end, begun at <paramref name="asOf"/>. Nothing happens when the records are elsewhere by now.</summary>
    Task ConfirmAsync(long offset, DateTimeOffset asOf, CancellationToken cancel);

    /// <summary>What is open at a source; null when it is not known.</summary>
    Task<WatchedSource?> WatchedAsync(string sourceId, CancellationToken cancel);

    Task<CaseRecord?> CaseAsync(string key, CancellationToken cancel);

    /// <summary>The flood that lasts at a desk.</summary>
    Task<AlarmInterval?> FloodAsync(string area, CancellationToken cancel);

    /// <summary>Occurrences that were active at some moment of the period, oldest first.</summary>
    Task<IReadOnlyList<AlarmRecord>> AlarmsAsync(AlarmScope scope, LoadPeriod period, int limit, CancellationToken cancel);

    /// <summary>Stretches that lasted at some moment of the period. With a source: those of its desk too.</summary>
    Task<IReadOnlyList<AlarmInterval>> IntervalsAsync(AlarmScope scope, LoadPeriod period, int limit, CancellationToken cancel);

    /// <summary>Cases of those occurrences.</summary>
    Task<IReadOnlyList<CaseRecord>> CasesAsync(AlarmScope scope, LoadPeriod period, int limit, CancellationToken cancel);

    /// <summary>Active, awaiting an acknowledgement, or raised or cleared since.</summary>
    Task<IReadOnlyList<AlarmRecord>> ShiftAlarmsAsync(AlarmScope scope, DateTimeOffset since, int limit, CancellationToken cancel);

    /// <summary>Lasting, or begun or ended since.</summary>
    Task<IReadOnlyList<AlarmInterval>> ShiftIntervalsAsync(AlarmScope scope, DateTimeOffset since, int limit, CancellationToken cancel);

    Task<IReadOnlyList<CaseRecord>> OpenCasesAsync(AlarmScope scope, int limit, CancellationToken cancel);

    Task<AlarmGauges> GaugesAsync(CancellationToken cancel);

    /// <summary>Deletes what is over and whose last change was journaled before then, some at a time; how many rows went.</summary>
    Task<int> RetireAsync(DateTimeOffset before, int atMost, CancellationToken cancel);
}
