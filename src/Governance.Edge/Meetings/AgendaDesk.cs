using System.Globalization;
using Governance.Actors.Meetings;
using Governance.Contracts.Messages;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Edge.Errors;
using Governance.Edge.V1;

namespace Governance.Edge.Meetings;

/// <summary>Agendas: fixed ones from the meeting itself, provisional ones from what is known now.</summary>
public sealed class AgendaDesk(Entities entities, ICaseFacts facts, CasePolicy policy, TimeProvider time)
{
    /// <summary>Meetings further away are asked for by mistake.</summary>
    private const int WithinDays = 400;

    internal MeetingKey Key(V1.MeetingKind kind, string date, bool orNext)
    {
        if (kind is not (V1.MeetingKind.Daily or V1.MeetingKind.Weekly or V1.MeetingKind.Crisis)) throw RefusedException.Invalid("kind", "MEETING_KIND_MISSING", "daily, weekly or crisis");
        var now = time.GetUtcNow();
        if (date.Length == 0 && orNext) return policy.Meetings.Next((Domain.Meetings.MeetingKind)kind, now, policy.Calendar);
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) throw RefusedException.Invalid("date", "DATE_MALFORMED", "a day like 2026-11-27");
        return Math.Abs(day.DayNumber - MeetingPolicy.DayOf(now).DayNumber) <= WithinDays ? new MeetingKey((Domain.Meetings.MeetingKind)kind, day)
            : throw RefusedException.Invalid("date", "DATE_TOO_FAR", $"within {WithinDays} days");
    }

    internal async Task<AgendaView> OfAsync(MeetingKey key, CancellationToken cancel)
    {
        var reply = await entities.AskAsync<StateReply>(new GetState(key.Address), cancel);
        var state = (MeetingState)reply.State;
        if (state.Phase is MeetingPhase.AgendaFixed or MeetingPhase.Closed) return View(state, key, reply.Version, state.Items, state.Hash, state.Call, false);
        var call = state.Call ?? (policy.Meetings.RegularOn(key.Kind, key.Day, policy.Calendar) is { } times ? new MeetingCall(times.CutOff, times.Start, false)
            : throw new RefusedException(new Refusal("NO_MEETING_ON_THAT_DAY", $"there is no {key.Kind} meeting on {key.Day:O}", RefusalKind.NotFound)));
        var at = reply.Now < call.CutOff ? reply.Now : call.CutOff;
        var agenda = new MeetingRules(policy).Provisional(state, await facts.AllAsync(at, cancel), at);
        return View(state, key, reply.Version, agenda.Items, agenda.Hash, call, true);
    }

    private static AgendaView View(MeetingState state, MeetingKey key, long version, IEnumerable<Domain.Meetings.AgendaItem> items, string hash, MeetingCall? call, bool provisional) => new()
    {
        Kind = (V1.MeetingKind)key.Kind, Date = key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), State = Names.Of(state.Phase), Provisional = provisional, CutOff = Fields.To(call?.CutOff), Start = Fields.To(call?.Start),
        CloseBy = Fields.To(state.CloseBy), Hash = hash, Items = { items.Select(Of) }, Decisions = { state.Decisions.Select(Of) }, ClosedBy = state.ClosedBy, ClosedAt = Fields.To(state.ClosedAt), Minutes = state.Minutes,
        Version = version, Sitting = state.Sitting, LiveDanger = call?.LiveDanger ?? false,
    };

    private static V1.AgendaItem Of(Domain.Meetings.AgendaItem i) => new()
    {
        Key = i.Key, Section = Names.Of(i.Section), Rules = { i.Rules }, Subject = i.Subject, Reason = i.Reason, Level = Fields.To(i.Level), Area = i.Area, Priority = i.Priority, Stays = i.Stays, Carried = i.Carried, Spoken = i.Spoken,
    };

    private static V1.ItemDecision Of(Domain.Meetings.ItemDecision d) => new()
    {
        Item = d.Item, Decision = (V1.MeetingDecision)d.Decision, Note = d.Note, Lead = d.Lead, Departments = { d.Departments }, Level = Fields.To(d.Level), Limit = d.Limit, SlipId = d.Slip.Value, By = d.By, At = Fields.To(d.At),
    };
}
