using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Meetings.MeetingEvent;

namespace Governance.Domain.Meetings;

/// <summary>What people do with a meeting: bring something before it, decide, close.</summary>
internal static class MeetingHandling
{
    private const int ListedItems = 20, NameLimitCharacters = 200, DepartmentLimit = 30;

    private static readonly Dictionary<MeetingKind, MeetingDecision[]> Possible = new()
    {
        [MeetingKind.Daily] = [MeetingDecision.Assign, MeetingDecision.Level, MeetingDecision.Limit, MeetingDecision.ReminderSlip, MeetingDecision.ToWeekly, MeetingDecision.ToCrisis, MeetingDecision.Close, MeetingDecision.Carry],
        [MeetingKind.Weekly] = [MeetingDecision.Assign, MeetingDecision.Level, MeetingDecision.Limit, MeetingDecision.SupervisionSlip, MeetingDecision.Extension, MeetingDecision.Arbitrate, MeetingDecision.ToCrisis, MeetingDecision.Close, MeetingDecision.Carry],
        [MeetingKind.Crisis] = [MeetingDecision.CaseOwner, MeetingDecision.Assign, MeetingDecision.Level, MeetingDecision.Limit, MeetingDecision.SupervisionSlip, MeetingDecision.Close, MeetingDecision.Carry],
    };

    /// <summary>False: too late for this meeting. The crisis meeting is never too late: it takes more while it sits, and sits again.</summary>
    internal static bool Take(MeetingFold fold, RaisedItem item, MeetingCall? call)
    {
        var key = fold.State.Key;
        // A call that waited, as long as a database was away, sits as soon as one that is made now: in the past nobody could come.
        if (call is not null && call.Start <= fold.Now && fold.Policy.Meetings.Crisis(fold.Now, call.LiveDanger, fold.Policy.Calendar) is var anew) call = call with { CutOff = anew.CutOff, Start = anew.Start };
        if (fold.State.Phase == MeetingPhase.NotCalled || (fold.State.Phase == MeetingPhase.Closed && key.Kind == MeetingKind.Crisis))
        {
            var times = call ?? (fold.Policy.Meetings.RegularOn(key.Kind, key.Day, fold.Policy.Calendar) is { } regular ? new MeetingCall(regular.CutOff, regular.Start, false) : null);
            if (times is null) return false;
            fold.Call(times);
        }
        else if (fold.State.Phase == MeetingPhase.Called && key.Kind == MeetingKind.Crisis && call is not null && call.Start < fold.State.Call!.Start) fold.Move(call);
        switch (fold.State.Phase)
        {
            case MeetingPhase.Called or MeetingPhase.Collecting: fold.Happen(new ItemRaised(fold.Now, item)); return true;
            case MeetingPhase.AgendaFixed when key.Kind == MeetingKind.Crisis:
                if (fold.State.Items.Exists(i => i.Key == item.Key)) return true;
                fold.Happen(new ItemAdded(fold.Now, Agenda.Of(key.Kind, [new RaisedFact(item)], fold.Now, fold.Policy.Meetings).Items[0]));
                fold.Tell("added", fold.Now, $"one more item: {item.Subject}, {item.Reason}");
                return true;
            default: return false;
        }
    }

    /// <summary>By a rule. What came to this meeting once does not come again.</summary>
    internal static Decision<MeetingEvent> Escalate(MeetingState state, CasePolicy policy, MeetingCommand.Escalate c, Caller caller, DateTimeOffset now)
    {
        if (SlipEntitlement.Role(caller, [Roles.System]) is { } denied) return Refused(denied);
        if (state.Key.Kind != MeetingKind.Crisis) return Refused(new Refusal("NOT_A_CRISIS_MEETING", $"{state.Id} is regular", RefusalKind.Invalid));
        if (state.Seen.Contains(c.Item.Key)) return Decision<MeetingEvent>.Nothing;
        if (state.Seen.Count >= MeetingState.ItemLimit) return Refused(new Refusal("TOO_MANY_ITEMS", $"a meeting takes {MeetingState.ItemLimit} items", RefusalKind.Exhausted));
        var fold = new MeetingFold(state, policy, now);
        Take(fold, c.Item, c.Call);
        return fold.Decision;
    }

    internal static Decision<MeetingEvent> Decide(MeetingState state, CasePolicy policy, MeetingCommand command, Caller caller, DateTimeOffset now)
    {
        if (SlipEntitlement.Role(caller, [Chair(state.Key.Kind)]) is { } denied) return Refused(denied);
        if (state.Phase != MeetingPhase.AgendaFixed)
            return Refused(new Refusal("ILLEGAL_TRANSITION", $"{command.GetType().Name} is not allowed in {state.Phase}").With("state", state.Phase.ToString()).With("command", command.GetType().Name).With("allowed", ""));
        var fold = new MeetingFold(state, policy, now);
        var refusal = command switch
        {
            MeetingCommand.Decide c => Decide(fold, c, caller),
            MeetingCommand.Close c => Close(fold, c, caller),
            _ => throw new InvalidOperationException($"a meeting has no command {command.GetType().Name}"),
        };
        return refusal is null ? fold.Decision : Refused(refusal);
    }

    /// <summary>Nobody decided in time: nothing is lost, it comes again.</summary>
    internal static void TimeIsUp(MeetingFold fold, DateTimeOffset at)
    {
        foreach (var item in fold.State.Undecided.ToList())
        {
            fold.Happen(new ItemDecided(at, new ItemDecision(item.Key, MeetingDecision.Carry, "nobody decided before the meeting ended", "", [], Colour.Grey, "", new SlipKey(""), Caller.System.Subject, at)));
            if (fold.State.Key.Kind == MeetingKind.Crisis) CallAgain(fold, item);
            else fold.Carry(item);
        }
        Closed(fold, Caller.System.Subject, "its time was up", at, fold.Now - at);
    }

    /// <summary>The regular crisis meeting may be a month away, and a rule does not call twice for the same thing: the next working day has it.</summary>
    private static void CallAgain(MeetingFold fold, AgendaItem item)
    {
        var (key, cutOff, start) = fold.Policy.Meetings.Crisis(fold.Now, false, fold.Policy.Calendar);
        fold.Raise(key, item, item.Rules[0], item.Carried + 1, new MeetingCall(cutOff, start, false));
    }

    private static Refusal? Decide(MeetingFold fold, MeetingCommand.Decide c, Caller caller)
    {
        var key = fold.State.Key;
        if (fold.State.Items.Find(i => i.Key == c.Item) is not { } item) return new Refusal("UNKNOWN_ITEM", $"{c.Item} is no item of this meeting", RefusalKind.NotFound);
        if (fold.State.Decisions.Exists(d => d.Item == c.Item)) return new Refusal("ALREADY_DECIDED", $"{c.Item} is decided", RefusalKind.AlreadyExists);
        if (!Possible[key.Kind].Contains(c.Decision))
            return SlipHandling.Invalid("DECISION_NOT_OF_THIS_MEETING", "decision", $"one of {string.Join(", ", Possible[key.Kind].Select(Names.Of))}");
        if (c.Note.Length == 0) return SlipHandling.Missing("note");
        if (c.Note.Length > SlipHandling.TextLimitCharacters) return SlipHandling.Invalid("TEXT_TOO_LONG", "note", $"at most {SlipHandling.TextLimitCharacters} characters");
        if (c.Lead.Length > NameLimitCharacters || c.Limit.Length > NameLimitCharacters || c.Departments.Count > DepartmentLimit || c.Departments.Exists(d => d.Length > NameLimitCharacters))
            return SlipHandling.Invalid("TEXT_TOO_LONG", "lead", $"names have at most {NameLimitCharacters} characters, and {DepartmentLimit} departments at most");
        if (item.Stays && c.Decision == MeetingDecision.Close) return new Refusal("ITEM_STAYS", $"{item.Subject} cannot be taken off: it was not finished in time").With("item", item.Key);
        if (Wrong(fold, item, c) is { } wrong) return wrong;
        var slip = c.Order is null ? new SlipKey("") : SlipKey.Of($"{fold.State.Id}/{fold.State.Sitting}/{item.Key}");
        fold.Happen(new ItemDecided(fold.Now, new ItemDecision(item.Key, c.Decision, c.Note, c.Lead, c.Departments, c.Level, c.Limit, slip, caller.Subject, fold.Now)));
        Act(fold, item, c, slip, caller);
        return null;
    }

    /// <summary>What a decision needs and does not have.</summary>
    private static Refusal? Wrong(MeetingFold fold, AgendaItem item, MeetingCommand.Decide c) => c.Decision switch
    {
        MeetingDecision.Assign or MeetingDecision.Arbitrate or MeetingDecision.CaseOwner when c.Lead.Length == 0 => SlipHandling.Missing("lead"),
        MeetingDecision.Level when !SlipLimits.Levels.Contains(c.Level) => SlipHandling.Invalid("LEVEL_INVALID", "level", "blue, yellow, orange or red"),
        MeetingDecision.Limit when Budget.Parse(c.Limit) is null => SlipHandling.Invalid("LIMIT_INVALID", "limit", $"'{c.Limit}' is no time limit, e.g. 72h or 5WD"),
        MeetingDecision.ReminderSlip or MeetingDecision.SupervisionSlip when c.Order is null => new Refusal("NO_CASE_TO_COVER", $"{item.Subject} has no case that a slip could cover"),
        MeetingDecision.ReminderSlip or MeetingDecision.SupervisionSlip when c.Order!.Content.Lead.Length == 0 => new Refusal("LEAD_MISSING", "nobody leads these cases: assign one first"),
        // A weekly meeting carries no further than that: it decides, or the crisis meeting does.
        MeetingDecision.Carry when fold.State.Key.Kind == MeetingKind.Weekly && item.Carried >= fold.Policy.Meetings.Carries => new Refusal("CARRIED_TOO_OFTEN", $"{item.Subject} was carried {item.Carried} times"),
        _ => null,
    };

    private static void Act(MeetingFold fold, AgendaItem item, MeetingCommand.Decide c, SlipKey slip, Caller caller)
    {
        var (meetings, calendar) = (fold.Policy.Meetings, fold.Policy.Calendar);
        switch (c.Decision)
        {
            case MeetingDecision.ReminderSlip or MeetingDecision.SupervisionSlip: fold.Send(slip.Address, new SlipOrdered(c.Order!, caller.Subject, fold.State.Id, fold.Now)); break;
            case MeetingDecision.ToWeekly: fold.Raise(meetings.Next(MeetingKind.Weekly, fold.Now, calendar), item, "REFERRED", 0); break;
            case MeetingDecision.ToCrisis:
                var (key, cutOff, start) = meetings.Crisis(fold.Now, item.Level == Colour.Red, calendar);
                fold.Raise(key, item, item.Rules[0] == "SUPERVISION_OVERDUE" ? item.Rules[0] : "REFERRED", 0, new MeetingCall(cutOff, start, item.Level == Colour.Red));
                break;
            case MeetingDecision.Carry: fold.Carry(item); break;
            default: break;
        }
    }

    private static Refusal? Close(MeetingFold fold, MeetingCommand.Close c, Caller caller)
    {
        if (c.Note.Length > SlipHandling.TextLimitCharacters) return SlipHandling.Invalid("TEXT_TOO_LONG", "note", $"at most {SlipHandling.TextLimitCharacters} characters");
        var undecided = fold.State.Undecided.Select(i => i.Key).ToList();
        if (undecided.Count > 0) return new Refusal("ITEMS_UNDECIDED", $"{undecided.Count} items are not decided").With("items", string.Join(",", undecided.Take(ListedItems)));
        Closed(fold, caller.Subject, c.Note, fold.Now, TimeSpan.Zero);
        return null;
    }

    private static void Closed(MeetingFold fold, string by, string note, DateTimeOffset at, TimeSpan lateBy)
    {
        fold.Happen(new MeetingClosed(at, by, note, MeetingFold.MinutesOf(fold.State), lateBy));
        fold.Tell("closed", at, $"closed by {by}, {fold.State.Decisions.Count} decisions; minutes {fold.State.Minutes[..12]}");
    }

    private static string Chair(MeetingKind kind) => kind switch
    {
        MeetingKind.Daily => Roles.Leader,
        MeetingKind.Weekly => Roles.WeeklyChair,
        MeetingKind.Crisis => Roles.CrisisChair,
        _ => throw new InvalidOperationException($"no meeting {kind}"),
    };

    private static Decision<MeetingEvent> Refused(Refusal refusal) => Decision<MeetingEvent>.Nothing with { Refusal = refusal };
}
