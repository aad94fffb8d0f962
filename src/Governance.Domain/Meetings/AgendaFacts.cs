using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>What an agenda is made of. Facts may come in any order; what is newer than the cut-off is left out.</summary>
public abstract record AgendaFact;

/// <summary>An open case.</summary>
/// <param name="Group">Group of its category, e.g. <c>01</c>.</param>
/// <param name="Place">Community; empty where it is not known.</param>
public sealed record CaseFact(CaseKey Case, string Number, Colour Level, string Group, string Area, string Place, DateTimeOffset ReceivedAt) : AgendaFact
{
    /// <summary>All that work on it.</summary>
    public ImmutableList<string> Departments { get; init; } = [];
    /// <summary>Its lead has taken it.</summary>
    public bool LeadAgreed { get; init; } = true;
    /// <summary>How often a department sent it back.</summary>
    public int Rejections { get; init; }
    /// <summary>Share of the time to resolve that is used at the cut-off: 1 is the due time.</summary>
    public double Used { get; init; }
    /// <summary>A clock of it ran out and nobody has met it since.</summary>
    public bool Breached { get; init; }
    public DateTimeOffset? ProgressAt { get; init; }
    public int Reopens { get; init; }
    /// <summary>People who reported it.</summary>
    public int Affected { get; init; }
    public bool ExtensionAsked { get; init; }
    /// <summary>Since when it is red and not under control; null: it is not.</summary>
    public DateTimeOffset? RedSince { get; init; }
    /// <summary>An occurrence of it lives.</summary>
    public bool IsLive { get; init; }
}

/// <summary>An issued slip that is not over.</summary>
/// <param name="Signed">By a person; what only counts as signed is not.</param>
public sealed record SlipFact(
    SlipKey Slip, SlipKind Kind, string Number, SlipPhase Phase, Colour Level, string Area, string Lead, int Departments, string Reason, bool Signed, bool Overdue, DateTimeOffset IssuedAt,
    DateTimeOffset Due, ImmutableList<CaseKey> Cases) : AgendaFact;

/// <summary>A hazard source without trustworthy data.</summary>
public sealed record SourceFact(string Source, string Name, string Area, DateTimeOffset GreySince) : AgendaFact;

/// <summary>Sections whose facts other rooms bring: correlations, hotspots, hidden disputes, bell-check, scores, re-inspections.</summary>
/// <param name="Section">Which section of which meeting it belongs to.</param>
/// <param name="Since">Since when it is so.</param>
public sealed record OutsideFact(AgendaSection Section, string Key, string Subject, string Text, Colour Level, string Area, DateTimeOffset Since) : AgendaFact;

/// <summary>What was raised to this very meeting: carried, referred, overdue slips.</summary>
public sealed record RaisedFact(RaisedItem Item) : AgendaFact;

/// <summary>Sections, in the order of the meetings (cases.md "Three meetings, two slips"). Their numbers are stored.</summary>
public enum AgendaSection
{
    // Daily.
    OpenRedOrange = 101, Correlations = 102, NewHotspots = 103, NoAgreedLead = 104, SecondRejection = 105, BreachedOrStale = 106, ReminderSlips = 107, HiddenDisputes = 108, BellCheck = 109,
    GreySources = 110, CarriedOver = 111,
    // Weekly.
    OverdueReminders = 201, OldRedOrange = 202, OftenReopened = 203, ExtensionsAsked = 204, PersistentHotspots = 205, FallingScores = 206, SupervisionSlips = 207, FailedReinspections = 208, Referred = 209,
    // Crisis.
    RedNotControlled = 301, RedCorrelations = 302, OverdueSupervision = 303, OrangeCluster = 304, Called = 305,
}

/// <summary>One item of an agenda.</summary>
/// <param name="Rules">Names of the rules that brought it, the section's first.</param>
/// <param name="Priority">Order within its section; three decimals.</param>
/// <param name="Stays">Cannot be taken off.</param>
/// <param name="Spoken">Beyond the cap it is dealt with in writing.</param>
public sealed record AgendaItem(
    string Key, AgendaSection Section, ImmutableList<string> Rules, string Subject, string Reason, Colour Level, string Area, double Priority, bool Stays, int Carried, bool Spoken);
