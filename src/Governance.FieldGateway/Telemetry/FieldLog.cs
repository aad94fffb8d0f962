using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Governance.FieldGateway.Telemetry;

/// <summary>
/// One line per event, for people or as JSON. What goes on happening is told less and less often, with how often it
/// happened: a hostile or broken peer fills neither the disk nor the screen. Nothing here holds a password.
/// </summary>
/// <param name="tell">Called with every line, one at a time; must not block (<see cref="LineQueue"/>).</param>
internal sealed class FieldLog(Action<string> tell, bool asJson, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromHours(1);
    private const int DetailLimitChars = 300;
    private readonly Lock _gate = new();
    private readonly Dictionary<(Meter, string), Told> _told = [];
    private readonly ConcurrentQueue<Meter> _meters = new();

    internal TimeProvider Time { get; } = time;

    internal IReadOnlyCollection<Meter> Meters => _meters;

    /// <summary>A meter of its own; only for what is configured, so that strangers cannot make any.</summary>
    internal Meter Meter(string kind, string name)
    {
        var meter = new Meter(kind, name);
        _meters.Enqueue(meter);
        return meter;
    }

    /// <summary>Counts, and tells unless the same was told a moment ago.</summary>
    internal void Refuse(Meter meter, string reason, string detail, long times = 1)
    {
        meter.Add(reason, times);
        lock (_gate)
        {
            var now = Time.GetTimestamp();
            var told = _told.GetValueOrDefault((meter, reason)) ?? (_told[(meter, reason)] = new Told());
            var (isFirst, sinceTold, sinceLast) = (told.Pause == TimeSpan.Zero, Time.GetElapsedTime(told.At, now), Time.GetElapsedTime(told.LastAt, now));
            (told.LastAt, told.Untold) = (now, told.Untold + times);
            if (!isFirst && sinceTold < told.Pause) return;
            // After as long a calm it is news again.
            told.Pause = isFirst || sinceLast > told.Pause ? FirstPause : told.Pause * 2 < LongestPause ? told.Pause * 2 : LongestPause;
            Write(reason, meter, detail, told.Untold);
            (told.At, told.Untold) = (now, 0);
        }
    }

    /// <summary>Tells what happens rarely: beginnings, ends, changes.</summary>
    internal void Say(string what, Meter? meter, string detail)
    {
        lock (_gate) Write(what, meter, detail, 1);
    }

    /// <summary>One status line: counters of something by name.</summary>
    internal void Status(string kind, string name, IReadOnlyDictionary<string, object?> counters)
    {
        lock (_gate)
        {
            if (asJson) tell(JsonSerializer.Serialize(new Dictionary<string, object?>([new("at", Stamp()), new("status", kind), new("name", name), .. counters])));
            else tell($"{Stamp()} status {kind} {name} {string.Join(' ', counters.Where(c => c.Value is not null).Select(c => $"{c.Key}={Plain(c.Value)}"))}");
        }
    }

    private void Write(string what, Meter? meter, string detail, long times)
    {
        if (detail.Length > DetailLimitChars) detail = detail[..DetailLimitChars] + "…";
        // What a stranger sent may hold control characters; a log line is one line.
        detail = string.Concat(detail.Select(c => char.IsControl(c) ? '·' : c));
        if (asJson) tell(JsonSerializer.Serialize(new Dictionary<string, object?> { ["at"] = Stamp(), ["event"] = what, ["kind"] = meter?.Kind, ["name"] = meter?.Name, ["times"] = times, ["detail"] = detail }));
        else tell($"{Stamp()} {what}{(meter is null ? "" : $" {meter.Kind}={meter.Name}")}{(times > 1 ? $" times={times}" : "")} {detail}");
    }

    private string Stamp() => Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>When something was told, and what is still to be told of it.</summary>
    private sealed class Told
    {
        internal long At, LastAt, Untold;
        internal TimeSpan Pause;
    }

    private static string Plain(object? value) => value switch
    {
        IReadOnlyDictionary<string, long> counts => $"{{{string.Join(',', counts.Select(c => $"{c.Key}:{c.Value}"))}}}",
        string text => JsonSerializer.Serialize(text),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
