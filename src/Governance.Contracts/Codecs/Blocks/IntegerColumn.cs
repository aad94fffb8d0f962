namespace Governance.Contracts.Codecs.Blocks;

/// <summary>How a column of whole numbers is written with the fewest bits.</summary>
/// <param name="Order">0: distance from the smallest; 1: from the one before; 2: from the step before. A clock that ticks evenly has none left of order 2.</param>
/// <param name="Scale">What every distance from the first number is a multiple of.</param>
/// <param name="Base">Order 0: the smallest, order 2: the first step; in multiples of the scale.</param>
/// <param name="Bits">What remains, packed.</param>
internal readonly record struct IntegerPlan(int Order, long Scale, long Base, long Bits);

/// <summary>
/// A column of 64-bit numbers, any of them, exactly. Header byte (bits 0–1 order, bit 2 scaled, bit 3 nothing remains),
/// first number, then what the header asks for, then what remains in runs of <see cref="BitPack.Run"/>. All arithmetic
/// wraps, so no number is too large.
/// </summary>
internal static class IntegerColumn
{
    private const int Scaled = 4, Flat = 8;

    internal static void Write(ColumnWriter to, ReadOnlySpan<long> numbers)
    {
        if (numbers.Length > 0) Write(to, numbers, Plan(numbers));
    }

    internal static IntegerPlan Plan(ReadOnlySpan<long> numbers)
    {
        var (first, scale) = (numbers[0], Scale(numbers));
        using var distances = Distances(numbers, scale);
        var low = 0L;
        foreach (var at in distances.Span) low = Math.Min(low, at);
        Span<long> bits = stackalloc long[3];
        var firstStep = numbers.Length > 1 ? distances.Span[1] : 0;
        // Of the first number neither a step nor a turn is left.
        var (before, stepBefore, plain, steps, turns) = (0L, firstStep, (ulong)-low, 0UL, 0UL);
        for (var from = 0; from < numbers.Length; from += BitPack.Run)
        {
            var run = distances.Span.Slice(from, Math.Min(BitPack.Run, numbers.Length - from));
            foreach (var at in from == 0 ? run[1..] : run)
            {
                var step = at - before;
                plain |= (ulong)(at - low);
                steps |= Zigzagged.Of(step);
                turns |= Zigzagged.Of(step - stepBefore);
                (before, stepBefore) = (at, step);
            }
            bits[0] += (long)BitPack.Width(plain) * run.Length;
            bits[1] += (long)BitPack.Width(steps) * run.Length;
            bits[2] += (long)BitPack.Width(turns) * run.Length;
            (plain, steps, turns) = (0, 0, 0);
        }
        var order = bits[1] < bits[0] ? 1 : 0;
        if (bits[2] < bits[order]) order = 2;
        return new IntegerPlan(order, scale, order == 0 ? low : order == 2 ? firstStep : 0, bits[order]);
    }

    internal static void Write(ColumnWriter to, ReadOnlySpan<long> numbers, IntegerPlan plan)
    {
        to.Byte((byte)(plan.Order | (plan.Scale != 1 ? Scaled : 0) | (plan.Bits == 0 ? Flat : 0)));
        to.Zigzag(numbers[0]);
        if (plan.Scale != 1) to.Varint((ulong)plan.Scale);
        if (plan.Order != 1) to.Zigzag(plan.Base);
        if (plan.Bits == 0) return;
        Span<ulong> rest = stackalloc ulong[BitPack.Run];
        using var distances = Distances(numbers, plan.Scale);
        var (before, stepBefore) = (0L, plan.Base);
        for (var from = 0; from < numbers.Length; from += BitPack.Run)
        {
            var count = Math.Min(BitPack.Run, numbers.Length - from);
            for (var i = 0; i < count; i++)
            {
                var at = distances.Span[from + i];
                var step = from + i == 0 ? plan.Base : at - before;
                rest[i] = plan.Order switch { 0 => (ulong)(at - plan.Base), 1 => Zigzagged.Of(at - before), _ => Zigzagged.Of(step - stepBefore) };
                (before, stepBefore) = (at, step);
            }
            BitPack.Write(to, rest[..count]);
        }
    }

    internal static void Read(ref BlockCursor from, Span<long> into)
    {
        if (into.Length == 0) return;
        var header = from.Byte();
        var order = header & 3;
        if (order == 3 || header > (Flat | Scaled | 2)) throw new LedgerBlockException($"column header {header} is not known");
        var first = from.Zigzag();
        var scale = (header & Scaled) != 0 ? (long)from.Varint() : 1;
        var start = order != 1 ? from.Zigzag() : 0;
        if ((header & Flat) != 0) into.Clear();
        else
            for (var at = 0; at < into.Length; at += BitPack.Run) BitPack.Read(ref from, into.Slice(at, Math.Min(BitPack.Run, into.Length - at)));
        switch (order)
        {
            case 0: Offsets(into, first + start * scale, scale); break;
            case 1: Steps(into, first, scale); break;
            default: Turns(into, first, scale, start); break;
        }
    }

    private static void Offsets(Span<long> numbers, long low, long scale)
    {
        foreach (ref var number in numbers) number = low + number * scale;
    }

    private static void Steps(Span<long> numbers, long first, long scale)
    {
        foreach (ref var number in numbers) number = first += Zigzagged.Back((ulong)number) * scale;
    }

    private static void Turns(Span<long> numbers, long first, long scale, long step)
    {
        // The first turn is nought and leads to the first number, not to the second.
        var at = first - step * scale;
        foreach (ref var number in numbers)
        {
            step += Zigzagged.Back((ulong)number);
            number = at += step * scale;
        }
    }

    /// <summary>From the first number, in multiples of the scale.</summary>
    private static Rented<long> Distances(ReadOnlySpan<long> numbers, long scale)
    {
        var rented = Rented.Longs(numbers.Length);
        var distances = rented.Span;
        if (scale == 1)
            for (var i = 0; i < numbers.Length; i++) distances[i] = numbers[i] - numbers[0];
        else
            for (var i = 0; i < numbers.Length; i++) distances[i] = (numbers[i] - numbers[0]) / scale;
        return rented;
    }

    /// <summary>The largest number that divides every distance from the first: whole seconds, tenths, floats that were doubles.</summary>
    private static long Scale(ReadOnlySpan<long> numbers)
    {
        var divisor = 0UL;
        foreach (var number in numbers)
        {
            var distance = number - numbers[0];
            var (a, b) = (distance < 0 ? 0UL - (ulong)distance : (ulong)distance, divisor);
            if (b != 0 && a % b == 0) continue;
            while (b != 0) (a, b) = (b, a % b);
            if ((divisor = a) == 1) return 1;
        }
        return divisor is 0 or > long.MaxValue ? 1 : (long)divisor;
    }
}
