using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Moves of the process region, each with all that follows from it: incident, colour, case and feed.</summary>
internal static class Activation
{
    internal static void Activate(Fold fold, int ordinal, OccurrenceId occurrence, AlarmLevel level, Crossing cause,
        DateTimeOffset at, ActivationBasis basis, TimeSpan lateBy)
    {
        var memo = fold.Detector(ordinal).Memo with { Process = new ProcessRegion.Active(occurrence, level, level, cause.Value, at) };
        fold.Happen(new OccurrenceActivated(at, ordinal, memo, occurrence, level, cause, basis, lateBy));
        var kind = fold.Detector(ordinal).Config.Kind;
        Incidents.OpenOrJoin(fold, kind, occurrence, at, at);
        // The case hears of the occurrence before it hears of colours.
        Notices.Raised(fold, ordinal, cause, at);
        Colours.Review(fold, at);
    }

    internal static void ChangeLevel(Fold fold, int ordinal, ProcessRegion.Active was, AlarmLevel to, Crossing cause, DateTimeOffset at)
    {
        var process = was with { Level = to, Peak = to > was.Peak ? to : was.Peak, PeakValue = Worse(fold, ordinal, was.PeakValue, cause.Value) };
        fold.Happen(new LevelChanged(at, ordinal, fold.Detector(ordinal).Memo with { Process = process }, was.Occurrence, was.Level, to, cause));
        Notices.LevelChanged(fold, ordinal, was.Level, cause, at);
        Colours.Review(fold, at);
    }

    internal static void ReturnToNormal(Fold fold, int ordinal, ProcessRegion.Active was, DateTimeOffset at)
    {
        var memo = fold.Detector(ordinal).Memo with { Process = ProcessRegion.Normal.Instance };
        fold.Happen(new ReturnedToNormal(at, ordinal, memo, was.Occurrence, was.Peak, was.PeakValue));
        Colours.Review(fold, at);
        Notices.Cleared(fold, was.Occurrence, fold.Detector(ordinal).Config.Id.Value, fold.Detector(ordinal).Config.Kind, was.Peak, was.PeakValue, at);
    }

    /// <summary>The value further on the alarm's side.</summary>
    internal static double Worse(Fold fold, int ordinal, double a, double b) =>
        double.IsNaN(b) ? a : fold.Detector(ordinal).Config.HasHighLimit ? Math.Max(a, b) : Math.Min(a, b);
}
