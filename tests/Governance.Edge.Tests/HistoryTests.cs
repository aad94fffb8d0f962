using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;
using HazardKind = Governance.Edge.V1.HazardKind;
using Quality = Governance.Edge.V1.Quality;

namespace Governance.Edge.Tests;

/// <summary>
/// History over real sockets, raw and in buckets, while it lies as loose chunks, as blocks, and as both: always what is
/// computed from what was sent.
/// </summary>
public sealed class HistoryTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    private static readonly string[] Detectors = ["A", "B", "C"];

    private sealed record Sent(int Detector, long Seq, DateTimeOffset At, double Value, Quality Quality);

    [Fact]
    public async Task Raw_and_buckets_are_what_was_sent_in_blocks_and_loose()
    {
        const string source = "HS-HISTORY";
        await CommissionAsync(source);
        using var gateway = await HelloAsync(source);
        var begin = Micros(DateTimeOffset.UtcNow.AddHours(-3));
        var sent = new List<Sent>();
        // Loose, merged, and merged with a loose tail: two rounds of sending, a merge after the first.
        for (var round = 0; round < 2; round++)
        {
            var fresh = Readings(begin.AddMinutes(20 * round), new Random(round), sent);
            await SendAsync(gateway, source, fresh);
            sent.AddRange(fresh);
            await CompareAsync(source, sent, begin);
            await edge.Node.Ledger.MergeAsync(TimeSpan.Zero, default);
            Assert.Contains(await PartsAsync(source), p => p);
            await CompareAsync(source, sent, begin);
        }
        var tail = Readings(begin.AddMinutes(35), new Random(9), sent);
        await SendAsync(gateway, source, tail);
        sent.AddRange(tail);
        Assert.Equal([true, false], (await PartsAsync(source)).Distinct());
        await CompareAsync(source, sent, begin);
    }

    [Fact]
    public async Task Json_takes_a_bucket_too()
    {
        const string source = "HS-HISTORY-JSON";
        await CommissionAsync(source);
        using var gateway = await HelloAsync(source);
        var begin = Micros(DateTimeOffset.UtcNow.AddHours(-1));
        await SendAsync(gateway, source, Readings(begin, new Random(3), []));
        using var http = new HttpClient { BaseAddress = edge.Http };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", edge.Token(Roles.Viewer));
        var told = (await http.GetStringAsync($"/v1/sources/{source}/readings?bucket=60s&detector_ids=B")).Replace(" ", "");
        Assert.Contains("\"buckets\":[{\"detectorId\":\"B\",\"start\":\"", told);
        Assert.DoesNotContain("\"detectorId\":\"A\"", told);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync($"/v1/sources/{source}/readings?bucket=0.5s")).StatusCode);
    }

    [Theory, InlineData(0, 0), InlineData(0, 999_999_999), InlineData(-60, 0), InlineData(367 * 86_400, 0), InlineData(60, -5), InlineData(long.MaxValue, 0)]
    public async Task A_bucket_out_of_bounds_is_refused(long seconds, int nanos)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(new QueryReadingsRequest { SourceId = EdgeUnderTest.Live, Bucket = new Duration { Seconds = seconds, Nanos = nanos } }));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith("BUCKET_INVALID", refused.Status.Detail);
    }

    [Fact]
    public async Task More_buckets_than_there_may_be_are_refused_and_fewer_are_not()
    {
        const string source = "HS-HISTORY-MANY";
        await CommissionAsync(source);
        using var gateway = await HelloAsync(source);
        var begin = Micros(DateTimeOffset.UtcNow.AddDays(-3));
        await SendAsync(gateway, source, [.. Enumerable.Range(0, 100_001).Select(i => new Sent(0, i + 1, begin.AddSeconds(i), 0.1, Quality.Good))], perFrame: 10_000);
        var refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(new QueryReadingsRequest { SourceId = source, Bucket = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) }));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith("BUCKETS_TOO_MANY", refused.Status.Detail);
        Assert.Equal(100_000, (await AskAsync(new QueryReadingsRequest { SourceId = source, From = begin.AddSeconds(1).ToTimestamp(), Bucket = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) })).Sum(p => p.Buckets.Count));
        Assert.Equal(7, (await AskAsync(new QueryReadingsRequest { SourceId = source, Limit = 7, Bucket = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) })).Sum(p => p.Buckets.Count));
    }

    private async Task CompareAsync(string source, List<Sent> sent, DateTimeOffset begin)
    {
        foreach (var names in new[] { Array.Empty<string>(), ["B"], ["C", "A"] })
            foreach (var (from, to) in new (DateTimeOffset?, DateTimeOffset?)[] { (null, null), (begin.AddMinutes(7.3), begin.AddMinutes(26.7)), (begin.AddSeconds(400), begin.AddSeconds(410)), (null, begin.AddMinutes(-1)) })
            {
                var wanted = sent.Where(s => (names.Length == 0 || names.Contains(Detectors[s.Detector])) && (from is null || s.At >= from) && (to is null || s.At <= to)).ToList();
                var request = new QueryReadingsRequest { SourceId = source, DetectorIds = { names }, From = from?.ToTimestamp(), To = to?.ToTimestamp() };
                Assert.Equal(wanted.Select(s => $"{Detectors[s.Detector]} {s.Seq} {s.At:O} {s.Value} {s.Quality}"),
                    (await AskAsync(request)).SelectMany(p => p.Readings).Select(r => $"{r.DetectorId} {r.Seq} {r.SampledAt.ToDateTimeOffset():O} {r.Value} {r.Quality}"));
                foreach (var seconds in new[] { 7, 60, 300 })
                {
                    request.Bucket = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
                    Assert.Equal(Buckets(wanted, seconds), (await AskAsync(request)).SelectMany(p => p.Buckets).Select(Line));
                }
            }
    }

    private static IEnumerable<string> Buckets(List<Sent> sent, int seconds) =>
        from s in sent
        group s by (s.Detector, Start: s.At.ToUnixTimeSeconds() / seconds * seconds) into bucket
        orderby bucket.Key.Detector, bucket.Key.Start
        let usable = bucket.Where(s => double.IsFinite(s.Value) && (s.Quality is Quality.Good or Quality.Saturated or Quality.Manual)).ToList()
        select Line(new ReadingBucket
        {
            DetectorId = Detectors[bucket.Key.Detector], Start = DateTimeOffset.FromUnixTimeSeconds(bucket.Key.Start).ToTimestamp(), Count = bucket.Count(), UsableCount = usable.Count,
            WorstQuality = bucket.Select(s => !double.IsFinite(s.Value) && (s.Quality is Quality.Good or Quality.Manual) ? Quality.Bad : s.Quality).MaxBy(q => Array.IndexOf(FromGoodToBad, q)),
        }, usable);

    private static readonly Quality[] FromGoodToBad = [Quality.Good, Quality.Saturated, Quality.Manual, Quality.Calibration, Quality.Maintenance, Quality.Communication, Quality.Bad, Quality.OutOfService];

    private static string Line(ReadingBucket bucket, List<Sent> usable)
    {
        if (usable.Count > 0)
            (bucket.Min, bucket.Max, bucket.Mean, bucket.Last) = (usable.Min(s => s.Value), usable.Max(s => s.Value), usable.Average(s => s.Value), usable.OrderBy(s => s.At).Last().Value);
        return Line(bucket);
    }

    private static string Line(ReadingBucket b) =>
        $"{b.DetectorId} {b.Start} {b.Count} {b.UsableCount} {b.WorstQuality} {(b.HasMin ? $"{b.Min} {b.Max} {b.Mean:G10} {b.Last}" : "-")}{(b.HasMin == b.HasMean && b.HasMax == b.HasLast ? "" : "!")}";

    /// <summary>Three detectors a second for twenty minutes; B backwards in part, C with letters and without values now and then.</summary>
    private static List<Sent> Readings(DateTimeOffset begin, Random random, List<Sent> before)
    {
        var seqs = Detectors.Select((_, d) => before.Count(s => s.Detector == d)).ToArray();
        return [.. Enumerable.Range(0, 1200).SelectMany(second => Enumerable.Range(0, Detectors.Length).Select(d =>
        {
            var at = begin.AddSeconds(d == 1 && second % 100 < 30 ? second / 100 * 100 + 30 - second % 100 : second).AddTicks(d == 2 ? random.Next(3000) * 10 : 0);
            var quality = d == 2 && random.Next(10) == 0 ? (Quality)random.Next(1, 9) : Quality.Good;
            return new Sent(d, ++seqs[d], at, d == 2 && random.Next(15) == 0 ? double.NaN : Math.Round(0.3 * random.NextDouble(), 2), quality);
        }))];
    }

    private async Task<List<ReadingPage>> AskAsync(QueryReadingsRequest request)
    {
        using var call = new V1.Alarms.AlarmsClient(edge.Channel).QueryReadings(request, edge.As(Roles.Viewer));
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    /// <summary>Of every part of the history, whether it is a block.</summary>
    private async Task<List<bool>> PartsAsync(string source) =>
        await edge.Node.Ledger.ReadPartsAsync(source, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).Select(p => p.IsBlock).ToListAsync();

    private async Task CommissionAsync(string source)
    {
        var request = EdgeUnderTest.Source(source);
        foreach (var name in Detectors.Skip(1))
        {
            var more = request.Detectors[0].Clone();
            (more.DetectorId, more.Point, more.Kind) = (name, name, HazardKind.ToxicGas);
            request.Detectors.Add(more);
        }
        await new Commissioning.CommissioningClient(edge.Channel).RegisterDetectorsAsync(request, edge.As(Roles.Admin));
    }

    private async Task<GatewayWire> HelloAsync(string source)
    {
        var wire = new GatewayWire(new DeviceGateway.DeviceGatewayClient(edge.Channel).StreamReadings(edge.As(Roles.Gateway)));
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame
        {
            Hello = new Hello
            {
                GatewayId = "gw-" + source, Epoch = 1, Clock = Clock.Live,
                Sources = { new SourceDeclaration { SourceId = source, Detectors = { Detectors.Select(d => new DetectorDeclaration { DetectorId = d, Unit = "mg/m3" }) } } },
            },
        });
        Assert.NotNull((await wire.NextAsync()).Welcome);
        return wire;
    }

    private static async Task SendAsync(GatewayWire gateway, string source, IReadOnlyList<Sent> readings, int perFrame = 500)
    {
        foreach (var frame in readings.Chunk(perFrame))
        {
            var batch = gateway.Batch(source);
            var sentAt = Micros(batch.SentAt.ToDateTimeOffset());
            (batch.SentAt, batch.Historical) = (sentAt.ToTimestamp(), true);
            foreach (var s in frame)
            {
                batch.Sources[0].Detector.Add((uint)s.Detector);
                batch.Sources[0].Seq.Add(s.Seq);
                batch.Sources[0].SampledBeforeUs.Add((sentAt - s.At).Ticks / TimeSpan.TicksPerMicrosecond);
                batch.Sources[0].Value.Add(s.Value);
                batch.Sources[0].Quality.Add(s.Quality);
            }
            await gateway.Call.RequestStream.WriteAsync(new GatewayFrame { Batch = batch });
            while ((await gateway.NextAsync()).Ack is var ack && ack?.Frame < batch.Frame) Assert.Empty(ack.Refusals);
        }
    }

    private static DateTimeOffset Micros(DateTimeOffset at) => at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond));
}
