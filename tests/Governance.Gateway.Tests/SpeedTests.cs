using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Governance.Edge.V1;
using Governance.Gateway.Sending;
using Governance.Gateway.Tests.Edge;
using Governance.Gateway.Wire;
using Xunit.Abstractions;

namespace Governance.Gateway.Tests;

/// <summary>What a reading costs the gateway: taken, encoded, settled. GOVERNANCE_MEASURE=1 measures for longer and prints figures.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    private const int Sources = 50, Detectors = 20, Frame = Sources * Detectors;

    /// <summary>The kit without a network: what leaves is answered at once with the marks of all sources.</summary>
    private sealed class Loop
    {
        private readonly SourceTable _table = new(Field.Sources(Sources, Detectors));
        private readonly Outbox _outbox;
        private readonly FrameColumns _columns = new(Frame);
        private readonly FrameWriter _writer;
        private readonly byte[] _bytes = new byte[1 << 20];
        private readonly Sample[] _samples = Field.Sweep(Sources, Detectors, 1, DateTimeOffset.UtcNow);
        private readonly List<RefusedReadings> _refused = [];
        private readonly EdgeFrame _answer = new() { Ack = new Ack { Credit = 50_000 } };
        private long _frames;

        internal Loop()
        {
            var options = new GatewayOptions { Nodes = [NodeChannel.To("http://127.0.0.1:1")], Token = () => "", GatewayId = "gw", LingerFor = TimeSpan.Zero };
            (_outbox, _writer) = (new Outbox(_table, options, 1), new FrameWriter(_table, Frame));
            _outbox.BeginStream();
            _outbox.Apply(new EdgeFrame { Welcome = new Welcome { Credit = 50_000 } }, _refused);
            for (var s = 0; s < Sources; s++) _answer.Ack.Marks.Add(new SourceMarks { Source = (uint)s, Epoch = 1, Through = { new long[Detectors] } });
        }

        internal byte[] AnswerBytes => _answer.ToByteArray();
        internal long Acknowledged => _outbox.Acknowledged;
        internal int BytesPerFrame { get; private set; }

        internal void Take()
        {
            if (!_outbox.TryTake(Micros.Of(DateTimeOffset.UtcNow), _samples, out _)) throw new InvalidOperationException("no room");
        }

        internal void Encode()
        {
            if (_outbox.Next(_columns).Kind != TurnKind.Frame) throw new InvalidOperationException("nothing to send");
            BytesPerFrame = _writer.Measure(_columns);
            _writer.Write(_columns, _bytes);
        }

        internal void Settle()
        {
            _answer.Ack.Frame = ++_frames;
            foreach (var marks in _answer.Ack.Marks)
                for (var d = 0; d < Detectors; d++) marks.Through[d] = _frames;
            _outbox.Apply(_answer, _refused);
        }
    }

    [Fact]
    public void Nothing_is_allocated_per_reading()
    {
        var loop = new Loop();
        for (var n = 0; n < 200; n++) { loop.Take(); loop.Encode(); loop.Settle(); }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1_000; n++) { loop.Take(); loop.Encode(); loop.Settle(); }
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000.0;
        Assert.Equal(1_200L * Frame, loop.Acknowledged);
        Assert.True(each < 256, $"{each} bytes per frame of {Frame} readings");
    }

    [Fact]
    public void A_reading_costs_nanoseconds()
    {
        var isMeasured = Environment.GetEnvironmentVariable("GOVERNANCE_MEASURE") == "1";
        var (loop, rounds) = (new Loop(), isMeasured ? 30_000 : 300);
        var (take, encode, settle) = (new List<long>(), new List<long>(), new List<long>());
        for (var n = 0; n < rounds; n++)
        {
            var t0 = Stopwatch.GetTimestamp();
            loop.Take();
            var t1 = Stopwatch.GetTimestamp();
            loop.Encode();
            var t2 = Stopwatch.GetTimestamp();
            loop.Settle();
            var t3 = Stopwatch.GetTimestamp();
            if (n < rounds / 3) continue;
            take.Add(t1 - t0);
            encode.Add(t2 - t1);
            settle.Add(t3 - t2);
        }
        var sum = Median(take) + Median(encode) + Median(settle);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"per reading at frames of {Frame}: take {Median(take):0.0} ns, encode {Median(encode):0.0} ns, settle {Median(settle):0.0} ns, sum {sum:0.0} ns (medians of frames); {loop.BytesPerFrame / (double)Frame:0.0} bytes on the wire"));
        // A loaded machine is slow, a reading that costs microseconds is wrong.
        Assert.True(sum < 2_000, $"{sum} ns per reading");
        var (bytes, begun, parses) = (loop.AnswerBytes, Stopwatch.GetTimestamp(), isMeasured ? 20_000 : 100);
        for (var n = 0; n < parses; n++) EdgeFrame.Parser.ParseFrom(bytes);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parsing the answer: {Ns(Stopwatch.GetTimestamp() - begun, parses):0.0} ns per reading, {bytes.Length} bytes"));

        static double Median(List<long> ticks) => Ns(ticks.Order().ElementAt(ticks.Count / 2), 1);
        static double Ns(long ticks, long frames) => ticks * 1e9 / Stopwatch.Frequency / frames / Frame;
    }
}
