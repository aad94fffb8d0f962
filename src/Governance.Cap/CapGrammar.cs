using System.Collections.Immutable;

namespace Governance.Cap;

/// <summary>The schema as a table: which children an element has, in which order, how often (CAP-v1.2.xsd).</summary>
internal static class CapGrammar
{
    /// <summary>A child: 1 exactly once, ? at most once, + at least once, * any number.</summary>
    private readonly record struct Child(string Name, char Times);

    private static readonly ImmutableDictionary<string, Child[]> Table = new Dictionary<string, string>
    {
        ["alert"] = "identifier sender sent status msgType source? scope restriction? addresses? code* note? references? incidents? info*",
        ["info"] = "language? category+ event responseType* urgency severity certainty audience? eventCode* effective? onset? expires? senderName? headline? description? instruction? web? contact? parameter* resource* area*",
        ["resource"] = "resourceDesc mimeType size? uri? derefUri? digest?",
        ["area"] = "areaDesc polygon* circle* geocode* altitude? ceiling?",
        ["eventCode"] = "valueName value",
        ["parameter"] = "valueName value",
        ["geocode"] = "valueName value",
    }.ToImmutableDictionary(e => e.Key, e => e.Value.Split(' ').Select(w => "?+*".Contains(w[^1]) ? new Child(w[..^1], w[^1]) : new Child(w, '1')).ToArray());

    /// <summary>Refuses what stands where the schema has nothing, is missing, or comes too often.</summary>
    internal static void Check(CapElement element, CapVersion version)
    {
        if (!Table.TryGetValue(element.Name, out var children))
        {
            if (element.Children.Count > 0) throw new CapRefusedException("CAP_UNEXPECTED_ELEMENT", element.Children[0].Path, $"{element.Name} has no elements inside");
            return;
        }
        var next = 0;
        foreach (var rule in children)
        {
            var count = 0;
            for (; next < element.Children.Count && element.Children[next].Name == rule.Name; next++, count++) Check(element.Children[next], version);
            // In 1.1 mimeType is optional.
            var needed = rule.Times is '1' or '+' && !(version == CapVersion.V11 && rule.Name == "mimeType");
            if (count == 0 && needed)
                throw new CapRefusedException("CAP_MISSING_ELEMENT", $"{element.Path}/{rule.Name}", element.Children.Any(c => c.Name == rule.Name) ? "stands in the wrong place" : "is missing");
            if (count > 1 && rule.Times is '1' or '?' && count > 1) throw new CapRefusedException("CAP_REPEATED_ELEMENT", element.Children[next - 1].Path, "stands once at most");
        }
        if (next < element.Children.Count) throw new CapRefusedException("CAP_UNEXPECTED_ELEMENT", element.Children[next].Path, $"is not expected here in {element.Name}");
    }
}
