using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>Key of a slip entity: derived from the command that drafted it or from what asked for it, known before any number is given.</summary>
public readonly record struct SlipKey(string Value)
{
    /// <summary>The same cause gives the same key on every node and after every crash.</summary>
    public static SlipKey Of(string cause) => new("S" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cause)).AsSpan(0, 12)));

    public EntityAddress Address => new(EntityKinds.Slip, Value);
    public override string ToString() => Value;
}

/// <summary>The two slips (cases.md "Three meetings, two slips").</summary>
public enum SlipKind
{
    /// <summary>Reminder slip (风险提醒单), TX-yyyy-nnnn.</summary>
    Reminder = 1,
    /// <summary>Supervision slip (风险督办单), DB-yyyy-nnnn.</summary>
    Supervision = 2,
}

/// <summary>A case to a slip: by a rule I want you, as a draft for the leader, or issued at once (Red). A repeated wish to one key changes nothing.</summary>
/// <param name="Lead">Organisation that has to answer the slip.</param>
/// <param name="Departments">All that work on the case, the lead among them.</param>
/// <param name="Reason">Which guard was met, for people.</param>
/// <param name="By">Who asked the case for it: a leader or the chair of the weekly meeting, whose role the case has looked at; else <c>system</c>.</param>
public sealed record SlipWanted(
    SlipKind Kind, CaseKey Case, string CaseNumber, Colour Level, AreaCode Area, string Lead, ImmutableList<string> Departments, string Category,
    string Reason, bool IssueAtOnce, bool Drill, ClockId Clock, DateTimeOffset At, string By = "system") : IEntityMessage;

/// <summary>A slip to each of its cases, at issue. The case answers ACCEPTED, or CASE_CLOSED when it is over: then the slip drops it.</summary>
/// <param name="By">Who issued it.</param>
/// <param name="Due">When it must be finished.</param>
public sealed record SlipOpened(SlipKey Slip, SlipKind Kind, string By, string Reason, DateTimeOffset Due, DateTimeOffset At) : IEntityMessage
{
    /// <summary>Answer of a case that is over.</summary>
    public const string CaseClosed = "CASE_CLOSED";
}

/// <summary>A slip to its cases: its readable number is known.</summary>
public sealed record SlipNumbered(SlipKey Slip, string Number, DateTimeOffset At) : IEntityMessage;

/// <summary>A slip to its cases: not finished in time. It stays open.</summary>
public sealed record SlipOverdue(SlipKey Slip, SlipKind Kind, DateTimeOffset At) : IEntityMessage;

/// <summary>A slip to its cases: it is over, the case may close again.</summary>
/// <param name="Result">One of <see cref="SlipResults"/>.</param>
public sealed record SlipEnded(SlipKey Slip, string Result, DateTimeOffset At) : IEntityMessage;

/// <summary>How a slip ends.</summary>
public static class SlipResults
{
    /// <summary>Done and cancelled (销号).</summary>
    public const string Cancelled = "CANCELLED";
    /// <summary>Taken back by its issuer, or by itself when none of its cases is open.</summary>
    public const string Withdrawn = "WITHDRAWN";
    /// <summary>Another slip took its place.</summary>
    public const string Superseded = "SUPERSEDED";
}
