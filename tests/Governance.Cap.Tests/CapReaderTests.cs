using System.Diagnostics;
using System.Text;
using Governance.Node.Tests;
using Xunit.Abstractions;

namespace Governance.Cap.Tests;

/// <summary>Real messages, broken ones and hostile ones (alarms.md §6).</summary>
public sealed class CapReaderTests(ITestOutputHelper output)
{
    private const string Minimal = """
        <?xml version="1.0" encoding="UTF-8"?>
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
          <identifier>W-1</identifier><sender>henan@example.org</sender><sent>2025-08-03T14:10:00+08:00</sent>
          <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
          <info><category>CBRNE</category><event>chlorine leak</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
            <expires>2025-08-03T16:10:00+08:00</expires>
            <area><areaDesc>filling hall</areaDesc><circle>35.2,113.2 0.5</circle></area></info>
        </alert>
        """;

    [RealDataTheory("cap/README.md")]
    [InlineData("australia.cap", CapVersion.V12, CapMessageType.Alert, 2, 0)]
    [InlineData("canada.cap", CapVersion.V12, CapMessageType.Update, 2, 1)]
    [InlineData("earthquake.cap", CapVersion.V11, CapMessageType.Alert, 1, 0)]
    [InlineData("ipaws-5e6dd964_alert.xml", CapVersion.V12, CapMessageType.Alert, 1, 0)]
    [InlineData("ipaws-5e6dd9de_cancel.xml", CapVersion.V12, CapMessageType.Cancel, 0, 1)]
    [InlineData("no_optional_fields.cap", CapVersion.V11, CapMessageType.Alert, 0, 0)]
    [InlineData("nws_blizzard_cap11.xml", CapVersion.V11, CapMessageType.Alert, 1, 0)]
    [InlineData("oasis_v1.2_appendix_A1.xml", CapVersion.V12, CapMessageType.Alert, 1, 0)]
    [InlineData("oasis_v1.2_appendix_A2.xml", CapVersion.V12, CapMessageType.Alert, 1, 0)]
    [InlineData("oasis_v1.2_appendix_A3.xml", CapVersion.V12, CapMessageType.Update, 1, 1)]
    [InlineData("oasis_v1.2_appendix_A4.xml", CapVersion.V12, CapMessageType.Alert, 2, 0)]
    [InlineData("weather.cap", CapVersion.V11, CapMessageType.Alert, 1, 0)]
    public void Every_valid_message_is_read(string file, CapVersion version, CapMessageType type, int infos, int references)
    {
        var alert = CapReader.Read(File.ReadAllBytes(RealData.Path($"cap/messages/{file}")));
        Assert.Equal((version, type, infos, references), (alert.Version, alert.Type, alert.Infos.Count, Math.Min(alert.References.Count, 1)));
        // As text, too: a string has no encoding of its own.
        Assert.Equal(alert.Identity, CapReader.Read(File.ReadAllText(RealData.Path($"cap/messages/{file}"))).Identity);
    }

    [RealDataTheory("cap/README.md")]
    [InlineData("invalid.cap", "CAP_MISSING_ELEMENT", "alert/scope")]
    [InlineData("canada_errors.cap", "CAP_REFERENCES_MISSING", "alert/references")]
    public void Malformed_messages_are_refused_by_name(string file, string reason, string path)
    {
        var refused = Assert.Throws<CapRefusedException>(() => CapReader.Read(File.ReadAllBytes(RealData.Path($"cap/malformed/{file}"))));
        Assert.Equal((reason, path), (refused.Reason, refused.Path));
    }

    [Fact]
    public void An_entity_bomb_is_refused_before_it_expands()
    {
        var bomb = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE alert [<!ENTITY a0 \"boom\">");
        for (var i = 1; i < 30; i++) bomb.Append($"<!ENTITY a{i} \"{string.Concat(Enumerable.Repeat($"&a{i - 1};", 10))}\">");
        bomb.Append("]>").Append(Minimal[Minimal.IndexOf("<alert", StringComparison.Ordinal)..].Replace("W-1", "&a29;", StringComparison.Ordinal));
        var begun = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("CAP_DTD_FORBIDDEN", Refused(bomb.ToString()));
        output.WriteLine($"refused after {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0.0} ms and {(GC.GetAllocatedBytesForCurrentThread() - before) >> 10} KiB");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 22);
    }

    [Fact]
    public void An_external_entity_is_refused_and_never_fetched()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "secret");
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal("CAP_DTD_FORBIDDEN", Refused($"<?xml version=\"1.0\"?><!DOCTYPE alert [<!ENTITY x SYSTEM \"file://{file}\">]>" + Minimal[Minimal.IndexOf("<alert", StringComparison.Ordinal)..].Replace("W-1", "&x;", StringComparison.Ordinal)));
        Assert.Equal("CAP_DTD_FORBIDDEN", Refused("<!DOCTYPE alert SYSTEM \"http://127.0.0.1:9/cap.dtd\">" + Minimal[Minimal.IndexOf("<alert", StringComparison.Ordinal)..]));
        output.WriteLine($"refused after {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0.0} ms");
        File.Delete(file);
    }

    [Theory]
    [InlineData("", "CAP_MALFORMED")]
    [InlineData("not xml", "CAP_MALFORMED")]
    [InlineData("<alert/>", "CAP_NAMESPACE")]
    [InlineData("<info xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"/>", "CAP_NOT_AN_ALERT")]
    public void What_is_no_alert_is_refused(string xml, string reason) => Assert.Equal(reason, Refused(xml));

    [Theory]
    [InlineData("<status>Actual</status>", "<status>Real</status>", "CAP_ENUM_INVALID")]
    [InlineData("<status>Actual</status>", "", "CAP_MISSING_ELEMENT")]
    [InlineData("<status>Actual</status>", "<status>Actual</status><status>Test</status>", "CAP_REPEATED_ELEMENT")]
    [InlineData("<status>Actual</status>", "<status>Actual</status><colour>red</colour>", "CAP_MISSING_ELEMENT")]
    [InlineData("<scope>Public</scope>", "<scope>Public</scope>text", "CAP_UNEXPECTED_TEXT")]
    [InlineData("<scope>Public</scope>", "<scope>Restricted</scope>", "CAP_RESTRICTION_MISMATCH")]
    [InlineData("<scope>Public</scope>", "<scope>Private</scope>", "CAP_ADDRESSES_MISSING")]
    [InlineData("W-1", "", "CAP_EMPTY_ELEMENT")]
    [InlineData("W-1", "W 1", "CAP_CHARACTER_FORBIDDEN")]
    [InlineData("henan@example.org", "henan,example", "CAP_CHARACTER_FORBIDDEN")]
    [InlineData("14:10:00+08:00", "14:10:00Z", "CAP_TIME_INVALID")]
    [InlineData("14:10:00+08:00", "14:70:00+08:00", "CAP_TIME_INVALID")]
    [InlineData("14:10:00+08:00", "14:10:00", "CAP_TIME_INVALID")]
    [InlineData("<msgType>Alert</msgType>", "<msgType>Cancel</msgType>", "CAP_REFERENCES_MISSING")]
    [InlineData("<scope>Public</scope>", "<scope>Public</scope><references>only,two</references>", "CAP_REFERENCE_INVALID")]
    [InlineData("<scope>Public</scope>", "<scope>Public</scope><references>henan@example.org,W-1,2025-08-03T14:10:00+08:00</references>", "CAP_SELF_REFERENCE")]
    [InlineData("<category>CBRNE</category>", "", "CAP_MISSING_ELEMENT")]
    [InlineData("<category>CBRNE</category>", "<category>Chemistry</category>", "CAP_ENUM_INVALID")]
    [InlineData("<expires>2025-08-03T16", "<onset>2025-08-03T17:00:00+08:00</onset><expires>2025-08-03T16", "CAP_TIMES_CONTRADICT")]
    [InlineData("35.2,113.2 0.5", "135.2,113.2 0.5", "CAP_POINT_INVALID")]
    [InlineData("35.2,113.2 0.5", "35.2,113.2", "CAP_CIRCLE_INVALID")]
    [InlineData("<circle>35.2,113.2 0.5</circle>", "<polygon>35,113 36,113 36,114</polygon>", "CAP_POLYGON_INVALID")]
    [InlineData("<circle>35.2,113.2 0.5</circle>", "<polygon>35,113 36,113 36,114 35,114</polygon>", "CAP_POLYGON_INVALID")]
    [InlineData("<circle>35.2,113.2 0.5</circle>", "<ceiling>100</ceiling>", "CAP_CEILING_WITHOUT_ALTITUDE")]
    [InlineData("<areaDesc>filling hall</areaDesc>", "<areaDesc/>", "CAP_EMPTY_ELEMENT")]
    [InlineData("</alert>", "</alert><alert/>", "CAP_MALFORMED")]
    [InlineData("</alert>", "", "CAP_MALFORMED")]
    public void One_fault_is_named(string found, string instead, string reason)
    {
        Assert.NotNull(CapReader.Read(Minimal));
        Assert.Equal(reason, Refused(Minimal.Replace(found, instead, StringComparison.Ordinal)));
    }

    [Fact]
    public void Size_depth_and_number_of_elements_are_limited()
    {
        Assert.Equal("CAP_TOO_LARGE", Refused(Minimal.Replace("filling hall", new string('x', 1 << 20), StringComparison.Ordinal)));
        Assert.Equal("CAP_TOO_LARGE", Refused(Minimal.Replace("<info>", string.Concat(Enumerable.Repeat("<code/>", 30_000)) + "<info>", StringComparison.Ordinal)));
        Assert.Equal("CAP_TOO_DEEP", Refused(Minimal.Replace("filling hall", string.Concat(Enumerable.Repeat("<a>", 10_000)) + string.Concat(Enumerable.Repeat("</a>", 10_000)), StringComparison.Ordinal)));
    }

    [Fact]
    public void Whatever_bytes_come_the_answer_is_a_message_or_a_name()
    {
        var random = new Random(20261124);
        var bytes = Encoding.UTF8.GetBytes(Minimal);
        for (var i = 0; i < 3000; i++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var n = random.Next(1, 6); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try { CapReader.Read(damaged[..random.Next(damaged.Length / 2, damaged.Length)]); }
            catch (CapRefusedException e) { Assert.StartsWith("CAP_", e.Reason, StringComparison.Ordinal); }
            try { CapReader.Read(damaged); }
            catch (CapRefusedException e) { Assert.StartsWith("CAP_", e.Reason, StringComparison.Ordinal); }
        }
    }

    private static string Refused(string xml) => Assert.Throws<CapRefusedException>(() => CapReader.Read(xml)).Reason;
}
