using System.Net;
using System.Net.Sockets;

namespace Governance.Cluster.Tests.Harness;

/// <summary>
/// Ports below the range from which the kernel takes the ports of outgoing connections: a node that was killed finds its port
/// free when it comes back.
/// </summary>
internal static class FreePort
{
    private const int Lowest = 15_000;
    private const int Highest = 32_000;
    private static int _taken = Environment.ProcessId % 1_600 * 10;

    internal static int Take()
    {
        for (var attempts = 0; attempts < 1_000; attempts++)
        {
            var port = Lowest + (int)((uint)Interlocked.Increment(ref _taken) % (Highest - Lowest));
            if (IsFree(port)) return port;
        }
        throw new InvalidOperationException("no port is free");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        try { listener.Start(); }
        catch (SocketException) { return false; }
        return true;
    }
}
