using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>Something that must come before a meeting, whatever the lists say then.</summary>
/// <param name="Key">What it is about: <c>case/C…</c>, <c>slip/S…</c>, or another kind and key.</param>
/// <param name="Rule">Which rule brought it, e.g. <c>REMINDER_OVERDUE</c>.</param>
/// <param name="Subject">Its readable number or name.</param>
/// <param name="Stays">Cannot be taken off: it is decided by a stronger means only.</param>
/// <param name="Carried">How often it was carried.</param>
public sealed record RaisedItem(string Key, string Rule, string Subject, string Reason, Colour Level, string Area, bool Stays, int Carried, DateTimeOffset Since);

/// <summary>When a meeting that is called sits.</summary>
public sealed record MeetingCall(DateTimeOffset CutOff, DateTimeOffset Start, bool LiveDanger);

/// <summary>To a meeting: this is an item of yours. The answer AGENDA_FIXED says that it comes too late for this one.</summary>
/// <param name="Call">Of the crisis meeting, which is called by its items; null for a regular one.</param>
public sealed record MeetingItemRaised(RaisedItem Item, MeetingCall? Call, DateTimeOffset At) : IEntityMessage
{
    public static readonly Outcome AgendaFixed = new("AGENDA_FIXED");
}

/// <summary>What a meeting decided to issue.</summary>
public sealed record SlipOrder(SlipContent Content, ImmutableList<SlipCase> Cases);

/// <summary>A meeting to a slip: you are issued.</summary>
/// <param name="By">Who decided in the chair.</param>
public sealed record SlipOrdered(SlipOrder Order, string By, string Meeting, DateTimeOffset At) : IEntityMessage;

/// <summary>A supervision slip to a reminder slip: it takes your place.</summary>
public sealed record SlipTaken(SlipKey By, DateTimeOffset At) : IEntityMessage;

/// <summary>To the register of a year: give this slip its number. The outcome NUMBER_ASSIGNED carries it.</summary>
public sealed record SlipNumberRequested(SlipKey Slip) : IEntityMessage;
