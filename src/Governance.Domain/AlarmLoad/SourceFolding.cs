using System.Collections.Immutable;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.AlarmLoad;

/// <summary>
/// Some events of one source in the making of its records: the source as it becomes, and every record that changed. Pure;
/// the same events give the same records, however they are cut into batches.
/// </summary>
public sealed class SourceFolding(WatchedSource source)
{
    private readonly Dictionary<string, AlarmRecord> _alarms = [];
    private readonly Dictionary<string, AlarmInterval> _intervals = [];
    private readonly List<CaseLink> _links = [];

    public WatchedSource Source { get; private set; } = source;
    /// <summary>The detectors are others now.</summary>
    public bool IsCommissionedAnew { get; private set; }
    public IReadOnlyCollection<AlarmRecord> Alarms => _alarms.Values;
    public IReadOnlyCollection<AlarmInterval> Intervals => _intervals.Values;
    /// <summary>To be applied after <see cref="Alarms"/>.</summary>
    public IReadOnlyList<CaseLink> Links => _links;
    /// <summary>Alarms that began and were told.</summary>
    public List<AlarmRecord> Raised { get; } = [];

    /// <param name="journaled">When the event was journaled, by the wall clock.</param>
    public void Take(HazardSourceEvent happened, DateTimeOffset journaled)
    {
        // Events of a source that was never commissioned mean nothing: there is no detector to them.
        if (!Source.IsCommissioned && happened is not SourceCommissioned) return;
        switch (happened)
        {
            case SourceCommissioned e: Commissioned(e, journaled); break;
            case ClockBound e: Moved(e.At, journaled); break;
            case DetectorTransition e:
                Process(e, journaled);
                Latched(e, journaled);
                break;
            case WarningRelayed e: Raise(OfWarning(e, journaled)); break;
            case WarningUpdated e: Change(e.Occurrence, journaled, a => a with { Level = e.Level, Peak = Max(a.Peak, e.Level), PeakValue = e.Level > a.Peak ? e.Value : a.PeakValue }); break;
            case WarningCleared e: Clear(e.Occurrence, e.At, journaled); break;
            case OccurrenceAcknowledged e:
                Change(e.Occurrence, journaled, a => a with { Acknowledged = e.At, AcknowledgedBy = e.By, Expires = e.Expires, IsAwaiting = false });
                break;
            case AcknowledgementExpired e: Change(e.Occurrence, journaled, Unseen); break;
            case OccurrenceConfirmed e: Change(e.Occurrence, journaled, a => a with { Expires = e.Expires }); break;
            case LatchReset e: End(IntervalKind.Latched, Name(e.Detector), e.At, e.By, e.Reason, journaled); break;
            case SuppressionBegan e: Suppressed(e, journaled); break;
            case SuppressionEnded e: EndSuppression(Name(e.Detector), e.At, e.By, Cases.Names.Of(e.Why), journaled); break;
            case ChatteringBegan e: Begin(Interval(IntervalKind.Chattering, Name(e.Detector), e.At, journaled)); break;
            case ChatteringEnded e: End(IntervalKind.Chattering, Name(e.Detector), e.At, "", $"{e.Folded} folded", journaled); break;
            case PermitOpened { Permit: var p } e:
                Begin(Interval(IntervalKind.Permit, string.Join(',', p.Detectors), e.At, journaled) with { PlannedEnd = p.Until, Ended = p.Until, By = p.OpenedBy, Reason = p.Reason, Reference = p.Id });
                break;
            case PermitClosed e: CloseIntervals(i => i.Kind == IntervalKind.Permit && i.Reference == e.Permit, e.At, e.By, e.Note, journaled); break;
            case IncidentOpened e: Link(e.Occurrence, e.Case, journaled); break;
            case IncidentJoined e: Link(e.Occurrence, e.Case, journaled); break;
            case IncidentRenewed e: Link(e.Occurrence, e.Case, journaled); break;
            case ColourChanged { To: Colour.Grey } e: Begin(Interval(IntervalKind.Grey, "", e.At, journaled) with { Reason = e.Reason }); break;
            case ColourChanged { From: Colour.Grey } e: End(IntervalKind.Grey, "", e.At, "", e.Reason, journaled); break;
        }
    }

    private void Process(DetectorTransition transition, DateTimeOffset journaled)
    {
        switch (transition)
        {
            case OccurrenceActivated e:
                if (e.Replaces is { } replaced) Clear(replaced, e.At, journaled);
                // A fresh alarm is to be acknowledged; what returned before is no longer asked for (alarms.md §2).
                foreach (var returned in Source.Alarms.Where(a => a.Ordinal == e.Detector && a.IsAwaiting)) Change(new OccurrenceId(returned.Occurrence), journaled, a => a with { IsAwaiting = false });
                Raise(OfDetector(e, journaled));
                break;
            case LevelChanged e:
                Change(e.Occurrence, journaled, a => (e.To > e.From ? Unseen(a) : a) with { Level = e.To, Peak = e.Memo.Live!.Peak, PeakValue = e.Memo.Live.PeakValue, IsSuppressed = e.Withheld == Withheld.Suppressed });
                break;
            case ReturnedToNormal e:
                Change(e.Occurrence, journaled, a => a with { Peak = e.Peak, PeakValue = e.PeakValue, Cleared = e.At, IsAwaiting = a is { Acknowledged: null, IsSuppressed: false } });
                break;
            case DetectorSilent e:
                var why = e.Memo.LastGoodAt > DateTimeOffset.UnixEpoch ? $"{Cases.Names.Of(e.Memo.Health)}, last good reading {e.Memo.LastGoodAt:u}" : Cases.Names.Of(e.Memo.Health);
                if (Source.Intervals.Find(i => i.Kind == IntervalKind.Silent && i.Detector == Name(e.Detector)) is { } silent) Put(silent with { Reason = why, Journaled = journaled });
                else Begin(Interval(IntervalKind.Silent, Name(e.Detector), e.At, journaled) with { Reason = why });
                break;
            case DetectorTrusted e: End(IntervalKind.Silent, Name(e.Detector), e.At, "", "", journaled); break;
        }
    }

    /// <summary>The rule is the source's own: asked, not written down again.</summary>
    private void Latched(DetectorTransition e, DateTimeOffset journaled)
    {
        var detector = Source.Detectors[e.Detector];
        if (detector.LatchFrom == AlarmLevel.None) return;
        var running = Source.Intervals.Find(i => i.Kind == IntervalKind.Latched && i.Detector == detector.Id);
        LatchRegion before = running is null ? LatchRegion.None.Instance : new LatchRegion.Latched(new OccurrenceId(running.Reference), running.Level, double.NaN, running.Since);
        var isOut = Source.Intervals.Exists(i => i.Kind == IntervalKind.OutOfService && i.Detector == detector.Id);
        SuppressionRegion suppression = isOut ? new SuppressionRegion.OutOfService(e.At, "", e.At, "", "") : SuppressionRegion.None.Instance;
        var config = new DetectorConfig(new DetectorId(detector.Id), detector.Kind, "", TimeSpan.Zero, 0, 0, 0, detector.Zone, "", [], detector.LatchFrom);
        var after = HandlingEvolution.After(new Detector(config, e.Memo, Handling.New with { Latch = before, Suppression = suppression }, false), e).Latch;
        if (after is not LatchRegion.Latched latch) return;
        if (running is null) Begin(Interval(IntervalKind.Latched, detector.Id, latch.Since, journaled) with { Level = latch.Peak, Reference = latch.Occurrence.Value });
        else if ((running.Level, running.Reference) != (latch.Peak, latch.Occurrence.Value)) Put(running with { Level = latch.Peak, Reference = latch.Occurrence.Value, Journaled = journaled });
    }

    private void Suppressed(SuppressionBegan e, DateTimeOffset journaled)
    {
        var detector = Name(e.Detector);
        // A person's suppression takes the place of one by design without another word.
        EndSuppression(detector, e.At, "", "REPLACED", journaled);
        var (kind, by, reason, reference) = e.Region switch
        {
            SuppressionRegion.Shelved s => (IntervalKind.Shelved, s.By, s.Reason, ""),
            SuppressionRegion.OutOfService o => (IntervalKind.OutOfService, o.By, o.Reason, o.Permit),
            SuppressionRegion.ByDesign d => (IntervalKind.ByDesign, "", "", d.Rule),
            _ => throw new InvalidOperationException($"no suppression begins as {e.Region}"),
        };
        Begin(Interval(kind, detector, e.At, journaled) with { PlannedEnd = e.Region.Until, Level = e.Region.Covers, By = by, Reason = reason, Reference = reference });
    }

    private void EndSuppression(string detector, DateTimeOffset at, string by, string why, DateTimeOffset journaled) =>
        CloseIntervals(i => i.Detector == detector && i.IsSuppression, at, by, why, journaled);

    private void Commissioned(SourceCommissioned e, DateTimeOffset journaled)
    {
        var (config, isNew) = (e.Config, !Source.IsCommissioned);
        var detectors = Source.Detectors.Select(d => config.Detectors.FirstOrDefault(c => c.Id.Value == d.Id) is { } still ? Watched(still) : d with { Retired = true }).ToList();
        detectors.AddRange(config.Detectors.Where(c => detectors.All(d => d.Id != c.Id.Value)).Select(Watched));
        foreach (var gone in detectors.Where(d => d.Retired)) CloseIntervals(i => i.Kind != IntervalKind.Permit && i.Detector == gone.Id, e.At, e.By, "RETIRED", journaled);
        Source = Source with { Name = config.Name, Area = config.Area.Value, Drill = config.Drill, Detectors = [.. detectors] };
        IsCommissionedAnew = true;
        // Nobody knows anything of it yet: grey is what a source begins as, and no event says so.
        if (isNew) Begin(Interval(IntervalKind.Grey, "", e.At, journaled) with { Reason = "no reading yet" });
    }

    /// <summary>A recorded clock drives the source from here: what lasted by the wall clock lasts on from its first moment.</summary>
    private void Moved(DateTimeOffset at, DateTimeOffset journaled)
    {
        foreach (var running in Source.Intervals.Where(i => i.Kind != IntervalKind.Permit))
        {
            Close(running, running.Since > at ? running.Since : at, "", "RECORDED_CLOCK", journaled);
            if (running.Since != at) Begin(running with { Since = at, Journaled = journaled });
        }
    }

    private void Raise(AlarmRecord alarm)
    {
        Put(alarm);
        if (!alarm.IsSuppressed) Raised.Add(alarm);
    }

    private void Clear(OccurrenceId occurrence, DateTimeOffset at, DateTimeOffset journaled) => Change(occurrence, journaled, a => a with { Cleared = at });

    private void Link(OccurrenceId occurrence, CaseKey to, DateTimeOffset journaled)
    {
        if (Source.Alarms.Exists(a => a.Occurrence == occurrence.Value)) Change(occurrence, journaled, a => a with { Case = to.Value });
        else _links.Add(new CaseLink(occurrence.Value, to.Value));
    }

    private void Change(OccurrenceId occurrence, DateTimeOffset journaled, Func<AlarmRecord, AlarmRecord> change)
    {
        if (Source.Alarms.Find(a => a.Occurrence == occurrence.Value) is { } known) Put(change(known) with { Journaled = journaled });
    }

    private void Put(AlarmRecord alarm)
    {
        _alarms[alarm.Occurrence] = alarm;
        var others = Source.Alarms.RemoveAll(a => a.Occurrence == alarm.Occurrence);
        Source = Source with { Alarms = alarm.IsActive || alarm.IsAwaiting ? others.Add(alarm) : others };
    }

    private void Begin(AlarmInterval interval)
    {
        Put(interval);
        var permits = Source.Intervals.Where(i => i.Kind == IntervalKind.Permit).ToList();
        if (permits.Count > WatchedSource.RememberedPermits) Source = Source with { Intervals = Source.Intervals.Remove(permits[0]) };
    }

    private void End(IntervalKind kind, string detector, DateTimeOffset at, string by, string why, DateTimeOffset journaled) =>
        CloseIntervals(i => i.Kind == kind && i.Detector == detector, at, by, why, journaled);

    private void CloseIntervals(Predicate<AlarmInterval> which, DateTimeOffset at, string by, string why, DateTimeOffset journaled)
    {
        foreach (var running in Source.Intervals.FindAll(which)) Close(running, at, by, why, journaled);
    }

    private void Close(AlarmInterval running, DateTimeOffset at, string by, string why, DateTimeOffset journaled)
    {
        _intervals[running.Key] = running with { Ended = at, EndedBy = by, EndedWhy = why, Journaled = journaled };
        Source = Source with { Intervals = Source.Intervals.RemoveAll(i => i.Key == running.Key) };
    }

    private void Put(AlarmInterval interval)
    {
        _intervals[interval.Key] = interval;
        Source = Source with { Intervals = Source.Intervals.RemoveAll(i => i.Key == interval.Key).Add(interval) };
    }

    private AlarmInterval Interval(IntervalKind kind, string detector, DateTimeOffset since, DateTimeOffset journaled) =>
        new(kind, Source.Area, Source.Id, detector, since, null, null, AlarmLevel.None, "", "", "", "", "", Source.Drill, journaled);

    private AlarmRecord OfDetector(OccurrenceActivated e, DateTimeOffset journaled)
    {
        var (detector, live) = (Source.Detectors[e.Detector], e.Memo.Live!);
        return new AlarmRecord(e.Occurrence.Value, Source.Id, Source.Area, e.Detector, detector.Id, detector.Zone, detector.Kind, Witness.Sensor, e.Level, live.Peak, live.PeakValue,
            e.At, null, "", null, null, false, e.Withheld == Withheld.Suppressed, e.Withheld == Withheld.Folded, Source.Drill, "", journaled);
    }

    private AlarmRecord OfWarning(WarningRelayed e, DateTimeOffset journaled)
    {
        var w = e.Warning;
        var zone = Source.Detectors.FirstOrDefault(d => d.Id == w.Detector)?.Zone ?? "";
        return new AlarmRecord(w.Occurrence.Value, Source.Id, Source.Area, -1, w.Detector, zone, w.Kind, Witness.Relay, w.Level, w.Level, w.Value,
            e.At, null, "", null, w.ClearedAt, false, false, false, Source.Drill, "", journaled);
    }

    private static AlarmRecord Unseen(AlarmRecord alarm) => alarm with { Acknowledged = null, AcknowledgedBy = "", Expires = null };
    private static WatchedDetector Watched(DetectorConfig d) => new(d.Id.Value, d.Kind, d.Zone, d.LatchFrom, false);
    private static AlarmLevel Max(AlarmLevel a, AlarmLevel b) => a > b ? a : b;
    private string Name(int ordinal) => Source.Detectors[ordinal].Id;
}
