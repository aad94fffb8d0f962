using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>Levels rise by anybody's word and fall by a leader's alone (cases.md, 30 and "Clock rules").</summary>
internal static class CaseLevels
{
    internal static Refusal? Raise(CaseFold fold, RaiseLevel c, Caller caller)
    {
        if (c.Level is < Colour.Yellow || !Enum.IsDefined(c.Level)) return new Refusal("LEVEL_INVALID", "yellow, orange or red", RefusalKind.Invalid).With("field", "level");
        if (c.Level <= fold.State.Level) return new Refusal("LEVEL_NOT_HIGHER", $"the case is {fold.State.Level}; a level is lowered by a leader's judgment only");
        RaiseTo(fold, c.Level, c.Reason, caller.Subject);
        return null;
    }

    internal static Refusal? Lower(CaseFold fold, LowerLevel c, Caller caller)
    {
        if (!CasePolicy.Levels.Contains(c.Level)) return new Refusal("LEVEL_INVALID", "blue, yellow or orange", RefusalKind.Invalid).With("field", "level");
        if (c.Level >= fold.State.Level) return new Refusal("LEVEL_NOT_LOWER", $"the case is {fold.State.Level}");
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        // What a detector says is not talked down: it falls when the alarm has ended.
        if (fold.State.IsLive) return CaseHandling.Live(fold.State);
        fold.Happen(new CaseEvent.LevelChanged(fold.Now, fold.State.Level, c.Level, c.Reason, caller.Subject));
        CaseClocks.Lengthen(fold);
        fold.Tell(AlertKind.CaseProgressed, $"level/{(int)c.Level}", fold.Now, $"lowered to {c.Level} by {caller.Subject}: {c.Reason}");
        return null;
    }

    /// <summary>A rise never needs approval; running clocks get the shorter of what is left and the new budget.</summary>
    internal static void RaiseTo(CaseFold fold, Colour level, string reason, string by)
    {
        if (level <= fold.State.Level || !fold.State.IsOpen) return;
        fold.Happen(new CaseEvent.LevelChanged(fold.Now, fold.State.Level, level, reason, by));
        // What stood still runs again, and nobody waits for more time: danger does neither.
        if (level >= Colour.Orange)
        {
            CaseClocks.Resume(fold, by, $"raised to {level}", fold.Now);
            CaseClocks.EndQuestion(fold, $"raised to {level}");
            if (fold.State.Asked is not null) CaseClocks.Decided(fold, false, by, $"raised to {level}", fold.Now);
        }
        CaseClocks.Shorten(fold, level);
        fold.VerifyAgain($"raised to {level}");
        fold.Tell(AlertKind.CaseProgressed, $"level/{(int)level}", fold.Now, $"raised to {level}: {reason}");
        // Whoever has not signed is called within the limits of the new level.
        foreach (var task in fold.State.Tasks.Where(t => t.Phase == TaskPhase.Offered)) CaseAssignment.Offer(fold, task, fold.Now);
        NobodyWaits(fold);
    }

    /// <summary>Red and orange wait for nobody's judgment, and nobody gives them back.</summary>
    internal static void NobodyWaits(CaseFold fold)
    {
        var level = fold.State.Level;
        if (level < Colour.Orange || fold.State.Phase is not (CasePhase.PendingJudgment or CasePhase.PendingAssignment)) return;
        if (fold.State.Phase == CasePhase.PendingJudgment)
            fold.Happen(new CaseJudged(fold.Now, level, fold.State.Subject!.Category, fold.State.Subject.Tags, CaseIntake.ToAssign, "system", $"raised to {level}"));
        CaseAssignment.ByRule(fold, fold.Now, forced: fold.State.Rejections > 0);
    }
}
