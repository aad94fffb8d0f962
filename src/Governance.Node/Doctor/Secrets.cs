using System.Text.RegularExpressions;
using Npgsql;

namespace Governance.Node.Doctor;

/// <summary>Takes passwords out of whatever is going to be printed: messages of drivers are not ours to trust.</summary>
internal sealed partial class Secrets
{
    private readonly List<string> _known;

    internal Secrets(string postgres) =>
        // The longest first: a password that is a part of another one must not leave the rest of it behind.
        _known = [.. Of(postgres).Append(Environment.GetEnvironmentVariable("PGPASSWORD") ?? "").Where(s => s.Length > 0).Distinct().OrderByDescending(s => s.Length)];

    internal string Hide(string text) => _known.Aggregate(text, (t, secret) => t.Replace(secret, "***", StringComparison.Ordinal));

    private static IEnumerable<string> Of(string postgres)
    {
        if (postgres.Length == 0) return [];
        // Of a string that no driver understands, whatever looks like a password is taken for one.
        var seen = new List<string> { postgres };
        seen.AddRange(LooksLikePassword().Matches(postgres).Select(m => m.Groups[1].Value));
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(postgres);
            seen.AddRange([settings.Password ?? "", settings.SslPassword ?? ""]);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException) { return seen; }
        return seen;
    }

    [GeneratedRegex(@"(?:pass\w*|pwd)\s*=\s*([^;]+)|://[^:/]*:([^@]+)@", RegexOptions.IgnoreCase)] private static partial Regex LooksLikePassword();
}
