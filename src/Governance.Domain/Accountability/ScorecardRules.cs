using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using static Governance.Domain.Accountability.ScorecardCommand;
using static Governance.Domain.Accountability.ScorecardEvent;

namespace Governance.Domain.Accountability;

/// <summary>The rules of exclusions and appeals: two persons for the one, the inspection office for the other.</summary>
public sealed class ScorecardRules(ScorecardPolicy policy, WorkCalendar calendar, string district) : IEntityRules<ScorecardState, ScorecardEvent>
{
    private const int TextLimitCharacters = 4000;
    public const string AppealDecision = "APPEAL_DECISION";

    public ScorecardState Initial(string id) => ScorecardState.New(id);
    public ClockId Clock(ScorecardState state) => ClockId.Wall;
    public IEnumerable<Deadline> Deadlines(ScorecardState state) => state.Appeals.Where(a => a is { Upheld: null, Overdue: false }).Select(a => new Deadline(AppealDecision, a.DecideBy));

    /// <summary>Until when an appeal may be filed: so many working days after the month.</summary>
    public DateTimeOffset AppealUntil(Month month) => calendar.CloseOfWorkingDay(month.To.AddTicks(-1), (int)policy[ScoreSetting.AppealWorkingDays]);

    public Decision<ScorecardEvent> Decide(ScorecardState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Commanded { Command: Exclude c } by => Excluding(state, c, by.Caller, now),
        Stimulus.Commanded { Command: FileAppeal c } by => Filing(state, c, by.Caller, now),
        Stimulus.Commanded { Command: DecideAppeal c } by => Deciding(state, c, by.Caller, now),
        Stimulus.Woken => Overdue(state, now),
        Stimulus.Confirmed => Decision<ScorecardEvent>.Nothing,
        _ => throw new InvalidOperationException($"a scorecard takes no {stimulus}"),
    };

    public ScorecardState Evolve(ScorecardState state, ScorecardEvent happened) => After(state, happened);

    /// <summary>Needs no policy: what happened, happened.</summary>
    public static ScorecardState After(ScorecardState state, ScorecardEvent happened) => happened switch
    {
        ExclusionProposed e => state with { Exclusions = state.Exclusions.Add(new Exclusion(e.Case, e.Kind, e.Code, e.Note, e.By, e.At, "", null)) },
        ExclusionConfirmed e => state with { Exclusions = Changed(state.Exclusions, x => x.Case == e.Case && x.Kind == e.Kind, x => x with { ConfirmedBy = e.By, ConfirmedAt = e.At }) },
        AppealFiled e => state with { Appeals = state.Appeals.Add(new Appeal(e.Id, e.Case, e.Kind, e.Reason, e.By, e.At, e.DecideBy, null, "", "", false)) },
        AppealDecided e => state with { Appeals = Changed(state.Appeals, a => a.Id == e.Id, a => a with { Upheld = e.Upheld, Decision = e.Reason, DecidedBy = e.By }) },
        AppealOverdue e => state with { Appeals = Changed(state.Appeals, a => a.Id == e.Id, a => a with { Overdue = true }) },
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private Decision<ScorecardEvent> Excluding(ScorecardState state, Exclude c, Caller caller, DateTimeOffset now)
    {
        if (!caller.Is(Roles.Leader) && !caller.Is(Roles.Inspection)) return Refuse("LEADER_OR_INSPECTION_ONLY", "a duty leader or the inspection office leaves a case out", RefusalKind.Denied);
        if (caller.Organisation == state.Organisation) return Refuse("OWN_SCORECARD", "nobody leaves a case out of their own scorecard", RefusalKind.Denied);
        if (!policy.Exclusions.ContainsKey(c.Code)) return Refuse("EXCLUSION_CODE_UNKNOWN", $"one of {string.Join(", ", policy.Exclusions.Keys)}", RefusalKind.Invalid);
        if (c.Note.Length > TextLimitCharacters) return Refuse("TEXT_TOO_LONG", $"a note has at most {TextLimitCharacters} characters", RefusalKind.Invalid);
        var known = state.Exclusions.Find(e => e.Case == c.Case && e.Kind == c.Kind);
        if (known is null)
            return state.Exclusions.Count >= ScorecardState.Limit ? Refuse("TOO_MANY_EXCLUSIONS", $"{ScorecardState.Limit} exclusions in a month", RefusalKind.Exhausted)
                : Decision<ScorecardEvent>.Of(new ExclusionProposed(now, c.Case, c.Kind, c.Code, c.Note, caller.Subject));
        if (known.IsInForce) return Refuse("ALREADY_EXCLUDED", "it is left out already", RefusalKind.AlreadyExists);
        if (known.By == caller.Subject) return Refuse("SECOND_PERSON_NEEDED", "who proposed it does not confirm it", RefusalKind.Denied);
        if (known.Code != c.Code) return Refuse("EXCLUSION_CODE_DIFFERS", $"it was proposed as {known.Code}", RefusalKind.Conflict);
        var decision = Decision<ScorecardEvent>.Of(new ExclusionConfirmed(now, c.Case, c.Kind, caller.Subject, c.Cases));
        var before = state.Exclusions.Where(e => e.IsInForce && e.Kind is null).Select(e => e.Case).ToHashSet();
        var after = c.Kind is null ? before.Append(c.Case).ToHashSet().Count : before.Count;
        return IsTooMuch(before.Count, c.Cases) || !IsTooMuch(after, c.Cases) ? decision
            : decision.Sending(Told(state, AlertKind.ExclusionAlarm, $"exclusions/{after}", now, string.Create(CultureInfo.InvariantCulture, $"{after} of {c.Cases} cases of {state.Organisation} are left out of {state.Month}")));
    }

    private bool IsTooMuch(int excluded, int cases) => excluded * 100.0 > policy[ScoreSetting.ExclusionAlarmPercent] * cases;

    private Decision<ScorecardEvent> Filing(ScorecardState state, FileAppeal c, Caller caller, DateTimeOffset now)
    {
        if (caller.Organisation != state.Organisation) return Refuse("NOT_YOUR_SCORECARD", $"{state.Organisation} appeals against its own scorecard", RefusalKind.Denied);
        if (c.Reason.Length == 0) return Refuse("REASON_MISSING", "reason is mandatory", RefusalKind.Invalid);
        if (c.Reason.Length > TextLimitCharacters) return Refuse("TEXT_TOO_LONG", $"a reason has at most {TextLimitCharacters} characters", RefusalKind.Invalid);
        var until = AppealUntil(state.Month);
        if (now > until) return Refuse("APPEAL_TOO_LATE", string.Create(CultureInfo.InvariantCulture, $"appeals were taken until {until:yyyy-MM-dd HH:mm}"));
        if (state.Appeals.Exists(a => a.Case == c.Case && a.Kind == c.Kind)) return Refuse("ALREADY_APPEALED", "it was appealed against already", RefusalKind.AlreadyExists);
        if (state.Appeals.Count >= ScorecardState.Limit) return Refuse("TOO_MANY_APPEALS", $"{ScorecardState.Limit} appeals in a month", RefusalKind.Exhausted);
        var id = string.Create(CultureInfo.InvariantCulture, $"{state.Id}/{state.Appeals.Count + 1}");
        var decideBy = calendar.CloseOfWorkingDay(now, (int)policy[ScoreSetting.AppealDecisionWorkingDays]);
        return Decision<ScorecardEvent>.Of(new AppealFiled(now, id, c.Case, c.Kind, c.Reason, caller.Subject, decideBy))
            .Sending(Told(state, AlertKind.ScorecardAppeal, $"{id}/filed", now, $"{state.Organisation} appeals against its scorecard of {state.Month}: {c.Reason}"));
    }

    private Decision<ScorecardEvent> Deciding(ScorecardState state, DecideAppeal c, Caller caller, DateTimeOffset now)
    {
        if (!caller.Is(Roles.Inspection)) return Refuse("INSPECTION_ONLY", "the inspection office decides appeals", RefusalKind.Denied);
        if (caller.Organisation == state.Organisation) return Refuse("OWN_SCORECARD", "nobody decides about their own scorecard", RefusalKind.Denied);
        if (state.Appeals.Find(a => a.Id == c.Appeal) is not { } appeal) return Refuse("UNKNOWN_APPEAL", $"there is no appeal {c.Appeal}", RefusalKind.NotFound);
        if (appeal.Upheld is not null) return Refuse("APPEAL_DECIDED", $"{appeal.DecidedBy} has decided it");
        if (c.Reason.Length == 0) return Refuse("REASON_MISSING", "reason is mandatory", RefusalKind.Invalid);
        if (c.Reason.Length > TextLimitCharacters) return Refuse("TEXT_TOO_LONG", $"a reason has at most {TextLimitCharacters} characters", RefusalKind.Invalid);
        return Decision<ScorecardEvent>.Of(new AppealDecided(now, appeal.Id, appeal.Case, appeal.Kind, c.Upheld, c.Reason, caller.Subject))
            .Sending(Told(state, AlertKind.ScorecardAppeal, $"{appeal.Id}/decided", now, $"appeal of {state.Organisation} {(c.Upheld ? "upheld" : "refused")}: {c.Reason}"));
    }

    private Decision<ScorecardEvent> Overdue(ScorecardState state, DateTimeOffset now)
    {
        var late = state.Appeals.Where(a => a is { Upheld: null, Overdue: false } && a.DecideBy <= now).OrderBy(a => a.DecideBy).ToList();
        return Decision<ScorecardEvent>.Of(late.Select(a => new AppealOverdue(a.DecideBy, a.Id, now - a.DecideBy)))
            .Sending(late.Select(a => Told(state, AlertKind.ScorecardAppeal, $"{a.Id}/overdue", a.DecideBy, $"nobody decided the appeal of {state.Organisation} in time")));
    }

    private Send Told(ScorecardState state, AlertKind kind, string cause, DateTimeOffset at, string text) => DistrictNotice.Told(district, kind, $"score/{state.Id}/{cause}", at, text, [state.Organisation]);

    private static ImmutableList<T> Changed<T>(ImmutableList<T> list, Predicate<T> which, Func<T, T> change) =>
        list.FindIndex(which) is >= 0 and var index ? list.SetItem(index, change(list[index])) : throw new InvalidOperationException($"there is no such {typeof(T).Name}");

    private static Decision<ScorecardEvent> Refuse(string reason, string message, RefusalKind kind = RefusalKind.Precondition) => Decision<ScorecardEvent>.Refuse(reason, message, kind);
}
