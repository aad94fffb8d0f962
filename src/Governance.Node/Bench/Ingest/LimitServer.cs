using System.Net;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Governance.Edge.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Node.Bench;

/// <summary>What the machine gives at most, without any meaning.</summary>
internal enum LimitMode
{
    /// <summary>Frames as they came, appended to a file, synced in groups, acknowledged.</summary>
    Log,
    /// <summary>Readings as plain rows by prepared inserts into SQLite, synced in groups.</summary>
    RowsSqlite,
    /// <summary>Readings as plain rows by COPY into PostgreSQL, committed in groups.</summary>
    RowsPostgres,
}

/// <summary>Stores a group of frames so that they survive a power cut.</summary>
internal interface ILimitStore : IDisposable
{
    void Store(IReadOnlyList<byte[]> frames);
}

/// <summary>The same door as a node's, with nothing behind it but the disk.</summary>
internal static class LimitServer
{
    private const int GroupFrames = 20_000;

    internal static async Task RunAsync(ILimitStore store, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2);
            (k.Limits.Http2.InitialStreamWindowSize, k.Limits.Http2.InitialConnectionWindowSize) = (256 * 1024, 4 * 1024 * 1024);
        });
        builder.Services.AddGrpc(g => g.MaxReceiveMessageSize = 4 << 20);
        var queue = Channel.CreateBounded<(byte[] Frame, RawGateway.Answers To)>(new BoundedChannelOptions(GroupFrames) { SingleReader = true });
        builder.Services.AddSingleton(queue.Writer).AddSingleton<RawGateway>();
        await using var app = builder.Build();
        app.MapGrpcService<RawGateway>();
        await app.StartAsync(cancel);
        new Thread(() => Write(queue.Reader, store)) { IsBackground = true, Name = "limit" }.Start();
        Console.WriteLine($"gRPC  {app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync(cancel);
    }

    private static void Write(ChannelReader<(byte[] Frame, RawGateway.Answers To)> queue, ILimitStore store)
    {
        var (frames, answers) = (new List<byte[]>(), new Dictionary<RawGateway.Answers, int>());
        while (queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            frames.Clear();
            answers.Clear();
            while (frames.Count < GroupFrames && queue.TryRead(out var item))
            {
                frames.Add(item.Frame);
                CollectionsMarshal.GetValueRefOrAddDefault(answers, item.To, out _)++;
            }
            store.Store(frames);
            foreach (var (to, count) in answers) to.Durable(count);
        }
    }
}

/// <summary>The gateway service with frames as bytes; laid out as the generated code is, so that the server finds it.</summary>
[BindServiceMethod(typeof(RawGatewayBase), nameof(BindService))]
internal abstract class RawGatewayBase
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create((byte[] b, SerializationContext c) => c.Complete(b), c => c.PayloadAsNewBuffer());
    private static readonly Marshaller<EdgeFrame> Edge = Marshallers.Create((EdgeFrame f, SerializationContext c) => c.Complete(Google.Protobuf.MessageExtensions.ToByteArray(f)), _ => throw new NotSupportedException());
    private static readonly Method<byte[], EdgeFrame> Stream = new(MethodType.DuplexStreaming, "governance.edge.v1.DeviceGateway", "StreamReadings", Raw, Edge);

    public static void BindService(ServiceBinderBase binder, RawGatewayBase? service) =>
        binder.AddMethod(Stream, service is null ? null! : new DuplexStreamingServerMethod<byte[], EdgeFrame>(service.StreamReadings));

    public abstract Task StreamReadings(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<EdgeFrame> responses, ServerCallContext context);
}

/// <summary>Takes frames as bytes and says how many are durable.</summary>
internal sealed class RawGateway(ChannelWriter<(byte[] Frame, RawGateway.Answers To)> queue) : RawGatewayBase
{
    private const int Credit = 50_000;

    /// <summary>Answers of one stream.</summary>
    internal sealed class Answers
    {
        private readonly SemaphoreSlim _moved = new(0, 1);
        private long _durable;

        internal long Frames => Interlocked.Read(ref _durable);
        internal void Durable(int frames)
        {
            Interlocked.Add(ref _durable, frames);
            try { if (_moved.CurrentCount == 0) _moved.Release(); }
            catch (SemaphoreFullException) { /* just signalled */ }
        }

        internal Task MovedAsync(CancellationToken cancel) => _moved.WaitAsync(TimeSpan.FromMilliseconds(100), cancel);
    }

    public override async Task StreamReadings(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<EdgeFrame> responses, ServerCallContext context)
    {
        if (!await requests.MoveNext(context.CancellationToken)) return;
        await responses.WriteAsync(new EdgeFrame { Welcome = new Welcome { Credit = Credit } });
        var (answers, received, ended) = (new Answers(), 0L, false);
        var telling = TellAsync();
        while (await requests.MoveNext(context.CancellationToken))
        {
            Interlocked.Increment(ref received);
            if (!queue.TryWrite((requests.Current, answers))) await queue.WriteAsync((requests.Current, answers), context.CancellationToken);
        }
        Volatile.Write(ref ended, true);
        await telling;

        async Task TellAsync()
        {
            for (var told = 0L; !Volatile.Read(ref ended) || told < Interlocked.Read(ref received);)
            {
                await answers.MovedAsync(context.CancellationToken);
                if (answers.Frames == told) continue;
                told = answers.Frames;
                await responses.WriteAsync(new EdgeFrame { Ack = new Ack { Frame = told, Credit = Credit } }, context.CancellationToken);
            }
        }
    }
}
