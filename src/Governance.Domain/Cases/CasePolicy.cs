using System.Collections.Immutable;
using Governance.Domain.Accountability;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Routing;

namespace Governance.Domain.Cases;

/// <summary>Clocks of a case in this build.</summary>
public enum ClockName
{
    Sign = 1, OnScene = 2, Control = 3, Stale = 4, Verify = 5,
    /// <summary>Time to resolve, from the assignment to the feedback.</summary>
    Due = 6,
    /// <summary>Judgment by a person, where no rule was sure.</summary>
    Judge = 7,
    /// <summary>To a lead, where nobody has it.</summary>
    Assign = 8,
    /// <summary>First contact with the reporter (先行联系).</summary>
    Contact = 9,
    /// <summary>First feedback of the lead to the centre, from the assignment.</summary>
    Feedback = 10,
    Callback = 11,
    /// <summary>From the close until nobody can reopen it.</summary>
    Archive = 12,
    /// <summary>The grid deals with it alone for so long; then it goes up a tier.</summary>
    SelfHandle = 13,
}

/// <summary>Supervision of a case (催办, 提醒单, 督办单, 危机会). Grows with escalation.</summary>
public enum Supervision { None = 0, Urged = 1, Reminded = 2, Supervised = 3, Crisis = 4 }

/// <summary>A category of cases.</summary>
/// <param name="Category">Four digits; the first two are its group.</param>
/// <param name="Lead">Who usually has it, for whoever reads the table; who has a case is the router's to say.</param>
public sealed record CaseCategory(string Category, string Name, string Lead)
{
    /// <summary>The category's own level.</summary>
    public Colour Level { get; init; } = Colour.Yellow;
    /// <summary>Time to resolve while it is blue or yellow; null: as the table of clocks has it.</summary>
    public Budget? Limit { get; init; }
    /// <summary>A blue one is the grid's own.</summary>
    public bool SelfHandling { get; init; }
    /// <summary>Kinds of evidence without which the lead's task is not done: D device, P photo, V visit, C call, S signature.</summary>
    public ImmutableList<string> Evidence { get; init; } = [];
}

/// <summary>A step of the escalation chain.</summary>
public sealed record EscalationStep(Supervision Supervision, string Told);

/// <summary>Every number and table that a case decides by; versioned files of the district, never code.</summary>
/// <param name="Routing">Category of a device case by what was exceeded.</param>
/// <param name="Budgets">Per level and clock: calendar time, working hours or working days.</param>
public sealed record CasePolicy(
    string District, ImmutableSortedDictionary<string, CaseCategory> Categories, ImmutableSortedDictionary<HazardKind, string> Routing,
    ImmutableDictionary<(Colour Level, ClockName Clock), Budget> Budgets, ImmutableList<EscalationStep> Escalation)
{
    /// <summary>Levels of cases: grey is none.</summary>
    public static readonly ImmutableList<Colour> Levels = [Colour.Blue, Colour.Yellow, Colour.Orange, Colour.Red];

    /// <summary>Clocks that a blue case may do without: it is visited by plan, and nothing in it is out of control.</summary>
    private static readonly ImmutableSortedSet<ClockName> NotOfBlue = [ClockName.OnScene, ClockName.Control, ClockName.Feedback];

    /// <summary>The official working calendar, for clocks of working hours and days.</summary>
    public required WorkCalendar Calendar { get; init; }

    public required CaseLimits Limits { get; init; }

    public required SlipLimits Slips { get; init; }
    public required MeetingPolicy Meetings { get; init; }
    /// <summary>Who answers for what, where and when: organisations, rules, roster.</summary>
    public required RoutingPolicy Router { get; init; }

    /// <summary>What scorecards count, and how.</summary>
    public required ScorecardPolicy Scorecard { get; init; }

    /// <summary>Category of a case in which monitoring itself failed: a gateway or a detector that tells nothing.</summary>
    public required string MonitoringFault { get; init; }

    public CaseCategory CategoryFor(HazardKind kind) => Categories[Routing[kind]];

    /// <summary>Null: no such clock at the level of the case.</summary>
    public Budget? BudgetOf(CaseState state, ClockName clock) => BudgetOf(state.Level, clock, state.Subject!.Category);

    /// <summary>
    /// The time to resolve of blue and yellow is their category's; so is that of orange and red where the category is stricter
    /// than the level (a lift with people in it). The grid's time is the desk's, everything else the level's.
    /// </summary>
    public Budget? BudgetOf(Colour level, ClockName clock, string category) => clock switch
    {
        ClockName.SelfHandle => Router.Notifications.SelfHandling,
        ClockName.Archive => Limits.ArchiveAfter,
        ClockName.Due when Categories.TryGetValue(category, out var card) && card.Limit is { } limit && (level <= Colour.Yellow || IsStricter(limit, level)) => limit,
        _ => Budgets.TryGetValue((level, clock), out var budget) ? budget : null,
    };

    private bool IsStricter(Budget limit, Colour level) => limit.Kind == BudgetKind.Calendar && Budgets.TryGetValue((level, ClockName.Due), out var table) && limit.Time < table.Time;

    public Colour LevelOf(string category) => Categories.TryGetValue(category, out var card) ? card.Level : Colour.Blue;
    public string NameOf(string category) => Categories.TryGetValue(category, out var card) ? card.Name : category;
    public ImmutableList<string> EvidenceOf(string category) => Categories.TryGetValue(category, out var card) ? card.Evidence : [];
    public bool IsOrganisation(string code) => Router.Organisations.IsActive(code);

    /// <summary>The tier above an organisation: grid and community, subdistrict, dispatch centre; null above the last and beside them.</summary>
    public string? TierAbove(string organisation, CaseSubject subject)
    {
        var place = Governance.Domain.Routing.Place.Of(subject.Area.Value, subject.Place.Community, subject.Place.Grid, subject.Enterprise);
        return organisation.Split('-')[0] switch
        {
            Organisations.CommunityKind => Router.Organisations.At(Organisations.SubdistrictKind, place) ?? Organisations.DispatchCentre,
            Organisations.SubdistrictKind => Organisations.DispatchCentre,
            _ => null,
        };
    }

    /// <summary>Who answers for a case by the rules; the grid only where it was judged so or the rules say so.</summary>
    public Route RouteOf(CaseState state, DateTimeOffset at)
    {
        var subject = state.Subject!;
        return Governance.Domain.Routing.Router.Find(Router, new RouteRequest(
            subject.Category, state.Level, subject.Area, subject.Place.Community, subject.Place.Grid, subject.Place.Asset, subject.Tags, subject.Channel, at, subject.Enterprise));
    }

    /// <summary>Everything that is missing, a line each; empty when the policy covers every case.</summary>
    public ImmutableList<string> Holes() =>
    [
        .. Enum.GetValues<HazardKind>().Where(k => !Routing.ContainsKey(k)).Select(k => $"routing: {k} has no category"),
        .. Routing.Where(r => !Categories.ContainsKey(r.Value)).Select(r => $"routing: category {r.Value} of {r.Key} is not in the category table"),
        .. Routing.Where(r => Categories.TryGetValue(r.Value, out var card) && card.Lead.Length == 0).Select(r => $"categories: {r.Value} has no lead"),
        .. Categories.TryGetValue(MonitoringFault, out var maintenance) && maintenance.Lead.Length > 0 ? Array.Empty<string>() : ["routing: monitoring-fault has no category with a lead"],
        .. from level in Levels from clock in Enum.GetValues<ClockName>()
           where clock is not (ClockName.SelfHandle or ClockName.Archive) && !(level == Colour.Blue && NotOfBlue.Contains(clock)) && !Budgets.ContainsKey((level, clock)) select $"clocks: {level} {clock} has no budget",
        .. Categories.Values.Where(c => c.Limit is null).Select(c => $"categories: the limit of {c.Category} is no time limit"),
        // Danger knows no office hours (cases.md "Clock rules").
        .. Budgets.Where(b => b.Key.Level >= Colour.Orange && b.Value.Kind != BudgetKind.Calendar).Select(b => $"clocks: {b.Key.Level} {b.Key.Clock} is {b.Value}: red and orange run in calendar time"),
        .. Escalation.IsEmpty ? ["escalation: no step"] : Array.Empty<string>(),
    ];
}
