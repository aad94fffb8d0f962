using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Accountability;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Domain.Tests.Accountability;

/// <summary>A changed, removed, moved or added event changes every link after it and the root of the day.</summary>
public sealed class SealTests
{
    private static readonly DateOnly Day = new(2025, 8, 3);

    private static RawEvent Row(long number, string payload, string entity = "case/C1") => new(number, entity, number, 638_900_000_000_000_000 + number, System.Text.Encoding.UTF8.GetBytes(payload), "case.ClockMet.1", 1101, "w1");

    private static byte[] Chain(IEnumerable<RawEvent> rows, string entity = "case/C1") => rows.Aggregate(SealChain.Genesis(entity), (head, row) => SealChain.Next(head, row));

    [Property(MaxTest = 300)]
    public Property Any_changed_byte_changes_the_head(NonEmptyArray<NonEmptyString> payloads, PositiveInt where) => Prop.ForAll(Arb.From(Gen.Constant(0)), _ =>
    {
        var rows = payloads.Get.Select((p, i) => Row(i + 1, p.Get)).ToList();
        var head = Chain(rows);
        Assert.Equal(head, Chain(rows));
        var at = where.Get % rows.Count;
        var bytes = rows[at].Payload.ToArray();
        bytes[where.Get % bytes.Length] ^= (byte)(1 << where.Get % 8);
        RawEvent[] changed =
        [
            rows[at] with { Payload = bytes }, rows[at] with { Manifest = rows[at].Manifest + "x" }, rows[at] with { CreatedTicks = rows[at].CreatedTicks + 1 }, rows[at] with { Number = rows[at].Number + 1 },
            rows[at] with { Serializer = 7 }, rows[at] with { Writer = "w2" }, rows[at] with { Manifest = "", Payload = [.. System.Text.Encoding.UTF8.GetBytes(rows[at].Manifest), .. rows[at].Payload] },
        ];
        foreach (var other in changed) Assert.NotEqual(head, Chain([.. rows[..at], other, .. rows[(at + 1)..]]));
        Assert.NotEqual(head, Chain(rows.Where((_, i) => i != at)));
        Assert.NotEqual(head, Chain(rows, "case/C2"));
    });

    [Fact]
    public void The_root_of_a_day_covers_every_entity_and_the_day_before()
    {
        var heads = Enumerable.Range(1, 11).Select(i => new EntitySeal($"case/C{i}", i, [.. SealChain.Genesis($"{i}")])).ToList();
        var seal = DaySeal.Of(Day, 100, heads, DaySeal.Nothing);
        Assert.Equal(seal.Chain, DaySeal.Of(Day, 100, heads.AsEnumerable().Reverse(), DaySeal.Nothing).Chain.AsEnumerable());
        for (var i = 0; i < heads.Count; i++)
        {
            Assert.NotEqual(seal.Root, DaySeal.Of(Day, 100, heads.Where((_, n) => n != i), DaySeal.Nothing).Root.AsEnumerable());
            Assert.NotEqual(seal.Root, DaySeal.Of(Day, 100, heads.Select((h, n) => n == i ? h with { Number = 99 } : h), DaySeal.Nothing).Root.AsEnumerable());
        }
        Assert.NotEqual(seal.Chain, DaySeal.Of(Day, 101, heads, DaySeal.Nothing).Chain.AsEnumerable());
        Assert.NotEqual(seal.Chain, DaySeal.Of(Day, 100, heads, seal.Chain).Chain.AsEnumerable());
        Assert.NotEqual(seal.Chain, DaySeal.Of(Day.AddDays(1), 100, heads, DaySeal.Nothing).Chain.AsEnumerable());
    }

    [Fact]
    public void A_tree_has_no_second_meaning()
    {
        byte[] a = SealChain.Genesis("a"), b = SealChain.Genesis("b"), c = SealChain.Genesis("c");
        Assert.NotEqual(Merkle.Root([a, b, c]), Merkle.Root([a, b, c, c]));
        Assert.NotEqual(Merkle.Root([Merkle.Root([a, b])]), Merkle.Root([a, b, Merkle.Root([a, b])]));
        Assert.NotEqual(Merkle.Root([a, b]), Merkle.Root([b, a]));
        Assert.Equal(SealChain.HashBytes, Merkle.Root([]).Length);
    }

    [Fact]
    public void A_day_is_sealed_once_rests_on_the_day_before_and_is_told_to_the_district()
    {
        var (rules, now) = (new SealRules(), new DateTimeOffset(2025, 8, 4, 0, 1, 0, TimeSpan.FromHours(8)));
        var first = DaySeal.Of(Day, 10, [], DaySeal.Nothing);
        var state = Take(rules.Initial("410803"), first, Caller.System, out var decision);
        Assert.Equal(AlertKind.DaySealed, Assert.IsType<AlertPublished>(Assert.Single(decision.Sends).Message).Alert.Kind);
        Assert.Equal(EntityKinds.AlertFeed, decision.Sends[0].To.Kind);
        Take(state, first, Caller.System, out decision);
        Assert.Empty(decision.Events);
        Assert.Null(decision.Refusal);
        Take(state, DaySeal.Of(Day.AddDays(1), 20, [], DaySeal.Nothing), Caller.System, out decision);
        Assert.Equal("SEAL_DOES_NOT_FOLLOW", decision.Refusal?.Reason);
        Take(state, DaySeal.Of(Day.AddDays(1), 20, [], first.Chain), new Caller("wang", "YJ", [Roles.Admin]), out decision);
        Assert.Equal("SYSTEM_ONLY", decision.Refusal?.Reason);
        Assert.Equal(2, Take(state, DaySeal.Of(Day.AddDays(1), 20, [], first.Chain), Caller.System, out _).Seals.Count);

        SealState Take(SealState before, DaySeal seal, Caller caller, out Decision<DaySealed> made)
        {
            made = rules.Decide(before, new Stimulus.Commanded(new SealDay(seal), caller), now);
            return made.Events.Aggregate(before, rules.Evolve);
        }
    }
}
