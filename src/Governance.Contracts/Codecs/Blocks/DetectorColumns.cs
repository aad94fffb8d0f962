using Governance.Domain.HazardSources;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>
/// The readings of one detector as columns, in order of arrival: seq; sampled time, as it is or as time before its
/// segment was sent, whichever is shorter; time from sampling to taking; value; quality. Times in microseconds.
/// </summary>
internal static class DetectorColumns
{
    private const byte Absolute = 0, BeforeSent = 1;

    /// <param name="sentUs">When the segment of each reading was sent.</param>
    internal static void Write(ColumnWriter to, ReadOnlySpan<Reading> readings, ReadOnlySpan<long> sentUs)
    {
        using var rented = Rented.Longs(readings.Length * 2);
        var numbers = rented.Span[..readings.Length];
        var others = rented.Span[readings.Length..];
        for (var i = 0; i < readings.Length; i++) numbers[i] = readings[i].Seq;
        IntegerColumn.Write(to, numbers);
        for (var i = 0; i < readings.Length; i++)
        {
            numbers[i] = Wire.UsOfTicks(readings[i].SampledTicks);
            others[i] = sentUs[i] - numbers[i];
        }
        var (absolute, before) = (IntegerColumn.Plan(numbers), IntegerColumn.Plan(others));
        to.Byte(before.Bits < absolute.Bits ? BeforeSent : Absolute);
        if (before.Bits < absolute.Bits) IntegerColumn.Write(to, others, before);
        else IntegerColumn.Write(to, numbers, absolute);
        for (var i = 0; i < readings.Length; i++) others[i] = Wire.UsOfTicks(readings[i].TakenTicks) - numbers[i];
        IntegerColumn.Write(to, others);
        using var values = new Rented<double>(readings.Length);
        using var qualities = new Rented<byte>(readings.Length);
        for (var i = 0; i < readings.Length; i++) (values.Span[i], qualities.Span[i]) = (readings[i].Value, (byte)readings[i].Quality);
        ValueColumn.Write(to, values.Span);
        ByteRuns.Write(to, qualities.Span);
    }

    /// <param name="sentUs">As when writing.</param>
    internal static void Read(ref BlockCursor from, int detector, ReadOnlySpan<long> sentUs, Span<Reading> into)
    {
        using var rented = Rented.Longs(into.Length * 3);
        var seqs = rented.Span[..into.Length];
        var sampled = rented.Span.Slice(into.Length, into.Length);
        var taken = rented.Span[(2 * into.Length)..];
        IntegerColumn.Read(ref from, seqs);
        var relative = from.Byte();
        if (relative > BeforeSent) throw new LedgerBlockException($"sampled times relative to {relative}");
        IntegerColumn.Read(ref from, sampled);
        if (relative == BeforeSent)
            for (var i = 0; i < sampled.Length; i++) sampled[i] = sentUs[i] - sampled[i];
        IntegerColumn.Read(ref from, taken);
        using var values = new Rented<double>(into.Length);
        using var qualities = new Rented<byte>(into.Length);
        ValueColumn.Read(ref from, values.Span);
        ByteRuns.Read(ref from, qualities.Span);
        for (var i = 0; i < into.Length; i++)
            into[i] = new Reading(seqs[i], Wire.TicksOfUs(sampled[i]), Wire.TicksOfUs(sampled[i] + taken[i]), values.Span[i], detector, (Quality)qualities.Span[i]);
    }
}
