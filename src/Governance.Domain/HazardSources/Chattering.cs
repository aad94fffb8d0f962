using static Governance.Domain.HazardSources.HazardSourceEvent;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>An alarm that comes and goes: its notices are folded, the alarm is kept (S7).</summary>
internal static class Chattering
{
    /// <summary>A level 2 of toxic gas is never folded (S13), nor a higher level of anything.</summary>
    internal static bool Folds(in Detector detector, AlarmLevel level) =>
        detector.Handling.Chatter.Folding && level <= (detector.Config.IsToxic ? AlarmLevel.One : AlarmLevel.Two);

    /// <summary>After an activation.</summary>
    internal static void Review(Fold fold, int ordinal, DateTimeOffset at)
    {
        var chatter = fold.Detector(ordinal).Handling.Chatter;
        if (chatter.Folding || chatter.Recent.Length < Chatter.FoldsAt) return;
        fold.Happen(new ChatteringBegan(at, ordinal));
        Notices.Chattering(fold, ordinal, at);
    }

    internal static void End(Fold fold, int ordinal, DateTimeOffset at, TimeSpan lateBy)
    {
        var untold = fold.Detector(ordinal).Handling.Withheld == Withheld.Folded && fold.Detector(ordinal).Memo.Live is not null;
        var folded = fold.Detector(ordinal).Handling.Chatter.Folded;
        fold.Happen(new ChatteringEnded(at, ordinal, folded, lateBy));
        Notices.ChatteringEnded(fold, ordinal, folded, at);
        if (untold) Notices.RaisedToFeed(fold, ordinal, fold.Detector(ordinal).Memo.Live!.Cause!, at, "chattering ended, still active", again: true);
    }
}
