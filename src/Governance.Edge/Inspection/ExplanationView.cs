using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Edge.V1;

namespace Governance.Edge.Inspection;

/// <summary>An explanation as the public API shows it.</summary>
internal static class ExplanationView
{
    internal static OccurrenceExplanation Of(Explanation e, string gateway, DateTimeOffset now)
    {
        var view = new OccurrenceExplanation
        {
            OccurrenceId = e.Occurrence.Value, DetectorId = e.Detector, Phase = e.Phase, Level = Fields.To(e.Level), Peak = Fields.To(e.Peak), PeakValue = e.PeakValue,
            ActivatedAt = Fields.To(e.ActivatedAt), LimitSet = e.LimitSet, Limits = { e.Limits }, Clears = e.Clears, Operator = e.Operator, Suppression = e.Suppression, Told = e.Told, Colour = e.Colour, GatewayId = gateway,
            Deadlines = { e.Deadlines.Select(d => new ArmedDeadline { Kind = d.Name, Due = Fields.To(d.Due), SecondsLeft = (d.Due - now).TotalSeconds }) },
        };
        if (e.Cause is not { } cause) return view;
        view.Cause = new V1.Reading { DetectorId = e.Detector, Epoch = cause.Epoch, Seq = cause.Seq, Value = cause.Value, SampledAt = Fields.To(cause.SampledAt) };
        (view.Limit, view.ClockOffS) = (cause.Limit, cause.Skew.TotalSeconds);
        return view;
    }

    internal static V1.CaseExplanation Of(Domain.Cases.CaseExplanation e, CaseState state, DateTimeOffset now) => new()
    {
        CaseId = e.Key.Value, CaseNumber = e.Number, State = Names.StateOf(state), Level = Fields.To(e.Level), Opened = e.Opened, Occurrences = { e.Occurrences },
        Deadlines = { e.Deadlines.Select(d => new ArmedDeadline { Kind = d.Name, Due = Fields.To(d.Due), SecondsLeft = (d.Due - now).TotalSeconds }) },
        Told = { e.Told }, Unconfirmed = { e.Unconfirmed }, Closes = { e.Closes }, Missed = { e.Missed },
        Allowed = { e.Allowed.Select(a => new AllowedCommands { Organisation = a.Key, Commands = { a.Value } }) },
    };
}
