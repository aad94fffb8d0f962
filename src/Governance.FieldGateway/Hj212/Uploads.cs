using System.Security.Cryptography;
using System.Text;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Keeping;
using Governance.FieldGateway.Telemetry;

namespace Governance.FieldGateway.Hj212;

/// <param name="Frame">What to send.</param>
/// <param name="Meter">Counts it once it is sent.</param>
internal sealed record Answer(byte[] Frame, Meter Meter);

/// <summary>From a data segment to readings that are kept, and to the answer that says so.</summary>
/// <param name="strangers">Counts what cannot be told to belong to a station.</param>
internal sealed class Uploads(IReadOnlyDictionary<string, Station> stations, StationIntake intake, FieldLog log, Meter strangers)
{
    private const int RequestNumberLimitChars = 20;
    private static readonly HashSet<string> Commands = ["2011", "2051", "2061", "2031"];

    /// <summary>Null: no answer is due.</summary>
    internal async Task<Answer?> TakeAsync(string text, CancellationToken cancel)
    {
        if (DataSegment.Parse(text, out var why) is not { } segment)
        {
            log.Refuse(strangers, Reasons.BadSegment, why);
            return null;
        }
        if (Recognised(segment) is not { } station) return null;
        station.Meter.Heard(log.Time.GetUtcNow());
        if (!IsUpload(station.Meter, segment)) return null;
        await station.Gate.WaitAsync(cancel);
        try
        {
            var (content, wantsAnswer) = Whole(station, segment);
            if (content is null || !await KeepAsync(station, segment, content, cancel) || !wantsAnswer) return null;
        }
        finally { station.Gate.Release(); }
        if (segment.Qn.Length > 0) return new Answer(Frames.DataAcknowledgement(segment), station.Meter);
        log.Refuse(station.Meter, Reasons.NoRequestNumber, $"command {segment.Cn}");
        return null;
    }

    private Station? Recognised(DataSegment segment)
    {
        if (!stations.TryGetValue(segment.Mn, out var station)) log.Refuse(strangers, Reasons.UnknownStation, $"MN {segment.Mn}");
        else if (CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(segment.Pw), Encoding.Latin1.GetBytes(station.Config.Password))) return station;
        else log.Refuse(station.Meter, Reasons.WrongPassword, "");
        return null;
    }

    private bool IsUpload(Meter meter, DataSegment segment)
    {
        if (!Commands.Contains(segment.Cn)) log.Refuse(meter, Reasons.UnknownCommand, $"CN {segment.Cn}");
        else if (segment.Qn.Length > RequestNumberLimitChars || !segment.Qn.All(char.IsAsciiLetterOrDigit)) log.Refuse(meter, Reasons.BadRequestNumber, segment.Qn);
        else return true;
        return false;
    }

    /// <summary>The content when it is whole.</summary>
    private (string? Content, bool WantsAnswer) Whole(Station station, DataSegment segment)
    {
        if (!segment.IsSplit) return (segment.Content, segment.WantsAnswer);
        var result = station.Split.Take(segment, log.Time.GetUtcNow());
        if (result.Abandoned is { } abandoned) log.Refuse(station.Meter, Reasons.SplitIncomplete, abandoned);
        if (result.Invalid is { } invalid) log.Refuse(station.Meter, Reasons.SplitInvalid, invalid);
        return (result.Content, result.WantsAnswer);
    }

    private async Task<bool> KeepAsync(Station station, DataSegment segment, string text, CancellationToken cancel)
    {
        // What nobody maps need not be understood; there is nothing of it that could be lost.
        if (!station.Config.Factors.Keys.Any(k => k.Command == segment.Cn)) return true;
        if (UploadContent.Torn(text) is { } torn)
        {
            log.Refuse(station.Meter, Reasons.BadSegment, torn);
            return false;
        }
        if (UploadContent.Parse(text, out var why) is not { } content)
        {
            log.Refuse(station.Meter, Reasons.BadTime, why);
            return false;
        }
        var noted = new List<(string Reason, string Detail)>();
        var samples = FactorReadings.Of(station.Config, segment.Cn, content, noted);
        foreach (var (reason, detail) in noted) log.Refuse(station.Meter, reason, detail);
        var key = segment.Qn.Length > 0 ? $"{segment.Cn}/{segment.Qn}" : $"{segment.Cn}/at {content.DataTime:yyyyMMddHHmmss}";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(text)).AsSpan(0, 8));
        return await intake.TakeAsync(station, new RequestName(segment.Mn, key, digest), samples, TakenAt(station, segment, content), cancel);
    }

    /// <summary>
    /// When the gateway got it, or, where the station is configured for it, when the data logger did: QN and DataTime are of
    /// one clock, so a wrong clock makes nothing late (alarms.md P6, P7).
    /// </summary>
    private DateTimeOffset TakenAt(Station station, DataSegment segment, UploadContent content)
    {
        var now = log.Time.GetUtcNow();
        if (station.Config.LateAfter is not { } late || ChinaTime.OfRequest(segment.Qn) is not { } sent || sent - content.DataTime is var age && age <= late) return now;
        log.Refuse(station.Meter, Reasons.Late, $"sent {age.TotalSeconds:0} s after it was sampled");
        return now - age;
    }
}
