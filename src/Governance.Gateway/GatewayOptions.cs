using Governance.Edge.V1;
using Grpc.Net.Client;

namespace Governance.Gateway;

/// <summary>What to do with samples for which the buffer has no room.</summary>
public enum WhenFull
{
    /// <summary><c>SendAsync</c> waits until the edge has made older readings durable.</summary>
    Wait = 0,
    /// <summary><c>SendAsync</c> throws <see cref="GatewayBufferFullException"/>; nothing was taken.</summary>
    Refuse = 1,
}

/// <summary>How a gateway is set up. Limits have defaults that suit a district; the first four must be given.</summary>
public sealed record GatewayOptions
{
    /// <summary>Readings in one frame that the edge accepts.</summary>
    public const int FrameLimitReadings = 10_000;
    /// <summary>Bytes of one message that the edge accepts.</summary>
    public const int MessageLimitBytes = 4 << 20;

    /// <summary>The nodes of a cluster, or the one node, the preferred first: a stream that breaks or stands still is taken up at the next. See <see cref="NodeChannel"/>.</summary>
    public required IReadOnlyList<GrpcChannel> Nodes { get; init; }
    /// <summary>Called for every stream; the bearer token with the role of a gateway.</summary>
    public required Func<string> Token { get; init; }
    /// <summary>The gateway's own name, the one its token speaks for.</summary>
    public required string GatewayId { get; init; }
    /// <summary>Live, or recorded for drills: then every batch carries the recording's time and frames stay in order.</summary>
    public Clock Clock { get; init; } = Clock.Live;
    /// <summary>
    /// Rises whenever the gateway's counters start anew; 1 or more. Not given: what the folder remembers, and without one
    /// the Unix time of the start in seconds, so the machine's clock must not have gone back since the last start. Given
    /// with a folder: at least this one.
    /// </summary>
    public long? Epoch { get; init; }
    /// <summary>
    /// Readings kept in memory until they are durable; taking more waits. Not given: 200,000, and with a folder as many as
    /// it may hold, 5,000,000 at most. A reading takes about 45 bytes.
    /// </summary>
    public int? BufferReadings { get; init; }
    /// <summary>
    /// Given: readings are kept in files there as well and survive the death of the process. One gateway per folder. Not
    /// given: memory only.
    /// </summary>
    public string? BufferFolder { get; init; }
    /// <summary>Bytes that the files may take, about; taking more waits. From 1 MiB. A reading takes 37 bytes.</summary>
    public long BufferBytes { get; init; } = 1L << 30;
    /// <summary>
    /// Zero: a reading is synced to the disk before <c>SendAsync</c> returns and before it leaves, so that a power cut loses
    /// nothing. More: it is written before and synced so much later at most; the death of the process still loses nothing,
    /// a power cut loses what is not synced, and then the epoch rises.
    /// </summary>
    public TimeSpan SyncWithin { get; init; } = TimeSpan.Zero;
    /// <summary>Readings in a frame at most, 1 to <see cref="FrameLimitReadings"/>.</summary>
    public int MaxFrameReadings { get; init; } = 1_000;
    /// <summary>
    /// While an answer is outstanding a frame that is not full waits so long for more, at most. With nothing outstanding a
    /// reading leaves at once. Zero: never wait. Live clock only; recorded frames are cut by their time.
    /// </summary>
    public TimeSpan LingerFor { get; init; } = TimeSpan.FromMilliseconds(2);
    /// <summary>A stream on which nothing became durable for so long, though something waits, is tried at the next node.</summary>
    public TimeSpan Standstill { get; init; } = TimeSpan.FromSeconds(8);
    /// <summary>
    /// Given: when every node rejects the gateway's token, its own name or its declarations, it is tried again after so
    /// long, and samples are taken meanwhile; somebody mends it while the folder keeps. Not given: the gateway is fenced.
    /// What no time mends (OLD_EPOCH, EPOCH_USED) fences it in any case. 100 ms or more.
    /// </summary>
    public TimeSpan? RetryRejected { get; init; }
    /// <summary>
    /// A backlog that reaches back further than this when a stream begins does not go first: the newest sample of each
    /// detector does (alarms.md P9). The edge stores what is older than this without evaluating it (P7).
    /// </summary>
    public TimeSpan LiveLimit { get; init; } = TimeSpan.FromMinutes(2);
    /// <summary>What to do when the buffer is full.</summary>
    public WhenFull WhenFull { get; init; } = WhenFull.Wait;
    /// <summary>The machine's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The limit of readings in memory that follows from the others.</summary>
    internal int LimitReadings => BufferReadings ?? (BufferFolder is null ? 200_000 : (int)Math.Min(5_000_000, BufferBytes / Disk.RecordBuffer.ReadingBytes));

    /// <summary>Names the first setting that cannot be.</summary>
    /// <exception cref="ArgumentException">With the setting's name.</exception>
    internal void Validate()
    {
        Require(Nodes.Count > 0, nameof(Nodes), "at least one node");
        Require(GatewayId.Length > 0, nameof(GatewayId), "the gateway's name");
        Require(Clock is Clock.Live or Clock.Recorded, nameof(Clock), "live or recorded");
        Require(Epoch is null or >= 1, nameof(Epoch), "1 or more");
        Require(BufferReadings is null or >= 1, nameof(BufferReadings), "1 or more");
        Require(BufferFolder is null || BufferBytes >= 1 << 20, nameof(BufferBytes), "1 MiB or more");
        Require(SyncWithin >= TimeSpan.Zero && SyncWithin <= TimeSpan.FromMinutes(1), nameof(SyncWithin), "0 to 1 min");
        Require(MaxFrameReadings is >= 1 and <= FrameLimitReadings, nameof(MaxFrameReadings), $"1 to {FrameLimitReadings}");
        Require(LingerFor >= TimeSpan.Zero && LingerFor <= TimeSpan.FromSeconds(1), nameof(LingerFor), "0 to 1 s");
        Require(Standstill > TimeSpan.Zero, nameof(Standstill), "more than 0");
        Require(RetryRejected is null || RetryRejected >= TimeSpan.FromMilliseconds(100), nameof(RetryRejected), "100 ms or more");
        Require(LiveLimit > TimeSpan.Zero, nameof(LiveLimit), "more than 0");
    }

    private static void Require(bool right, string setting, string wanted)
    {
        if (!right) throw new ArgumentException($"{setting}: {wanted}", setting);
    }
}
