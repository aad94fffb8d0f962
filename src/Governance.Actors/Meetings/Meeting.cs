using Akka.Actor;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Actors.Meetings;

/// <summary>
/// One meeting. At its cut-off it collects the facts of the district and fixes its agenda in the journal; a node that dies in between
/// collects them again. Everything else is its rules'.
/// </summary>
public sealed class Meeting : Entity<MeetingState, MeetingEvent>
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private readonly MeetingRules _rules;
    private readonly ICaseFacts _facts;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _collecting, _failed;

    public Meeting(EntityServices services, CasePolicy policy, ICaseFacts facts, string id) : this(services, new MeetingRules(policy), facts, id) { }

    private Meeting(EntityServices services, MeetingRules rules, ICaseFacts facts, string id) : base(services, rules, new EntityAddress(EntityKinds.Meeting, id)) => (_rules, _facts) = (rules, facts);

    private sealed class Collect : INotInfluenceReceiveTimeout
    {
        internal static readonly Collect Instance = new();
    }

    private sealed record Collected(IReadOnlyList<AgendaFact> Facts);

    private sealed record NotCollected(Exception Cause);

    /// <summary>Until the agenda is fixed the meeting stays in memory: nobody else would fix it. Where the lists do not answer, another node may try.</summary>
    protected override bool MayStop => State.Phase != MeetingPhase.Collecting || _failed;

    protected override void OnSettled()
    {
        if (State.Phase == MeetingPhase.Collecting) Begin();
    }

    protected override bool OnOther(object message)
    {
        switch (message)
        {
            case Collect when IsReady: Begin(); return true;
            case Collected collected when IsReady:
                (_collecting, _failed) = (false, false);
                var now = Now();
                Commit(_rules.Fix(State, collected.Facts, now), now, [], () => StopIfAsked());
                return true;
            case NotCollected failed:
                (_collecting, _failed) = (false, true);
                _log.Warning(failed.Cause, "{0}: the lists do not answer; trying again", Address);
                if (!StopIfAsked()) Timers.StartSingleTimer(Collect.Instance, Collect.Instance, Again);
                return true;
            default: return false;
        }
    }

    private void Begin()
    {
        if (_collecting || State.Phase != MeetingPhase.Collecting) return;
        _collecting = true;
        _facts.AllAsync(State.Call!.CutOff, CancellationToken.None).PipeTo(Self, success: facts => new Collected(facts), failure: cause => new NotCollected(cause));
    }
}
