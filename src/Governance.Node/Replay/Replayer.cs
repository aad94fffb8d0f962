using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Governance.Gateway;
using Governance.Node.Gateway;
using Grpc.Core;
using Grpc.Net.Client;

namespace Governance.Node.Replay;

/// <summary>One alarm of a replay.</summary>
public sealed record Episode(string Detector, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt, double Peak);

/// <summary>What a replay came to.</summary>
public sealed record ReplayResult(long Readings, long Acknowledged, long Refused, int Occurrences, IReadOnlyList<Episode> Episodes, int Connections);

/// <summary>Streams a recording through the real gateway protocol, in recorded time, and lists its alarms.</summary>
public sealed class Replayer(GrpcChannel channel, Func<string> token, RegisterDetectorsRequest source)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    /// <param name="progress">Called with the rows sent so far.</param>
    public async Task<ReplayResult> RunAsync(IEnumerable<Row> rows, double speed, Action<long> progress, CancellationToken cancel)
    {
        await Retried(() => new Commissioning.CommissioningClient(channel).RegisterDetectorsAsync(source, Auth(), cancellationToken: cancel).ResponseAsync, cancel);
        var options = new GatewayOptions { Nodes = [channel], Token = token, GatewayId = $"replay-{source.SourceId}", Clock = Clock.Recorded };
        var declared = new SourceDeclaration { SourceId = source.SourceId, Detectors = { source.Detectors.Select(d => new DetectorDeclaration { DetectorId = d.DetectorId, Unit = d.Unit }) } };
        await using var alerts = new AlertReader([channel], token, new SubscribeRequest { Areas = { source.Subdistrict }, HeartbeatS = 1 });
        // First the ear, then the voice: no alarm may be raised before the subscriber has its cursor.
        await alerts.WaitUntilSubscribedAsync(cancel);
        // What lived before belongs to nobody's replay but its own.
        var before = alerts.Alerts.Count;
        await using var gateway = new GatewayClient(options, [declared]);
        var (last, begun, first, sent, latest) = (0L, DateTimeOffset.UtcNow, (DateTimeOffset?)null, 0L, DateTimeOffset.MinValue);
        foreach (var row in rows)
        {
            first ??= row.At;
            // A recorded clock never runs backwards; the sample keeps its own stamp as evidence.
            latest = row.At > latest ? row.At : latest;
            if (!double.IsPositiveInfinity(speed) && (row.At - first.Value) / speed - (DateTimeOffset.UtcNow - begun) is var ahead && ahead > TimeSpan.Zero) await Task.Delay(ahead, cancel);
            last = await gateway.SendAsync(latest, row.Values.Select((v, i) => new Sample(0, i, row.At, v)).ToArray(), cancel);
            if (++sent % 100 == 0) progress(sent);
        }
        await gateway.WaitUntilAcknowledgedAsync(last, cancel);
        progress(sent);
        await alerts.WaitUntilAsync(source.Subdistrict, await FeedHeadAsync(cancel), cancel);
        var episodes = Episodes(alerts.Alerts.Skip(before).Where(a => a.SourceId == source.SourceId));
        return new ReplayResult(gateway.Sent, gateway.Acknowledged, gateway.Refused, episodes.Count, episodes, gateway.Connections);
    }

    /// <summary>The head of the feed, once the source has nothing left to tell it.</summary>
    private async Task<long> FeedHeadAsync(CancellationToken cancel)
    {
        var inspection = new Inspection.InspectionClient(channel);
        while (true)
        {
            var entity = await Retried(() => inspection.InspectEntityAsync(new InspectEntityRequest { Kind = "hazard-source", Id = source.SourceId }, Auth(), cancellationToken: cancel).ResponseAsync, cancel);
            if (entity.Outbox.All(o => !o.To.StartsWith("alert-feed/", StringComparison.Ordinal))) break;
            await Task.Delay(Retry, cancel);
        }
        var feed = await Retried(() => inspection.InspectEntityAsync(new InspectEntityRequest { Kind = "alert-feed", Id = source.Subdistrict }, Auth(), cancellationToken: cancel).ResponseAsync, cancel);
        return feed.Version;
    }

    private static List<Episode> Episodes(IEnumerable<Alert> alerts)
    {
        var episodes = new Dictionary<string, Episode>();
        foreach (var alert in alerts)
            switch (alert.Kind)
            {
                case AlertKind.OccurrenceRaised: episodes[alert.OccurrenceId] = new Episode(alert.DetectorId, alert.At.ToDateTimeOffset(), null, alert.Value); break;
                case AlertKind.LevelRaised when episodes.ContainsKey(alert.OccurrenceId): episodes[alert.OccurrenceId] = episodes[alert.OccurrenceId] with { Peak = alert.Value }; break;
                case AlertKind.ReturnedToNormal when episodes.ContainsKey(alert.OccurrenceId): episodes[alert.OccurrenceId] = episodes[alert.OccurrenceId] with { ClearedAt = alert.At.ToDateTimeOffset(), Peak = alert.Value }; break;
            }
        return [.. episodes.Values.OrderBy(e => e.RaisedAt)];
    }

    private static async Task<T> Retried<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        while (true)
        {
            try { return await call(); }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal && !cancel.IsCancellationRequested) { await Task.Delay(Retry, cancel); }
        }
    }

    private Metadata Auth() => new() { { "authorization", $"Bearer {token()}" } };
}
