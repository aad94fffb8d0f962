using Governance.Domain.AlarmLoad;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Edge.V1;

namespace Governance.Edge.Alarms;

/// <summary>A hand-over as the public API shows it; a list that is cut is named.</summary>
internal static class HandoverView
{
    internal static ShiftHandover Of(Handover h, int limit)
    {
        var view = new ShiftHandover();
        view.Active.AddRange(Cut("active", h.Active, Of));
        view.Returned.AddRange(Cut("returned", h.Returned, a => Of(new HandoverAlarm(a, null))));
        view.Latched.AddRange(Cut("latched", h.Latched, i => new LatchedAlarm { SourceId = i.Source, DetectorId = i.Detector, OccurrenceId = i.Reference, Peak = Fields.To(i.Level), Since = Fields.To(i.Since) }));
        view.Shelved.AddRange(Cut("shelved", h.Shelved, Of));
        view.OutOfService.AddRange(Cut("out_of_service", h.OutOfService, Of));
        view.ByDesign.AddRange(Cut("by_design", h.ByDesign, Of));
        view.Grey.AddRange(Cut("grey", h.Grey, Of));
        view.Silent.AddRange(Cut("silent", h.Silent, Of));
        view.Chattering.AddRange(Cut("chattering", h.Chattering, Of));
        view.Floods.AddRange(Cut("floods", h.Floods, Of));
        view.Permits.AddRange(Cut("permits", h.Permits, i => new HandoverPermit
        {
            PermitId = i.Reference, SourceId = i.Source, DetectorIds = { i.Detector.Split(',') }, Since = Fields.To(i.Since), Until = Fields.To(i.PlannedEnd), By = i.By, Reason = i.Reason,
        }));
        view.Cases.AddRange(Cut("cases", h.Cases, Of));
        // Of what happened the latest is what the next shift must know.
        view.Changes.AddRange(Cut("changes", h.Changes.Skip(Math.Max(0, h.Changes.Count - limit)).ToList(), c => new V1.ShiftChange
        {
            At = Fields.To(c.At), What = c.What, SourceId = c.Source, DetectorId = c.Detector, Level = Fields.To(c.Level), About = c.About, By = c.By, Reason = c.Reason,
        }, h.Changes.Count));
        return view;

        IEnumerable<TView> Cut<T, TView>(string name, IReadOnlyList<T> list, Func<T, TView> told, int? total = null)
        {
            view.Totals[name] = total ?? list.Count;
            if (view.Totals[name] > limit) view.Truncated.Add(name);
            return list.Take(limit).Select(told);
        }
    }

    private static ActiveAlarm Of(HandoverAlarm h)
    {
        var a = h.Alarm;
        return new ActiveAlarm
        {
            OccurrenceId = a.Occurrence, SourceId = a.Source, DetectorId = a.Detector, Zone = a.Zone, Kind = Fields.To(a.Kind), Level = Fields.To(a.Level), Peak = Fields.To(a.Peak), Since = Fields.To(a.Raised),
            Unacknowledged = h.IsUnacknowledged, AcknowledgedBy = a.AcknowledgedBy, AcknowledgedAt = Fields.To(a.Acknowledged), AcknowledgementExpires = Fields.To(a.Expires), CaseId = a.Case,
            Suppression = h.Suppression is { } s ? Names.Of(s.Kind) : "", Relayed = a.Witness == Witness.Relay, ClearedAt = Fields.To(a.Cleared),
        };
    }

    private static SuppressedDetector Of(HandoverSuppression h)
    {
        var i = h.Suppression;
        return new SuppressedDetector
        {
            SourceId = i.Source, DetectorId = i.Detector, UpTo = Fields.To(i.Level), Since = Fields.To(i.Since), Until = Fields.To(i.PlannedEnd), By = i.By, Reason = i.Reason,
            PermitId = i.Kind == IntervalKind.OutOfService ? i.Reference : "", Rule = i.Kind == IntervalKind.ByDesign ? i.Reference : "",
            ActiveLevel = Fields.To(h.Active?.Level ?? Domain.Kernel.AlarmLevel.None),
        };
    }

    private static HandoverCondition Of(AlarmInterval i) => new() { SourceId = i.Source, DetectorId = i.Detector, Area = i.Area, Since = Fields.To(i.Since), Reason = i.Reason };

    private static HandoverCase Of(CaseRecord c) => new()
    {
        CaseId = c.Key, CaseNumber = c.Number, SourceId = c.Source, Area = c.Area, State = Names.Of(c.Phase), Level = Fields.To(c.Level), Category = c.Category, Holder = c.Lead, HolderState = Names.Of(c.LeadPhase),
        ReceivedAt = Fields.To(c.Received), NextDeadline = c.NextDeadline?.Clock ?? "", NextDeadlineAt = Fields.To(c.NextDeadline?.Due),
    };
}
