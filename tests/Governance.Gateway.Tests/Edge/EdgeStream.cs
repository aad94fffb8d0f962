using Governance.Edge.V1;
using Grpc.Core;

namespace Governance.Gateway.Tests.Edge;

/// <summary>One stream as the edge sees it: a script reads from it and answers.</summary>
internal sealed class EdgeStream(EdgeModel model, int number, IAsyncStreamReader<GatewayFrame> from, IServerStreamWriter<EdgeFrame> to, CancellationToken ended)
{
    /// <summary>Counted over all streams of all nodes, from 1.</summary>
    internal int Number { get; } = number;
    internal EdgeModel Model { get; } = model;
    /// <summary>All hellos of the stream as one.</summary>
    internal Hello Hello { get; private set; } = new();
    internal long LastFrame { get; private set; }
    internal CancellationToken Ended { get; } = ended;

    /// <summary>The next frame; null when the gateway has half-closed.</summary>
    internal async Task<GatewayFrame?> ReadAsync()
    {
        if (!await from.MoveNext(Ended)) return null;
        var frame = from.Current;
        if (frame.Hello is { } hello)
        {
            if (Hello.GatewayId.Length == 0) Hello = hello.Clone();
            else Hello.Sources.AddRange(hello.Sources.Select(s => s.Clone()));
        }
        else if (frame.Batch is { } batch)
        {
            Assert.Equal(LastFrame + 1, batch.Frame);
            LastFrame = batch.Frame;
        }
        return frame;
    }

    internal Task WriteAsync(EdgeFrame frame) => to.WriteAsync(frame, Ended);

    /// <summary>Reads the hello and welcomes the gateway.</summary>
    internal async Task WelcomeAsync(int credit = 50_000)
    {
        var hello = await ReadAsync();
        Assert.NotNull(hello?.Hello);
        await WriteAsync(new EdgeFrame { Welcome = new Welcome { Credit = credit } });
    }

    /// <summary>Takes every reading of a batch; <paramref name="store"/> says which are stored.</summary>
    internal void Take(ReadingBatch batch, Func<SourceReadings, int, bool>? store = null)
    {
        foreach (var part in batch.Sources)
            for (var i = 0; i < part.Detector.Count; i++) Model.Take(Hello, batch, part, i, Number, store?.Invoke(part, i) ?? true);
    }

    /// <summary>The marks of all detectors that the batch touched, as the hello asked for them.</summary>
    internal Ack AckOf(ReadingBatch batch, int credit = 50_000)
    {
        var ack = new Ack { Frame = batch.Frame, Credit = credit };
        AddMarks(ack, batch.Sources.Select(s => s.SourceId));
        return ack;
    }

    internal void AddMarks(Ack ack, IEnumerable<string> sources)
    {
        foreach (var id in sources)
        {
            var position = Hello.Sources.ToList().FindIndex(s => s.SourceId == id);
            var declared = Hello.Sources[position];
            if (Hello.MarkColumns)
            {
                var marks = new SourceMarks { Source = (uint)position, Epoch = Hello.Epoch };
                marks.Through.AddRange(declared.Detectors.Select(d => Model.ThroughOf(id, d.DetectorId, Hello.Epoch)));
                ack.Marks.Add(marks);
            }
            else
                ack.DurableThrough.AddRange(declared.Detectors.Select(d => new DurableMark { SourceId = id, DetectorId = d.DetectorId, Epoch = Hello.Epoch, Through = Model.ThroughOf(id, d.DetectorId, Hello.Epoch) }));
        }
    }

    internal Task TellAsync(Ack ack) => WriteAsync(new EdgeFrame { Ack = ack });

    /// <summary>Serves as it should be: takes what comes and says so at once. Ends when the gateway does.</summary>
    internal async Task ServeAsync(int credit = 50_000, bool byName = false)
    {
        await WelcomeAsync(credit);
        if (byName) Hello.MarkColumns = false;
        while (await ReadAsync() is { } frame) await AnswerAsync(frame, credit);
    }

    internal async Task AnswerAsync(GatewayFrame frame, int credit = 50_000)
    {
        if (frame.Skipped is { } skipped)
        {
            Model.Skip(Hello, skipped);
            var ack = new Ack { Credit = credit };
            AddMarks(ack, [skipped.SourceId]);
            await TellAsync(ack);
        }
        else if (frame.Batch is { } batch)
        {
            Take(batch);
            await TellAsync(AckOf(batch, credit));
        }
    }
}
