using Google.Protobuf.WellKnownTypes;
using Governance.Domain.AlarmLoad;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Alarms;

/// <summary>Load figures as the public API shows them.</summary>
internal static class LoadReportView
{
    private const int ChatteringShown = 20, StaleShown = 100;

    /// <param name="after">The last alarm of the page before; null: the first page.</param>
    internal static LoadReport Of(LoadFigures f, (DateTimeOffset Raised, string Occurrence)? after, int pageSize)
    {
        var report = new LoadReport
        {
            Alarms = f.Alarms, SuppressedOccurrences = f.Suppressed, AlarmsPer10Min = f.PerTenMinutes, Peak10Min = f.Peak, PeakFrom = Fields.To(f.PeakFrom),
            FloodShare = f.FloodShare, FloodTime = Duration.FromTimeSpan(f.FloodTime), Floods = f.Floods, ChatteringTotal = f.Chattering.Count, StaleTotal = f.Stale.Count,
            Bypassed = new BypassedHours { Shelved = f.Bypassed.Shelved.TotalHours, OutOfService = f.Bypassed.OutOfService.TotalHours, ByDesign = f.Bypassed.ByDesign.TotalHours, Total = f.Bypassed.Total.TotalHours },
            GreyHours = f.Grey.TotalHours, MostFrequentShare = f.MostFrequentShare,
            Dispatch = Leg(f, r => r.ToDispatch), Accept = Leg(f, r => r.ToAccept), Arrive = Leg(f, r => r.ToArrive), Clear = Leg(f, r => r.ToClear), Close = Leg(f, r => r.ToClose),
        };
        report.Chattering.AddRange(f.Chattering.Take(ChatteringShown).Select(c => new V1.ChatteringDetector
        {
            SourceId = c.Source, DetectorId = c.Detector, Episodes = c.Episodes, Time = Duration.FromTimeSpan(c.Time), Alarms = c.Alarms,
        }));
        report.Stale.AddRange(f.Stale.Take(StaleShown).Select(s => new V1.StaleAlarm
        {
            SourceId = s.Alarm.Source, DetectorId = s.Alarm.Detector, OccurrenceId = s.Alarm.Occurrence, Level = Fields.To(s.Alarm.Level), RaisedAt = Fields.To(s.Alarm.Raised),
            ClearedAt = Fields.To(s.Alarm.Cleared), ActiveHours = s.Active.TotalHours,
        }));
        report.MostFrequent.AddRange(f.MostFrequent.Select(d => new V1.FrequentDetector { SourceId = d.Source, DetectorId = d.Detector, Alarms = d.Alarms, Share = d.Share }));
        report.Levels.AddRange(f.Levels.Select(l => new LevelCount { Level = Fields.To(l.Key), Alarms = l.Value, Share = (double)l.Value / f.Alarms }));
        var rest = f.Responses.Where(r => after is not { } a || r.Alarm.Raised > a.Raised || (r.Alarm.Raised == a.Raised && string.CompareOrdinal(r.Alarm.Occurrence, a.Occurrence) > 0)).Take(pageSize + 1).ToList();
        report.Responses.AddRange(rest.Take(pageSize).Select(Of));
        if (rest.Count > pageSize) report.NextPageToken = PageToken.Of(rest[pageSize - 1].Alarm.Raised.UtcTicks, rest[pageSize - 1].Alarm.Occurrence);
        return report;
    }

    private static V1.AlarmResponse Of(Domain.AlarmLoad.AlarmResponse r)
    {
        var told = new V1.AlarmResponse
        {
            OccurrenceId = r.Alarm.Occurrence, SourceId = r.Alarm.Source, DetectorId = r.Alarm.Detector, Peak = Fields.To(r.Alarm.Peak), RaisedAt = Fields.To(r.Alarm.Raised),
            CaseId = r.Alarm.Case, CaseNumber = r.CaseNumber, JoinedCase = r.JoinedCase, Folded = r.Alarm.IsFolded,
        };
        if (r.ToDispatch is { } dispatch) told.ToDispatchS = dispatch.TotalSeconds;
        if (r.ToAccept is { } accept) told.ToAcceptS = accept.TotalSeconds;
        if (r.ToArrive is { } arrive) told.ToArriveS = arrive.TotalSeconds;
        if (r.ToClear is { } clear) told.ToClearS = clear.TotalSeconds;
        if (r.ToClose is { } close) told.ToCloseS = close.TotalSeconds;
        return told;
    }

    private static LegTimes Leg(LoadFigures figures, Func<Domain.AlarmLoad.AlarmResponse, TimeSpan?> leg)
    {
        var times = LegFigures.Of(figures.Responses.Select(leg));
        return new LegTimes { Count = times.Count, P50S = times.P50.TotalSeconds, P90S = times.P90.TotalSeconds, MaxS = times.Max.TotalSeconds };
    }
}
