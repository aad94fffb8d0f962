using System.Buffers.Binary;
using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>
/// A column of measured values, to the bit. What an instrument tells is nearly always a decimal of few places: then the
/// column holds whole numbers and one power of ten, and the few values that are not (absent ones are NaN, −0) stand beside
/// it. Otherwise it holds the bit patterns as whole numbers, ordered as the values are, so that near values are near numbers.
/// First byte: the places, or <see cref="BitPatterns"/>.
/// </summary>
internal static class ValueColumn
{
    private const byte BitPatterns = 0xFF;
    private const int Sampled = 64;
    private const int ExceptionBits = 80;
    /// <summary>Decimals that need more bits than this each may be shorter as bit patterns.</summary>
    private const int DearBits = 36;
    private const double AddingErrs = 1e-12;
    private const double LargestWhole = 1L << 53;
    private static readonly double[] Tens = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    internal static void Write(ColumnWriter to, ReadOnlySpan<double> values)
    {
        if (values.Length == 0) return;
        var places = Places(values);
        using var whole = Rented.Longs(values.Length);
        var exceptions = places < 0 ? 0 : Wholes(values, places, whole.Span);
        var plan = places < 0 ? default : IntegerColumn.Plan(whole.Span);
        var bits = places < 0 ? long.MaxValue : plan.Bits + (long)exceptions * ExceptionBits;
        if (bits <= (long)values.Length * DearBits || !TryWritePatterns(to, values, bits)) WriteDecimals(to, values, (byte)places, exceptions, whole.Span, plan);
    }

    /// <summary>Unless they are longer than the decimals.</summary>
    private static bool TryWritePatterns(ColumnWriter to, ReadOnlySpan<double> values, long decimalBits)
    {
        using var patterns = Rented.Longs(values.Length);
        for (var i = 0; i < values.Length; i++) patterns.Span[i] = Ordered(BitConverter.DoubleToInt64Bits(values[i]));
        var plan = IntegerColumn.Plan(patterns.Span);
        if (plan.Bits >= decimalBits) return false;
        to.Byte(BitPatterns);
        IntegerColumn.Write(to, patterns.Span, plan);
        return true;
    }

    internal static void Read(ref BlockCursor from, Span<double> into)
    {
        if (into.Length == 0) return;
        using var whole = Rented.Longs(into.Length);
        var places = from.Byte();
        if (places == BitPatterns)
        {
            IntegerColumn.Read(ref from, whole.Span);
            for (var i = 0; i < into.Length; i++) into[i] = BitConverter.Int64BitsToDouble(Ordered(whole.Span[i]));
            return;
        }
        if (places >= Tens.Length) throw new LedgerBlockException($"values of {places} places");
        var exceptions = from.Bytes(ExceptionBytes(ref from, into.Length));
        IntegerColumn.Read(ref from, whole.Span);
        var ten = Tens[places];
        for (var i = 0; i < into.Length; i++) into[i] = whole.Span[i] / ten;
        for (; exceptions.Length > 0; exceptions = exceptions[ExceptionSize..])
        {
            var at = BinaryPrimitives.ReadInt32LittleEndian(exceptions);
            if ((uint)at >= (uint)into.Length) throw new LedgerBlockException("an exceptional value belongs to no reading");
            into[at] = BinaryPrimitives.ReadDoubleLittleEndian(exceptions[sizeof(int)..]);
        }
    }

    private const int ExceptionSize = sizeof(int) + sizeof(double);

    private static int ExceptionBytes(ref BlockCursor from, int most) => from.Count(most) * ExceptionSize;

    private static void WriteDecimals(ColumnWriter to, ReadOnlySpan<double> values, byte places, int exceptions, ReadOnlySpan<long> whole, IntegerPlan plan)
    {
        to.Byte(places);
        to.Varint((uint)exceptions);
        Span<byte> position = stackalloc byte[sizeof(int)];
        for (var i = 0; exceptions > 0; i++)
        {
            if (IsExactly(values[i], whole[i], Tens[places])) continue;
            BinaryPrimitives.WriteInt32LittleEndian(position, i);
            to.Raw(position);
            to.Double(values[i]);
            exceptions--;
        }
        IntegerColumn.Write(to, whole, plan);
    }

    /// <summary>As whole numbers; where a value is none, the whole number before it. Returns how many are none.</summary>
    private static int Wholes(ReadOnlySpan<double> values, int places, Span<long> whole)
    {
        var (ten, before, exceptions) = (Tens[places], 0L, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (Exact(values[i], ten) is { } exact) before = exact;
            else exceptions++;
            whole[i] = before;
        }
        return exceptions;
    }

    /// <summary>The fewest places that are enough for nearly all of a sample; −1 where it is no decimals.</summary>
    internal static int Places(ReadOnlySpan<double> values)
    {
        Span<int> needed = stackalloc int[Tens.Length];
        var (step, looked) = (Math.Max(1, values.Length / Sampled), 0);
        for (var i = 0; i < values.Length; i += step, looked++)
            for (var places = 0; places < Tens.Length; places++)
                if (Exact(values[i], Tens[places]) is not null)
                {
                    needed[places]++;
                    break;
                }
        var (enough, covered) = (looked - looked / 16, 0);
        for (var places = 0; places < Tens.Length; places++)
            if ((covered += needed[places]) >= enough) return places;
        return -1;
    }

    internal static int Places(ReadOnlySpan<Reading> readings)
    {
        Span<double> some = stackalloc double[Math.Min(Sampled, readings.Length)];
        for (var i = 0; i < some.Length; i++) some[i] = readings[(int)((long)i * readings.Length / some.Length)].Value;
        return Places(some);
    }

    /// <summary>A sum of decimals is one of as many places: its nearest, where that is no further away than adding doubles errs.</summary>
    internal static double Rounded(double sum, int places)
    {
        if (places < 0) return sum;
        var nearest = Math.Round(sum * Tens[places]) / Tens[places];
        return Math.Abs(nearest - sum) <= Math.Abs(sum) * AddingErrs ? nearest : sum;
    }

    private static long? Exact(double value, double ten)
    {
        var whole = Math.Round(value * ten);
        return Math.Abs(whole) < LargestWhole && IsExactly(value, (long)whole, ten) ? (long)whole : null;
    }

    private static bool IsExactly(double value, long whole, double ten) => BitConverter.DoubleToInt64Bits(whole / ten) == BitConverter.DoubleToInt64Bits(value);

    /// <summary>Negative doubles grow as numbers while they fall as values: turned round, and back by the same.</summary>
    private static long Ordered(long bits) => bits ^ (bits >> 63 & long.MaxValue);
}
