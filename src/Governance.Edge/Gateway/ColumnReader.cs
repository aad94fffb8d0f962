using System.Collections.Immutable;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;

namespace Governance.Edge.Gateway;

/// <summary>Turns the columns of a frame's source part into readings; what is wrong is refused by name, the rest goes on.</summary>
internal static class ColumnReader
{
    /// <summary>A stamp further away from sent_at is no stamp.</summary>
    private const long OffsetLimitUs = 10L * 366 * 24 * 3600 * 1_000_000;

    /// <summary>Null when every column that is there has one entry per reading.</summary>
    internal static string? LengthFault(V1.SourceReadings part)
    {
        var n = part.Detector.Count;
        return part.Seq.Count != n ? $"{n} detectors, {part.Seq.Count} sequence numbers"
            : Odd(part.SampledBeforeUs.Count) ? $"{n} readings, {part.SampledBeforeUs.Count} sample times"
            : Odd(part.TakenBeforeUs.Count) ? $"{n} readings, {part.TakenBeforeUs.Count} taking times"
            : Odd(part.Value.Count) ? $"{n} readings, {part.Value.Count} values"
            : Odd(part.Quality.Count) ? $"{n} readings, {part.Quality.Count} qualities"
            : null;

        bool Odd(int count) => count != 0 && count != n;
    }

    /// <summary>Refusals of single readings that the mark passes over; refused detectors have no mark on this stream.</summary>
    internal static bool CoversMark(in RangeNote note) => note.Reason is "INVALID_QUALITY" or "INVALID_TIME";

    internal static ReadingSegment Read(
        LaneItem.Part part, StreamSession session, ImmutableArray<DeclaredDetector> detectors, ImmutableArray<int> ordinals,
        IReadOnlyDictionary<string, string> refused, Action<RangeNote> refuse)
    {
        var columns = part.Readings;
        var readings = ImmutableArray.CreateBuilder<Reading>(columns.Detector.Count);
        for (var i = 0; i < columns.Detector.Count; i++)
        {
            var (index, seq) = (columns.Detector[i], columns.Seq[i]);
            var reason = index >= ordinals.Length ? "UNKNOWN_DETECTOR"
                : ordinals[(int)index] < 0 ? refused.GetValueOrDefault(detectors[(int)index].DetectorId, "UNKNOWN_DETECTOR") : null;
            var id = index < detectors.Length ? detectors[(int)index].DetectorId : $"#{index}";
            var sampledBefore = columns.SampledBeforeUs.Count == 0 ? 0 : columns.SampledBeforeUs[i];
            var takenBefore = columns.TakenBeforeUs.Count == 0 ? sampledBefore : columns.TakenBeforeUs[i];
            var quality = columns.Quality.Count == 0 || columns.Quality[i] == V1.Quality.Unspecified ? V1.Quality.Good : columns.Quality[i];
            reason ??= !Enum.IsDefined(quality) ? "INVALID_QUALITY"
                : Math.Abs(sampledBefore) > OffsetLimitUs || Math.Abs(takenBefore) > OffsetLimitUs ? "INVALID_TIME" : null;
            if (reason is not null) { refuse(new RangeNote(id, session.Epoch, seq, seq, reason, false, "")); continue; }
            readings.Add(new Reading(ordinals[(int)index], seq, Before(part.SentAt, sampledBefore), Before(part.SentAt, takenBefore),
                columns.Value.Count == 0 ? double.NaN : columns.Value[i], (Quality)quality));
        }
        return new ReadingSegment(session.Gateway, session.Epoch, session.Clock, part.ReceivedAt, part.SentAt, part.Historical, readings.ToImmutable());
    }

    private static DateTimeOffset Before(DateTimeOffset sentAt, long us) => sentAt.AddTicks(-us * TimeSpan.TicksPerMicrosecond);
}
