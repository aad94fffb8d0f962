using System.Collections.Immutable;

namespace Governance.Domain.HazardSources;

/// <summary>Sequence numbers, inclusive.</summary>
public readonly record struct SeqRange(long From, long To);

/// <summary>
/// A mark with its gap set: which sequence numbers of one detector are covered, in one epoch. Everything up to
/// <see cref="Through"/>, and the ranges in <see cref="Above"/> (sorted, disjoint, never touching each other or the
/// mark). A value type: the usual advance by one allocates nothing.
/// </summary>
/// <param name="Epoch">0 before the first reading.</param>
public readonly record struct SeqSet(long Epoch, long Through, ImmutableArray<SeqRange> Above)
{
    /// <summary>Gaps that a detector may have open; more mean a broken gateway (alarms.md: everything has a limit).</summary>
    public const int GapLimitRanges = 1024;

    public static readonly SeqSet Empty = new(0, 0, []);

    /// <summary>Highest number covered.</summary>
    public long Max => Above.IsDefaultOrEmpty ? Through : Above[^1].To;

    public bool Contains(long epoch, long seq)
    {
        if (epoch != Epoch) return false;
        if (seq <= Through) return true;
        if (Above.IsDefaultOrEmpty || seq > Above[^1].To) return false;
        foreach (var range in Above)
            if (seq >= range.From && seq <= range.To) return true;
        return false;
    }

    /// <summary>Covers one more number. A higher epoch starts over; a lower one is the caller's to refuse (P5).</summary>
    public SeqSet Add(long epoch, long seq) => AddRange(epoch, seq, seq);

    /// <summary>Covers a range, inclusive.</summary>
    public SeqSet AddRange(long epoch, long from, long to)
    {
        if (epoch < Epoch) throw new InvalidOperationException($"epoch {epoch} is over, the mark is in {Epoch}");
        if (epoch > Epoch) return new SeqSet(epoch, 0, []).AddRange(epoch, from, to);
        if (from <= Through + 1 && Above.IsDefaultOrEmpty) return this with { Through = Math.Max(Through, to) };
        return Merged(from, to);
    }

    /// <summary>The numbers that are missing below <see cref="Max"/>.</summary>
    public IEnumerable<SeqRange> Gaps()
    {
        var next = Through + 1;
        if (Above.IsDefaultOrEmpty) yield break;
        foreach (var range in Above)
        {
            yield return new SeqRange(next, range.From - 1);
            next = range.To + 1;
        }
    }

    /// <summary>The mark that both cover: what may be acknowledged when one is stored and the other evaluated.</summary>
    public static long CommonThrough(in SeqSet a, in SeqSet b) => a.Epoch == b.Epoch ? Math.Min(a.Through, b.Through) : 0;

    public bool Equals(SeqSet other) =>
        Epoch == other.Epoch && Through == other.Through && (Above.IsDefaultOrEmpty ? other.Above.IsDefaultOrEmpty
            : !other.Above.IsDefault && Above.AsSpan().SequenceEqual(other.Above.AsSpan()));

    public override int GetHashCode() => HashCode.Combine(Epoch, Through, Above.IsDefault ? 0 : Above.Length);

    private SeqSet Merged(long from, long to)
    {
        var through = Through;
        if (from <= through + 1) { through = Math.Max(through, to); from = 0; }
        var ranges = ImmutableArray.CreateBuilder<SeqRange>();
        var placed = from == 0;
        foreach (var range in Above.IsDefault ? [] : Above)
        {
            if (range.From <= through + 1) { through = Math.Max(through, range.To); continue; }
            if (placed || range.To + 1 < from) { ranges.Add(range); continue; }
            if (range.From > to + 1) { ranges.Add(new SeqRange(from, to)); placed = true; ranges.Add(range); continue; }
            (from, to) = (Math.Min(from, range.From), Math.Max(to, range.To));
        }
        if (!placed) ranges.Add(new SeqRange(from, to));
        return new SeqSet(Epoch, through, ranges.ToImmutable());
    }
}
