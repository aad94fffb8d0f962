using System.Globalization;
using System.Text;
using System.Xml;

namespace Governance.Cap;

/// <summary>Writes CAP 1.2, elements in the order of the schema.</summary>
public static class CapWriter
{
    /// <summary>UTF-8 text of the message, with its declaration.</summary>
    public static string Write(CapAlert alert)
    {
        var text = new MemoryStream();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), CheckCharacters = true }))
        {
            xml.WriteStartElement("alert", CapNames.V12);
            Alert(xml, alert);
            xml.WriteEndElement();
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Alert(XmlWriter xml, CapAlert a)
    {
        One(xml, "identifier", a.Identity.Identifier);
        One(xml, "sender", a.Identity.Sender);
        One(xml, "sent", CapText.Time(a.Identity.Sent));
        One(xml, "status", a.Status.ToString());
        One(xml, "msgType", a.Type.ToString());
        Filled(xml, "source", a.Source);
        One(xml, "scope", a.Scope.ToString());
        Filled(xml, "restriction", a.Restriction);
        Filled(xml, "addresses", CapText.List(a.Addresses));
        foreach (var code in a.Codes) One(xml, "code", code);
        Filled(xml, "note", a.Note);
        Filled(xml, "references", string.Join(' ', a.References));
        Filled(xml, "incidents", CapText.List(a.Incidents));
        foreach (var info in a.Infos) Inside(xml, "info", () => Info(xml, info));
    }

    private static void Info(XmlWriter xml, CapInfo i)
    {
        One(xml, "language", i.Language);
        foreach (var category in i.Categories) One(xml, "category", category);
        One(xml, "event", i.Event);
        foreach (var response in i.ResponseTypes) One(xml, "responseType", response);
        One(xml, "urgency", i.Urgency.ToString());
        One(xml, "severity", i.Severity.ToString());
        One(xml, "certainty", i.Certainty.ToString());
        Filled(xml, "audience", i.Audience);
        foreach (var code in i.EventCodes) Value(xml, "eventCode", code);
        Time(xml, "effective", i.Effective);
        Time(xml, "onset", i.Onset);
        Time(xml, "expires", i.Expires);
        Filled(xml, "senderName", i.SenderName);
        Filled(xml, "headline", i.Headline);
        Filled(xml, "description", i.Description);
        Filled(xml, "instruction", i.Instruction);
        Filled(xml, "web", i.Web);
        Filled(xml, "contact", i.Contact);
        foreach (var parameter in i.Parameters) Value(xml, "parameter", parameter);
        foreach (var resource in i.Resources) Inside(xml, "resource", () => Resource(xml, resource));
        foreach (var area in i.Areas) Inside(xml, "area", () => Area(xml, area));
    }

    private static void Resource(XmlWriter xml, CapResource r)
    {
        One(xml, "resourceDesc", r.Description);
        One(xml, "mimeType", r.MimeType);
        Filled(xml, "size", r.Size?.ToString(CultureInfo.InvariantCulture) ?? "");
        Filled(xml, "uri", r.Uri);
        Filled(xml, "derefUri", r.DerefUri);
        Filled(xml, "digest", r.Digest);
    }

    private static void Area(XmlWriter xml, CapArea a)
    {
        One(xml, "areaDesc", a.Description);
        foreach (var polygon in a.Polygons) One(xml, "polygon", string.Join(' ', polygon.Select(CapText.Text)));
        foreach (var circle in a.Circles) One(xml, "circle", $"{CapText.Text(circle.Centre)} {circle.RadiusKm.ToString("0.######", CultureInfo.InvariantCulture)}");
        foreach (var geocode in a.Geocodes) Value(xml, "geocode", geocode);
        Filled(xml, "altitude", Number(a.Altitude));
        Filled(xml, "ceiling", Number(a.Ceiling));
    }

    private static string Number(double? number) => number?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";

    private static void Value(XmlWriter xml, string name, CapValue value) => Inside(xml, name, () =>
    {
        One(xml, "valueName", value.Name);
        One(xml, "value", value.Value);
    });

    private static void Inside(XmlWriter xml, string name, Action children)
    {
        xml.WriteStartElement(name, CapNames.V12);
        children();
        xml.WriteEndElement();
    }

    private static void Time(XmlWriter xml, string name, DateTimeOffset? at)
    {
        if (at is { } set) One(xml, name, CapText.Time(set));
    }

    private static void Filled(XmlWriter xml, string name, string text)
    {
        if (text.Length > 0) One(xml, name, text);
    }

    private static void One(XmlWriter xml, string name, string text) => xml.WriteElementString(name, CapNames.V12, text);
}
