using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Governance.Cap;

/// <summary>
/// Reads a CAP message: safe on any input, the schema's rules, and those that a schema cannot say. Refuses by
/// <see cref="CapRefusedException"/> with the name of the rule and the element that breaks it.
/// </summary>
public static class CapReader
{
    private static readonly ImmutableHashSet<string> Categories = ["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"];
    private static readonly ImmutableHashSet<string> Responses = ["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"];

    /// <summary>Reasons: CAP_TOO_LARGE, CAP_TOO_DEEP, CAP_DTD_FORBIDDEN, CAP_MALFORMED, CAP_NAMESPACE, CAP_NOT_AN_ALERT, CAP_MISSING_ELEMENT, CAP_REPEATED_ELEMENT, CAP_UNEXPECTED_ELEMENT, CAP_UNEXPECTED_TEXT, CAP_EMPTY_ELEMENT, CAP_CHARACTER_FORBIDDEN, CAP_ENUM_INVALID, CAP_TIME_INVALID, CAP_NUMBER_INVALID, CAP_POINT_INVALID, CAP_POLYGON_INVALID, CAP_CIRCLE_INVALID, CAP_REFERENCE_INVALID, CAP_REFERENCES_MISSING, CAP_SELF_REFERENCE, CAP_RESTRICTION_MISMATCH, CAP_ADDRESSES_MISSING, CAP_INFO_MISSING, CAP_TIMES_CONTRADICT, CAP_CEILING_WITHOUT_ALTITUDE, CAP_URI_INVALID.</summary>
    public static CapAlert Read(string xml)
    {
        if (Encoding.UTF8.GetByteCount(xml) > CapElement.BytesLimit) throw new CapRefusedException("CAP_TOO_LARGE", "alert", $"more than {CapElement.BytesLimit} bytes");
        // A string has its encoding behind it, whatever its declaration says.
        return Read(new MemoryStream(Encoding.UTF8.GetBytes(WithoutDeclaration(xml))));
    }

    /// <inheritdoc cref="Read(string)"/>
    public static CapAlert Read(byte[] xml) =>
        xml.Length <= CapElement.BytesLimit ? Read(new MemoryStream(xml)) : throw new CapRefusedException("CAP_TOO_LARGE", "alert", $"more than {CapElement.BytesLimit} bytes");

    private static CapAlert Read(Stream xml)
    {
        var (element, version) = CapElement.Read(xml);
        CapGrammar.Check(element, version);
        var alert = Alert(element, version);
        CapRules.Check(alert);
        return alert;
    }

    private static string WithoutDeclaration(string xml)
    {
        var text = xml.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.StartsWith("<?xml", StringComparison.Ordinal) && text.IndexOf("?>", StringComparison.Ordinal) is > 0 and var end ? text[(end + 2)..] : text;
    }

    private static CapAlert Alert(CapElement e, CapVersion version) => new(
        version, new CapIdentity(Name(e, "sender"), Name(e, "identifier"), CapText.Time(Text(e, "sent"), version, "alert/sent")),
        Enum<CapStatus>(e, "status"), Enum<CapMessageType>(e, "msgType"), Enum<CapScope>(e, "scope"))
    {
        Source = Text(e, "source"), Restriction = Text(e, "restriction"), Addresses = CapText.List(Text(e, "addresses")), Codes = Texts(e, "code"), Note = Text(e, "note"),
        References = CapText.References(Text(e, "references"), version, "alert/references"), Incidents = CapText.List(Text(e, "incidents")),
        Infos = [.. e.Children.Where(c => c.Name == "info").Select(c => Info(c, version))],
    };

    private static CapInfo Info(CapElement e, CapVersion version) => new()
    {
        Language = Text(e, "language") is { Length: > 0 } language ? language : "en-US", Categories = Known(e, "category", Categories), Event = Filled(e, "event"),
        ResponseTypes = Known(e, "responseType", Responses), Urgency = Enum<CapUrgency>(e, "urgency"), Severity = Enum<CapSeverity>(e, "severity"), Certainty = Certainty(e, version),
        Audience = Text(e, "audience"), EventCodes = Values(e, "eventCode"), Effective = Time(e, "effective", version), Onset = Time(e, "onset", version), Expires = Time(e, "expires", version),
        SenderName = Text(e, "senderName"), Headline = Text(e, "headline"), Description = Text(e, "description"), Instruction = Text(e, "instruction"), Web = Uri(e, "web"), Contact = Text(e, "contact"),
        Parameters = Values(e, "parameter"), Resources = [.. e.Children.Where(c => c.Name == "resource").Select(Resource)],
        Areas = [.. e.Children.Where(c => c.Name == "area").Select(Area)],
    };

    private static CapResource Resource(CapElement e) => new(
        Text(e, "resourceDesc"), Text(e, "mimeType"),
        Text(e, "size") is not { Length: > 0 } size ? null
            : long.TryParse(size, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bytes) ? bytes : throw new CapRefusedException("CAP_NUMBER_INVALID", $"{e.Path}/size", "not a whole number"),
        Uri(e, "uri"), Text(e, "derefUri"), Text(e, "digest"));

    private static CapArea Area(CapElement e) => new(
        Filled(e, "areaDesc"), [.. Written(e, "polygon").Select(p => CapText.Polygon(p.Text, p.Path))], [.. Written(e, "circle").Select(c => CapText.Circle(c.Text, c.Path))],
        Values(e, "geocode"), CapText.Decimal(Text(e, "altitude"), $"{e.Path}/altitude"), CapText.Decimal(Text(e, "ceiling"), $"{e.Path}/ceiling"));

    private static IEnumerable<CapElement> All(CapElement e, string name) => e.Children.Where(c => c.Name == name);

    /// <summary>Senders write an empty element where they have no figure (the US weather service does): it says nothing.</summary>
    private static IEnumerable<CapElement> Written(CapElement e, string name) => All(e, name).Where(c => !string.IsNullOrWhiteSpace(c.Text));

    private static string Text(CapElement e, string name) => All(e, name).FirstOrDefault()?.Text.Trim() ?? "";

    private static ImmutableList<string> Texts(CapElement e, string name) => [.. All(e, name).Select(c => c.Text.Trim())];

    private static string Filled(CapElement e, string name) =>
        Text(e, name) is { Length: > 0 } text ? text : throw new CapRefusedException("CAP_EMPTY_ELEMENT", $"{e.Path}/{name}", "is empty");

    /// <summary>Identifiers and senders must not hold spaces, commas, &lt; or &amp; (§3.2.1): they are parted by them in references.</summary>
    private static string Name(CapElement e, string name) =>
        Filled(e, name) is var text && text.IndexOfAny([' ', ',', '<', '&', '\t', '\n', '\r']) < 0 ? text
            : throw new CapRefusedException("CAP_CHARACTER_FORBIDDEN", $"{e.Path}/{name}", "no spaces, commas, < or &");

    private static ImmutableList<CapValue> Values(CapElement e, string name) => [.. All(e, name).Select(v => new CapValue(Text(v, "valueName"), Text(v, "value")))];

    private static ImmutableList<string> Known(CapElement e, string name, ImmutableHashSet<string> known)
    {
        foreach (var child in All(e, name))
            if (!known.Contains(child.Text.Trim())) throw new CapRefusedException("CAP_ENUM_INVALID", child.Path, $"'{CapText.Short(child.Text.Trim())}' is none of {string.Join(", ", known.Order(StringComparer.Ordinal))}");
        return Texts(e, name);
    }

    private static DateTimeOffset? Time(CapElement e, string name, CapVersion version) => All(e, name).FirstOrDefault() is { } found ? CapText.Time(found.Text, version, found.Path) : null;

    private static string Uri(CapElement e, string name) =>
        Text(e, name) is var text && (text.Length == 0 || System.Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _)) ? text : throw new CapRefusedException("CAP_URI_INVALID", $"{e.Path}/{name}", "is no address");

    private static CapCertainty Certainty(CapElement e, CapVersion version) =>
        version == CapVersion.V11 && Text(e, "certainty") == "Very Likely" ? CapCertainty.Likely : Enum<CapCertainty>(e, "certainty");

    private static T Enum<T>(CapElement e, string name) where T : struct, Enum =>
        Text(e, name) is var text && System.Enum.GetNames<T>().Contains(text, StringComparer.Ordinal) ? System.Enum.Parse<T>(text)
            : throw new CapRefusedException("CAP_ENUM_INVALID", $"{e.Path}/{name}", $"'{CapText.Short(text)}' is none of {string.Join(", ", System.Enum.GetNames<T>())}");
}
