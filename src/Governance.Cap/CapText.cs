using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Governance.Cap;

/// <summary>The small notations of CAP: times, lists with quotes, points, polygons, circles, references.</summary>
internal static partial class CapText
{
    /// <summary>Points of a polygon; the largest real ones seen have some thousands.</summary>
    private const int PointLimit = 20_000;

    internal static string Time(DateTimeOffset at) => at.Offset == TimeSpan.Zero
        // 1.2 forbids Z, and says that UTC is written -00:00.
        ? at.ToString("yyyy-MM-ddTHH:mm:ss-00:00", CultureInfo.InvariantCulture)
        : at.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    internal static DateTimeOffset Time(string text, CapVersion version, string path)
    {
        var trimmed = text.Trim();
        var form = version == CapVersion.V12 ? Strict() : Loose();
        if (form.IsMatch(trimmed)
            && DateTimeOffset.TryParse(trimmed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return at;
        throw new CapRefusedException("CAP_TIME_INVALID", path, $"'{Short(trimmed)}' is not a time with an offset, e.g. 2025-08-03T14:10:00+08:00");
    }

    /// <summary>Split at spaces; quotes keep spaces together (CAP 1.2 §3.2.1, addresses and incidents).</summary>
    internal static ImmutableList<string> List(string text) => [.. Words().Matches(text).Select(m => m.Value.Trim('"')).Where(w => w.Length > 0)];

    internal static string List(IEnumerable<string> words) => string.Join(' ', words.Select(w => w.Any(char.IsWhiteSpace) ? $"\"{w}\"" : w));

    internal static ImmutableList<CapIdentity> References(string text, CapVersion version, string path) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Reference)];

    internal static ImmutableArray<CapPoint> Polygon(string text, string path)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > PointLimit) throw new CapRefusedException("CAP_TOO_LARGE", path, $"more than {PointLimit} points");
        ImmutableArray<CapPoint> points = [.. words.Select(w => Point(w, path))];
        if (points.Length < 4 || points[0] != points[^1]) throw new CapRefusedException("CAP_POLYGON_INVALID", path, "a polygon has at least four points, the last of them the first");
        return points;
    }

    internal static CapCircle Circle(string text, string path)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 2 && Number(words[1]) is { } radius && radius >= 0) return new CapCircle(Point(words[0], path), radius);
        throw new CapRefusedException("CAP_CIRCLE_INVALID", path, $"'{Short(text)}' is not 'latitude,longitude radius' in km");
    }

    internal static double? Decimal(string text, string path) => text.Length == 0 ? null
        : Number(text.Trim()) ?? throw new CapRefusedException("CAP_NUMBER_INVALID", path, $"'{Short(text)}' is not a number");

    internal static string Text(CapPoint p) => string.Create(CultureInfo.InvariantCulture, $"{p.Latitude:0.######},{p.Longitude:0.######}");

    internal static string Short(string text) => text.Length > 80 ? text[..80] + "…" : text;

    private static CapIdentity Reference(string word)
    {
        // A sender or identifier has no comma (§3.2.1), so the first and the last comma part the three.
        var (first, last) = (word.IndexOf(',', StringComparison.Ordinal), word.LastIndexOf(','));
        if (first <= 0 || last <= first + 1) throw new CapRefusedException("CAP_REFERENCE_INVALID", "alert/references", $"'{Short(word)}' is not sender,identifier,sent");
        return new CapIdentity(word[..first], word[(first + 1)..last], Time(word[(last + 1)..], CapVersion.V11, "alert/references"));
    }

    private static CapPoint Point(string word, string path)
    {
        var parts = word.Split(',');
        if (parts.Length == 2 && Number(parts[0]) is { } latitude && Number(parts[1]) is { } longitude && Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180) return new CapPoint(latitude, longitude);
        throw new CapRefusedException("CAP_POINT_INVALID", path, $"'{Short(word)}' is not latitude,longitude in degrees");
    }

    private static double? Number(string word) =>
        double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\z")] private static partial Regex Strict();
    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?([-+]\d\d:\d\d|Z)?\z")] private static partial Regex Loose();
    [GeneratedRegex("\"[^\"]*\"|[^\\s\"]+")] private static partial Regex Words();
}
