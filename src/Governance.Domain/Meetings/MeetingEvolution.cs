using static Governance.Domain.Meetings.MeetingEvent;

namespace Governance.Domain.Meetings;

/// <summary>How events change a meeting. Throws on what is impossible.</summary>
public static class MeetingEvolution
{
    public static MeetingState Evolve(MeetingState state, MeetingEvent happened) => After(state, happened) with { Events = state.Events + 1 };

    private static MeetingState After(MeetingState state, MeetingEvent happened) => happened switch
    {
        MeetingCalled e => From(state, MeetingPhase.NotCalled, MeetingPhase.Closed) with
        {
            Phase = MeetingPhase.Called, Sitting = e.Sitting, Call = e.Call, CloseBy = e.CloseBy, Raised = [], Items = [], Hash = "", Decisions = [], ClosedBy = "", ClosedAt = null, Minutes = "",
        },
        MeetingMoved e => From(state, MeetingPhase.Called) with { Call = e.Call, CloseBy = e.CloseBy },
        ItemRaised e => From(state, MeetingPhase.Called, MeetingPhase.Collecting) with { Raised = state.Raised.RemoveAll(r => r.Key == e.Item.Key).Add(e.Item), Seen = state.Seen.Add(e.Item.Key) },
        CutOffReached => From(state, MeetingPhase.Called) with { Phase = MeetingPhase.Collecting },
        AgendaFixed e => From(state, MeetingPhase.Collecting) with { Phase = MeetingPhase.AgendaFixed, Items = e.Items, Hash = e.Hash, Raised = [], Seen = state.Seen.Union(e.Items.Select(i => i.Key)) },
        ItemAdded e => From(state, MeetingPhase.AgendaFixed) with { Items = state.Items.Add(e.Item), Seen = state.Seen.Add(e.Item.Key) },
        ItemDecided e => From(state, MeetingPhase.AgendaFixed) with { Decisions = state.Decisions.Add(e.Decision) },
        MeetingClosed e => From(state, MeetingPhase.AgendaFixed) with { Phase = MeetingPhase.Closed, ClosedBy = e.By, ClosedAt = e.At, Minutes = e.Minutes },
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private static MeetingState From(MeetingState state, params ReadOnlySpan<MeetingPhase> phases) =>
        phases.Contains(state.Phase) ? state : throw new InvalidOperationException($"impossible in {state.Phase} of meeting {state.Id}");
}
