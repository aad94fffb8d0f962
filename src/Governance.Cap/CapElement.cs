using System.Text;
using System.Xml;

namespace Governance.Cap;

/// <summary>One element as it stands in the file, read under limits: what is hostile never becomes memory.</summary>
internal sealed class CapElement(string name, string path)
{
    internal const int BytesLimit = 1 << 20, DepthLimit = 8, ElementLimit = 20_000, TextLimitCharacters = 200_000;

    internal string Name { get; } = name;
    internal string Path { get; } = path;
    internal string Text { get; private set; } = "";
    internal List<CapElement> Children { get; } = [];

    /// <summary>The alert element of a document. No DTD, no entity but the five of XML, nothing is fetched.</summary>
    internal static (CapElement Alert, CapVersion Version) Read(Stream xml)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = BytesLimit, MaxCharactersFromEntities = 1024,
            IgnoreComments = true, IgnoreProcessingInstructions = true,
        };
        try
        {
            using var reader = XmlReader.Create(xml, settings);
            reader.MoveToContent();
            var version = reader.NamespaceURI switch
            {
                CapNames.V12 => CapVersion.V12,
                CapNames.V11 => CapVersion.V11,
                _ => throw new CapRefusedException("CAP_NAMESPACE", reader.LocalName, $"'{CapText.Short(reader.NamespaceURI)}' is not the namespace of CAP 1.2 or 1.1"),
            };
            if (reader.LocalName != "alert") throw new CapRefusedException("CAP_NOT_AN_ALERT", reader.LocalName, "the document element is alert");
            var elements = 0;
            var alert = One(reader, "alert", 1, ref elements);
            while (reader.Read())
                if (reader.NodeType == XmlNodeType.Element) throw new CapRefusedException("CAP_MALFORMED", "alert", "something follows the alert");
            return (alert, version);
        }
        catch (XmlException e) { throw new CapRefusedException(Reason(e), "alert", $"line {e.LineNumber}: {CapText.Short(e.Message)}"); }
    }

    private static CapElement One(XmlReader reader, string path, int depth, ref int elements)
    {
        if (depth > DepthLimit) throw new CapRefusedException("CAP_TOO_DEEP", path, $"more than {DepthLimit} elements inside each other");
        if (++elements > ElementLimit) throw new CapRefusedException("CAP_TOO_LARGE", path, $"more than {ElementLimit} elements");
        var (element, space) = (new CapElement(reader.LocalName, path), reader.NamespaceURI);
        if (reader.IsEmptyElement) return element;
        var text = new StringBuilder();
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
            switch (reader.NodeType)
            {
                // A signature or another extension is not ours to read; XML signatures stand at the end of an alert.
                case XmlNodeType.Element when reader.NamespaceURI != space: Skip(reader, path, depth + 1, ref elements); break;
                case XmlNodeType.Element:
                    var name = reader.LocalName;
                    var number = 1 + element.Children.Count(c => c.Name == name);
                    element.Children.Add(One(reader, number == 1 ? $"{path}/{name}" : $"{path}/{name}[{number}]", depth + 1, ref elements));
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    if (text.Length + reader.Value.Length > TextLimitCharacters) throw new CapRefusedException("CAP_TOO_LARGE", path, $"more than {TextLimitCharacters} characters");
                    text.Append(reader.Value);
                    break;
            }
        element.Text = element.Children.Count > 0 ? "" : text.ToString();
        if (element.Children.Count > 0 && text.ToString().Any(c => !char.IsWhiteSpace(c))) throw new CapRefusedException("CAP_UNEXPECTED_TEXT", path, "text between elements");
        return element;
    }

    private static void Skip(XmlReader reader, string path, int depth, ref int elements)
    {
        var ends = reader.Depth;
        if (reader.IsEmptyElement) return;
        while (reader.Read() && reader.Depth > ends)
        {
            if (depth + reader.Depth - ends > DepthLimit * 2) throw new CapRefusedException("CAP_TOO_DEEP", path, "an extension is nested too deep");
            if (reader.NodeType == XmlNodeType.Element && ++elements > ElementLimit) throw new CapRefusedException("CAP_TOO_LARGE", path, $"more than {ElementLimit} elements");
        }
    }

    private static string Reason(XmlException e) =>
        e.Message.Contains("DTD", StringComparison.Ordinal) ? "CAP_DTD_FORBIDDEN"
        : e.Message.Contains("MaxCharacters", StringComparison.Ordinal) ? "CAP_TOO_LARGE"
        : "CAP_MALFORMED";
}

/// <summary>Namespaces of the two versions.</summary>
internal static class CapNames
{
    internal const string V12 = "urn:oasis:names:tc:emergency:cap:1.2", V11 = "urn:oasis:names:tc:emergency:cap:1.1";
}
