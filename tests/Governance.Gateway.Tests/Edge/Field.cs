using Governance.Edge.V1;
using Grpc.Net.Client;

namespace Governance.Gateway.Tests.Edge;

/// <summary>A small plant whose every value follows from detector and number, so that content can be compared afterwards.</summary>
internal static class Field
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static SourceDeclaration[] Sources(int sources, int detectors) => [.. Enumerable.Range(0, sources).Select(s => new SourceDeclaration
    {
        SourceId = $"HS-{s:00}", Detectors = { Enumerable.Range(0, detectors).Select(d => new DetectorDeclaration { DetectorId = $"D{d}", Unit = "mg/m3" }) },
    })];

    internal static GatewayOptions Options(params EdgeNode[] nodes) => Options(nodes.Select(n => n.Channel).ToArray());

    internal static GatewayOptions Options(IReadOnlyList<GrpcChannel> nodes) => new() { Nodes = nodes, Token = () => "token", GatewayId = "gw", Epoch = 1 };

    internal static double Value(int source, int detector, long seq) => source * 1_000_000 + detector * 10_000 + seq;

    /// <summary>One sample of every detector, its <paramref name="seq"/>-th.</summary>
    internal static Sample[] Sweep(int sources, int detectors, long seq, DateTimeOffset at) =>
        [.. from s in Enumerable.Range(0, sources) from d in Enumerable.Range(0, detectors) select new Sample(s, d, at, Value(s, d, seq))];

    /// <summary>Waits for a fact; the message says which one did not come.</summary>
    internal static async Task UntilAsync(Func<bool> fact, string what, GatewayClient? gateway = null)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!fact())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"not within {Patience.TotalSeconds} s: {what}; {(gateway is null ? "" : State(gateway))}");
            await Task.Delay(2, CancellationToken.None);
        }
    }

    internal static string State(GatewayClient g) =>
        $"sent {g.Sent}, acknowledged {g.Acknowledged}, refused {g.Refused}, open {g.OpenReadings}, resent {g.ResentReadings}, connections {g.Connections}, last break {g.LastBreak}, fenced {g.Fenced}";

    /// <summary>Everything that was sent is at the edge, once, with the content it had; and the gateway knows it.</summary>
    internal static void AllStored(EdgeModel model, GatewayClient gateway, int sources, int detectors, long sweeps)
    {
        Assert.Empty(model.Reused);
        for (var s = 0; s < sources; s++)
            for (var d = 0; d < detectors; d++)
            {
                var stored = model.StoredOf($"HS-{s:00}", $"D{d}");
                for (long seq = 1; seq <= sweeps; seq++) Assert.True(stored.TryGetValue(seq, out var value) && value == Value(s, d, seq), $"HS-{s:00}/D{d} {seq}: {(stored.ContainsKey(seq) ? stored[seq] : "missing")}");
                Assert.Equal(sweeps, stored.Count);
            }
        Assert.Equal((sources * detectors * sweeps, sources * detectors * sweeps, 0L), (gateway.Sent, gateway.Acknowledged, gateway.OpenReadings));
    }
}
