using Akka.Actor;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Entity;

/// <summary>
/// Keeps an entity awake when it must be: one timer for its earliest deadline, and one row in the deadline store that
/// lies no further ahead than the active-row limit while it is in memory. If the node dies, the sweeper wakes it; if it
/// leaves memory by itself, the row names its true deadline first. No deadline depends on one node's memory.
/// </summary>
/// <param name="sequence">The entity's journal sequence number: of two owners the former one's is lower, and its late word changes nothing.</param>
internal sealed class Alertness(EntityServices services, EntityAddress self, Func<long> sequence)
{
    private DateTimeOffset? _armed;
    private DateTimeOffset? _row;
    private bool _writing;
    private bool _handedOver;

    internal sealed class Due : INotInfluenceReceiveTimeout
    {
        internal static readonly Due Instance = new();
    }

    internal sealed record RowStored(DateTimeOffset? Row) : INotInfluenceReceiveTimeout;

    internal sealed record RowFailed(Exception Cause) : INotInfluenceReceiveTimeout;

    private DateTimeOffset WallNow => services.Clocks.Wall.GetUtcNow();

    internal void Activate(IActorRef entity) => Write(WallNow + services.Limits.ActiveRow, entity);

    internal void Confirmed(RowStored stored) => (_row, _writing) = (stored.Row, false);

    /// <summary>The old row stands; the next activity, or the sweeper's wake-up by the old row, writes again.</summary>
    internal void Failed() => _writing = false;

    /// <summary>Arms the timer for the earliest deadline and renews the row when half of it has run out.</summary>
    internal void Arm(ClockId clock, IEnumerable<Deadline> deadlines, ITimerScheduler timers, IActorRef entity)
    {
        DateTimeOffset? earliest = null;
        foreach (var deadline in deadlines)
            if (earliest is null || deadline.Due < earliest) earliest = deadline.Due;
        if (!clock.IsWall) services.Clocks.Watch(clock, self, earliest, () => entity.Tell(Due.Instance));
        else if (earliest is null) timers.Cancel(Due.Instance);
        // A deadline that moved away leaves the timer: it wakes too early, finds nothing due, and arms anew.
        else if (!timers.IsTimerActive(Due.Instance) || earliest < _armed) Start(earliest.Value, timers);
        if (!_writing && (_row is null || _row - WallNow < services.Limits.ActiveRow / 2)) Write(WallNow + services.Limits.ActiveRow, entity);
    }

    private void Start(DateTimeOffset due, ITimerScheduler timers)
    {
        _armed = due;
        timers.StartSingleTimer(Due.Instance, Due.Instance, due - WallNow is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    /// <summary>True when the store holds the entity's true deadline; else writes it, and the next idle time asks again.</summary>
    internal bool MaySleep(ClockId clock, IEnumerable<Deadline> deadlines, IActorRef entity)
    {
        DateTimeOffset? earliest = deadlines.Select(d => (DateTimeOffset?)d.Due).Min();
        // Recorded clocks live in memory: a drill's entity stays awake until nothing is armed.
        if (!clock.IsWall && earliest is not null) return false;
        if (!_writing && _row == earliest) return true;
        if (!_writing) Write(earliest, entity);
        return false;
    }

    /// <summary>
    /// True when somebody else will wake the entity in time for what it still has to do; else writes that it is due at
    /// once, so that the sweeper wakes it where its shard lives next. Asked before it leaves for another node.
    /// </summary>
    internal bool MayLeave(IEnumerable<Deadline> deadlines, bool owes, IActorRef entity)
    {
        DateTimeOffset? earliest = deadlines.Select(d => (DateTimeOffset?)d.Due).Min();
        if (_handedOver || (!owes && (earliest is null || _row == earliest))) return true;
        _handedOver = true;
        Write(WallNow, entity);
        return false;
    }

    private void Write(DateTimeOffset? due, IActorRef entity)
    {
        _writing = true;
        var write = due is { } at ? services.Deadlines.UpsertAsync(new DeadlineRow(self.Kind, self.Id, at, sequence())) : services.Deadlines.RemoveAsync(self.Kind, self.Id, sequence());
        write.PipeTo(entity, success: () => new RowStored(due), failure: cause => new RowFailed(cause));
    }
}
