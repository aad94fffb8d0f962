using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Moves of the process region, each with all that follows from it: incident, colour, case and feed.</summary>
internal static class Activation
{
    internal static void Activate(Fold fold, int ordinal, OccurrenceId occurrence, AlarmLevel level, Crossing cause,
        DateTimeOffset at, ActivationBasis basis, TimeSpan lateBy)
    {
        BreakThrough(fold, ordinal, level, at, lateBy);
        var detector = fold.Detector(ordinal);
        var withheld = Suppressions.Withholds(detector, level) ? Withheld.Suppressed : Chattering.Folds(detector, level) ? Withheld.Folded : Withheld.No;
        var memo = detector.Memo with { Process = new ProcessRegion.Active(occurrence, level, level, cause.Value, at, cause) };
        fold.Happen(new OccurrenceActivated(at, ordinal, memo, occurrence, level, cause, basis, lateBy, withheld));
        Tell(fold, ordinal, occurrence, cause, at, "");
        Chattering.Review(fold, ordinal, at);
        Suppressions.ByDesign(fold, at);
        Colours.Review(fold, at);
    }

    /// <summary>Active while it was suppressed, and told now: a fresh occurrence that says since when (S9).</summary>
    internal static void Afresh(Fold fold, int ordinal, ProcessRegion.Active was, DateTimeOffset since, DateTimeOffset at, TimeSpan lateBy)
    {
        var before = fold.Detector(ordinal).Memo;
        var cause = was.Cause! with { Epoch = before.Evaluated.Epoch, Seq = before.Evaluated.Max, Value = before.LastGoodValue, Level = was.Level, SampledAt = before.LastGoodSampledAt };
        var active = new ProcessRegion.Active(was.Occurrence.Again(at), was.Level, was.Level, cause.Value, at, cause);
        ProcessRegion process = before.Process is ProcessRegion.Clearing clearing ? clearing with { Was = active } : active;
        var known = fold.State.IncidentOf(was.Occurrence) is not null;
        fold.Happen(new OccurrenceActivated(at, ordinal, before with { Process = process }, active.Occurrence, was.Level, cause, ActivationBasis.SuppressionEnded, lateBy,
            Withheld.No, was.Occurrence, since));
        Tell(fold, ordinal, active.Occurrence, cause, at, $"active while suppressed since {since:O}");
        if (known) Notices.Replaced(fold, ordinal, was, at);
        Suppressions.ByDesign(fold, at);
    }

    internal static void ChangeLevel(Fold fold, int ordinal, ProcessRegion.Active was, AlarmLevel to, Crossing cause, DateTimeOffset at)
    {
        var process = was with { Level = to, Peak = to > was.Peak ? to : was.Peak, PeakValue = Worse(fold, ordinal, was.PeakValue, cause.Value), Cause = cause };
        var detector = fold.Detector(ordinal);
        var before = detector.Handling.Withheld;
        var withheld = before == Withheld.Folded && !Chattering.Folds(detector, to) ? Withheld.No : before;
        fold.Happen(new LevelChanged(at, ordinal, detector.Memo with { Process = process }, was.Occurrence, was.Level, to, cause, withheld));
        if (before == Withheld.Folded && withheld == Withheld.No) Notices.RaisedToFeed(fold, ordinal, cause, at, "", again: true);
        if (withheld != Withheld.Suppressed) Notices.LevelChanged(fold, ordinal, was.Level, cause, at);
        BreakThrough(fold, ordinal, to, at, TimeSpan.Zero);
        Suppressions.ByDesign(fold, at);
        Colours.Review(fold, at);
    }

    internal static void ReturnToNormal(Fold fold, int ordinal, ProcessRegion.Active was, DateTimeOffset at)
    {
        var memo = fold.Detector(ordinal).Memo with { Process = ProcessRegion.Normal.Instance };
        var withheld = fold.Detector(ordinal).Handling.Withheld;
        fold.Happen(new ReturnedToNormal(at, ordinal, memo, was.Occurrence, was.Peak, was.PeakValue));
        Suppressions.ByDesign(fold, at);
        Colours.Review(fold, at);
        if (withheld == Withheld.Suppressed) return;
        var config = fold.Detector(ordinal).Config;
        Notices.Cleared(fold, was.Occurrence, config.Id.Value, config.Kind, was.Peak, was.PeakValue, at, withheld == Withheld.Folded);
    }

    /// <summary>A level above what the suppression covers ends it (S8).</summary>
    private static void BreakThrough(Fold fold, int ordinal, AlarmLevel level, DateTimeOffset at, TimeSpan lateBy)
    {
        var suppression = fold.Detector(ordinal).Handling.Suppression;
        if (suppression is not SuppressionRegion.None && level > suppression.Covers) Suppressions.Leave(fold, ordinal, SuppressionEnd.LevelRose, "", at, lateBy);
    }

    /// <summary>Case and feed take every occurrence that is not suppressed; the feed's word may be folded (S7).</summary>
    private static void Tell(Fold fold, int ordinal, OccurrenceId occurrence, Crossing cause, DateTimeOffset at, string note)
    {
        if (fold.Detector(ordinal).Handling.Withheld == Withheld.Suppressed) return;
        Incidents.OpenOrJoin(fold, fold.Detector(ordinal).Config.Kind, occurrence, at, at);
        // The case hears of the occurrence before it hears of colours.
        Notices.RaisedToCase(fold, ordinal, cause, at, note);
        Notices.RaisedToFeed(fold, ordinal, cause, at, note);
    }

    /// <summary>The value further on the alarm's side.</summary>
    internal static double Worse(Fold fold, int ordinal, double a, double b) =>
        double.IsNaN(b) ? a : fold.Detector(ordinal).Config.HasHighLimit ? Math.Max(a, b) : Math.Min(a, b);
}
