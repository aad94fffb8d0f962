using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Contracts.Messages;
using Governance.Domain.Gateways;
using Governance.Domain.Kernel;

namespace Governance.Edge.Gateway;

/// <summary>
/// Tells the gateway's entity of this stream: that it began, every few seconds that it lives and what its clock is off,
/// and that it ended. The stream never waits for it; when the entity says that the stream must end, it ends. Of live streams
/// only: a recorded one speaks for nobody, and displaces nobody.
/// </summary>
internal sealed class SessionReports : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    /// <summary>A network that stutters at the beginning is no clock that is off.</summary>
    private static readonly TimeSpan SkewKnownAfter = TimeSpan.FromSeconds(10);

    private readonly StreamSession _session;
    private readonly StreamBook _book;
    private readonly Entities _entities;
    private readonly TimeProvider _time;
    private readonly AnswerRef _answers;
    private readonly ITimer _timer;
    private readonly Guid _id = Guid.NewGuid();
    private readonly DateTimeOffset _openedAt;
    private readonly Lock _gate = new();
    private DateTimeOffset _heardAt;
    private ClockSkew _skew;

    internal SessionReports(StreamSession session, StreamBook book, Entities entities, TimeProvider time)
    {
        (_session, _book, _entities, _time) = (session, book, entities, time);
        _openedAt = _heardAt = Clocks.Truncated(time.GetUtcNow());
        _answers = entities.Answers(EntityKinds.Gateway, Answered);
        _timer = time.CreateTimer(_ => Report(false), null, TimeSpan.Zero, Every);
    }

    /// <summary>A frame came; with the gateway's clock, where it says it.</summary>
    internal void Heard(DateTimeOffset receivedAt, DateTimeOffset? sentAt)
    {
        lock (_gate)
        {
            _heardAt = receivedAt;
            if (sentAt is { } sent) _skew = _skew.Seen(receivedAt, sent);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Report(true);
        _answers.Dispose();
    }

    private void Report(bool ended)
    {
        try
        {
            var now = Clocks.Truncated(_time.GetUtcNow());
            SessionReport report;
            lock (_gate)
            {
                // Whom we do not let speak is not silent.
                if (!_book.HasRoom && _book.Fenced is null) _heardAt = now;
                report = new SessionReport(_id, _session.Epoch, _entities.Node, now > _heardAt ? now - _heardAt : TimeSpan.Zero, _skew.IsKnown && now - _openedAt >= SkewKnownAfter ? _skew.Value : null, ended);
            }
            _entities.Send(new ReportSession(new EntityAddress(EntityKinds.Gateway, _session.Gateway.Value), report), _answers);
        }
        catch (Exception unexpected) { _session.Fail(unexpected); }
    }

    /// <summary>On the thread of whoever answers.</summary>
    private void Answered(object message, IActorRef entity)
    {
        if (message is SessionVerdict { Fence.Length: > 0 } verdict && verdict.Session == _id) _book.Fence(verdict.Fence);
    }
}
