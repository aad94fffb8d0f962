using System.Globalization;

namespace Governance.FieldGateway.Hj212;

/// <summary>The fields of a data segment (HJ 212-2017, 6.3.2; HJ/T 212-2005, 6.3.2), not yet understood.</summary>
/// <param name="Qn">Request number; empty when there is none (2005).</param>
/// <param name="Flag">Bit 0: an answer is wanted. Bit 1: PNUM and PNO are there. The others: version of the protocol (0: 2005, 1: 2017).</param>
/// <param name="Pnum">Packets of a split upload; 0 when it is none.</param>
/// <param name="Pno">This one, from 1.</param>
/// <param name="Content">What stands between the <c>&amp;&amp;</c> of CP.</param>
internal sealed record DataSegment(string Qn, string Cn, string Pw, string Mn, int Flag, int Pnum, int Pno, string Content)
{
    private const string ContentBegin = "CP=&&", ContentEnd = "&&";
    private const int FlagLimit = 255;

    internal bool WantsAnswer => (Flag & 1) != 0;
    /// <summary>Bit 1 without PNUM stands in many frames, the standard's own examples among them: they are whole.</summary>
    internal bool IsSplit => (Flag & 2) != 0 && Pnum != 0;
    internal int Version => Flag >> 2;

    /// <summary>Null when it is not one; <paramref name="why"/> says why.</summary>
    internal static DataSegment? Parse(string segment, out string why)
    {
        var begin = segment.IndexOf(ContentBegin, StringComparison.Ordinal);
        var end = segment.LastIndexOf(ContentEnd, StringComparison.Ordinal);
        if (begin < 0 || end < begin + ContentBegin.Length || end != segment.Length - ContentEnd.Length)
        {
            why = "CP is missing or does not end with &&";
            return null;
        }
        var fields = new Dictionary<string, string>();
        foreach (var field in segment[..begin].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = field.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !fields.TryAdd(field[..at], field[(at + 1)..]))
            {
                why = at <= 0 ? "a field without =" : $"{field[..at]} stands there twice";
                return null;
            }
        }
        if (new[] { "CN", "PW", "MN" }.FirstOrDefault(f => !fields.ContainsKey(f)) is { } missing)
        {
            why = $"{missing} is missing";
            return null;
        }
        if (!TryNumber("Flag", FlagLimit, out var flag) || !TryNumber("PNUM", int.MaxValue, out var pnum) || !TryNumber("PNO", int.MaxValue, out var pno))
        {
            why = "Flag, PNUM or PNO is no number";
            return null;
        }
        why = "";
        return new DataSegment(fields.GetValueOrDefault("QN", ""), fields["CN"], fields["PW"], fields["MN"], flag, pnum, pno, segment[(begin + ContentBegin.Length)..end]);

        bool TryNumber(string name, int most, out int number)
        {
            number = 0;
            return !fields.TryGetValue(name, out var text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most);
        }
    }
}
