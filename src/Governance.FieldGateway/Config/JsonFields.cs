using System.Globalization;
using System.Text.Json;

namespace Governance.FieldGateway.Config;

/// <summary>
/// One object of the configuration, read key by key: every fault is noted with its path and reading goes on, so that a
/// person sees all of them at once. What was not asked for by <see cref="Done"/> is an unknown key.
/// </summary>
internal sealed class JsonFields(JsonElement element, string path, List<ConfigFault> faults)
{
    private readonly HashSet<string> _asked = [];

    internal string Path { get; } = path;

    internal void Fault(string key, string reason, string detail) => faults.Add(new ConfigFault(PathOf(key), reason, detail));

    internal string Text(string key, string? fallback = null, int limitChars = 256)
    {
        if (Of(key, fallback is null, JsonValueKind.String, "a text") is not { } value) return fallback ?? "";
        var text = value.GetString()!;
        if (text.Length is 0 || text.Length > limitChars) Fault(key, ConfigReasons.OutOfRange, $"1 to {limitChars} characters");
        return text;
    }

    internal long Integer(string key, long least, long most, long? fallback = null)
    {
        if (Of(key, fallback is null, JsonValueKind.Number, "a whole number") is not { } value) return fallback ?? least;
        if (!value.TryGetInt64(out var number)) Fault(key, ConfigReasons.WrongType, "a whole number");
        else if (number < least || number > most) Fault(key, ConfigReasons.OutOfRange, string.Create(CultureInfo.InvariantCulture, $"{least} to {most}, not {number}"));
        else return number;
        return fallback ?? least;
    }

    internal double Number(string key, double fallback)
    {
        if (Of(key, isNeeded: false, JsonValueKind.Number, "a number") is not { } value) return fallback;
        if (value.TryGetDouble(out var number) && double.IsFinite(number)) return number;
        Fault(key, ConfigReasons.OutOfRange, "a finite number");
        return fallback;
    }

    internal bool YesNo(string key, bool fallback)
    {
        _asked.Add(key);
        if (!element.TryGetProperty(key, out var value)) return fallback;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault(key, ConfigReasons.WrongType, "true or false");
        return fallback;
    }

    /// <summary>One of the words.</summary>
    internal T Word<T>(string key, IReadOnlyDictionary<string, T> words, string? fallback = null)
    {
        if (Of(key, fallback is null, JsonValueKind.String, "a word") is { } value)
        {
            if (words.TryGetValue(value.GetString()!, out var found)) return found;
            Fault(key, ConfigReasons.NotOneOf, string.Join(", ", words.Keys));
        }
        return fallback is null ? words.First().Value : words[fallback];
    }

    /// <summary>The object below this key; null when it is not there.</summary>
    internal JsonFields? Object(string key, bool isNeeded = false) =>
        Of(key, isNeeded, JsonValueKind.Object, "an object") is { } value ? new JsonFields(value, PathOf(key), faults) : null;

    internal IReadOnlyList<JsonFields> Objects(string key, int least, int most)
    {
        var found = new List<JsonFields>();
        foreach (var (item, at) in Items(key, least, most))
            if (item.ValueKind == JsonValueKind.Object) found.Add(new JsonFields(item, at, faults));
            else faults.Add(new ConfigFault(at, ConfigReasons.WrongType, "an object"));
        return found;
    }

    internal IReadOnlyList<string> Texts(string key, int least, int most)
    {
        var found = new List<string>();
        foreach (var (item, at) in Items(key, least, most))
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text) found.Add(text);
            else faults.Add(new ConfigFault(at, ConfigReasons.WrongType, "a text"));
        return found;
    }

    /// <summary>All keys with their words, for tables of the user's own.</summary>
    internal IEnumerable<string> Keys => element.EnumerateObject().Select(p => p.Name);

    /// <summary>Every key has been asked for; the others are unknown.</summary>
    internal void Done()
    {
        foreach (var key in Keys.Where(k => !_asked.Contains(k)))
            Fault(key, ConfigReasons.UnknownKey, $"possible here: {string.Join(", ", _asked)}");
    }

    private IEnumerable<(JsonElement Item, string Path)> Items(string key, int least, int most)
    {
        if (Of(key, least > 0, JsonValueKind.Array, "a list") is not { } list) return [];
        var count = list.GetArrayLength();
        if (count < least || count > most)
        {
            Fault(key, ConfigReasons.OutOfRange, $"{least} to {most} entries, not {count}");
            if (count > most) return [];
        }
        return list.EnumerateArray().Select((item, i) => (item, $"{PathOf(key)}[{i}]"));
    }

    private JsonElement? Of(string key, bool isNeeded, JsonValueKind kind, string wanted)
    {
        _asked.Add(key);
        if (!element.TryGetProperty(key, out var value))
        {
            if (isNeeded) Fault(key, ConfigReasons.Missing, wanted);
            return null;
        }
        if (value.ValueKind == kind) return value;
        Fault(key, ConfigReasons.WrongType, $"{wanted}, not {value.ValueKind.ToString().ToLowerInvariant()}");
        return null;
    }

    private string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}
