using System.Collections.Immutable;
using Governance.Contracts.Messages;
using Governance.Domain.Backtests;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Alarms;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Storage;
using DetectorLimits = Governance.Domain.HazardSources.DetectorLimits;
using LimitSet = Governance.Domain.HazardSources.LimitSet;
using RecordedIncident = Governance.Domain.Backtests.RecordedIncident;

namespace Governance.Edge.Inspection;

/// <summary>Backtests over the ledger: beside the actors, on the same rules (alarms.md §9).</summary>
public sealed class LimitBacktest(Entities entities, IReadingLedger ledger)
{
    private const long ReadingLimit = 10_000_000;
    private const int IncidentLimit = 1000, ToldLimit = 1000;
    private readonly SemaphoreSlim _one = new(1);

    internal async Task<BacktestReply> RunAsync(BacktestRequest request, Caller caller, CancellationToken cancel)
    {
        var (from, to) = (Fields.Required(request.From, "from"), Fields.Required(request.To, "to"));
        if (to <= from) throw RefusedException.Invalid("to", "RANGE_INVALID", "it lies after from");
        if (request.Incidents.Count > IncidentLimit) throw RefusedException.Invalid("incidents", "TOO_MANY_INCIDENTS", $"{IncidentLimit} at most");
        ImmutableArray<RecordedIncident> incidents = [.. request.Incidents.Select(i => new RecordedIncident(i.Name, i.DetectorId, Fields.Required(i.From, "incidents.from"), Fields.Required(i.To, "incidents.to")))];
        var address = new EntityAddress(EntityKinds.HazardSource, new HazardSourceId(request.SourceId).Value);
        var state = (HazardSourceState)(await entities.AskAsync<StateReply>(new GetState(address), cancel)).State;
        if (state.Config is null) throw new RefusedException(new Refusal("UNKNOWN_SOURCE", $"{request.SourceId} is not commissioned", RefusalKind.NotFound));
        var candidate = Candidate(state, request);
        if (!await _one.WaitAsync(TimeSpan.Zero, cancel)) throw new RefusedException(new Refusal("BACKTEST_RUNNING", "another backtest runs on this node", RefusalKind.Exhausted));
        BacktestDiff diff;
        try
        {
            var (before, after) = await PlayAsync(state, candidate, from, to, cancel);
            diff = BacktestDiff.Of(before, after, incidents);
        }
        finally { _one.Release(); }
        var kept = request.LimitSet > 0;
        if (kept)
        {
            var finding = new RecordBacktest(request.LimitSet, from, to, diff.After.Readings, diff.Added.Count, diff.Removed.Count, [.. diff.Missed.Select(m => m.Name)]);
            await entities.CommandAsync(address, request.CommandId, caller, 0, finding, cancel);
        }
        return Told(diff, kept);
    }

    private static SourceConfig Candidate(HazardSourceState state, BacktestRequest request)
    {
        if (request.LimitSet > 0 == request.Candidate.Count > 0) throw RefusedException.Invalid("limit_set", "CANDIDATE_UNCLEAR", "a proposed limit set, or limits, and not both");
        var set = request.LimitSet > 0
            ? state.LimitSets.Find(s => s.Version == request.LimitSet) ?? throw new RefusedException(new Refusal("UNKNOWN_LIMIT_SET", $"{state.Id} has no limit set {request.LimitSet}", RefusalKind.NotFound))
            : new LimitSet(0, [.. request.Candidate.Select(d => new DetectorLimits(d.DetectorId, [.. d.Limits.Select(LimitForm.Of)]))], "", default, "", null, "", null);
        if (set.Detectors.Find(d => state.OrdinalOf(d.Detector) < 0) is { } unknown) throw new RefusedException(new Refusal("UNKNOWN_DETECTOR", $"{state.Id} has no detector {unknown.Detector}", RefusalKind.NotFound));
        var config = set.Applied(state.Config!);
        return config.Faults() is { IsEmpty: false } faults ? throw RefusedException.Invalid("candidate", "LIMITS_FAULTY", string.Join("; ", faults)) : config;
    }

    /// <summary>One pass over the ledger, both limit sets side by side, away from the threads that answer others.</summary>
    private Task<(BacktestResult Before, BacktestResult After)> PlayAsync(HazardSourceState state, SourceConfig candidate, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => Task.Run(async () =>
    {
        var (inForce, tried, readings) = (new Backtest(state, state.Config!), new Backtest(state, candidate), 0L);
        await foreach (var part in ledger.ReadPartsAsync(state.Id, from, to, cancel))
            foreach (var segment in PartReadings.Of(part, null, from, to))
            {
                cancel.ThrowIfCancellationRequested();
                if ((readings += segment.Readings.Length) > ReadingLimit) throw RefusedException.Invalid("to", "BACKTEST_TOO_LARGE", $"more than {ReadingLimit} readings: ask for less time");
                inForce.Add(segment);
                tried.Add(segment);
            }
        return (inForce.Result(), tried.Result());
    }, cancel);

    private static BacktestReply Told(BacktestDiff diff, bool recorded) => new()
    {
        Readings = diff.After.Readings, InForce = Figures(diff.Before), Candidate = Figures(diff.After), Added = { diff.Added.Take(ToldLimit).Select(Alarm) }, Removed = { diff.Removed.Take(ToldLimit).Select(Alarm) },
        RaisedEarlier = diff.Paired.Count(p => p.Earlier > TimeSpan.Zero), RaisedLater = diff.Paired.Count(p => p.Earlier < TimeSpan.Zero), Missed = { diff.Missed.Select(m => m.Name) }, Recorded = recorded,
    };

    private static BacktestFigures Figures(BacktestResult result) => new() { Alarms = result.Occurrences.Count, AlarmsPerDay = result.AlarmsPerDay, FoldedAsChattering = result.Occurrences.Count(o => o.Folded) };

    private static BacktestAlarm Alarm(BacktestOccurrence o) => new()
    {
        DetectorId = o.Detector, RaisedAt = Fields.To(o.RaisedAt), ClearedAt = Fields.To(o.ClearedAt), Peak = Fields.To(o.Peak), PeakValue = o.PeakValue,
    };
}
