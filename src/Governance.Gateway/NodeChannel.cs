using Grpc.Net.Client;

namespace Governance.Gateway;

/// <summary>Connections to nodes, made so that a node that is cut off or frozen is noticed within seconds.</summary>
public static class NodeChannel
{
    public static GrpcChannel To(string endpoint) => GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true, ConnectTimeout = TimeSpan.FromSeconds(2), InitialHttp2StreamWindowSize = 1 << 20,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests, KeepAlivePingDelay = TimeSpan.FromSeconds(2), KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
        },
        MaxReceiveMessageSize = 4 << 20,
        // Whoever uses the channel tries again by itself, and elsewhere.
        MaxReconnectBackoff = TimeSpan.FromSeconds(1), InitialReconnectBackoff = TimeSpan.FromMilliseconds(50),
    });

    /// <summary>One channel per address, in the order given.</summary>
    public static IReadOnlyList<GrpcChannel> ToAll(string endpoints)
    {
        var addresses = endpoints.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return addresses.Length > 0 ? [.. addresses.Select(To)] : throw new ArgumentException("at least one address", nameof(endpoints));
    }
}
