using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Contracts.Messages;

/// <summary>What a source answers to a stream.</summary>
public interface IAnswerToStream : IClusterMessage
{
    /// <summary>The number of the message that this answers, unique within its stream.</summary>
    long Part { get; }
}

/// <summary>A gateway stream names what it will send to this source. Answered by <see cref="StreamDeclared"/>.</summary>
/// <param name="Detectors">As in Hello, in its order.</param>
public sealed record DeclareStream(
    EntityAddress To, long Part, GatewayId Gateway, long Epoch, ClockId Clock, ImmutableArray<DeclaredDetector> Detectors) : IToEntity;

public readonly record struct DeclaredDetector(string DetectorId, string Unit);

/// <param name="Refusal">The whole source is refused (UNKNOWN_SOURCE, DRILL_ON_LIVE_SOURCE, ...); the arrays are empty then.</param>
/// <param name="Ordinals">Per declared detector its ordinal, −1 when refused.</param>
/// <param name="Refusals">Per refused detector a name (UNKNOWN_DETECTOR, UNIT_MISMATCH, OLD_EPOCH).</param>
public sealed record StreamDeclared(
    EntityAddress From, long Part, Refusal? Refusal, ImmutableArray<int> Ordinals, ImmutableArray<Mark> Marks, ImmutableArray<RangeNote> Refusals) : IAnswerToStream;

/// <summary>Readings for one source, as they gathered while the part before was under way. Answered by <see cref="Ingested"/>.</summary>
/// <param name="Part">Number of this message on its stream; the answer carries it.</param>
public sealed record Ingest(EntityAddress To, long Part, ImmutableArray<ReadingSegment> Segments) : IToEntity;

/// <summary>The gateway declares readings lost. Answered by <see cref="Ingested"/> with the same part number.</summary>
public sealed record DeclareSkipped(
    EntityAddress To, long Part, GatewayId Gateway, long Epoch, string DetectorId, long FromSeq, long ToSeq, string Reason) : IToEntity;

/// <summary>
/// Sent only when everything in the part is decided and durable: stored, evaluated, its transitions journaled — or
/// refused by name.
/// </summary>
public sealed record Ingested(
    EntityAddress From, long Part, ImmutableArray<Mark> Marks, ImmutableArray<RangeNote> Refusals, ImmutableArray<RangeNote> Weak,
    ImmutableArray<RangeNote> Missing) : IAnswerToStream;

/// <summary>Durable through, per detector.</summary>
/// <param name="Detector">Its ordinal.</param>
public readonly record struct Mark(int Detector, long Epoch, long Through);

/// <summary>
/// What the edge says of a gateway's stream, now and then: losing one changes nothing. Answered by
/// <see cref="SessionVerdict"/>. The stream does not wait for it.
/// </summary>
public sealed record ReportSession(EntityAddress To, SessionReport Report) : IToEntity;

/// <param name="Fence">Why the stream must end; empty while it may go on.</param>
public sealed record SessionVerdict(EntityAddress From, Guid Session, string Fence) : IClusterMessage;

/// <summary>Something about a range of sequence numbers, inclusive.</summary>
public readonly record struct RangeNote(string DetectorId, long Epoch, long FromSeq, long ToSeq, string Reason, bool Retry, string Detail);

/// <summary>
/// Pulls alerts of one feed after a position. Answers at once when there are any, else waits up to
/// <paramref name="Wait"/> and then answers an empty page: its head is the heartbeat's confirmed head.
/// </summary>
public sealed record ReadFeed(EntityAddress To, long After, int Max, TimeSpan Wait) : IToEntity;

/// <param name="Head">Position of the newest alert, confirmed.</param>
public sealed record FeedPage(EntityAddress From, ImmutableList<FeedEntry> Entries, long Head) : IClusterMessage;

/// <summary>Asks for what is live in an area now. Answered by <see cref="FeedSnapshot"/>.</summary>
public sealed record GetFeedSnapshot(EntityAddress To) : IToEntity;

/// <param name="Live">The latest alert of each live occurrence and open case, in feed order.</param>
public sealed record FeedSnapshot(EntityAddress From, ImmutableList<FeedEntry> Live, long Head) : IClusterMessage;
