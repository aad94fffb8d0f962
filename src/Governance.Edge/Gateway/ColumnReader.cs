using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
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
        var columns = part.Columns!;
        var index = Span(columns.Detector);
        var seqs = Span(columns.Seq);
        var values = Span(columns.Value);
        var sampled = Span(columns.SampledBeforeUs);
        var taken = Span(columns.TakenBeforeUs);
        var qualities = Span(columns.Quality);
        var sentTicks = part.SentAt.UtcTicks;
        var (readings, count) = (new Reading[index.Length], 0);
        for (var i = 0; i < index.Length; i++)
        {
            var ordinal = index[i] < ordinals.Length ? ordinals[(int)index[i]] : -1;
            var sampledBefore = sampled.IsEmpty ? 0 : sampled[i];
            var takenBefore = taken.IsEmpty ? sampledBefore : taken[i];
            var quality = qualities.IsEmpty || qualities[i] == V1.Quality.Unspecified ? V1.Quality.Good : qualities[i];
            if (ordinal < 0 || quality is < V1.Quality.Good or > V1.Quality.Communication || IsAbsurd(sampledBefore) || IsAbsurd(takenBefore))
            {
                var known = index[i] < detectors.Length;
                var id = known ? detectors[(int)index[i]].DetectorId : $"#{index[i]}";
                var reason = ordinal < 0 ? (known ? refused.GetValueOrDefault(id, "UNKNOWN_DETECTOR") : "UNKNOWN_DETECTOR") : Enum.IsDefined(quality) ? "INVALID_TIME" : "INVALID_QUALITY";
                refuse(new RangeNote(id, session.Epoch, seqs[i], seqs[i], reason, false, ""));
                continue;
            }
            readings[count++] = new Reading(seqs[i], sentTicks - sampledBefore * TimeSpan.TicksPerMicrosecond, sentTicks - takenBefore * TimeSpan.TicksPerMicrosecond,
                values.IsEmpty ? double.NaN : values[i], ordinal, (Quality)quality);
        }
        if (count < readings.Length) Array.Resize(ref readings, count);
        return new ReadingSegment(session.Gateway, session.Epoch, session.Clock, part.ReceivedAt, part.SentAt, part.Historical, ImmutableCollectionsMarshal.AsImmutableArray(readings));
    }

    private static bool IsAbsurd(long us) => us is > OffsetLimitUs or < -OffsetLimitUs;

    private static ReadOnlySpan<T> Span<T>(RepeatedField<T> column) => UnsafeCollectionOperations.AsSpan(column);
}
