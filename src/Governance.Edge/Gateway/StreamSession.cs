using Governance.Domain.Kernel;
using Microsoft.Extensions.Logging;

namespace Governance.Edge.Gateway;

/// <summary>Who streams, and in whose time. One per stream.</summary>
internal sealed class StreamSession(GatewayId gateway, long epoch, ClockId clock, ILogger log, CancellationTokenSource ending)
{
    internal GatewayId Gateway { get; } = gateway;
    internal long Epoch { get; } = epoch;
    internal ClockId Clock { get; } = clock;
    internal ILogger Log { get; } = log;
    internal CancellationToken Ended { get; } = ending.Token;
    internal Exception? Failure { get; private set; }

    private long _parts;

    /// <summary>A number for a message to a source; no two of a stream are the same, so an answer belongs to one message only.</summary>
    internal long NextPart() => Interlocked.Increment(ref _parts);

    /// <summary>Ends the stream: the gateway comes back and sends again what was not acknowledged.</summary>
    internal void Fail(Exception cause)
    {
        Failure ??= cause;
        ending.Cancel();
    }
}

internal static partial class StreamLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "source {Source} did not answer a part of gateway {Gateway}; sending it again")]
    internal static partial void PartUnanswered(this ILogger log, string source, string gateway);
}
