namespace Governance.Domain.Accountability;

/// <summary>What counts in a scorecard. Numbers are stored: never renumber one.</summary>
public enum FactKind
{
    /// <summary>A share of a case was offered: the volume, and the difficulty mix.</summary>
    Offered = 1,
    /// <summary>The offer was answered; good: in time.</summary>
    Signed = 2,
    /// <summary>The reporter, where one could be reached, was spoken to; good: in time.</summary>
    Contacted = 3,
    /// <summary>The time to resolve; good: met.</summary>
    Due = 4,
    /// <summary>Good: the call-back said so, or it was verified where nobody could be asked.</summary>
    Resolved = 5,
    /// <summary>The reporter answered whether they are satisfied; good: they are.</summary>
    Satisfied = 6,
    /// <summary>A case was closed: the base of quality.</summary>
    Closed = 7,
    Rework = 8, Reopened = 9,
    /// <summary>A rejection that arbitration decided against.</summary>
    WrongfulRejection = 10,
    ReminderOverdue = 20, Supervised = 21, SupervisionOverdue = 22,
    /// <summary>A crisis meeting because a time limit was missed.</summary>
    CrisisByDelay = 23,
    /// <summary>Found by a re-inspection: the case's points are reversed.</summary>
    FalseClosure = 24,
    /// <summary>Found and closed before anybody complained (未诉先办).</summary>
    Proactive = 25,
    /// <summary>A share as co-department was completed.</summary>
    Helped = 26,
}

/// <summary>One thing that counts, for one organisation, in the month in which it happened.</summary>
/// <param name="Case">Key of the case.</param>
public sealed record ScoreFact(DateTimeOffset At, FactKind Kind, string Organisation, string Category, string Case, bool Good);

/// <summary>What does not count, by a coded exclusion or an appeal that was upheld.</summary>
/// <param name="Kind">Null: nothing of the case.</param>
public sealed record Excluded(string Organisation, string Case, FactKind? Kind)
{
    public bool Covers(ScoreFact fact) => fact.Organisation == Organisation && fact.Case == Case && (Kind is null || Kind == fact.Kind);
}
