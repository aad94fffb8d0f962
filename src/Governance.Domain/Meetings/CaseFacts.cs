using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>What a meeting needs to know of a case and of a slip, from their states.</summary>
public static class CaseFacts
{
    /// <param name="state">Of a case that was opened.</param>
    /// <param name="at">The instant at which shares of time are counted.</param>
    public static CaseFact Of(CaseState state, DateTimeOffset at, WorkCalendar calendar)
    {
        var (subject, received, due) = (state.Subject!, state.Milestones[Milestone.Received], state.Clocks.FindLast(c => c.Name == ClockName.Due));
        var worked = state.Phase is CasePhase.Registered or CasePhase.PendingJudgment or CasePhase.PendingAssignment or CasePhase.Assigned or CasePhase.Handling;
        return new CaseFact(state.Key, state.Number, state.Level, subject.Category.Length > 2 ? subject.Category[..2] : subject.Category, subject.Area.Value, subject.Place.Community, received)
        {
            Departments = [.. state.Tasks.Where(t => t.Counts).Select(t => t.Organisation)],
            LeadAgreed = state.LeadOrNone is { Phase: not TaskPhase.Offered },
            Rejections = state.Rejections,
            Used = due is { Phase: not ClockPhase.Met } && at > due.StartedAt ? due.Budget.Used(due.StartedAt, due.Pauses, calendar, at) : 0,
            Breached = state.Clocks.GroupBy(c => c.Name).Any(g => g.Last().Phase == ClockPhase.Breached),
            ProgressAt = ProgressAt(state),
            Reopens = state.Reopened,
            Affected = state.Reports.Count,
            ExtensionAsked = state.Asked is not null,
            RedSince = worked && state.Level == Colour.Red && !state.Milestones.ContainsKey(Milestone.Controlled) ? state.LevelSince ?? received : null,
            IsLive = state.IsLive,
        };
    }

    /// <summary>One slip must not leave the district without agendas: what an older build kept may have lost its limit among missed clocks.</summary>
    /// <param name="s">Of a slip that was issued.</param>
    public static SlipFact Of(SlipState s)
    {
        var content = s.Content!;
        return new SlipFact(s.Key, content.Kind, s.Number, s.Phase, content.Level, content.Area.Value, content.Lead, content.Departments.Count, content.Reason, s.SignedBy.Length > 0, s.IsOverdue,
            s.IssuedAt!.Value, s.Latest(SlipClockName.Limit)?.Due ?? s.OverdueAt ?? s.IssuedAt.Value, [.. s.Held.Select(c => c.Case)]);
    }

    /// <summary>Every sign of life starts the stale-progress clock anew; where it ran out it started itself.</summary>
    private static DateTimeOffset? ProgressAt(CaseState state)
    {
        var stale = state.Clocks.Where(c => c.Name == ClockName.Stale).ToImmutableList();
        if (stale.IsEmpty) return null;
        var at = stale[^1].StartedAt;
        foreach (var clock in stale.Reverse().Skip(1))
            if (clock.Phase == ClockPhase.Breached && (clock.Due == at || clock.Due + clock.LateBy == at)) at = clock.StartedAt;
        return at;
    }
}
