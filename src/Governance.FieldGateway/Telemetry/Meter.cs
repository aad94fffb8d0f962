using System.Collections.Concurrent;

namespace Governance.FieldGateway.Telemetry;

/// <summary>Counters of one station, of one device, or of the listener for what cannot be told apart. Safe for many threads.</summary>
/// <param name="kind"><c>station</c>, <c>device</c>, <c>listener</c> or <c>gateway</c>.</param>
internal sealed class Meter(string kind, string name)
{
    private readonly ConcurrentDictionary<string, long> _events = new();
    private long _frames, _readings, _answers, _lastHeardTicks;

    internal string Kind { get; } = kind;
    internal string Name { get; } = name;
    /// <summary>Frames that were whole, or polls that were answered.</summary>
    internal long Frames => Interlocked.Read(ref _frames);
    /// <summary>Readings taken, those without a value included.</summary>
    internal long Readings => Interlocked.Read(ref _readings);
    /// <summary>Answers (9014) sent.</summary>
    internal long Answers => Interlocked.Read(ref _answers);
    /// <summary>What was refused or noted, by name of <see cref="Reasons"/>.</summary>
    internal IReadOnlyDictionary<string, long> Events => _events;

    /// <summary>When something sensible came last; null before.</summary>
    internal DateTimeOffset? LastHeard => Interlocked.Read(ref _lastHeardTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    internal void Heard(DateTimeOffset at)
    {
        Interlocked.Increment(ref _frames);
        Interlocked.Exchange(ref _lastHeardTicks, at.UtcTicks);
    }

    internal void Took(int readings) => Interlocked.Add(ref _readings, readings);

    internal void Answered() => Interlocked.Increment(ref _answers);

    internal long Add(string reason, long times = 1) => _events.AddOrUpdate(reason, times, (_, before) => before + times);

    internal long Count(string reason) => _events.GetValueOrDefault(reason);
}
