namespace Governance.Actors.Inspection;

/// <summary>Whether a line names an id, and not another that has it for a part: <c>HS-1/A/1.2</c> is no mention in <c>HS-1/A/1.20</c>.</summary>
public static class Mention
{
    public static bool Of(string text, string id)
    {
        if (id.Length == 0) return false;
        for (var at = text.IndexOf(id, StringComparison.Ordinal); at >= 0; at = text.IndexOf(id, at + 1, StringComparison.Ordinal))
            if ((at == 0 || !IsOfId(text[at - 1])) && (at + id.Length == text.Length || !IsOfId(text[at + id.Length]))) return true;
        return false;
    }

    private static bool IsOfId(char c) => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or '~';
}
