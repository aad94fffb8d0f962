using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>
/// What people and rules have made of a detector's alarm, beside what readings have: operator, latch and suppression
/// regions (alarms.md §2), chattering, and the limit set in force. Changes rarely, so a reading carries it along as one reference.
/// </summary>
/// <param name="Withheld">How the live occurrence was told.</param>
/// <param name="LimitSet">Version of the limit set that <see cref="Detector.Config"/> has.</param>
public sealed record Handling(
    OperatorRegion Operator, LatchRegion Latch, SuppressionRegion Suppression, Chatter Chatter, Withheld Withheld, int LimitSet)
{
    public static readonly Handling New = new(OperatorRegion.None, LatchRegion.None.Instance, SuppressionRegion.None.Instance, Chatter.Quiet, Withheld.No, 1);

    /// <summary>The earliest deadline; null when nothing is armed. Asked of every detector at every segment, and of nearly none is there any.</summary>
    internal Deadline? Due => Suppression is SuppressionRegion.None && Operator is OperatorRegion.Idle && !Chatter.Folding ? null : All().Select(d => (Deadline?)d).MinBy(d => d!.Value.Due);

    /// <summary>Every armed deadline. Nobody is asked to acknowledge what is suppressed.</summary>
    internal IEnumerable<Deadline> All()
    {
        if (Suppression.Until is { } until) yield return new Deadline(SourceDeadlines.Suppression, until);
        if (Suppression is SuppressionRegion.None && Operator.Due is { } asked) yield return asked;
        if (Chatter.EndsAt is { } quiet) yield return new Deadline(SourceDeadlines.Chatter, quiet);
    }
}

/// <summary>How the live occurrence of a detector was told.</summary>
public enum Withheld
{
    No = 0,
    /// <summary>Shelved, suppressed by design or out of service: no case, no alert.</summary>
    Suppressed = 1,
    /// <summary>Chattering: its case knows it, its alerts are marked as folded into that of the chattering (S7).</summary>
    Folded = 2,
}

/// <summary>The operator region: who has seen the alarm (ISA-18.2). A rise of level voids it (S5).</summary>
public abstract record OperatorRegion
{
    private OperatorRegion() { }

    /// <summary>Nothing to acknowledge.</summary>
    public static readonly OperatorRegion None = new Idle();

    public sealed record Idle : OperatorRegion;

    /// <param name="DueBy">When it turns the source red, where the level demands it; null once it has.</param>
    public sealed record Unacknowledged(DateTimeOffset Since, DateTimeOffset? DueBy, bool IsOverdue) : OperatorRegion;

    /// <param name="Ends">Still active then, it is announced again; null in what was journaled before acknowledgements expired.</param>
    public sealed record Acknowledged(string By, DateTimeOffset At, DateTimeOffset? Ends, string Note) : OperatorRegion;

    /// <summary>Corrective action has been taken. It expires as an acknowledgement does: an action that changed nothing was none.</summary>
    public sealed record Confirmed(string By, DateTimeOffset At, DateTimeOffset? Ends, string Action, string FirstAcknowledgedBy) : OperatorRegion;

    /// <summary>Returned to normal before anybody acknowledged it; still to be acknowledged (S4).</summary>
    public sealed record Returned(OccurrenceId Occurrence, DateTimeOffset At) : OperatorRegion;

    public bool IsAcknowledged => this is Acknowledged or Confirmed;
    public bool Overdue => this is Unacknowledged { IsOverdue: true };
    public DateTimeOffset? OverdueAt => (this as Unacknowledged)?.DueBy;
    public string AcknowledgedBy => this switch { Acknowledged a => a.By, Confirmed c => c.FirstAcknowledgedBy, _ => "" };
    public DateTimeOffset? AcknowledgedAt => this switch { Acknowledged a => a.At, Confirmed c => c.At, _ => null };
    public DateTimeOffset? Expires => this switch { Acknowledged a => a.Ends, Confirmed c => c.Ends, _ => null };

    internal Deadline? Due => OverdueAt is { } overdue ? new Deadline(SourceDeadlines.Acknowledge, overdue)
        : Expires is { } expires ? new Deadline(SourceDeadlines.AcknowledgementExpires, expires) : null;
}

/// <summary>The latch region: that it happened stays visible until a person resets it.</summary>
public abstract record LatchRegion
{
    private LatchRegion() { }

    public sealed record None : LatchRegion
    {
        public static readonly None Instance = new();
    }

    /// <param name="Occurrence">The one that reached the peak.</param>
    public sealed record Latched(OccurrenceId Occurrence, AlarmLevel Peak, double PeakValue, DateTimeOffset Since) : LatchRegion;
}

/// <summary>The suppression region. Suppressed alarms are evaluated and journaled; only telling is withheld.</summary>
public abstract record SuppressionRegion
{
    private SuppressionRegion() { }

    /// <summary>A level above this one breaks through.</summary>
    public abstract AlarmLevel Covers { get; }
    public virtual DateTimeOffset? Until => null;
    public virtual DateTimeOffset Began => DateTimeOffset.MinValue;
    public bool IsByPerson => this is Shelved or OutOfService;

    public sealed record None : SuppressionRegion
    {
        public static readonly None Instance = new();
        public override AlarmLevel Covers => AlarmLevel.None;
    }

    /// <summary>Put aside by an operator, with an end and a reason (S8).</summary>
    public sealed record Shelved(DateTimeOffset Since, AlarmLevel UpTo, DateTimeOffset Ends, string By, string Reason) : SuppressionRegion
    {
        public override AlarmLevel Covers => UpTo;
        public override DateTimeOffset? Until => Ends;
        public override DateTimeOffset Began => Since;
    }

    /// <summary>Explained by another alarm (<see cref="SuppressionRule"/>).</summary>
    public sealed record ByDesign(DateTimeOffset Since, AlarmLevel UpTo, string Rule) : SuppressionRegion
    {
        public override AlarmLevel Covers => UpTo;
        public override DateTimeOffset Began => Since;
    }

    /// <summary>Taken out under a permit: never a live exceedance, the source counts one healthy detector less.</summary>
    public sealed record OutOfService(DateTimeOffset Since, string Permit, DateTimeOffset Ends, string By, string Reason) : SuppressionRegion
    {
        public override AlarmLevel Covers => AlarmLevel.Three;
        public override DateTimeOffset? Until => Ends;
        public override DateTimeOffset Began => Since;
    }
}

/// <summary>How often the alarm came lately (S7).</summary>
/// <param name="Recent">The latest activations within <see cref="Window"/> of the last one, oldest first, at most <see cref="FoldsAt"/>.</param>
/// <param name="Folding">Notices are folded now.</param>
/// <param name="Folded">Activations that were not told one by one.</param>
public sealed record Chatter(ImmutableArray<DateTimeOffset> Recent, bool Folding, int Folded)
{
    public static readonly Chatter Quiet = new([], false, 0);
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    /// <summary>Activations within the window that begin folding; below <see cref="LeavesBelow"/> it ends.</summary>
    public const int FoldsAt = 5, LeavesBelow = 2;

    /// <summary>When fewer than <see cref="LeavesBelow"/> activations will lie in the window; null while notices are not folded.</summary>
    public DateTimeOffset? EndsAt => Folding ? Recent[^LeavesBelow] + Window : null;

    internal Chatter Another(DateTimeOffset at, bool folded)
    {
        var recent = Recent.Where(t => t > at - Window).Append(at).TakeLast(FoldsAt).ToImmutableArray();
        // While it folds, the two latest decide when it ends, however far apart they are.
        if (Folding && recent.Length < LeavesBelow) recent = [Recent[^1], at];
        return new Chatter(recent, Folding, folded ? Folded + 1 : Folded);
    }

    public bool Equals(Chatter? other) => other is not null && (Folding, Folded) == (other.Folding, other.Folded) && Recent.SequenceEqual(other.Recent);
    public override int GetHashCode() => HashCode.Combine(Recent.Length, Folding, Folded);
}

/// <summary>A permit to work on detectors (作业票): tests and taking out of service need one that is open (alarms.md §6b).</summary>
public sealed record Permit(
    string Id, ImmutableList<string> Detectors, DateTimeOffset OpenedAt, DateTimeOffset Until, string OpenedBy, string Reason, DateTimeOffset? ClosedAt)
{
    public bool Covers(string detector, DateTimeOffset now) => ClosedAt is null && now >= OpenedAt && now < Until && Detectors.Contains(detector);
}
