using System.Net;
using System.Net.Sockets;

namespace Governance.FieldGateway.Tests.Harness;

/// <summary>Waiting for facts, with a bound.</summary>
internal static class Wait
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static Task UntilAsync(Func<bool> fact, Func<string> state) => UntilAsync(() => Task.FromResult(fact()), state);

    internal static async Task UntilAsync(Func<Task<bool>> fact, Func<string> state)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await fact())
            if (deadline.IsCancellationRequested) throw new TimeoutException($"not within {Patience.TotalSeconds} s: {state()}");
            else await look.WaitForNextTickAsync(CancellationToken.None);
    }
}

internal static class Ports
{
    internal static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
