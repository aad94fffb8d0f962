using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>Who has it: by rule, by people, given back, forced, down and up the tiers (cases.md, 9, 11 to 13, 20).</summary>
internal static class CaseAssignment
{
    /// <summary>The rules choose; never nobody. The time to resolve starts here, not at the signature.</summary>
    internal static void ByRule(CaseFold fold, DateTimeOffset at, bool forced = false)
    {
        var route = fold.Policy.RouteOf(fold.State, at);
        To(fold, new CaseAssigned(at, route.Lead, route.Co, route.RuleId)
        {
            Person = route.Person ?? "", RulesetVersion = route.RulesetVersion, Explain = route.Explain, SelfHandling = route.SelfHandling, Forced = forced, Called = route.Called,
        });
    }

    private static void To(CaseFold fold, CaseAssigned assigned)
    {
        var first = fold.State.Tasks.IsEmpty;
        fold.Happen(assigned);
        fold.Drop(ClockName.Judge);
        fold.Meet(ClockName.Assign);
        fold.Start(ClockName.Sign, assigned.At);
        fold.Start(ClockName.Stale, assigned.At);
        // It keeps running when a lead gives it back.
        if (!fold.State.Clocks.Exists(c => c.Name == ClockName.Due)) fold.Start(ClockName.Due, assigned.At);
        if (first) fold.Start(ClockName.Feedback, assigned.At);
        if (assigned.SelfHandling) fold.Start(ClockName.SelfHandle, assigned.At);
        foreach (var task in fold.State.Tasks.Where(t => t.Phase == TaskPhase.Offered && t.NotifiedAt is null)) Offer(fold, task, assigned.At, task.Lead ? assigned.Person : "", assigned.Called);
        fold.Tell(first ? AlertKind.CaseOpened : AlertKind.CaseProgressed, first ? "opened" : "assigned", assigned.At,
            $"{fold.Policy.NameOf(fold.State.Subject!.Category)}: {fold.State.Subject.SourceName}, {fold.State.Subject.Text}; {assigned.Lead} leads by {assigned.Rule}");
    }

    internal static Refusal? Assign(CaseFold fold, Assign c, Caller caller)
    {
        var state = fold.State;
        if (OutOfScope(state, caller)) return Elsewhere(caller, "assigns");
        if (c.Co.Concat(c.Mandatory).Append(c.Lead).FirstOrDefault(o => o.Length > 0 && !fold.Policy.IsOrganisation(o)) is { } unknown)
            return new Refusal("ORGANISATION_UNKNOWN", $"'{unknown}' is no organisation of this district", RefusalKind.Invalid).With("field", "lead");
        if (state.Tasks.Count + c.Co.Count >= CaseState.TaskLimit) return new Refusal("TOO_MANY_TASKS", $"at most {CaseState.TaskLimit} organisations work on a case", RefusalKind.Exhausted);
        if (state.Phase is CasePhase.Assigned or CasePhase.Handling)
        {
            if (c.Lead.Length > 0 && c.Lead != state.Lead.Organisation) return new Refusal("LEAD_STANDS", $"{state.Lead.Organisation} leads; it gives the case back, or a leader takes it").With("field", "lead");
            foreach (var co in c.Co.Where(o => !state.Tasks.Exists(t => t.Organisation == o && t.Counts)))
            {
                fold.Happen(new TaskAdded(fold.Now, co, c.Mandatory.Contains(co), caller.Subject, c.Basis));
                Offer(fold, fold.State.Tasks.Find(t => t.Organisation == co)!, fold.Now);
                fold.Tell(AlertKind.CaseProgressed, $"added/{co}", fold.Now, $"{co} works on it too: {c.Basis}");
            }
            return null;
        }
        if (c.Lead.Length == 0) return new Refusal("LEAD_MISSING", "lead is mandatory", RefusalKind.Invalid).With("field", "lead");
        if (state.Phase == CasePhase.PendingJudgment)
        {
            // Who assigns has judged.
            fold.Meet(ClockName.Judge);
            fold.Happen(new CaseJudged(fold.Now, state.Level, state.Subject!.Category, state.Subject.Tags, CaseIntake.ToAssign, caller.Subject, c.Basis));
        }
        To(fold, new CaseAssigned(fold.Now, c.Lead, c.Co, $"by/{caller.Subject}") { Mandatory = c.Mandatory, Person = c.Person, By = caller.Subject, Explain = [$"{caller.Subject} decided: {c.Basis}"] });
        return null;
    }

    internal static Refusal? Force(CaseFold fold, ForceAssign c, Caller caller)
    {
        if (c.Basis.Length == 0) return CaseHandling.Missing("basis");
        if (!fold.Policy.IsOrganisation(c.Organisation)) return new Refusal("ORGANISATION_UNKNOWN", $"'{c.Organisation}' is no organisation of this district", RefusalKind.Invalid).With("field", "organisation");
        To(fold, new CaseAssigned(fold.Now, c.Organisation, [], $"forced/{caller.Subject}") { Forced = true, By = caller.Subject, Explain = [$"{caller.Subject} decided: {c.Basis}"] });
        return null;
    }

    /// <summary>退单: within the first hours, with a reason, and not for ever.</summary>
    internal static Refusal? GiveBack(CaseFold fold, CaseTask task, RejectTask c, Caller caller)
    {
        var limits = fold.Policy.Limits;
        if (c.Basis.Length == 0) return CaseHandling.Missing("basis");
        if (fold.State.Level >= Colour.Orange) return new Refusal("LEVEL_NOT_REJECTABLE", $"nobody gives a {fold.State.Level} case back").With("level", fold.State.Level.ToString());
        if (task.Forced) return new Refusal("TASK_FORCED", "it was decided who has it");
        if (fold.State.Rejections >= limits.Rejections) return new Refusal("TOO_MANY_REJECTIONS", $"it was given back {fold.State.Rejections} times: a leader decides", RefusalKind.Exhausted);
        if (task.AcceptedAt is { } signed && limits.RejectWithin.Due(signed, [], fold.Policy.Calendar) < fold.Now) return new Refusal("REJECTION_TOO_LATE", $"it was signed more than {limits.RejectWithin} ago");
        fold.Happen(new TaskRejected(fold.Now, task.Organisation, c.Code, c.SuggestedOrganisation, c.Basis, caller.Subject));
        fold.Send(new EntityAddress(EntityKinds.Department, task.Organisation), new TaskClosed(fold.State.Key, fold.Now));
        if (task.Lead)
        {
            foreach (var clock in new[] { ClockName.Sign, ClockName.OnScene, ClockName.Control, ClockName.SelfHandle }) fold.Drop(clock);
            fold.Start(ClockName.Assign, fold.Now);
        }
        fold.Alive();
        fold.Tell(AlertKind.CaseProgressed, $"rejected/{task.Organisation}", fold.Now,
            $"{task.Organisation} gives it back ({c.Code}: {c.Basis}){(c.SuggestedOrganisation.Length > 0 ? $", suggests {c.SuggestedOrganisation}" : "")}{(fold.State.Rejections >= limits.Rejections ? "; a leader decides, and the daily meeting hears of it" : "")}");
        return null;
    }

    internal static Refusal? Down(CaseFold fold, CaseTask task, CaseCommand.Delegate c, Caller caller)
    {
        if (c.To.Length == 0) return CaseHandling.Missing("to");
        if (task.Unit.Length > 0) return new Refusal("DELEGATED_ALREADY", $"{task.Unit} has it: one level, no further").With("unit", task.Unit);
        if (c.To == task.Organisation) return new Refusal("SAME_ORGANISATION", "it is there already", RefusalKind.Invalid).With("field", "to");
        return CaseField.Progress(fold, task, new TaskDelegated(fold.Now, task.Organisation, c.To, false, c.Reason, caller.Subject), $"given to {c.To}: {c.Reason}");
    }

    /// <summary>One tier up; the time to resolve goes on. By itself when the grid's hours are over.</summary>
    internal static Refusal? Up(CaseFold fold, CaseTask task, string reason, string by, DateTimeOffset at)
    {
        if (reason.Length == 0) return CaseHandling.Missing("reason");
        if (fold.Policy.TierAbove(task.Organisation, fold.State.Subject!) is not { } above) return new Refusal("NO_TIER_ABOVE", $"{task.Organisation} is no tier of grid, community and subdistrict");
        if (fold.State.Tasks.Exists(t => t.Organisation == above && t.IsOpen)) return new Refusal("SAME_ORGANISATION", $"{above} works on it already");
        fold.Happen(new TaskDelegated(at, task.Organisation, above, true, reason, by));
        fold.Send(new EntityAddress(EntityKinds.Department, task.Organisation), new TaskClosed(fold.State.Key, at));
        Offer(fold, fold.State.Tasks.Find(t => t.Organisation == above)!, at);
        if (task.Lead)
        {
            foreach (var clock in new[] { ClockName.OnScene, ClockName.Control, ClockName.SelfHandle }) fold.Drop(clock);
            fold.Start(ClockName.Sign, at);
            // Further up it goes by itself as long as nobody closes it on his tier.
            if (fold.State.SelfHandling && fold.Policy.TierAbove(above, fold.State.Subject!) is not null) fold.Start(ClockName.SelfHandle, at);
        }
        fold.Alive();
        fold.Tell(AlertKind.CaseProgressed, $"up/{above}", at, $"{task.Organisation} reports it up to {above}: {reason}");
        return null;
    }

    internal static Refusal? Drop(CaseFold fold, string organisation, TaskPhase to, string reason, Caller caller)
    {
        if (reason.Length == 0) return CaseHandling.Missing("reason");
        if (fold.State.Tasks.Find(t => t.Organisation == organisation && t.IsOpen) is not { } task) return new Refusal("UNKNOWN_TASK", $"{organisation} has no open task in this case", RefusalKind.NotFound).With("field", "organisation");
        if (task.Lead) return new Refusal("LEAD_STANDS", "a case keeps its lead; the lead gives it back, or reports it up");
        fold.Happen(new TaskDropped(fold.Now, organisation, to, reason, caller.Subject));
        fold.Send(new EntityAddress(EntityKinds.Department, organisation), new TaskClosed(fold.State.Key, fold.Now));
        fold.Tell(AlertKind.CaseProgressed, $"{Names.Of(to)}/{organisation}", fold.Now, $"{organisation} is not needed: {reason}");
        return null;
    }

    /// <summary>Another category or place: clocks keep what they used; while nobody has signed, the rules choose anew.</summary>
    internal static void Anew(CaseFold fold, Caller caller)
    {
        if (fold.State.Phase != CasePhase.Assigned || fold.State.Tasks.Exists(t => t.AcceptedAt is not null)) return;
        foreach (var task in fold.State.Tasks.Where(t => t.IsOpen).ToList())
        {
            fold.Happen(new TaskDropped(fold.Now, task.Organisation, TaskPhase.Withdrawn, "routed anew", caller.Subject));
            fold.Send(new EntityAddress(EntityKinds.Department, task.Organisation), new TaskClosed(fold.State.Key, fold.Now));
        }
        ByRule(fold, fold.Now);
    }

    /// <param name="person">Who is called first; empty: the desk picks.</param>
    /// <param name="called">Experts who are called beside the desks.</param>
    internal static void Offer(CaseFold fold, CaseTask task, DateTimeOffset at, string person = "", ImmutableList<string>? called = null)
    {
        var subject = fold.State.Subject!;
        fold.Send(new EntityAddress(EntityKinds.Department, task.Organisation),
            new TaskOffered(fold.State.Key, task.Organisation, task.Lead, subject.Category, fold.State.Level, subject.SourceName, subject.Text, subject.Drill, at) { Person = person, Called = called ?? [] });
    }

    internal static Refusal Elsewhere(Caller caller, string does) => new("OUT_OF_SCOPE", $"{caller.Organisation} {does} what lies in its own area", RefusalKind.Denied);

    /// <summary>A community or subdistrict desk that is not the district's reaches its own area only.</summary>
    internal static bool OutOfScope(CaseState state, Caller caller)
    {
        if (CaseHandling.IsDutyDesk(caller)) return false;
        var subject = state.Subject!;
        return !(caller.Organisation.EndsWith(subject.Area.Value, StringComparison.Ordinal) || (subject.Place.Community.Length > 0 && caller.Organisation.EndsWith(subject.Place.Community, StringComparison.Ordinal)));
    }
}
