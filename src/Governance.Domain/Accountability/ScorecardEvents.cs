using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Accountability;

/// <summary>A case that is to be left out (剔除): proposed by one person, in force when another has confirmed it.</summary>
/// <param name="Kind">Null: nothing of the case counts.</param>
/// <param name="Code">One of the policy's.</param>
public sealed record Exclusion(string Case, FactKind? Kind, string Code, string Note, string By, DateTimeOffset At, string ConfirmedBy, DateTimeOffset? ConfirmedAt)
{
    public bool IsInForce => ConfirmedAt is not null;
}

/// <summary>An appeal against something that counted (申诉): decided by the inspection office.</summary>
/// <param name="Upheld">Null: not decided.</param>
public sealed record Appeal(string Id, string Case, FactKind? Kind, string Reason, string By, DateTimeOffset At, DateTimeOffset DecideBy, bool? Upheld, string Decision, string DecidedBy, bool Overdue);

/// <summary>What people decided about a scorecard. Its figures are computed from what happened and from this.</summary>
/// <param name="Id">Organisation and month, e.g. YJ/202508.</param>
public sealed record ScorecardState(string Id, ImmutableList<Exclusion> Exclusions, ImmutableList<Appeal> Appeals)
{
    /// <summary>Of each, per organisation and month.</summary>
    public const int Limit = 500;

    public static ScorecardState New(string id) => new(id, [], []);

    public string Organisation => Id[..Id.IndexOf('/')];
    public Month Month => Month.Parse(Id[(Id.IndexOf('/') + 1)..]);

    /// <summary>What does not count.</summary>
    public IEnumerable<Excluded> Excluded => Exclusions.Where(e => e.IsInForce).Select(e => new Excluded(Organisation, e.Case, e.Kind))
        .Concat(Appeals.Where(a => a.Upheld == true).Select(a => new Excluded(Organisation, a.Case, a.Kind)));

    /// <summary>An organisation's month; both were validated.</summary>
    public static EntityAddress Address(string organisation, Month month) => new(EntityKinds.Scorecard, $"{organisation}/{month}");
}

/// <summary>What can happen to a scorecard.</summary>
public abstract record ScorecardEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record ExclusionProposed(DateTimeOffset At, string Case, FactKind? Kind, string Code, string Note, string By) : ScorecardEvent(At);
    /// <param name="Cases">Of the month then: how much is left out of what.</param>
    public sealed record ExclusionConfirmed(DateTimeOffset At, string Case, FactKind? Kind, string By, int Cases) : ScorecardEvent(At);
    public sealed record AppealFiled(DateTimeOffset At, string Id, string Case, FactKind? Kind, string Reason, string By, DateTimeOffset DecideBy) : ScorecardEvent(At);
    public sealed record AppealDecided(DateTimeOffset At, string Id, string Case, FactKind? Kind, bool Upheld, string Reason, string By) : ScorecardEvent(At);
    /// <summary>Nobody decided in time. It remains to be decided.</summary>
    public sealed record AppealOverdue(DateTimeOffset At, string Id, TimeSpan LateBy) : ScorecardEvent(At);
}

/// <summary>Commands about a scorecard.</summary>
public abstract record ScorecardCommand : ICommand
{
    /// <summary>The first person proposes, a second one who says the same confirms. Refusals: LEADER_OR_INSPECTION_ONLY, OWN_SCORECARD, EXCLUSION_CODE_UNKNOWN, SECOND_PERSON_NEEDED, ALREADY_EXCLUDED.</summary>
    /// <param name="Cases">Of the organisation's month, as the records have it.</param>
    public sealed record Exclude(string Case, FactKind? Kind, string Code, string Note, int Cases) : ScorecardCommand;
    /// <summary>By the organisation itself. Refusals: NOT_YOUR_SCORECARD, APPEAL_TOO_LATE, ALREADY_APPEALED, REASON_MISSING.</summary>
    public sealed record FileAppeal(string Case, FactKind? Kind, string Reason) : ScorecardCommand;
    /// <summary>By the inspection office. Refusals: INSPECTION_ONLY, OWN_SCORECARD, UNKNOWN_APPEAL, APPEAL_DECIDED, REASON_MISSING.</summary>
    public sealed record DecideAppeal(string Appeal, bool Upheld, string Reason) : ScorecardCommand;
}
