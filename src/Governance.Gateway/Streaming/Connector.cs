using Governance.Edge.V1;
using Governance.Gateway.Wire;
using Grpc.Core;

namespace Governance.Gateway.Streaming;

/// <summary>
/// Keeps a stream open: the next node after every break, sooner after progress, later after none, and never again when
/// every node rejects the gateway.
/// </summary>
internal sealed class Connector(Outbox outbox, SourceTable table, GatewayOptions options, long epoch, Action<RefusedReadings> tell)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50), LongestBackoff = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<Hello> _hellos = Hellos.Of(options, epoch, table);
    private readonly bool[] _rejectedBy = new bool[options.Nodes.Count];
    private int _connections;
    private string? _lastBreak, _rejected;

    /// <summary>Streams that an edge welcomed.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    /// <summary>Why the last stream ended; null before.</summary>
    internal string? LastBreak => Volatile.Read(ref _lastBreak);

    /// <summary>Why all nodes rejected the gateway the last time; null before, and once one welcomes it.</summary>
    internal string? Rejected { get => Volatile.Read(ref _rejected); private set => Volatile.Write(ref _rejected, value); }

    internal async Task RunAsync(CancellationToken closing)
    {
        var backoff = FirstBackoff;
        for (var attempt = 0; !closing.IsCancellationRequested; attempt++)
        {
            var node = attempt % options.Nodes.Count;
            var before = outbox.Acknowledged;
            try { await StreamAsync(node, closing).ConfigureAwait(false); }
            catch (GatewayFencedException e)
            {
                outbox.Fence(e.Why);
                return;
            }
            catch (Exception e) when (RejectionOf(e) is { } why)
            {
                // One node that does not know this gateway (another key, an old policy) is not the cluster.
                (_rejectedBy[node], _lastBreak) = (true, why);
                if (Array.TrueForAll(_rejectedBy, r => r))
                {
                    // A number that was used stays used; a token or a commissioning is mended by somebody.
                    if (options.RetryRejected is not { } pause || e is NodeRejectedException)
                    {
                        outbox.Fence(why);
                        return;
                    }
                    Rejected = why;
                    Array.Clear(_rejectedBy);
                    await Task.Delay(pause, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception e)
            {
                // Whatever it was, what is not durable must go again: nothing ends this loop but the two ways above.
                _lastBreak = e is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : e.Message;
            }
            if (outbox.Acknowledged > before)
            {
                backoff = FirstBackoff;
                Array.Clear(_rejectedBy);
            }
            // Many gateways lose a node at the same moment: they must not come back at the same moment.
            await Task.Delay(backoff * (0.75 + Random.Shared.NextDouble() / 2), closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
        }
    }

    private async Task StreamAsync(int node, CancellationToken closing)
    {
        using var call = GatewayCall.Open(options.Nodes[node], options.Token(), closing);
        var session = new StreamSession(outbox, table, options, _hellos, tell) { Welcomed = Welcomed };
        await session.RunAsync(call, closing).ConfigureAwait(false);
    }

    private void Welcomed()
    {
        Interlocked.Increment(ref _connections);
        Rejected = null;
    }

    private static string? RejectionOf(Exception e) => e switch
    {
        NodeRejectedException rejected => rejected.Message,
        RpcException { StatusCode: StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.InvalidArgument } rpc => rpc.Status.Detail,
        _ => null,
    };
}
