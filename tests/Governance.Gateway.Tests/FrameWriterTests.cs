using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Governance.Gateway.Keeping;
using Governance.Gateway.Sending;
using Governance.Gateway.Wire;

namespace Governance.Gateway.Tests;

/// <summary>What the kit writes by hand is what the generated classes would have written.</summary>
public sealed class FrameWriterTests
{
    private const int Frames = 3_000;

    [Theory, InlineData(1), InlineData(20250803), InlineData(-7)]
    public void Random_frames_parse_to_the_same_message_as_the_generated_classes_give(int seed)
    {
        var random = new Random(seed);
        var table = new SourceTable(RandomSources(random));
        var (columns, writer) = (new FrameColumns(200), new FrameWriter(table, 200));
        for (var n = 0; n < Frames; n++)
        {
            Fill(columns, table, random, n);
            var bytes = new byte[writer.Measure(columns) + 8];
            var written = writer.Write(columns, bytes.AsSpan(0, bytes.Length - 8));
            Assert.Equal(bytes.Length - 8, written);
            var parsed = GatewayFrame.Parser.ParseFrom(bytes, 0, written);
            var wanted = Reference(columns, table);
            // Equal compares doubles by their bits here; the bytes prove that it is the canonical form as well.
            Assert.True(wanted.Equals(parsed), $"seed {seed}, frame {n}\nwanted {wanted}\ngot    {parsed}");
            Assert.Equal(wanted.ToByteArray(), bytes.AsSpan(0, written).ToArray());
        }
    }

    [Fact]
    public void Field_numbers_are_those_of_the_contract()
    {
        Assert.Equal(GatewayFrame.BatchFieldNumber, Fields.GatewayFrame.Batch);
        Assert.Equal((ReadingBatch.FrameFieldNumber, ReadingBatch.SentAtFieldNumber, ReadingBatch.SourcesFieldNumber), (Fields.ReadingBatch.Frame, Fields.ReadingBatch.SentAt, Fields.ReadingBatch.Sources));
        Assert.Equal((SourceReadings.SourceIdFieldNumber, SourceReadings.DetectorFieldNumber, SourceReadings.SeqFieldNumber, SourceReadings.SampledBeforeUsFieldNumber),
            (Fields.SourceReadings.SourceId, Fields.SourceReadings.Detector, Fields.SourceReadings.Seq, Fields.SourceReadings.SampledBeforeUs));
        Assert.Equal((SourceReadings.TakenBeforeUsFieldNumber, SourceReadings.ValueFieldNumber, SourceReadings.QualityFieldNumber),
            (Fields.SourceReadings.TakenBeforeUs, Fields.SourceReadings.Value, Fields.SourceReadings.Quality));
        Assert.Equal((Timestamp.SecondsFieldNumber, Timestamp.NanosFieldNumber), (Fields.Timestamp.Seconds, Fields.Timestamp.Nanos));
        // The batch has a field that the kit never writes: whether something is historical follows from taken_at.
        Assert.Equal(4, ReadingBatch.Descriptor.Fields.InFieldNumberOrder().Count);
        Assert.Equal(7, SourceReadings.Descriptor.Fields.InFieldNumberOrder().Count);
    }

    [Fact]
    public void A_varint_is_as_long_as_it_says()
    {
        var bytes = new byte[16];
        foreach (var value in Enumerable.Range(0, 64).SelectMany(bit => new[] { 1UL << bit, (1UL << bit) - 1, (1UL << bit) + 1 }).Append(ulong.MaxValue))
        {
            var wire = new Protobuf(bytes);
            wire.Varint(value);
            Assert.Equal(CodedOutputStream.ComputeUInt64Size(value), Protobuf.LengthOf(value));
            Assert.Equal(Protobuf.LengthOf(value), wire.Written);
        }
    }

    private static SourceDeclaration[] RandomSources(Random random) => [.. Enumerable.Range(0, 7).Select(s =>
    {
        var declared = new SourceDeclaration { SourceId = s == 3 ? "源-危险" : $"HS-{new string('x', s * 30)}{s}" };
        // One source has so many detectors that a position takes two and three bytes.
        for (var d = 0; d < (s == 5 ? 20_000 : random.Next(1, 40)); d++) declared.Detectors.Add(new DetectorDeclaration { DetectorId = $"D{d}", Unit = "mg/m3" });
        return declared;
    })];

    private static void Fill(FrameColumns columns, SourceTable table, Random random, int n)
    {
        var (allGood, allTakenAsSampled, allAtOnce, bySource) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(4) == 0, random.Next(2) == 0);
        var sentAt = random.Next(8) == 0 ? -random.NextInt64(1L << 50) : random.NextInt64(1L << 51);
        var block = new Block(200);
        var detectors = Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(table.Detectors)).ToArray();
        if (bySource) Array.Sort(detectors);
        columns.Begin(n + 1 + (random.Next(9) == 0 ? 1L << 40 : 0), sentAt);
        foreach (var flat in detectors)
        {
            var i = block.Count++;
            block.Detector[i] = flat;
            block.Seq[i] = 1 + random.NextInt64(1L << random.Next(1, 62));
            block.SampledUs[i] = allAtOnce ? sentAt : sentAt + random.NextInt64(-(1L << 45), 1L << 45) / (1L << random.Next(45));
            block.Value[i] = random.Next(6) switch
            {
                0 => double.NaN, 1 => BitConverter.Int64BitsToDouble(0x7ff8_0000_0000_0000 + random.Next(1, 99)), 2 => double.NegativeInfinity, 3 => -0.0, 4 => 0, _ => random.NextDouble() * 1e9,
            };
            block.Quality[i] = (byte)(allGood ? 1 : random.Next(9));
            columns.Add(block, i, allTakenAsSampled ? block.SampledUs[i] : block.SampledUs[i] + random.NextInt64(-1_000_000, 1_000_000));
        }
    }

    /// <summary>The same readings through the generated classes, by the rules for columns that say nothing.</summary>
    private static GatewayFrame Reference(FrameColumns columns, SourceTable table)
    {
        var sentAt = columns.SentAtUs;
        var seconds = (long)Math.Floor(sentAt / 1e6);
        var batch = new ReadingBatch { Frame = columns.Frame, SentAt = new Timestamp { Seconds = seconds, Nanos = (int)(sentAt - seconds * 1_000_000) * 1_000 } };
        foreach (var group in Enumerable.Range(0, columns.Count).GroupBy(i => table.SourceOf[columns.Detector[i]]))
        {
            var (source, all) = (group.Key, group.ToList());
            var part = new SourceReadings { SourceId = table.Declarations[source].SourceId };
            var first = table.First[source];
            part.Detector.AddRange(all.Select(i => (uint)(columns.Detector[i] - first)));
            part.Seq.AddRange(all.Select(i => columns.Seq[i]));
            if (all.Any(i => columns.SampledUs[i] != sentAt)) part.SampledBeforeUs.AddRange(all.Select(i => sentAt - columns.SampledUs[i]));
            if (all.Any(i => columns.TakenUs[i] != columns.SampledUs[i])) part.TakenBeforeUs.AddRange(all.Select(i => sentAt - columns.TakenUs[i]));
            part.Value.AddRange(all.Select(i => columns.Value[i]));
            if (all.Any(i => columns.Quality[i] != (byte)Quality.Good)) part.Quality.AddRange(all.Select(i => (Quality)columns.Quality[i]));
            batch.Sources.Add(part);
        }
        return new GatewayFrame { Batch = batch };
    }
}
