using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Governance.Edge.Errors;

namespace Governance.Edge.Alerts;

/// <summary>The resume cursor: a position per feed. Opaque to clients.</summary>
internal sealed record FeedCursor(ImmutableSortedDictionary<string, long> Positions)
{
    internal static readonly FeedCursor Empty = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    internal FeedCursor At(string area, long position) => new(Positions.SetItem(area, position));

    public override string ToString() => Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Join(';', Positions.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}")))));

    internal static FeedCursor Parse(string text)
    {
        try
        {
            var cursor = Empty;
            foreach (var part in Encoding.ASCII.GetString(Convert.FromBase64String(text)).Split(';'))
            {
                var equals = part.IndexOf('=');
                var position = long.Parse(part[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
                cursor = cursor.At(new Domain.Kernel.AreaCode(part[..equals]).Value, position);
            }
            return cursor;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            throw RefusedException.Invalid("resume_cursor", "CURSOR_INVALID", "not a cursor of this service");
        }
    }
}
