using Governance.Domain.AlarmLoad;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Alarms;

/// <summary>Load figures and hand-overs from the records of alarms: which records, up to which moment, and what is refused.</summary>
public sealed class LoadReports(IAlarmViews alarms, District district, TimeProvider time)
{
    private static readonly TimeSpan PeriodAtMost = TimeSpan.FromDays(366), ShiftAtMost = TimeSpan.FromDays(7), UsualPeriod = TimeSpan.FromDays(1), UsualShift = TimeSpan.FromHours(8);
    /// <summary>Records that one report may read into memory: about 100 MB.</summary>
    private const int ReportRecords = 200_000;

    internal async Task<LoadReport> LoadAsync(ReportLoadRequest request, CancellationToken cancel)
    {
        var pageSize = Fields.PageSize(request.PageSize);
        var after = After(request.PageToken);
        var (from, to) = (Fields.Optional(request.From, "from"), Fields.Optional(request.To, "to"));
        if (from >= to) throw RefusedException.Invalid("to", "PERIOD_EMPTY", "a period ends after it begins");
        var (asOf, scope) = (await AsOfAsync(cancel), await ScopeAsync(request.Area, request.SourceId, request.Drill, cancel));
        // What is not journaled yet cannot be told from calm: nothing is said about it.
        var end = to is { } wanted && wanted < asOf ? wanted : asOf;
        var period = new LoadPeriod(from ?? end - UsualPeriod, end);
        if (period.From >= asOf) throw RefusedException.Invalid("from", "PERIOD_NOT_YET", $"the records have come to {asOf:O}");
        if (period.Length > PeriodAtMost) throw RefusedException.Invalid("from", "PERIOD_TOO_LONG", $"at most {PeriodAtMost.TotalDays:0} days");
        var occurrences = Bounded(await alarms.AlarmsAsync(scope, period, ReportRecords + 1, cancel));
        var intervals = Bounded(await alarms.IntervalsAsync(scope, period, ReportRecords + 1, cancel));
        var cases = Bounded(await alarms.CasesAsync(scope, period, ReportRecords + 1, cancel)).ToDictionary(c => c.Key);
        var report = LoadReportView.Of(LoadFigures.Of(period, occurrences, intervals, cases), after, pageSize);
        (report.From, report.To, report.AsOf, report.AsOfAgeS) = (Fields.To(period.From), Fields.To(period.To), Fields.To(asOf), Age(asOf));
        (report.Area, report.SourceId, report.Drill) = (request.Area, request.SourceId, request.Drill);
        return report;
    }

    internal async Task<ShiftHandover> HandoverAsync(GetShiftHandoverRequest request, CancellationToken cancel)
    {
        var limit = request.Limit switch { 0 => 200, >= 1 and <= 1000 => request.Limit, _ => throw RefusedException.Invalid("limit", "LIMIT_INVALID", "1 to 1,000") };
        var now = time.GetUtcNow();
        var since = Fields.Optional(request.Since, "since") ?? now - UsualShift;
        if (since > now || since < now - ShiftAtMost) throw RefusedException.Invalid("since", "SHIFT_INVALID", $"the beginning of a shift lies behind, at most {ShiftAtMost.TotalDays:0} days");
        var (asOf, scope) = (await AsOfAsync(cancel), await ScopeAsync(request.Area, "", false, cancel));
        var handover = Domain.AlarmLoad.Handover.Of(now, since,
            Bounded(await alarms.ShiftAlarmsAsync(scope, since, ReportRecords + 1, cancel)),
            Bounded(await alarms.ShiftIntervalsAsync(scope, since, ReportRecords + 1, cancel)), Bounded(await alarms.OpenCasesAsync(scope, ReportRecords + 1, cancel)));
        var view = HandoverView.Of(handover, limit);
        (view.AsOf, view.AsOfAgeS, view.Area, view.Since) = (Fields.To(asOf), Age(asOf), request.Area, Fields.To(since));
        return view;
    }

    /// <summary>Asked for before any record is read, so that what is told is never older than it says.</summary>
    private async Task<DateTimeOffset> AsOfAsync(CancellationToken cancel) => (await alarms.ProgressAsync(cancel)).AsOf
        ?? throw new RefusedException(new Refusal("RECORDS_NOT_COMPLETE", "the records of alarms are being made from the journal and have not come to its end yet; ask again"));

    private async Task<AlarmScope> ScopeAsync(string area, string source, bool drill, CancellationToken cancel)
    {
        if (area.Length > 0) _ = district.Known(area, "area");
        if (source.Length > 0)
        {
            if (await alarms.WatchedAsync(new HazardSourceId(source).Value, cancel) is not { } known) throw new RefusedException(new Refusal("UNKNOWN_SOURCE", $"{source} is not commissioned", RefusalKind.NotFound));
            // Nothing found of a drill among live alarms would look like calm.
            if (known.Drill != drill) throw RefusedException.Invalid("drill", "DRILL_MISMATCH", $"{source} is a {(known.Drill ? "drill" : "live")} source");
        }
        return new AlarmScope(area == district.Code ? "" : area, source, drill);
    }

    private double Age(DateTimeOffset asOf) => Math.Max(0, Math.Round((time.GetUtcNow() - asOf).TotalSeconds, 3));

    private static IReadOnlyList<T> Bounded<T>(IReadOnlyList<T> records) => records.Count <= ReportRecords ? records
        : throw new RefusedException(new Refusal("REPORT_TOO_LARGE", $"more than {ReportRecords} records: ask for less time, or for one area", RefusalKind.Invalid).With("field", "from"));

    private static (DateTimeOffset Raised, string Occurrence)? After(string token)
    {
        if (token.Length == 0) return null;
        try
        {
            var (raised, occurrence) = PageToken.Read(token);
            return (new DateTimeOffset(raised, TimeSpan.Zero), occurrence);
        }
        catch (Exception e) when (e is FormatException or ArgumentException) { throw RefusedException.Invalid("page_token", "PAGE_TOKEN_INVALID", "not a token of this list"); }
    }
}
