using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Governance.Domain.Gateways;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>
/// One decision in the making: the state as it becomes, with the events and messages that led there. Seen from outside
/// a decision is a pure function; inside, the detectors lie in an array that this fold alone owns, so that a reading
/// that changes nothing but its own detector's memo allocates nothing.
/// </summary>
internal sealed class Fold
{
    private readonly ImmutableList<HazardSourceEvent>.Builder _events = ImmutableList.CreateBuilder<HazardSourceEvent>();
    private readonly ImmutableList<Send>.Builder _sends = ImmutableList.CreateBuilder<Send>();
    private readonly HazardSourceState _before;
    private HazardSourceState _state;
    private Detector[] _detectors;
    private bool _mayConcernGateways;

    public Fold(HazardSourceState state)
    {
        _before = state;
        _detectors = [.. state.Detectors];
        _state = state with { Detectors = ImmutableCollectionsMarshal.AsImmutableArray(_detectors) };
    }

    public HazardSourceState State => _state;
    public SourceConfig Config => _state.Config ?? throw new InvalidOperationException($"{_state.Id} is not commissioned");

    public ref Detector Detector(int ordinal) => ref _detectors[ordinal];

    /// <summary>The gateway's clock has just been put forward: times across that moment are no measure.</summary>
    public bool HasClockLeapt { get; private set; }

    /// <summary>What the clock of the gateway is off whose readings are evaluated now; none in recorded time.</summary>
    public ClockSkew Skew { get; private set; }

    /// <summary>Readings of a gateway came: what they show of its clock counts from the first of them on.</summary>
    public void Heard(ReadingSegment segment)
    {
        HasClockLeapt = false;
        if (!segment.Clock.IsWall) { Skew = ClockSkew.None; return; }
        var skews = _state.Skews;
        var index = 0;
        while (index < skews.Length && skews[index].Gateway != segment.Gateway) index++;
        var known = index < skews.Length ? skews[index].Skew : ClockSkew.None;
        Skew = known.Seen(segment.ReceivedAt, segment.SentAt);
        if (Skew == known) return;
        HasClockLeapt = known.IsKnown && Skew.Value < known.Value - ClockSkew.WarnAbove;
        var seen = new GatewaySkew(segment.Gateway, Skew);
        skews = index < skews.Length ? skews.SetItem(index, seen) : skews.Length < HazardSourceState.RememberedSkews ? skews.Add(seen) : skews.Remove(skews.MinBy(s => s.Skew.Since)).Add(seen);
        _state = _state with { Skews = skews };
    }

    /// <summary>Applies an event and keeps it. Evolve hands back fresh detectors whenever it changes them.</summary>
    public void Happen(HazardSourceEvent happened)
    {
        _state = HazardSourceEvolution.Evolve(_state, happened);
        _detectors = ImmutableCollectionsMarshal.AsArray(_state.Detectors)!;
        _events.Add(happened);
        _mayConcernGateways |= Feeds.Concerns(happened);
    }

    /// <summary>Number of events so far.</summary>
    public int Happened => _events.Count;

    /// <summary>Gives a transition the memo as it is now, unless a later transition of its detector carries that anyway.</summary>
    public void Complete(int index)
    {
        var transition = (HazardSourceEvent.DetectorTransition)_events[index];
        for (var i = index + 1; i < _events.Count; i++)
            if (_events[i] is HazardSourceEvent.DetectorTransition later && later.Detector == transition.Detector) return;
        _events[index] = transition with { Memo = _detectors[transition.Detector].Memo };
    }

    public void Send(EntityAddress to, IEntityMessage message) => _sends.Add(new Send(to, message));

    public ImmutableList<HazardSourceEvent> Events => _events.ToImmutable();
    public ImmutableList<Send> Sends => _sends.ToImmutable();

    /// <summary>All of it; asked for once, when the decision is made.</summary>
    public Decision<HazardSourceEvent> Decision
    {
        get
        {
            if (_mayConcernGateways) _sends.AddRange(Feeds.Changed(_before, _state, _events[^1].At));
            return new(Events, Sends);
        }
    }
}
