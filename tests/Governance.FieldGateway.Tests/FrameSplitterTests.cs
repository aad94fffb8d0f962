using System.Text;
using Governance.FieldGateway.Hj212;
using Xunit.Abstractions;

namespace Governance.FieldGateway.Tests;

/// <summary>Frames in a stream that is cut anywhere, with anything between them.</summary>
public sealed class FrameSplitterTests(ITestOutputHelper output)
{
    private const int Limit = 1_024;

    /// <summary>However the stream is cut, the same pieces: frames whole, garbage counted, nothing swallowed.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Cut_anywhere_every_frame_comes_out_once_and_in_order(int seed)
    {
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        for (var round = 0; round < 200; round++)
        {
            var (stream, frames) = (new List<byte>(), new List<string>());
            for (var i = random.Next(1, 12); i > 0; i--)
            {
                if (random.Next(3) == 0) stream.AddRange(Garbage(random));
                var segment = Segment(random);
                frames.Add(segment);
                stream.AddRange(Frames.Of(segment));
            }
            var pieces = Feed(stream, () => random.Next(1, 40));
            Assert.Equal(frames, pieces.Where(p => p.Kind == PieceKind.Frame).Select(p => p.Segment));
            Assert.Equal(frames, Feed(stream, () => int.MaxValue).Where(p => p.Kind == PieceKind.Frame).Select(p => p.Segment));
        }
    }

    /// <summary>A damaged frame costs itself only, whatever byte of it was damaged, its length included.</summary>
    [Fact]
    public void Whatever_byte_is_damaged_the_next_frame_is_found()
    {
        var (first, second) = (Frames.Of("QN=1;CN=2011;PW=1;MN=M;CP=&&DataTime=20250803141000&&"), Frames.Of("QN=2;CN=2011;PW=1;MN=M;CP=&&&&"));
        for (var at = 0; at < first.Length; at++)
            foreach (var damage in new[] { (byte)'0', (byte)'#', (byte)'9', (byte)'\r', (byte)0, (byte)0xFF })
            {
                if (first[at] == damage) continue;
                byte[] damaged = [.. first];
                damaged[at] = damage;
                var splitter = new FrameSplitter(Limit);
                var pieces = new List<Piece>();
                splitter.Feed([.. damaged, .. second], pieces);
                // A length that reaches beyond what came waits for more until its time is over.
                splitter.GiveUpFrame(pieces);
                Assert.Contains(pieces, p => p.Kind == PieceKind.Frame && p.Segment.StartsWith("QN=2", StringComparison.Ordinal));
                Assert.DoesNotContain(pieces, p => p.Kind == PieceKind.Frame && p.Segment.StartsWith("QN=1", StringComparison.Ordinal));
                Assert.Contains(pieces, p => p.Kind != PieceKind.Frame);
            }
    }

    /// <summary>A damaged length that reaches exactly to the end of a later frame: the checksum tells, and that frame is not swallowed.</summary>
    [Fact]
    public void A_length_that_ends_where_another_frame_ends_swallows_nothing()
    {
        var covered = "QN=1;CP=&&lost" + Encoding.Latin1.GetString(Frames.Of("QN=2;CP=&&&&"));
        var pieces = Feed([.. Encoding.Latin1.GetBytes($"##{covered.Length - 6:0000}{covered}")], () => 11);
        Assert.Equal([PieceKind.BadCrc, PieceKind.Frame], pieces.Select(p => p.Kind));
        Assert.Equal("QN=2;CP=&&&&", pieces[1].Segment);
    }

    /// <summary>Random bytes, rich in what looks like a beginning: no exception, and bounded in what is held.</summary>
    [Theory, InlineData(11), InlineData(12)]
    public void Noise_is_survived_and_a_frame_behind_it_is_found(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var splitter = new FrameSplitter(Limit);
            var pieces = new List<Piece>();
            var noise = new byte[random.Next(1, 6_000)];
            for (var i = 0; i < noise.Length; i++) noise[i] = random.Next(3) == 0 ? (byte)"##0129\r\n"[random.Next(8)] : (byte)random.Next(256);
            splitter.Feed(noise, pieces);
            pieces.RemoveAll(p => p.Kind == PieceKind.Frame);
            splitter.Feed(Frames.Of("after"), pieces);
            while (splitter.IsInFrame && !pieces.Exists(p => p.Kind == PieceKind.Frame)) splitter.GiveUpFrame(pieces);
            Assert.Equal("after", pieces.Last(p => p.Kind == PieceKind.Frame).Segment);
        }
    }

    [Fact]
    public void Every_fault_has_its_name()
    {
        var good = Encoding.Latin1.GetString(Frames.Of("QN=1;CP=&&&&"));
        Assert.Equal([PieceKind.Garbage, PieceKind.Frame], Kinds("hello" + good));
        Assert.Equal([PieceKind.Frame, PieceKind.Frame], Kinds(good + "\r\n\r\n" + good));
        Assert.Equal([PieceKind.BadCrc, PieceKind.Frame], Kinds(good.Replace("QN=1", "QN=3") + good));
        Assert.Equal([PieceKind.BadCrc, PieceKind.Frame], Kinds(good[..^6] + "XXXX\r\n" + good));
        Assert.Equal([PieceKind.WrongLength, PieceKind.Frame], Kinds(good.Replace("##0012", "##0011") + good));
        Assert.Equal([PieceKind.WrongLength, PieceKind.Frame], Kinds("##12x4" + good));
        Assert.Equal([PieceKind.WrongLength, PieceKind.Frame], Kinds("##0000" + good));
        Assert.Equal([PieceKind.TooLarge, PieceKind.Frame], Kinds("##1025" + new string('x', 1_035) + good));
        Assert.Equal([PieceKind.WrongLength, PieceKind.Frame], Kinds("#" + good));
    }

    [Fact]
    public void The_longest_frame_fits_and_one_more_byte_does_not()
    {
        Assert.Equal(PieceKind.Frame, Assert.Single(Feed([.. Frames.Of(new string('x', Limit))], () => 7)).Kind);
        Assert.Equal(PieceKind.TooLarge, Feed([.. Frames.Of(new string('x', Limit + 1))], () => 7)[0].Kind);
    }

    [Fact]
    public void What_is_lost_is_counted_until_a_frame_comes()
    {
        var (splitter, pieces) = (new FrameSplitter(Limit), new List<Piece>());
        splitter.Feed(new byte[500], pieces);
        Assert.Equal(500, splitter.LostBytes);
        splitter.Feed(Frames.Of("x"), pieces);
        Assert.Equal(0, splitter.LostBytes);
    }

    private static List<Piece> Feed(List<byte> stream, Func<int> next)
    {
        var (splitter, pieces, bytes) = (new FrameSplitter(Limit), new List<Piece>(), stream.ToArray());
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(next(), bytes.Length - at);
            splitter.Feed(bytes.AsSpan(at, count), pieces);
            at += count;
        }
        Assert.False(splitter.IsInFrame);
        return pieces;
    }

    private static List<PieceKind> Kinds(string stream) => [.. Feed([.. Encoding.Latin1.GetBytes(stream)], () => int.MaxValue).Select(p => p.Kind)];

    private static string Segment(Random random) => new([.. Enumerable.Range(0, random.Next(1, random.Next(1, Limit))).Select(_ => (char)random.Next('$', 256))]);

    /// <summary>Anything without the two marks that begin a frame.</summary>
    private static byte[] Garbage(Random random)
    {
        var bytes = new byte[random.Next(1, 300)];
        random.NextBytes(bytes);
        return [.. bytes.Where(b => b != '#')];
    }
}
