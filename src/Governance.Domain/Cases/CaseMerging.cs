using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>A case to the one that it is to be merged into: take what I have. Answered ABSORBED or MERGE_REFUSED.</summary>
/// <param name="Due">When it is to be resolved, where that clock runs.</param>
public sealed record CaseOffered(
    CaseKey From, string Number, Colour Level, Supervision Supervision, DateTimeOffset? Due, ImmutableList<CaseReport> Reports, ImmutableList<LinkedOccurrence> Occurrences, bool Drill, ClockId Clock, string By, string Reason) : IEntityMessage
{
    public const string Absorbed = "ABSORBED", Refused = "MERGE_REFUSED";
}

/// <summary>A merged case to the one that has it: I go on by myself. Answered RELEASED, or MERGE_REFUSED.</summary>
public sealed record CaseReclaimed(CaseKey From, string By, string Reason) : IEntityMessage
{
    public const string Released = "RELEASED";
}

/// <summary>
/// Two cases become one (并案), and two again. The case that stays is told first; until it has answered, the one that goes is
/// whole and its clocks run. A case that was merged still hears its sources and passes on what they say.
/// </summary>
internal static class CaseMerging
{
    internal static Refusal? Begin(CaseFold fold, MergeInto c, Caller caller)
    {
        var state = fold.State;
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        if (c.Target == state.Key) return new Refusal("MERGE_CYCLE", "a case is not merged into itself", RefusalKind.Invalid).With("field", "target");
        if (state.HasOpenSlip) return CaseSlips.Open(state);
        if (state.Tasks.Exists(t => t.Phase is TaskPhase.OnScene or TaskPhase.Controlled) && !caller.Is(Roles.Leader))
            return new Refusal("LEADER_ONLY", "somebody is on the scene of this case: a duty leader merges it", RefusalKind.Denied);
        fold.Happen(new MergeBegun(fold.Now, c.Target, caller.Subject, c.Reason));
        fold.Send(new EntityAddress(EntityKinds.Case, c.Target.Value), new CaseOffered(
            state.Key, state.Number, state.Level, state.Supervision, state.Running(ClockName.Due)?.Due, state.Reports, state.Occurrences, state.Subject!.Drill, state.Subject.Clock, caller.Subject, c.Reason));
        return null;
    }

    internal static Refusal? Leave(CaseFold fold, Unmerge c, Caller caller)
    {
        var merge = fold.State.Merge!;
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        if (fold.Policy.Limits.UnmergeWithin.Due(merge.At, [], fold.Policy.Calendar) < fold.Now) return new Refusal("UNMERGE_TOO_LATE", $"within {fold.Policy.Limits.UnmergeWithin} after the merge");
        fold.Happen(new UnmergeBegun(fold.Now, caller.Subject, c.Reason));
        fold.Send(new EntityAddress(EntityKinds.Case, merge.Target.Value), new CaseReclaimed(fold.State.Key, caller.Subject, c.Reason));
        return null;
    }

    /// <summary>At the case that stays: the higher level, the earlier time to resolve, the stricter supervision.</summary>
    internal static Decision<CaseEvent> Offered(CaseState state, CasePolicy policy, CaseOffered m, DateTimeOffset now)
    {
        if (state.Absorbed.Exists(a => a.From == m.From)) return Answered(CaseOffered.Absorbed);
        var why = state switch
        {
            { Phase: CasePhase.NotOpened } => "UNKNOWN_CASE",
            { Merge: not null } => "TARGET_MERGED",
            { IsOpen: false } => "TARGET_OVER",
            { Phase: CasePhase.PendingVerification or CasePhase.PendingCallback } => "TARGET_CONCLUDING",
            { IsWaiting: true } => "TARGET_WAITING",
            // The desks of the one that goes are told that it is over: danger is not handed to nobody.
            { LeadOrNone: null } when m.Level >= Colour.Orange || m.Occurrences.Exists(o => o.Phase != OccurrencePhase.Cleared) => "TARGET_NOT_ASSIGNED",
            _ when state.Subject!.Drill != m.Drill || state.Subject.Clock != m.Clock => "DRILL_AND_LIVE",
            _ when state.Absorbed.Count >= CaseState.BesideLimit || !state.HasRoomFor(m.Reports) || state.Occurrences.Count + m.Occurrences.Count > CaseState.OccurrenceLimit => "TARGET_FULL",
            _ => null,
        };
        if (why is not null) return Answered(CaseOffered.Refused, why);
        var fold = new CaseFold(state, policy, now);
        var level = m.Level > state.Level ? m.Level : state.Level;
        var supervision = m.Supervision > state.Supervision ? m.Supervision : state.Supervision;
        var before = new Bearing(state.Level, state.Supervision, state.Clocks, AllClear(state)) { LevelSince = state.LevelSince };
        var clocks = state.Clocks.ConvertAll(k => k.Phase != ClockPhase.Running ? k : CaseClocks.Merged(fold, k, level, m.Due));
        var occurrences = m.Occurrences.Where(o => !state.Occurrences.Exists(k => k.Id == o.Id)).ToImmutableList();
        var ended = state.Occurrences.Concat(occurrences).ToList();
        DateTimeOffset? allClear = ended.Count == 0 || ended.Exists(o => o.Phase != OccurrencePhase.Cleared) ? null : ended.Max(o => o.ClearedAt);
        fold.Happen(new CaseAbsorbed(now, new Absorption(
            m.From, m.Number, [.. m.Reports.Where(r => !state.Reports.Exists(k => k.Id == r.Id))], occurrences, before, new Bearing(level, supervision, clocks, allClear) { LevelSince = level > state.Level ? now : state.LevelSince })));
        fold.Tell(AlertKind.CaseProgressed, $"absorbed/{m.From}", now, $"case {(m.Number.Length > 0 ? m.Number : m.From)} was merged into this one by {m.By}: {m.Reason}");
        // Whoever has not signed is called within the limits of the new level.
        if (level > state.Level) foreach (var task in fold.State.Tasks.Where(t => t.Phase == TaskPhase.Offered)) CaseAssignment.Offer(fold, task, now);
        return fold.Decision with { Outcome = new Outcome(CaseOffered.Absorbed) };
    }

    internal static Decision<CaseEvent> Reclaimed(CaseState state, CasePolicy policy, CaseReclaimed m, DateTimeOffset now)
    {
        if (!state.Absorbed.Exists(a => a.From == m.From)) return Answered(CaseReclaimed.Released);
        // Where it was merged further, what it brought is there: first that one comes back.
        if (state.Merge is not null) return Answered(CaseOffered.Refused, "TARGET_MERGED");
        var fold = new CaseFold(state, policy, now);
        fold.Happen(new CaseReleased(now, m.From));
        if (fold.State.IsOpen) fold.Tell(AlertKind.CaseProgressed, $"released/{m.From}", now, $"case {m.From} goes on by itself: {m.Reason}");
        return fold.Decision with { Outcome = new Outcome(CaseReclaimed.Released) };
    }

    /// <summary>At the case that goes: the other one has answered.</summary>
    internal static Decision<CaseEvent> Answer(CaseState state, CasePolicy policy, IEntityMessage sent, Outcome outcome, DateTimeOffset now)
    {
        if (state.Merge is not { } merge) return Decision<CaseEvent>.Nothing;
        var fold = new CaseFold(state, policy, now);
        switch (sent)
        {
            case CaseOffered when outcome.Name == CaseOffered.Absorbed:
                fold.Happen(new CaseMerged(now, merge.Target));
                fold.ToDesks(_ => new TaskClosed(state.Key, now));
                fold.Tell(AlertKind.CaseClosed, "merged", now, $"merged into case {merge.Target}");
                break;
            case CaseOffered:
                fold.Happen(new MergeRefused(now, merge.Target, outcome.Value));
                fold.Tell(AlertKind.CaseProgressed, "merge-refused", now, $"not merged into case {merge.Target}: {outcome.Value}");
                break;
            case CaseReclaimed when outcome.Name == CaseReclaimed.Released:
                fold.Happen(new CaseUnmerged(now));
                foreach (var task in fold.State.Tasks.Where(t => t.IsOpen)) CaseAssignment.Offer(fold, task, now);
                CaseLevels.NobodyWaits(fold);
                fold.Tell(AlertKind.CaseProgressed, "unmerged", now, $"no longer merged into case {merge.Target}");
                break;
            default:
                fold.Happen(new UnmergeRefused(now, outcome.Value));
                break;
        }
        return fold.Decision;
    }

    /// <summary>
    /// What a source says about an occurrence of a case that is being merged or was: passed on, in order behind the offer. A
    /// new occurrence is answered as by a closed case: its source opens another one, and nothing is lost on the way.
    /// </summary>
    internal static Decision<CaseEvent> PassedOn(CaseState state, CasePolicy policy, IEntityMessage message, DateTimeOffset now)
    {
        if (message is OccurrenceRaised or MonitoringFaultRaised) return Answered("CASE_CLOSED", "MERGED");
        var here = state.Phase == CasePhase.Merged ? Noted(new CaseFold(state, policy, now), message) : CaseRules.OfOccurrence(state, policy, message, now);
        return here.Events.IsEmpty ? here : here.Sending(new Send(new EntityAddress(EntityKinds.Case, state.Merge!.Target.Value), message));
    }

    /// <summary>A merged case keeps what it heard, a rise of level too, for the day on which it goes on; it tells nobody.</summary>
    private static Decision<CaseEvent> Noted(CaseFold fold, IEntityMessage message)
    {
        switch (message)
        {
            case OccurrenceChanged m when Lives(m.Occurrence):
                fold.Happen(new OccurrenceLevelNoted(m.At, m.Occurrence, m.Level, m.Peak));
                Rise(m.Colour, m.Text);
                break;
            case OccurrenceCleared m when Lives(m.Occurrence): fold.Happen(new OccurrenceEnded(m.At, m.Occurrence)); break;
            case OccurrenceDataLost m when Lives(m.Occurrence):
                fold.Happen(new OccurrenceSilent(m.At, m.Occurrence, m.Unwatched));
                if (m.Unwatched && fold.State.Level < Colour.Red) Rise(fold.State.Level + 1, CaseOpening.Unwatched);
                break;
            case OccurrenceDataRestored m when Lives(m.Occurrence): fold.Happen(new OccurrenceHeard(m.At, m.Occurrence)); break;
        }
        return fold.Decision;

        bool Lives(OccurrenceId id) => fold.State.Occurrences.Exists(o => o.Id == id && o.Phase != OccurrencePhase.Cleared);

        void Rise(Colour level, string why)
        {
            if (level <= fold.State.Level) return;
            fold.Happen(new CaseEvent.LevelChanged(fold.Now, fold.State.Level, level, why, Caller.System.Subject));
            CaseClocks.Shorten(fold, level);
        }
    }

    private static DateTimeOffset? AllClear(CaseState state) => state.Milestones.TryGetValue(Milestone.ReturnedToNormal, out var at) ? at : null;

    private static Decision<CaseEvent> Answered(string name, string value = "") => Decision<CaseEvent>.Nothing with { Outcome = new Outcome(name, value) };
}
