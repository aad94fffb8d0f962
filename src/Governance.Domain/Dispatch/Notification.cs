using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Dispatch;

/// <summary>What a notification is about: a task of the desk, or a test of its on-call chain.</summary>
public enum NotificationKind { Task = 1, Test = 2 }

/// <summary>Calling: somebody is called until somebody confirms.</summary>
public enum NotificationPhase { Calling = 1, Confirmed = 2, Over = 3 }

/// <summary>State of one message to one address.</summary>
public enum SendingPhase
{
    /// <summary>Being sent, or to be sent again after a crash: at least once, with the same notification id.</summary>
    UnderWay = 1,
    /// <summary>The next attempt has its time.</summary>
    Waiting = 2,
    Sent = 3,
    /// <summary>A dead letter: every attempt failed.</summary>
    Dead = 4,
    /// <summary>Nobody sends over this channel here, or the endpoint is not configured.</summary>
    Skipped = 5,
    /// <summary>Of a drill, which calls nobody.</summary>
    Withheld = 6,
    /// <summary>Not tried again: the notification was confirmed or is over.</summary>
    Dropped = 7,
}

/// <summary>One message to one address.</summary>
/// <param name="No">Its own within the notification.</param>
/// <param name="Channel">webhook, mail, sms, phone.</param>
/// <param name="Error">Of the last attempt.</param>
/// <param name="RetriedBy">Who had it sent again when it was a dead letter; empty: nobody.</param>
public sealed record Sending(int No, string Channel, string Target, SendingPhase Phase, int Attempts, DateTimeOffset? NextAt, DateTimeOffset? EndedAt, string Error, string RetriedBy);

/// <summary>A person was called.</summary>
/// <param name="Round">The chain begins anew when nobody of it confirmed.</param>
/// <param name="Person">Empty where the roster has nobody to call.</param>
/// <param name="OnDuty">False when nobody was on duty and the others are called.</param>
public sealed record Page(int Round, string Person, bool OnDuty, DateTimeOffset At, ImmutableList<Sending> Sendings);

/// <summary>
/// Somebody of a desk must learn of something: persons of the on-call chain are called one after the other until one
/// confirms on a device of his (cases.md "Default limits per level", delivery receipt).
/// </summary>
/// <param name="Id">Code of the desk and a number: YJ-17.</param>
/// <param name="Case">Empty of a test.</param>
/// <param name="Post">Whose chain is called: the desk's, or that of experts.</param>
/// <param name="Due">Not confirmed by then, the next one is called.</param>
/// <param name="Pages">The latest; the journal has all.</param>
/// <param name="Sendings">So many so far: numbers the next one.</param>
public sealed record Notification(
    string Id, NotificationKind Kind, string Case, Colour Level, string Category, string Text, bool Drill, string By, DateTimeOffset OpenedAt,
    NotificationPhase Phase, int Round, DateTimeOffset? Due, ImmutableList<Page> Pages, int Sendings, string ConfirmedBy, DateTimeOffset? EndedAt, string Why, string Post)
{
    /// <summary>Pages kept in the state; those of the round under way all, whatever their number: who was called in it is not called again.</summary>
    public const int PageLimit = 50;
    /// <summary>Pages kept of one that is confirmed or over.</summary>
    public const int OverPageLimit = 10;

    public IEnumerable<Sending> AllSendings => Pages.SelectMany(p => p.Sendings);

    /// <summary>Whom it is with: who confirmed, else who was called last.</summary>
    public string Holder => ConfirmedBy.Length > 0 ? ConfirmedBy : Pages.IsEmpty ? "" : Pages[^1].Person;

    /// <summary>The desk of a notification's id; null: it has not the form of one.</summary>
    public static string? DeskOf(string id) => id.LastIndexOf('-') is > 0 and var cut && id.Length <= 80 && cut < id.Length - 1 && id[(cut + 1)..].All(char.IsAsciiDigit) ? id[..cut] : null;
}

/// <summary>Whether somebody is on duty otherwise than the roster has it.</summary>
public enum Duty { AsRostered = 0, Off = 1, On = 2 }

/// <summary>An absence or an extra duty. Ends by itself.</summary>
public sealed record DutyChange(string Person, Duty Duty, DateTimeOffset Until, string Reason, string By);
