using Governance.Gateway.Keeping;
using Governance.Gateway.Tests.Edge;
using V1Quality = Governance.Edge.V1.Quality;

namespace Governance.Gateway.Tests;

/// <summary>The book against a list that does the same slowly: what is open, what it counts, what may be waited for.</summary>
public sealed class BookTests
{
    private const int Sources = 3, Detectors = 4, Buffer = 6_000;

    /// <summary>One reading of the slow book.</summary>
    private sealed class Slow(int flat, long seq)
    {
        internal int Flat { get; } = flat;
        internal long Seq { get; } = seq;
        internal bool IsSent, IsDurable, IsClosed;
        internal bool IsOpen => !IsDurable && !IsClosed;
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Random_marks_refusals_and_losses_leave_the_same_book(int seed)
    {
        var random = new Random(seed);
        var table = new SourceTable(Field.Sources(Sources, Detectors));
        var (book, slow, through) = (new Book(table, Buffer), new List<Slow>(), new long[Sources * Detectors]);
        var taken = new long[Sources * Detectors];
        var squeezed = false;
        // One detector's mark stands still for long: its readings must not hold the room of the others.
        var stuck = random.Next(Sources * Detectors);
        for (var step = 0; step < 3_000; step++)
            switch (random.Next(10))
            {
                case < 5:
                    var samples = Enumerable.Range(0, random.Next(1, 60)).Select(_ => new Sample(random.Next(Sources), random.Next(Detectors), default, random.NextDouble())).ToArray();
                    // There is room whenever three quarters are free of open readings.
                    if (slow.Count(r => r.IsOpen) + samples.Length <= Buffer - Buffer / 4 - 2 * Block.StandardReadings) Assert.True(book.HasRoom(samples.Length), $"seed {seed}, step {step}: {book.Held} held, {book.OpenReadings} open");
                    if (!book.HasRoom(samples.Length)) break;
                    Assert.Equal(slow.Count + samples.Length, book.Take(samples, step));
                    foreach (var s in samples) slow.Add(new Slow(table.First[s.Source] + s.Detector, ++taken[table.First[s.Source] + s.Detector]));
                    break;
                case < 7:
                    // Carries some of the oldest open ones.
                    var left = random.Next(200);
                    foreach (var (block, from) in book.FromHead().ToList())
                        for (var i = from; i < block.Count && left > 0; i++)
                            if (book.IsOpen(block, i) && block.Frame[i] == Block.Unsent) { book.Carry(block, i, step + 1); left--; }
                    var carried = book.FromHead().SelectMany(b => Enumerable.Range(b.From, b.Block.Count - b.From).Where(i => b.Block.Frame[i] > 0).Select(i => (b.Block.Detector[i], b.Block.Seq[i]))).ToHashSet();
                    foreach (var r in slow) r.IsSent |= carried.Contains((r.Flat, r.Seq));
                    break;
                case 7:
                    var flat = random.Next(Sources * Detectors);
                    if (flat == stuck && step % 1_000 != 0) break;
                    var mark = random.NextInt64(0, taken[flat] + 5);
                    var honest = mark <= slow.Where(r => r.Flat == flat && r.IsSent).Select(r => r.Seq).DefaultIfEmpty().Max();
                    Assert.Equal(honest, book.Durable(flat, mark));
                    book.Settle();
                    if (!honest) break;
                    through[flat] = Math.Max(through[flat], mark);
                    foreach (var r in slow) r.IsDurable |= r.Flat == flat && r.Seq <= mark && !r.IsClosed;
                    break;
                default:
                    if (random.Next(6) > 0) break;
                    var selection = new Selection();
                    var (d, first) = (random.Next(Sources * Detectors), random.NextInt64(1, 400));
                    selection.Add(d, new Named(first, first + random.Next(3)));
                    var ended = new int[1];
                    book.Close(selection, random.Next(2) == 0, ended);
                    foreach (var r in slow.Where(r => r.Flat == d && r.Seq >= first && selection.ByDetector.Single().Value[0].To >= r.Seq && r.IsOpen)) { r.IsClosed = true; ended[0]--; }
                    Assert.Equal(0, ended[0]);
                    break;
            }

        Assert.Equal(slow.Count(r => r.IsOpen), book.OpenReadings);
        Assert.Equal(slow.Count(r => r.IsDurable), book.Acknowledged);
        Assert.Equal(slow.Count(r => r.IsClosed), book.Refused + book.Skipped);
        var firstOpen = slow.FindIndex(r => r.IsOpen);
        Assert.Equal(firstOpen < 0 ? slow.Count : firstOpen, book.DoneThrough);
        var open = book.FromHead().SelectMany(b => Enumerable.Range(b.From, b.Block.Count - b.From).Where(i => book.IsOpen(b.Block, i)).Select(i => (b.Block.PositionOf(i), b.Block.Detector[i], b.Block.Seq[i]))).ToList();
        Assert.Equal(slow.Select((r, i) => (Position: (long)i, r.Flat, r.Seq, r.IsOpen)).Where(r => r.IsOpen).Select(r => (r.Position, r.Flat, r.Seq)), open);
        squeezed |= book.FromHead().Any(b => b.Block.Positions is not null || b.Block.Count == 0);
        Assert.True(squeezed, $"seed {seed}: nothing was ever squeezed: nothing is shown");
    }

    [Fact]
    public void A_sample_of_no_declared_detector_takes_nothing()
    {
        var book = new Book(new SourceTable(Field.Sources(Sources, Detectors)), Buffer);
        foreach (var bad in new[] { new Sample(Sources, 0, default, 1), new Sample(0, Detectors, default, 1), new Sample(-1, 0, default, 1), new Sample(0, -1, default, 1), new Sample(0, 0, default, 1, (V1Quality)200) })
            Assert.Throws<ArgumentException>(() => book.Take([new Sample(0, 0, default, 1), bad], 0));
        Assert.Equal((0L, 0L, 1L), (book.Taken, book.Held, book.Take([new Sample(0, 0, default, 1)], 0)));
        Assert.Equal(1, book.Marks[0].Taken);
    }

    [Fact]
    public void Sources_and_detectors_are_declared_once()
    {
        var twice = Field.Sources(2, 2);
        twice[1].SourceId = twice[0].SourceId;
        Assert.Throws<ArgumentException>(() => new SourceTable(twice));
        var detectors = Field.Sources(1, 2);
        detectors[0].Detectors[1].DetectorId = "D0";
        Assert.Throws<ArgumentException>(() => new SourceTable(detectors));
        Assert.Throws<ArgumentException>(() => new SourceTable([]));
    }
}
