using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Alerts;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>One decision about a meeting in the making: its state as it becomes, with the events and messages that led there.</summary>
internal sealed class MeetingFold(MeetingState state, CasePolicy policy, DateTimeOffset now) : Fold<MeetingState, MeetingEvent>(state, now, MeetingEvolution.Evolve)
{
    internal CasePolicy Policy { get; } = policy;

    internal void Call(MeetingCall call)
    {
        Happen(new MeetingEvent.MeetingCalled(Now, State.Sitting + 1, call, call.Start + Policy.Meetings.CloseWithin));
        // The regular ones are known; their agenda is told when it is fixed.
        if (State.Key.Kind == MeetingKind.Crisis) Tell("called", Now, $"called for {call.Start:u}{(call.LiveDanger ? ": live danger" : "")}");
    }

    internal void Move(MeetingCall call)
    {
        Happen(new MeetingEvent.MeetingMoved(Now, call, call.Start + Policy.Meetings.CloseWithin));
        Tell("moved", Now, $"moved to {call.Start:u}{(call.LiveDanger ? ": live danger" : "")}");
    }

    internal void Raise(MeetingKey to, AgendaItem item, string rule, int carried, MeetingCall? call = null) => Send(to.Address, new MeetingItemRaised(
        new RaisedItem(item.Key, rule, item.Subject, item.Reason, item.Level, item.Area, item.Stays, carried, Now), call, Now));

    /// <summary>Carried so often, it is the weekly meeting's.</summary>
    internal void Carry(AgendaItem item)
    {
        var (meetings, key) = (Policy.Meetings, State.Key);
        if (key.Kind == MeetingKind.Crisis) Raise(meetings.Next(MeetingKind.Crisis, Now, Policy.Calendar), item, item.Rules[0], item.Carried + 1);
        else if (key.Kind == MeetingKind.Daily && item.Carried >= meetings.Carries) Raise(meetings.Next(MeetingKind.Weekly, Now, Policy.Calendar), item, "CARRIED_TOO_OFTEN", 0);
        else Raise(meetings.NextAfter(key, Now, Policy.Calendar), item, item.Rules[0], item.Carried + 1);
    }

    internal void Tell(string cause, DateTimeOffset at, string text)
    {
        var (area, name) = (new AreaCode(Policy.District), State.Key.Kind switch { MeetingKind.Daily => "daily", MeetingKind.Weekly => "weekly", _ => "crisis" });
        var level = State.Items.Select(i => i.Level).Concat(State.Raised.Select(r => r.Level)).DefaultIfEmpty(Colour.Grey).Max();
        Send(new EntityAddress(EntityKinds.AlertFeed, area.Value), new AlertPublished(new Alert(
            $"meeting/{State.Id}/{cause}/{State.Events}", AlertKind.MeetingCalled, area, at, "", "", "", AlarmLevel.None, level, null, double.NaN, double.NaN, "", "", "", [], "", false,
            $"{name} meeting of {State.Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}: {text}")));
    }

    /// <summary>SHA-256 over the agenda and every decision in order.</summary>
    internal static string MinutesOf(MeetingState state)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{state.Id}|{state.Sitting}|{state.Hash}\n");
        foreach (var i in state.Items) text.Append(CultureInfo.InvariantCulture, $"{i.Key}\n");
        foreach (var d in state.Decisions)
            text.Append(CultureInfo.InvariantCulture, $"{d.Item}|{d.Decision}|{d.Note}|{d.Lead}|{string.Join(',', d.Departments)}|{(int)d.Level}|{d.Limit}|{d.Slip}|{d.By}|{d.At.ToUnixTimeMilliseconds()}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
