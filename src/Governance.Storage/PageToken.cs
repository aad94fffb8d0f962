using System.Globalization;
using System.Text;

namespace Governance.Storage;

/// <summary>Where a page of a list ended: the number and the key that it is ordered by. Opaque to clients.</summary>
public static class PageToken
{
    public static string Of(long number, string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}|{key}")));

    /// <exception cref="FormatException">It was not made by <see cref="Of"/>.</exception>
    public static (long Number, string Key) Read(string token)
    {
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(token));
        var bar = text.IndexOf('|');
        return bar > 0 && long.TryParse(text[..bar], CultureInfo.InvariantCulture, out var number) ? (number, text[(bar + 1)..]) : throw new FormatException("not a page token");
    }
}
