using System.Collections.Immutable;
using System.Xml;
using System.Xml.Schema;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Node.Tests;

namespace Governance.Cap.Tests;

/// <summary>What we send out is valid against the standard's own schema, and says what it was made from.</summary>
public sealed class CapWriterTests
{
    private static readonly Gen<string> Word = from letters in Gen.ArrayOf(Gen.Elements("chlorine", "氯气", "a&b", "<x>", "\"q\"", "é", "n°15"), 3) select string.Join(' ', letters);
    private static readonly Gen<string> Name = from number in Gen.Choose(1, 999_999) select $"W-{number}";
    private static readonly Gen<DateTimeOffset> Time =
        from minutes in Gen.Choose(0, 500_000)
        from hours in Gen.Choose(-11, 13)
        select new DateTimeOffset(2025, 8, 3, 14, 10, 0, TimeSpan.FromHours(hours)).AddMinutes(minutes);

    private static readonly Gen<CapArea> Area =
        from text in Word
        from latitude in Gen.Choose(-80, 80)
        from kind in Gen.Choose(0, 2)
        select new CapArea(text,
            kind == 0 ? [[new CapPoint(latitude, 1.5), new CapPoint(latitude + 1, 1.5), new CapPoint(latitude, 2.25), new CapPoint(latitude, 1.5)]] : [],
            kind == 1 ? [new CapCircle(new CapPoint(latitude, -113.125), 0.5)] : [], kind == 2 ? [new CapValue("GB/T 2260", "410803")] : [], kind == 2 ? 100 : null, kind == 2 ? 250.5 : null);

    private static readonly Gen<CapInfo> Info =
        from text in Word
        from urgency in Gen.Elements(Enum.GetValues<CapUrgency>())
        from severity in Gen.Elements(Enum.GetValues<CapSeverity>())
        from certainty in Gen.Elements(Enum.GetValues<CapCertainty>())
        from at in Time
        from areas in Gen.ListOf(Area, 2)
        select new CapInfo
        {
            Language = "zh-CN", Categories = ["CBRNE", "Safety"], Event = text, ResponseTypes = ["Evacuate"], Urgency = urgency, Severity = severity, Certainty = certainty, Effective = at, Expires = at.AddHours(2),
            Headline = text, Instruction = text, Parameters = [new CapValue("value", "2.6 mg/m3")], Areas = [.. areas],
        };

    private static readonly Gen<CapAlert> Alert =
        from name in Name
        from earlier in Name
        from at in Time
        from status in Gen.Elements(CapStatus.Actual, CapStatus.Exercise, CapStatus.Test)
        from type in Gen.Elements(CapMessageType.Alert, CapMessageType.Update, CapMessageType.Cancel)
        from infos in Gen.ListOf(Info, 2)
        select new CapAlert(CapVersion.V12, new CapIdentity("dispatch@410803", name + "x", at), status, type, CapScope.Restricted)
        {
            Restriction = "for duty desks", References = type == CapMessageType.Alert ? [] : [new CapIdentity("dispatch@410803", earlier, at.AddMinutes(-5))], Incidents = ["C1", "two words"], Infos = [.. infos],
        };

    [Property(MaxTest = 200)]
    public Property What_was_written_reads_back() => Prop.ForAll(Arb.From(Alert), alert =>
    {
        var back = CapReader.Read(CapWriter.Write(alert));
        Assert.Equal(Text(alert), Text(back));
    });

    [RealDataTheory("cap/xsd/CAP-v1.2.xsd")]
    [InlineData(200)]
    public void What_was_written_is_valid_against_the_schema(int messages)
    {
        var schemas = new XmlSchemaSet { XmlResolver = null };
        using (var xsd = XmlReader.Create(RealData.Path("cap/xsd/CAP-v1.2.xsd"))) schemas.Add(CapNames12, xsd);
        foreach (var alert in Alert.Sample(messages, 0))
        {
            var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas };
            using var reader = XmlReader.Create(new StringReader(CapWriter.Write(alert)), settings);
            while (reader.Read()) { }
        }
    }

    private const string CapNames12 = "urn:oasis:names:tc:emergency:cap:1.2";

    private static string Text(CapAlert alert) => System.Text.Json.JsonSerializer.Serialize(alert);
}
