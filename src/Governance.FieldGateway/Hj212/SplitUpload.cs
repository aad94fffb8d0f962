namespace Governance.FieldGateway.Hj212;

/// <summary>How a packet changed a split upload.</summary>
/// <param name="Content">The whole content, when this packet completed it or belongs to the one completed last.</param>
/// <param name="WantsAnswer">Some packet of it asked for an answer.</param>
/// <param name="Abandoned">For people: what was begun and will never be complete; null: nothing.</param>
/// <param name="Invalid">For people: why the packet makes no sense; null: it does.</param>
internal readonly record struct SplitResult(string? Content, bool WantsAnswer, string? Abandoned, string? Invalid);

/// <summary>
/// Puts the packets of one station's split upload together (拆分包, PNUM and PNO). One at a time, because a data logger
/// sends one at a time; the last complete one is remembered, so that a packet of it that comes again is answered again.
/// Bounded by packets and by time. Not thread-safe: its station guards it.
/// </summary>
internal sealed class SplitUpload(int limitPackets, TimeSpan within)
{
    private sealed record Assembly(string Cn, string Qn, string?[] Parts, DateTimeOffset Begun)
    {
        internal int Missing { get; set; } = Parts.Length;
        internal bool WantsAnswer { get; set; }
        // Groups are separated by ; and a logger may cut before or behind it.
        internal string Content => string.Join(';', Parts);
        internal bool IsOf(DataSegment packet) => packet.Cn == Cn && packet.Qn == Qn && packet.Pnum == Parts.Length;
    }

    private Assembly? _now, _last;

    internal SplitResult Take(DataSegment packet, DateTimeOffset now)
    {
        if (packet.Pnum < 2 || packet.Pnum > limitPackets || packet.Pno < 1 || packet.Pno > packet.Pnum)
            return new SplitResult(null, false, null, $"packet {packet.Pno} of {packet.Pnum}; at most {limitPackets}");
        if (_now is null && _last is { } last && last.IsOf(packet) && last.Parts[packet.Pno - 1] == packet.Content && packet.Qn.Length > 0)
            return new SplitResult(last.Content, packet.WantsAnswer, null, null);
        string? abandoned = null;
        if (_now is { } begun && (!begun.IsOf(packet) || now - begun.Begun > within || begun.Parts[packet.Pno - 1] is { } known && known != packet.Content))
        {
            abandoned = $"{begun.Missing} of {begun.Parts.Length} packets of QN {begun.Qn} are missing";
            _now = null;
        }
        var assembly = _now ??= new Assembly(packet.Cn, packet.Qn, new string?[packet.Pnum], now);
        assembly.WantsAnswer |= packet.WantsAnswer;
        if (assembly.Parts[packet.Pno - 1] is null)
        {
            assembly.Parts[packet.Pno - 1] = packet.Content;
            assembly.Missing--;
        }
        if (assembly.Missing > 0) return new SplitResult(null, false, abandoned, null);
        (_last, _now) = (assembly, null);
        return new SplitResult(assembly.Content, assembly.WantsAnswer, abandoned, null);
    }
}
