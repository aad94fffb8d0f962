using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.HazardSources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>The mark with its gap set says exactly what a plain set of numbers would say.</summary>
public sealed class SeqSetTests
{
    private static readonly long[] Numbers = [.. Enumerable.Range(1, 40).Select(n => (long)n)];

    private static SeqSet Of(params IEnumerable<long> numbers) => numbers.Aggregate(SeqSet.Empty, (mark, n) => mark.Add(1, n));

    [Property(MaxTest = 500)]
    public FsCheck.Property Any_order_of_arrival_equals_a_plain_set() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(1, 60)).ToArbitrary(), arrivals =>
        {
            var model = new HashSet<long>();
            var mark = SeqSet.Empty;
            foreach (var n in arrivals)
            {
                mark = mark.Add(1, n);
                model.Add(n);
                Same(model, mark);
            }
        });

    [Property(MaxTest = 500)]
    public FsCheck.Property Ranges_in_any_order_equal_a_plain_set() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(1, 50).SelectMany(from => Gen.Choose(0, 9).Select(length => (From: (long)from, To: (long)from + length)))).ToArbitrary(), ranges =>
        {
            var model = new HashSet<long>();
            var mark = SeqSet.Empty;
            foreach (var (from, to) in ranges)
            {
                mark = mark.AddRange(1, from, to);
                for (var n = from; n <= to; n++) model.Add(n);
                Same(model, mark);
            }
        });

    [Property(MaxTest = 200)]
    public FsCheck.Property The_order_of_arrival_leaves_no_trace() => Prop.ForAll(
        Gen.Shuffle(Numbers).SelectMany(order => Gen.Choose(1, order.Length).Select(kept => order[..kept])).ToArbitrary(), arrivals =>
            Assert.Equal(Of(arrivals.Order()), Of(arrivals)));

    [Fact]
    public void A_gap_is_named_and_closes_when_it_is_filled()
    {
        var mark = Of(1, 2, 5, 6, 9);
        Assert.Equal(2, mark.Through);
        Assert.Equal(9, mark.Max);
        Assert.Equal([new SeqRange(3, 4), new SeqRange(7, 8)], mark.Gaps());

        mark = mark.AddRange(1, 3, 4);
        Assert.Equal(6, mark.Through);
        Assert.Equal([new SeqRange(7, 8)], mark.Gaps());

        mark = mark.Add(1, 7).Add(1, 8);
        Assert.Equal(new SeqSet(1, 9, []), mark);
        Assert.Empty(mark.Gaps());
    }

    [Fact]
    public void A_range_swallows_what_it_touches_on_both_sides()
    {
        var mark = Of(3, 4, 8, 9, 14).AddRange(1, 5, 12);
        Assert.Equal([new SeqRange(3, 12), new SeqRange(14, 14)], mark.Above.AsEnumerable());
    }

    [Fact]
    public void A_higher_epoch_starts_over_and_a_lower_one_is_over_for_good()
    {
        var mark = Of(1, 2, 3).Add(2, 1);
        Assert.Equal(new SeqSet(2, 1, []), mark);
        Assert.False(mark.Contains(1, 1));
        Assert.False(mark.Contains(2, 2));
        Assert.Throws<InvalidOperationException>(() => mark.Add(1, 4));
    }

    [Fact]
    public void A_new_epoch_that_does_not_begin_at_one_has_a_gap_from_one()
    {
        var mark = Of(1, 2, 3).Add(2, 4);
        Assert.Equal(0, mark.Through);
        Assert.Equal([new SeqRange(1, 3)], mark.Gaps());
    }

    [Fact]
    public void What_may_be_acknowledged_is_covered_by_both_marks_of_one_epoch()
    {
        Assert.Equal(2, SeqSet.CommonThrough(Of(1, 2, 3), Of(1, 2, 4)));
        Assert.Equal(0, SeqSet.CommonThrough(Of(1, 2, 3), Of(1, 2).Add(2, 1)));
    }

    [Fact]
    public void A_mark_that_was_never_set_equals_the_empty_one()
    {
        SeqSet never = default;
        Assert.Equal(SeqSet.Empty, never);
        Assert.Equal(SeqSet.Empty.GetHashCode(), never.GetHashCode());
        Assert.Equal(new SeqSet(1, 1, []), never.Add(1, 1));
        Assert.Empty(never.Gaps());
    }

    private static void Same(HashSet<long> model, SeqSet mark)
    {
        for (var n = 1L; n <= 70; n++) Assert.True(model.Contains(n) == mark.Contains(1, n), $"{n} in {mark}");
        Assert.Equal(model.Count == 0 ? 0 : model.Max(), mark.Max);
        var through = 0L;
        while (model.Contains(through + 1)) through++;
        Assert.Equal(through, mark.Through);
        var missing = mark.Gaps().SelectMany(g => Enumerable.Range(0, (int)(g.To - g.From + 1)).Select(i => g.From + i));
        Assert.Equal(Enumerable.Range(1, 70).Select(n => (long)n).Where(n => n < mark.Max && !model.Contains(n)), missing);
        // The form is the only one: sorted, disjoint, never touching.
        var edge = mark.Through;
        foreach (var range in mark.Above)
        {
            Assert.True(range.From > edge + 1 && range.To >= range.From, $"{mark}");
            edge = range.To;
        }
    }
}
