using System.Text;

namespace Governance.Storage;

/// <summary>Words that follow one another; of the last one the beginning is enough where <paramref name="Open"/>.</summary>
public sealed record SearchPhrase(IReadOnlyList<string> Words, bool Open);

/// <summary>
/// Text as full-text search sees it. Chinese is written without spaces, so every pair of neighbouring characters is a word
/// and the last character of a run is one: 充电桩 is 充电 电桩 桩. What is searched for is found wherever it stands, and no
/// dictionary is needed. Letters and digits are words as they are written, in lower case.
/// </summary>
public static class SearchWords
{
    /// <summary>Characters of a case that are searched, and of a query.</summary>
    public const int TextLimitCharacters = 20_000, QueryLimitCharacters = 200;

    public static string Of(string text)
    {
        var words = new StringBuilder(text.Length * 2);
        foreach (var run in Runs(text.Length > TextLimitCharacters ? text[..TextLimitCharacters] : text))
            foreach (var word in run.IsIdeographic ? Pairs(run.Text, withLast: true) : [run.Text])
                words.Append(word).Append(' ');
        return words.ToString().TrimEnd();
    }

    /// <summary>Every phrase must be found; empty: everything is.</summary>
    public static IReadOnlyList<SearchPhrase> Query(string text) =>
        [.. Runs(text.Length > QueryLimitCharacters ? text[..QueryLimitCharacters] : text).Select(run => !run.IsIdeographic ? new SearchPhrase([run.Text], true)
            : run.Text.Length == 1 ? new SearchPhrase([run.Text], true) : new SearchPhrase([.. Pairs(run.Text, withLast: false)], false))];

    private static IEnumerable<string> Pairs(string run, bool withLast)
    {
        for (var i = 0; i + 1 < run.Length; i++) yield return run.Substring(i, 2);
        if (withLast) yield return run[^1..];
    }

    private static IEnumerable<(string Text, bool IsIdeographic)> Runs(string text)
    {
        var (start, kind) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            var next = i == text.Length ? 0 : IsIdeograph(text[i]) ? 2 : char.IsLetterOrDigit(text[i]) ? 1 : 0;
            if (next == kind) continue;
            if (kind != 0) yield return (text[start..i].ToLowerInvariant(), kind == 2);
            (start, kind) = (i, next);
        }
    }

    private static bool IsIdeograph(char c) => c is (>= '\u3400' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff');
}
