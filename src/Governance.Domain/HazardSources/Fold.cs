using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
    private HazardSourceState _state;
    private Detector[] _detectors;

    public Fold(HazardSourceState state)
    {
        _detectors = [.. state.Detectors];
        _state = state with { Detectors = ImmutableCollectionsMarshal.AsImmutableArray(_detectors) };
    }

    public HazardSourceState State => _state;
    public SourceConfig Config => _state.Config ?? throw new InvalidOperationException($"{_state.Id} is not commissioned");

    public ref Detector Detector(int ordinal) => ref _detectors[ordinal];

    /// <summary>Applies an event and keeps it. Evolve hands back fresh detectors whenever it changes them.</summary>
    public void Happen(HazardSourceEvent happened)
    {
        _state = HazardSourceEvolution.Evolve(_state, happened);
        _detectors = ImmutableCollectionsMarshal.AsArray(_state.Detectors)!;
        _events.Add(happened);
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
    public Decision<HazardSourceEvent> Decision => new(Events, Sends);
}
