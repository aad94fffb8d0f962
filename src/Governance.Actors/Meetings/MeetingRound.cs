using Akka.Actor;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Contracts.Messages;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Actors.Meetings;

/// <summary>
/// Calls the regular meetings, and the crisis meeting when what is known calls it. On the node on duty, every minute; what was called once
/// is not called again, so calling twice is calling once.
/// </summary>
public sealed class MeetingRound : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private readonly EntityServices _services;
    private readonly CasePolicy _policy;
    private readonly ICaseFacts _facts;
    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public MeetingRound(EntityServices services, CasePolicy policy, ICaseFacts facts) => (_services, _policy, _facts) = (services, policy, facts);

    private sealed class Round
    {
        internal static readonly Round Instance = new();
    }

    private sealed record Known(IReadOnlyList<AgendaFact> Facts, DateTimeOffset At);

    private sealed record Failed(Exception Cause);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Round.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Round when !_duty.IsMine: Timers.StartSingleTimer(Round.Instance, Round.Instance, Retry); break;
            case Round:
                Timers.StartSingleTimer(Round.Instance, Round.Instance, Every);
                var now = _services.Clocks.Now(ClockId.Wall);
                foreach (var kind in Enum.GetValues<MeetingKind>()) Order(_policy.Meetings.Next(kind, now, _policy.Calendar), "schedule", new MeetingCommand.Schedule());
                _facts.AllAsync(now, CancellationToken.None).PipeTo(Self, success: facts => new Known(facts, now), failure: cause => new Failed(cause));
                break;
            case Known known:
                foreach (var trigger in CrisisTriggers.Of(known.Facts, known.At, _policy.Meetings)) Call(trigger, known.At);
                break;
            case Failed failed: _log.Warning(failed.Cause, "the lists do not answer; whether a crisis meeting must be called is looked at again in a minute"); break;
            case CommandReply { Refusal: { } refusal } reply: _log.Warning("{0} refused {1}: {2}", reply.From, reply.CommandId, refusal.Message); break;
            case CommandReply: break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>The day follows from when it became so: whoever notices it whenever calls the same meeting.</summary>
    private void Call(CrisisTrigger trigger, DateTimeOffset now)
    {
        var (key, _, _) = _policy.Meetings.Crisis(trigger.Since, trigger.LiveDanger, _policy.Calendar);
        var (_, cutOff, start) = _policy.Meetings.Crisis(now, trigger.LiveDanger, _policy.Calendar);
        Order(key, $"trigger/{CaseKey.Of(trigger.Item.Key)}", new MeetingCommand.Escalate(trigger.Raised, new MeetingCall(cutOff, start, trigger.LiveDanger)));
    }

    private void Order(MeetingKey meeting, string id, MeetingCommand command) => _services.Regions.Send(new Command(meeting.Address, id, Caller.System, 0, command), Self);
}
