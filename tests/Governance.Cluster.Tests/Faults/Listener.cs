using System.Collections.Concurrent;
using Governance.Edge.V1;
using Governance.Node.Gateway;
using Grpc.Net.Client;

namespace Governance.Cluster.Tests.Faults;

/// <summary>A subscriber that remembers when each occurrence reached it, and folds what it saw as the specification says.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly AlertReader _reader;

    internal Listener(IReadOnlyList<GrpcChannel> nodes, Func<string> token)
    {
        _reader = new AlertReader(nodes, token, new SubscribeRequest { Areas = { Plant.Area }, HeartbeatS = 1 });
        _reader.Arrived += alert =>
        {
            if (alert.Kind != AlertKind.OccurrenceRaised) return;
            if (!RaisedAt.TryAdd(alert.OccurrenceId, DateTimeOffset.UtcNow)) Doubled.Add(alert.OccurrenceId);
        };
    }

    /// <summary>When each occurrence arrived here.</summary>
    internal ConcurrentDictionary<string, DateTimeOffset> RaisedAt { get; } = new();
    internal ConcurrentBag<string> Doubled { get; } = [];
    internal IReadOnlyList<Alert> Alerts => _reader.Alerts;
    internal FeedHeartbeat? LastHeartbeat => _reader.LastHeartbeat;

    internal Task WaitUntilSubscribedAsync(CancellationToken cancel) => _reader.WaitUntilSubscribedAsync(cancel);

    /// <summary>What is live, from every alert that was seen.</summary>
    internal SortedDictionary<string, string> Folded() => Fold(Alerts);

    /// <summary>The same fold as the feed's own.</summary>
    internal static SortedDictionary<string, string> Fold(IEnumerable<Alert> alerts)
    {
        var live = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var a in alerts.OrderBy(a => a.Position))
            switch (a.Kind)
            {
                case AlertKind.ReturnedToNormal or AlertKind.WarningEnded: live.Remove("occurrence/" + a.OccurrenceId); break;
                case AlertKind.CaseClosed: live.Remove("case/" + a.CaseId); break;
                case AlertKind.ColourChanged when a.Colour == Colour.Blue: live.Remove("colour/" + a.SourceId); break;
                case AlertKind.ColourChanged: live["colour/" + a.SourceId] = a.AlertId; break;
                case AlertKind.CaseOpened or AlertKind.CaseDispatched or AlertKind.CaseProgressed or AlertKind.DeadlineBreached: live["case/" + a.CaseId] = a.AlertId; break;
                case AlertKind.OccurrenceRaised or AlertKind.LevelRaised or AlertKind.LevelLowered or AlertKind.Acknowledged or AlertKind.ReAlarmed or AlertKind.Confirmed
                    or AlertKind.DataLost or AlertKind.DataRestored or AlertKind.WarningRelayed or AlertKind.WarningUpdated when a.OccurrenceId.Length > 0:
                    live["occurrence/" + a.OccurrenceId] = a.AlertId;
                    break;
            }
        return live;
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
