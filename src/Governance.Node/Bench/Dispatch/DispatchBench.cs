using System.Collections.Concurrent;
using System.Diagnostics;
using Governance.Edge.V1;
using Governance.Node.Gateway;
using Grpc.Core;
using Roles = Governance.Domain.Kernel.Roles;

namespace Governance.Node.Bench;

/// <summary>What a rate of new cases came to.</summary>
/// <param name="Registered">Answers to the registration: the case is durable.</param>
/// <param name="Desk">From sending until a subscriber holds the alert that the lead's desk has the case.</param>
/// <param name="Lists">Pages of the case list, by what was asked for.</param>
internal sealed record DispatchResult(double AskedPerSecond, double ReachedPerSecond, int Cases, Quantiles Registered, Quantiles Desk, IReadOnlyList<(string What, int Found, Quantiles Time)> Lists, Quantiles Sync);

/// <summary>
/// Registers cases of many categories and places at a steady rate, each over gRPC, judged by rule, routed, durable, and told
/// to its desks; then asks the lists of what came together. Node and load are processes of their own.
/// </summary>
internal sealed class DispatchBench(double rate, int seconds, string postgres, Action<string> tell)
{
    private const int WarmSeconds = 5, Senders = 4, ListSamples = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Categories = ["0801", "0501", "0602", "0603", "0701", "0806", "1002", "1101", "1203", "0203"];
    private static readonly string[] Texts = ["小区东门电动车充电桩损坏", "路边暴露垃圾三天没人清理", "路灯不亮，晚上看不见", "路面坑洼积水严重", "信号灯故障闪烁", "楼上渗漏水到我家", "夜间施工噪声扰民", "超市出售过期食品", "工地扬尘很大", "电动车飞线充电有火灾隐患"];

    internal async Task<DispatchResult> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("governance-bench-").FullName;
        try
        {
            await using var node = await BenchNode.StartAsync(Path.Combine(folder, "node"), postgres, cancel);
            await using var alerts = new AlertReader([node.Channel], () => node.Token(Roles.Viewer), new SubscribeRequest { HeartbeatS = 5 });
            await alerts.WaitUntilSubscribedAsync(cancel);
            using var disk = new SyncProbe(folder);
            var (sent, desk, registered) = (new ConcurrentDictionary<string, long>(), new Latencies(), new Latencies());
            var open = 0;
            alerts.Arrived += alert =>
            {
                if (alert.Kind != AlertKind.CaseDispatched || !sent.TryRemove(alert.CaseId, out var at)) return;
                desk.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                Interlocked.Decrement(ref open);
            };
            await LoadAsync(node, "warm", WarmSeconds, sent, registered, () => Interlocked.Increment(ref open), cancel);
            await EmptyAsync(() => Volatile.Read(ref open), cancel);
            desk.Take();
            registered.Take();
            var begun = Stopwatch.GetTimestamp();
            var cases = await LoadAsync(node, "load", seconds, sent, registered, () => Interlocked.Increment(ref open), cancel);
            var reached = cases / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            await EmptyAsync(() => Volatile.Read(ref open), cancel);
            tell($"{cases} cases at {reached:0.0}/s");
            var sync = Sync(disk);
            return new DispatchResult(rate, reached, cases, registered.Take(), desk.Take(), await ListsAsync(node, cancel), sync);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private async Task<int> LoadAsync(BenchNode node, string name, int forSeconds, ConcurrentDictionary<string, long> sent, Latencies registered, Action opened, CancellationToken cancel)
    {
        var (client, headers, total, next, begun) = (new Cases.CasesClient(node.Channel), node.Headers(Roles.Relay), (int)(rate * forSeconds), -1, Stopwatch.GetTimestamp());
        var pending = new ConcurrentBag<Task>();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < total)
            {
                // Its own moment, whatever the answers before it took: a slow node is not given less to do.
                var wait = TimeSpan.FromSeconds(i / rate) - Stopwatch.GetElapsedTime(begun);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, cancel);
                pending.Add(RegisterAsync(client, headers, name, i, sent, registered, opened, cancel));
            }
        }));
        await Task.WhenAll(pending);
        return total;
    }

    private static async Task RegisterAsync(Cases.CasesClient client, Metadata headers, string name, int i, ConcurrentDictionary<string, long> sent, Latencies registered, Action opened, CancellationToken cancel)
    {
        var subdistrict = $"4108030{new[] { "01", "02", "03", "04", "05", "06", "08", "09", "10" }[i % 9]}";
        var source = $"{name}-{i}";
        var at = Stopwatch.GetTimestamp();
        // The alert may be here before the answer: the case's key follows from the signal.
        sent[Domain.Kernel.CaseKey.Of($"HL/{source}").Value] = at;
        opened();
        await client.RegisterCaseAsync(new RegisterCaseRequest
        {
            CommandId = Guid.NewGuid().ToString(), Channel = "HL", SourceEventId = source, Category = Categories[i % Categories.Length], Confidence = 0.95, Subdistrict = subdistrict, Text = $"{Texts[i % Texts.Length]}，编号{i}",
            Place = new Place { Community = $"{subdistrict}001", Address = $"{i % 97}号院" }, Reporter = $"vault-{i}", Reachable = true,
        }, headers, cancellationToken: cancel);
        registered.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
    }

    private static async Task EmptyAsync(Func<int> open, CancellationToken cancel)
    {
        for (var begun = Stopwatch.GetTimestamp(); open() > 0; await Task.Delay(20, cancel))
            if (Stopwatch.GetElapsedTime(begun) > Patience) throw new TimeoutException($"{open()} cases are on no desk after {Patience.TotalSeconds:0} s");
    }

    private static Quantiles Sync(SyncProbe disk)
    {
        for (var i = 0; i < ListSamples; i++) disk.Sync();
        return disk.Latencies.Take();
    }

    /// <summary>The lists know the cases a moment later than their desks.</summary>
    private async Task<IReadOnlyList<(string, int, Quantiles)>> ListsAsync(BenchNode node, CancellationToken cancel)
    {
        var (client, headers, lists) = (new Cases.CasesClient(node.Channel), node.Headers(Roles.Viewer), new List<(string, int, Quantiles)>());
        await Task.Delay(TimeSpan.FromSeconds(2), cancel);
        foreach (var (what, request) in new (string, ListCasesRequest)[]
        {
            ("newest 100", new ListCasesRequest()), ("earliest due 100", new ListCasesRequest { ByDue = true }), ("of one organisation", new ListCasesRequest { Organisation = "ZJ" }),
            ("text 充电桩损坏", new ListCasesRequest { Text = "充电桩损坏" }), ("text 编号777", new ListCasesRequest { Text = "编号777" }), ("text 不存在的词", new ListCasesRequest { Text = "不存在的词" }),
        })
        {
            var (times, found) = (new Latencies(), 0);
            for (var i = 0; i < ListSamples; i++)
            {
                var at = Stopwatch.GetTimestamp();
                found = (await client.ListCasesAsync(request, headers, cancellationToken: cancel)).Cases.Count;
                times.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }
            lists.Add((what, found, times.Take()));
            tell($"{what}: {found} found");
        }
        return lists;
    }
}
