using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Meetings.SlipEvent;

namespace Governance.Domain.Meetings;

/// <summary>How a slip begins: asked for by a case's rule, ordered by a meeting, or drafted by a person; and how it is issued.</summary>
public static class SlipDrafting
{
    /// <summary>A case wants a slip. A repeated wish changes nothing; another case that wishes the same joins it.</summary>
    internal static Decision<SlipEvent> Wanted(SlipState state, CasePolicy policy, SlipWanted m, DateTimeOffset now)
    {
        if (state.IsOver) return Decision<SlipEvent>.Nothing;
        var at = m.Clock.IsWall || state.Phase != SlipPhase.NotOpened ? now : m.At;
        var fold = new SlipFold(state, policy, at);
        var wished = new SlipCase(m.Case, m.CaseNumber);
        if (state.Phase == SlipPhase.NotOpened)
        {
            var departments = m.Departments.Contains(m.Lead) ? m.Departments : m.Departments.Insert(0, m.Lead);
            Begin(fold, new SlipContent(m.Kind, m.Level, m.Area, m.Lead, departments, m.Category, m.Reason, SlipGround.Rule, new SlipKey(""), m.Drill, m.Clock), [wished], m.By, at);
        }
        // Live and drill never share a slip, nor do two clocks.
        else if (state.Content!.Drill != m.Drill || state.Content.Clock != m.Clock) return Decision<SlipEvent>.Nothing with { Outcome = new Outcome("SLIP_IS_ANOTHER_WORLDS") };
        else if (!state.Cases.Exists(c => c.Case == m.Case) && state.Cases.Count < SlipState.CaseLimit) Join(fold, wished, at);
        // A supervision slip is the weekly meeting's to issue, whatever a rule wishes; the case has looked that a person is its chair.
        if (!m.IssueAtOnce || fold.State.Phase != SlipPhase.Drafted || (fold.Content.Kind == SlipKind.Supervision && m.By == Caller.System.Subject)) return fold.Decision;
        if (fold.Content.Kind == SlipKind.Supervision) fold.Happen(new SlipApproved(at, m.By, m.Reason));
        Issue(fold, m.By, SlipGround.Rule, m.Level > fold.Content.Level ? m.Level : fold.Content.Level, at);
        return fold.Decision;
    }

    /// <summary>A meeting decided it: drafted, approved and issued at once.</summary>
    internal static Decision<SlipEvent> Ordered(SlipState state, CasePolicy policy, SlipOrdered m, DateTimeOffset now)
    {
        if (state.Phase != SlipPhase.NotOpened) return Decision<SlipEvent>.Nothing;
        var content = m.Order.Content;
        var at = content.Clock.IsWall ? now : m.At;
        var fold = new SlipFold(state, policy, at);
        Begin(fold, content, m.Order.Cases, m.By, at);
        if (content.Kind == SlipKind.Supervision) fold.Happen(new SlipApproved(at, m.By, m.Meeting));
        Issue(fold, m.By, SlipGround.Meeting, content.Level, at);
        return fold.Decision;
    }

    internal static void Begin(SlipFold fold, SlipContent content, ImmutableList<SlipCase> cases, string by, DateTimeOffset at)
    {
        fold.Happen(new SlipDrafted(at, content, cases, by));
        fold.Start(SlipClockName.Draft, at);
        fold.Tell(AlertKind.SlipIssued, "drafted", at, $"drafted by {by}: {content.Reason}");
    }

    /// <summary>From here the clocks run, whenever the number comes.</summary>
    internal static void Issue(SlipFold fold, string by, SlipGround ground, Colour level, DateTimeOffset at)
    {
        fold.Meet(SlipClockName.Draft, at);
        fold.Happen(new SlipIssued(at, by, ground, level));
        fold.Start(SlipClockName.Sign, at);
        fold.Start(SlipClockName.Limit, at);
        var content = fold.Content;
        fold.Send(new EntityAddress(EntityKinds.SlipRegister, SlipNumber.RegisterOf(content.Kind, content.Drill, at)), new SlipNumberRequested(fold.State.Key));
        foreach (var held in fold.State.Held) Open(fold, held, at);
        if (content.Replaces.Value.Length > 0) fold.Send(content.Replaces.Address, new SlipTaken(fold.State.Key, at));
        fold.Tell(AlertKind.SlipIssued, "issued", at, $"issued by {by}, due {fold.State.Running(SlipClockName.Limit)!.Due:u}: {content.Reason}");
    }

    /// <summary>What the case answered when the slip reached it.</summary>
    internal static Decision<SlipEvent> Held(SlipState state, CasePolicy policy, EntityAddress from, Outcome outcome, DateTimeOffset now)
    {
        if (outcome.Name != SlipOpened.CaseClosed || state.IsOver || !state.Held.Any(c => c.Case.Value == from.Id)) return Decision<SlipEvent>.Nothing;
        var fold = new SlipFold(state, policy, now);
        fold.Happen(new CaseDropped(now, new CaseKey(from.Id)));
        if (fold.State.Held.Any()) return fold.Decision;
        fold.End(new SlipWithdrawn(now, Caller.System.Subject, "every case that it covers is over"));
        fold.Tell(AlertKind.SlipEnded, "withdrawn", now, "withdrawn: every case that it covers is over");
        return fold.Decision;
    }

    /// <summary>Another slip takes the place of this one.</summary>
    internal static Decision<SlipEvent> Taken(SlipState state, CasePolicy policy, SlipTaken m, DateTimeOffset now)
    {
        if (state.IsOver || state.Phase == SlipPhase.NotOpened) return Decision<SlipEvent>.Nothing;
        var fold = new SlipFold(state, policy, now);
        fold.End(new SlipReplaced(now, m.By));
        fold.Tell(AlertKind.SlipEnded, "superseded", now, $"supervision slip {m.By} takes its place");
        return fold.Decision;
    }

    internal static Decision<SlipEvent> Numbered(SlipState state, CasePolicy policy, string number, DateTimeOffset now)
    {
        var fold = new SlipFold(state, policy, now);
        fold.Happen(new NumberGiven(now, number));
        // A slip that ended meanwhile holds no case any more; its number stays taken.
        if (fold.State.IsOpen) fold.ToCases(new SlipNumbered(state.Key, number, now));
        return fold.Decision;
    }

    /// <summary>What a slip over these cases would be about. All of them live in one world: see <see cref="Mixed"/>.</summary>
    /// <param name="replaces">The reminder slip whose place it is to take; null for none.</param>
    /// <param name="correlation">Level of the correlation that they belong to; grey for none.</param>
    public static SlipContent About(SlipKind kind, IReadOnlyList<CaseState> cases, SlipState? replaces, Colour correlation, string reason, SlipLimits limits, WorkCalendar calendar, DateTimeOffset now)
    {
        var worst = cases.OrderByDescending(c => c.Level).ThenBy(c => c.Key.Value, StringComparer.Ordinal).First();
        var subject = worst.Subject!;
        var lead = worst.LeadOrNone?.Organisation ?? "";
        var departments = cases.SelectMany(c => c.Tasks.Where(t => t.Counts).Select(t => t.Organisation)).Distinct().Order(StringComparer.Ordinal).ToImmutableList();
        var over = cases.Max(c => OverPercent(c, calendar, now));
        SlipGround? ground = kind == SlipKind.Reminder ? limits.GroundOf(worst.Level, correlation, departments.Count, over)
            : replaces is { OverdueAt: not null } ? SlipGround.Reminder : over > 0 ? SlipGround.Overdue : null;
        return new SlipContent(kind, worst.Level, subject.Area, lead, departments, subject.Category, reason, ground, replaces?.Key ?? new SlipKey(""), subject.Drill, subject.Clock);
    }

    /// <summary>Whether some are drills and some are not, or they live in several recordings.</summary>
    public static bool Mixed(IReadOnlyList<CaseState> cases) => cases.Select(c => (c.Subject!.Drill, c.Subject.Clock)).Distinct().Count() > 1;

    /// <summary>How far a case is over its time to resolve, in percent of that time; nought while it is in time.</summary>
    private static double OverPercent(CaseState state, WorkCalendar calendar, DateTimeOffset now) =>
        state.Clocks.FindLast(c => c.Name == ClockName.Due) is { Phase: ClockPhase.Breached } clock ? Math.Max(0, (clock.Budget.Used(clock.StartedAt, clock.Pauses, calendar, now) - 1) * 100) : 0;

    private static void Join(SlipFold fold, SlipCase wished, DateTimeOffset at)
    {
        fold.Happen(new CaseJoined(at, wished));
        if (fold.State.IsOpen) Open(fold, wished, at);
    }

    private static void Open(SlipFold fold, SlipCase held, DateTimeOffset at)
    {
        var to = new EntityAddress(EntityKinds.Case, held.Case.Value);
        fold.Send(to, new SlipOpened(fold.State.Key, fold.Content.Kind, fold.State.IssuedBy, fold.Content.Reason, (fold.State.Latest(SlipClockName.Limit) ?? throw new InvalidOperationException("an issued slip has a limit")).Due, at));
        if (fold.State.Number.Length > 0) fold.Send(to, new SlipNumbered(fold.State.Key, fold.State.Number, at));
    }
}
