using System.Collections.Concurrent;
using Governance.Domain.Kernel;

namespace Governance.Actors.Entity;

/// <summary>
/// The clocks of a node: the wall, and one recorded clock per drill gateway, which stands where its last fully
/// acknowledged frame stands, on every node. The only place below the edge where time is read.
/// </summary>
public sealed class Clocks(TimeProvider wall)
{
    private readonly ConcurrentDictionary<ClockId, DateTimeOffset> _recorded = new();
    private readonly ConcurrentDictionary<(ClockId Clock, EntityAddress Entity), (DateTimeOffset Due, Action Wake)> _watched = new();

    public TimeProvider Wall => wall;

    /// <summary>A recorded clock moved here; called before whoever moved it goes on.</summary>
    public event Action<ClockId, DateTimeOffset>? Moved;

    /// <summary>Whole microseconds: what the journal keeps. A recorded clock that has not begun stands at the epoch.</summary>
    public DateTimeOffset Now(ClockId clock) => clock.IsWall
        ? Truncated(wall.GetUtcNow())
        : _recorded.GetValueOrDefault(clock, DateTimeOffset.UnixEpoch);

    public static DateTimeOffset Truncated(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>Moves a recorded clock forward on every node.</summary>
    public void Advance(ClockId clock, DateTimeOffset to)
    {
        Follow(clock, to);
        Moved?.Invoke(clock, to);
    }

    /// <summary>Moves a recorded clock forward here, never back, and wakes the entities whose deadline it reached.</summary>
    public void Follow(ClockId clock, DateTimeOffset to)
    {
        _recorded.AddOrUpdate(clock, to, (_, now) => to > now ? to : now);
        foreach (var (key, watch) in _watched)
            if (key.Clock == clock && watch.Due <= to && _watched.TryRemove(new(key, watch))) watch.Wake();
    }

    /// <summary>One wake-up per entity of a recorded clock: the latest call counts; null ends it.</summary>
    public void Watch(ClockId clock, EntityAddress entity, DateTimeOffset? due, Action wake)
    {
        if (due is not { } at) _watched.TryRemove((clock, entity), out _);
        else
        {
            _watched[(clock, entity)] = (at, wake);
            // The clock may have moved while this was written.
            if (Now(clock) >= at && _watched.TryRemove((clock, entity), out var reached)) reached.Wake();
        }
    }
}
