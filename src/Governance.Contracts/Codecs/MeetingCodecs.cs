using System.Collections.Immutable;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Meetings.MeetingEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of meetings (<c>journal/v1/meetings.proto</c>).</summary>
public static class MeetingCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Called("meeting.Called.1", (MeetingCalled e) => new() { AtUs = Wire.Us(e.At), Sitting = e.Sitting, Call = To(e.Call), CloseByUs = Wire.Us(e.CloseBy) },
            w => new MeetingCalled(Wire.At(w.AtUs), w.Sitting, From(w.Call), Wire.At(w.CloseByUs))),
        Called("meeting.Moved.1", (MeetingMoved e) => new() { AtUs = Wire.Us(e.At), Call = To(e.Call), CloseByUs = Wire.Us(e.CloseBy) }, w => new MeetingMoved(Wire.At(w.AtUs), From(w.Call), Wire.At(w.CloseByUs))),
        Step("meeting.ItemRaised.1", (ItemRaised e) => new() { AtUs = Wire.Us(e.At), Raised = To(e.Item) }, w => new ItemRaised(Wire.At(w.AtUs), From(w.Raised))),
        Step("meeting.CutOffReached.1", (CutOffReached e) => new() { AtUs = Wire.Us(e.At), LateByUs = Wire.Us(e.LateBy) }, w => new CutOffReached(Wire.At(w.AtUs), Wire.Span(w.LateByUs))),
        Step("meeting.AgendaFixed.1", (AgendaFixed e) => new() { AtUs = Wire.Us(e.At), Items = { e.Items.Select(To) }, Hash = e.Hash }, w => new AgendaFixed(Wire.At(w.AtUs), [.. w.Items.Select(From)], w.Hash)),
        Step("meeting.ItemAdded.1", (ItemAdded e) => new() { AtUs = Wire.Us(e.At), Items = { To(e.Item) } }, w => new ItemAdded(Wire.At(w.AtUs), From(w.Items[0]))),
        Step("meeting.ItemDecided.1", (ItemDecided e) => new() { AtUs = Wire.Us(e.At), Decision = To(e.Decision) }, w => new ItemDecided(Wire.At(w.AtUs), From(w.Decision))),
        Step("meeting.Closed.1", (MeetingClosed e) => new() { AtUs = Wire.Us(e.At), By = e.By, Note = e.Note, Hash = e.Minutes, LateByUs = Wire.Us(e.LateBy) },
            w => new MeetingClosed(Wire.At(w.AtUs), w.By, w.Note, w.Hash, Wire.Span(w.LateByUs))),
        Codec.Of("meeting.State.1", J.MeetingState.Parser, (MeetingState s) => new J.MeetingState
        {
            Id = s.Id, Phase = (int)s.Phase, Sitting = s.Sitting, Call = s.Call is null ? null : To(s.Call), CloseByUs = Wire.UsOrZero(s.CloseBy), Raised = { s.Raised.Select(To) }, Items = { s.Items.Select(To) },
            Hash = s.Hash, Decisions = { s.Decisions.Select(To) }, Seen = { s.Seen }, ClosedBy = s.ClosedBy, ClosedAtUs = Wire.UsOrZero(s.ClosedAt), Minutes = s.Minutes, Events = s.Events,
        }, w => new MeetingState(
            w.Id, Wire.Known<MeetingPhase>(w.Phase), w.Sitting, w.Call is null ? null : From(w.Call), Wire.AtOrNone(w.CloseByUs), [.. w.Raised.Select(From)], [.. w.Items.Select(From)], w.Hash,
            [.. w.Decisions.Select(From)], w.Seen.ToImmutableSortedSet(StringComparer.Ordinal), w.ClosedBy, Wire.AtOrNone(w.ClosedAtUs), w.Minutes, w.Events)),
        Codec.Of("msg.MeetingItemRaised.1", J.MeetingItemRaised.Parser,
            (MeetingItemRaised m) => new J.MeetingItemRaised { Item = To(m.Item), Call = m.Call is null ? null : To(m.Call), AtUs = Wire.Us(m.At) },
            w => new MeetingItemRaised(From(w.Item), w.Call is null ? null : From(w.Call), Wire.At(w.AtUs))),
    ];

    internal static J.RaisedItem To(RaisedItem r) => new()
    {
        Key = r.Key, Rule = r.Rule, Subject = r.Subject, Reason = r.Reason, Level = (int)r.Level, Area = r.Area, Stays = r.Stays, Carried = r.Carried, SinceUs = Wire.Us(r.Since),
    };

    internal static RaisedItem From(J.RaisedItem w) => new(w.Key, w.Rule, w.Subject, w.Reason, Wire.Known<Colour>(w.Level), w.Area, w.Stays, w.Carried, Wire.At(w.SinceUs));
    internal static J.MeetingCall To(MeetingCall c) => new() { CutOffUs = Wire.Us(c.CutOff), StartUs = Wire.Us(c.Start), LiveDanger = c.LiveDanger };
    internal static MeetingCall From(J.MeetingCall w) => new(Wire.At(w.CutOffUs), Wire.At(w.StartUs), w.LiveDanger);

    internal static J.ItemDecision To(ItemDecision d) => new()
    {
        Item = d.Item, Decision = (int)d.Decision, Note = d.Note, Lead = d.Lead, Departments = { d.Departments }, Level = (int)d.Level, Limit = d.Limit, Slip = d.Slip.Value, By = d.By, AtUs = Wire.Us(d.At),
    };

    internal static ItemDecision From(J.ItemDecision w) => new(
        w.Item, Wire.Known<MeetingDecision>(w.Decision), w.Note, w.Lead, [.. w.Departments], Wire.Known<Colour>(w.Level), w.Limit, new SlipKey(w.Slip), w.By, Wire.At(w.AtUs));

    private static J.AgendaItem To(AgendaItem i) => new()
    {
        Key = i.Key, Section = (int)i.Section, Rules = { i.Rules }, Subject = i.Subject, Reason = i.Reason, Level = (int)i.Level, Area = i.Area, Priority = i.Priority, Stays = i.Stays, Carried = i.Carried, Spoken = i.Spoken,
    };

    private static AgendaItem From(J.AgendaItem w) => new(
        w.Key, Wire.Known<AgendaSection>(w.Section), [.. w.Rules], w.Subject, w.Reason, Wire.Known<Colour>(w.Level), w.Area, w.Priority, w.Stays, w.Carried, w.Spoken);

    private static Codec Called<T>(string manifest, Func<T, J.MeetingCalled> to, Func<J.MeetingCalled, T> from) where T : MeetingEvent => Codec.Of(manifest, J.MeetingCalled.Parser, to, from);
    private static Codec Step<T>(string manifest, Func<T, J.MeetingStep> to, Func<J.MeetingStep, T> from) where T : MeetingEvent => Codec.Of(manifest, J.MeetingStep.Parser, to, from);
}
