using System.Globalization;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Domain.AlarmLoad;

/// <summary>One occurrence as the load figures and a hand-over need it: a detector's alarm, or a relayed warning about a source.</summary>
/// <param name="Occurrence">Its identity.</param>
/// <param name="Ordinal">Of the detector within its source; −1 for a relayed warning.</param>
/// <param name="Detector">Empty for a relayed warning with a point of its own.</param>
/// <param name="Level">Now, or when it ended.</param>
/// <param name="Peak">The highest level that it has had.</param>
/// <param name="PeakValue">In the detector's unit; NaN when there is none.</param>
/// <param name="Raised">When it became active, in the clock of its source.</param>
/// <param name="Acknowledged">Null while nobody has; a rise of level and an expiry void it (alarms.md S5).</param>
/// <param name="Expires">When the acknowledgement ends; null when there is none.</param>
/// <param name="Cleared">When it returned to normal or went on as another occurrence (S9); null while it lives.</param>
/// <param name="IsAwaiting">Returned to normal before anybody acknowledged it, and still to be acknowledged (S4).</param>
/// <param name="IsSuppressed">Never told: shelved, suppressed by design or out of service when it came. No alarm of the desk.</param>
/// <param name="IsFolded">Told as one of many while its detector chattered (S7); counts like any other.</param>
/// <param name="Case">Key of its case; empty: none.</param>
/// <param name="Journaled">When its last change was journaled (wall clock): retention counts from here, as a drill's own time may be years ago.</param>
public sealed record AlarmRecord(
    string Occurrence, string Source, string Area, int Ordinal, string Detector, string Zone, HazardKind Kind, Witness Witness,
    AlarmLevel Level, AlarmLevel Peak, double PeakValue, DateTimeOffset Raised, DateTimeOffset? Acknowledged, string AcknowledgedBy, DateTimeOffset? Expires,
    DateTimeOffset? Cleared, bool IsAwaiting, bool IsSuppressed, bool IsFolded, bool Drill, string Case, DateTimeOffset Journaled)
{
    public bool IsActive => Cleared is null;
}

/// <summary>What lasted from then to then.</summary>
public enum IntervalKind
{
    /// <summary>Put aside by an operator (S8).</summary>
    Shelved = 1,
    /// <summary>Taken out under a permit.</summary>
    OutOfService = 2,
    /// <summary>Explained by another alarm.</summary>
    ByDesign = 3,
    /// <summary>A source without trustworthy data (alarms.md §3).</summary>
    Grey = 4,
    /// <summary>A detector that is not trusted.</summary>
    Silent = 5,
    /// <summary>Its notices are folded (S7).</summary>
    Chattering = 6,
    /// <summary>A desk, i.e. the feed of an area, with more than ten new alarms in ten minutes (S13).</summary>
    Flood = 7,
    /// <summary>That it happened stays visible until a person resets it.</summary>
    Latched = 8,
    /// <summary>A permit to work: ends by itself, so its end is known from the beginning.</summary>
    Permit = 9,
}

/// <summary>One stretch of time in which something was so.</summary>
/// <param name="Source">Empty for a flood: it belongs to the desk of <paramref name="Area"/>.</param>
/// <param name="Detector">Empty where the whole source is meant; of a permit every detector that it covers, commas between.</param>
/// <param name="PlannedEnd">When it ends by itself; null: it does not.</param>
/// <param name="Ended">Null while it lasts. Of a permit always set.</param>
/// <param name="Level">Up to which a suppression covers; of a latch its peak.</param>
/// <param name="By">Who began it; empty: a rule did.</param>
/// <param name="Reference">Permit, rule, or occurrence of a latch.</param>
public sealed record AlarmInterval(
    IntervalKind Kind, string Area, string Source, string Detector, DateTimeOffset Since, DateTimeOffset? PlannedEnd, DateTimeOffset? Ended,
    AlarmLevel Level, string By, string Reason, string Reference, string EndedBy, string EndedWhy, bool Drill, DateTimeOffset Journaled)
{
    /// <summary>Identity: the same beginning is the same stretch.</summary>
    public string Key => Kind == IntervalKind.Permit ? $"{(int)Kind}|{Source}|{Reference}"
        : string.Create(CultureInfo.InvariantCulture, $"{(int)Kind}|{(Source.Length > 0 ? Source : Area)}|{Detector}|{Since.UtcTicks}");

    public bool IsSuppression => Kind is IntervalKind.Shelved or IntervalKind.OutOfService or IntervalKind.ByDesign;

    public bool LastsAt(DateTimeOffset at) => Since <= at && (Ended is not { } ended || ended > at);
}

/// <summary>A case as the load figures need it: when its lead reached each leg for the first time (the case's own time ledger).</summary>
/// <param name="Dispatched">The lead's desk has it (<see cref="Milestone.Notified"/>).</param>
/// <param name="Clocks">Running clocks as NAME=ticks with commas between, read back by the fold and by nobody else.</param>
public sealed record CaseRecord(
    string Key, string Number, string Area, string Source, bool Drill, CasePhase Phase, Colour Level, string Category, string Lead, TaskPhase LeadPhase,
    DateTimeOffset Received, DateTimeOffset? Dispatched, DateTimeOffset? Accepted, DateTimeOffset? Arrived, DateTimeOffset? Closed, string Clocks, DateTimeOffset Journaled)
{
    /// <summary>The clock that runs out first; null when none runs.</summary>
    public (string Clock, DateTimeOffset Due)? NextDeadline => CaseFolding.Running(Clocks).Select(c => ((string, DateTimeOffset)?)(c.Key, c.Value)).MinBy(c => c!.Value.Item2);
}
