using Governance.Domain.HazardSources;
using Governance.Edge.V1;

namespace Governance.Edge.Inspection;

/// <summary>An explanation as the public API shows it.</summary>
internal static class ExplanationView
{
    internal static OccurrenceExplanation Of(Explanation e, DateTimeOffset now)
    {
        var view = new OccurrenceExplanation
        {
            OccurrenceId = e.Occurrence.Value, DetectorId = e.Detector, Phase = e.Phase, Level = Fields.To(e.Level), Peak = Fields.To(e.Peak), PeakValue = e.PeakValue,
            ActivatedAt = Fields.To(e.ActivatedAt), LimitSet = e.LimitSet, Limits = { e.Limits }, Clears = e.Clears, Operator = e.Operator, Suppression = e.Suppression, Told = e.Told, Colour = e.Colour,
            Deadlines = { e.Deadlines.Select(d => new ArmedDeadline { Kind = d.Name, Due = Fields.To(d.Due), SecondsLeft = (d.Due - now).TotalSeconds }) },
        };
        if (e.Cause is not { } cause) return view;
        view.Cause = new V1.Reading { DetectorId = e.Detector, Epoch = cause.Epoch, Seq = cause.Seq, Value = cause.Value, SampledAt = Fields.To(cause.SampledAt) };
        view.Limit = cause.Limit;
        return view;
    }
}
