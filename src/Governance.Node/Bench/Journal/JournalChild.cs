using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Node.Bench;

/// <summary>One side of <c>bench journal</c> in a process of its own; answers <c>saturate</c>, <c>pace</c>, <c>single</c> and <c>written</c>.</summary>
internal static class JournalChild
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(1);
    private static long _written;
    private const string Config = """
        akka {
          loglevel = ERROR
          actor {
            serializers.governance-journal = "Governance.Contracts.Codecs.JournalSerializer, Governance.Contracts"
            serialization-bindings { "Governance.Domain.Kernel.IDomainEvent, Governance.Domain" = governance-journal }
          }
          persistence.max-concurrent-recoveries = 50
        }
        """;

    internal static Task RunAsync(JournalStore store, int entities, CancellationToken cancel) =>
        store.Mode == JournalMode.Bare ? RunBareAsync(store, cancel) : RunActorsAsync(store, entities, cancel);

    private static async Task RunActorsAsync(JournalStore store, int entities, CancellationToken cancel)
    {
        ThreadPool.SetMinThreads(16, 16);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var prepared = await store.PrepareAsync(cancel);
        builder.Services.AddAkka("bench-journal", akka => store.Apply(akka.AddHocon(Config, HoconAddMode.Prepend), prepared));
        using var host = builder.Build();
        await host.StartAsync(cancel);
        var system = host.Services.GetRequiredService<ActorSystem>();
        var recovered = new CountdownEvent(entities);
        IActorRef[] refs = [.. Enumerable.Range(0, entities).Select(i => system.ActorOf(Props.Create(() => new JournalEntity($"case/B{i}", () => recovered.Signal()))))];
        recovered.Wait(cancel);
        Console.WriteLine("ready");
        await ChildAnswers.RunAsync(async question =>
        {
            if (question[0] == "written") return _written.ToString(CultureInfo.InvariantCulture);
            var load = new JournalLoad(refs);
            var round = question[0] switch
            {
                "saturate" => await load.SaturateAsync((int)Number(question[1]), Warm, TimeSpan.FromSeconds(Number(question[2])), cancel),
                "pace" => await load.PaceAsync(Number(question[1]), Warm, TimeSpan.FromSeconds(Number(question[2])), cancel),
                _ => await load.SingleAsync((int)Number(question[1]), cancel),
            };
            _written += load.DurableEvents;
            return JsonSerializer.Serialize(round);
        }, cancel);
        await host.StopAsync(cancel);
    }

    private static async Task RunBareAsync(JournalStore store, CancellationToken cancel)
    {
        using IBareInsert insert = store.IsPostgres ? new PostgresBareInsert(store.Where) : new SqliteBareInsert(store.Where);
        Console.WriteLine("ready");
        await ChildAnswers.RunAsync(question =>
        {
            if (question[0] != "saturate") return Task.FromResult(_written.ToString(CultureInfo.InvariantCulture));
            var (cpu, begun, before) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp(), _written);
            while (Stopwatch.GetElapsedTime(begun).TotalSeconds < Number(question[2]) && !cancel.IsCancellationRequested) insert.Batch(ref _written);
            var (seconds, rows) = (Stopwatch.GetElapsedTime(begun).TotalSeconds, _written - before);
            return Task.FromResult(JsonSerializer.Serialize(new JournalRound(rows / seconds, 0, 0, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / rows)));
        }, cancel);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
