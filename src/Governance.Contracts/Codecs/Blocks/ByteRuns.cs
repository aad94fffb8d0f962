namespace Governance.Contracts.Codecs.Blocks;

/// <summary>A column of bytes as runs of equal ones: how many, which.</summary>
internal static class ByteRuns
{
    internal static void Write(ColumnWriter to, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var run = bytes.IndexOfAnyExcept(bytes[0]) is >= 0 and var end ? end : bytes.Length;
            to.Varint((uint)run);
            to.Byte(bytes[0]);
            bytes = bytes[run..];
        }
    }

    internal static void Read(ref BlockCursor from, Span<byte> into)
    {
        while (into.Length > 0)
        {
            var run = from.Count(into.Length);
            if (run == 0) throw new LedgerBlockException("an empty run");
            into[..run].Fill(from.Byte());
            into = into[run..];
        }
    }
}
