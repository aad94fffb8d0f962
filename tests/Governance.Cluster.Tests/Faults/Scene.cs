using System.Diagnostics;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Net.Client;

namespace Governance.Cluster.Tests.Faults;

/// <summary>A cluster at work: sources in service, a gateway that streams, a subscriber that listens.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Scene(TestCluster cluster, Load load, Listener listener) => (Cluster, Load, Listener) = (cluster, load, listener);

    internal TestCluster Cluster { get; }
    internal Load Load { get; }
    internal Listener Listener { get; }

    /// <param name="only">The nodes that serve; all when not given.</param>
    internal static async Task<Scene> BeginAsync(TestCluster cluster, Plant plant, IReadOnlyList<GrpcChannel>? only = null)
    {
        var nodes = only ?? cluster.Channels;
        var client = new Commissioning.CommissioningClient(nodes[0]);
        for (var s = 0; s < plant.Sources; s++) await client.RegisterDetectorsAsync(plant.Registration(s), cluster.As(Roles.Admin));
        var listener = new Listener(nodes, () => cluster.Token("", Roles.Viewer));
        using var deadline = new CancellationTokenSource(Patience);
        await listener.WaitUntilSubscribedAsync(deadline.Token);
        return new Scene(cluster, new Load(plant, "gw", nodes, () => cluster.Token("gw", Roles.Gateway)), listener);
    }

    /// <summary>Returns when so many more readings are acknowledged, and how long that took.</summary>
    internal async Task<TimeSpan> UntilAcknowledgedAsync(long more, TimeSpan atMost)
    {
        var (begun, from) = (Stopwatch.GetTimestamp(), Load.Acknowledged);
        await Cluster.UntilAsync(() => Task.FromResult(Load.Acknowledged >= from + more), $"{more} more readings acknowledged", atMost);
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Ends the stream and compares everything; empty when nobody was lied to.</summary>
    internal async Task<IReadOnlyList<string>> EndAsync(Records records)
    {
        await Load.FinishAsync(Patience);
        await Cluster.UntilAsync(() => Task.FromResult(Load.Expected.Keys.All(Listener.RaisedAt.ContainsKey)), "every alarm at the subscriber", Patience);
        IReadOnlyList<string> lies = [];
        // Deadlines follow within seconds; lists wait for gaps that a crash of the database leaves in the journal's
        // ordering, 7 s each. What is still wrong after that is wrong.
        using var settled = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        do
        {
            lies = await new Checker(records, [Load], Listener).LiesAsync(DateTimeOffset.UtcNow);
            if (lies.Count > 0) await Task.Delay(500);
        }
        while (lies.Count > 0 && !settled.IsCancellationRequested);
        return lies;
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Listener.DisposeAsync();
    }
}
