using Governance.Edge.Gateway;

namespace Governance.Edge.Tests;

/// <summary>Which frames of a stream are answered whole: what its credit is given back for.</summary>
public sealed class OpenFramesTests
{
    [Fact]
    public void A_frame_is_closed_when_its_last_part_is_and_none_before_it_is_open()
    {
        var frames = new OpenFrames();
        frames.Open(2);
        frames.Open(1);
        frames.ClosePart(2);
        Assert.Equal(0, frames.ClosedThrough);
        frames.ClosePart(1);
        Assert.Equal(0, frames.ClosedThrough);
        frames.ClosePart(1);
        Assert.Equal(2, frames.ClosedThrough);
    }

    [Fact]
    public void A_frame_without_parts_closes_with_those_before_it()
    {
        var frames = new OpenFrames();
        frames.Open(0);
        Assert.Equal(1, frames.ClosedThrough);
        frames.Open(1);
        frames.Open(0);
        Assert.Equal((3, 1), (frames.Received, frames.ClosedThrough));
        frames.ClosePart(2);
        Assert.Equal(3, frames.ClosedThrough);
    }

    /// <summary>Against a plain list of counts, over far more frames than the ring begins with.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Random_courses_agree_with_a_list(int seed)
    {
        var (random, frames, counts, open) = (new Random(seed), new OpenFrames(), new List<int>(), new List<long>());
        for (var step = 0; step < 20_000; step++)
        {
            // Opens outrun closes at first, so that the ring grows while it is wrapped around.
            if (open.Count == 0 || random.NextDouble() < (step < 8_000 ? 0.6 : 0.2))
            {
                var parts = random.Next(4);
                frames.Open(parts);
                counts.Add(parts);
                for (var part = 0; part < parts; part++) open.Add(counts.Count);
            }
            else
            {
                var at = random.Next(open.Count);
                frames.ClosePart(open[at]);
                counts[(int)open[at] - 1]--;
                open.RemoveAt(at);
            }
            var closed = counts.FindIndex(c => c > 0) is >= 0 and var first ? first : counts.Count;
            Assert.Equal((counts.Count, closed), (frames.Received, frames.ClosedThrough));
        }
    }
}
