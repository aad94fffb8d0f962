using System.Text.RegularExpressions;

namespace Governance.Domain.Kernel;

/// <summary>Text that does not have the form of the identity it claims to be. The edge maps it to INVALID_ARGUMENT.</summary>
public sealed class MalformedIdException(string field, string value, string expected)
    : ArgumentException($"{field}: '{(value.Length > 80 ? value[..80] + "…" : value)}' is not {expected}")
{
    /// <summary>Name of the field as clients know it, e.g. <c>source_id</c>.</summary>
    public string Field { get; } = field;
}

/// <summary>A hazard source (重大危险源), e.g. <c>HS-CL2-07</c>: "HS-" and 1 to 40 letters, digits or dashes.</summary>
public readonly partial record struct HazardSourceId
{
    /// <summary>Validates once; every later holder may rely on the form.</summary>
    public HazardSourceId(string value) => Value = Ids.Checked("source_id", value, Form(), "HS- followed by 1 to 40 letters, digits or dashes");
    public string Value { get; }
    public override string ToString() => Value;
    [GeneratedRegex(@"\AHS-[A-Za-z0-9-]{1,40}\z")] private static partial Regex Form();
}

/// <summary>A detector (监测点) within its source: 1 to 60 letters, digits, dot, dash, underscore.</summary>
public readonly partial record struct DetectorId
{
    public DetectorId(string value) => Value = Ids.Checked("detector_id", value, Form(), "1 to 60 letters, digits, dots, dashes or underscores");
    public string Value { get; }
    public override string ToString() => Value;
    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,60}\z")] private static partial Regex Form();
}

/// <summary>A device gateway (数采网关): 1 to 60 letters, digits, dot, dash, underscore.</summary>
public readonly partial record struct GatewayId
{
    public GatewayId(string value) => Value = Ids.Checked("gateway_id", value, Form(), "1 to 60 letters, digits, dots, dashes or underscores");
    public string Value { get; }
    public override string ToString() => Value;
    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,60}\z")] private static partial Regex Form();
}

/// <summary>An area with a feed of alerts: a subdistrict (街道, 9 digits) or the district (区, 6 digits).</summary>
public readonly partial record struct AreaCode
{
    public AreaCode(string value) => Value = Ids.Checked("area", value, Form(), "6 digits (district) or 9 digits (subdistrict)");
    public string Value { get; }
    public override string ToString() => Value;
    [GeneratedRegex(@"\A([0-9]{6}|[0-9]{9})\z")] private static partial Regex Form();
}

/// <summary>
/// One activation of an alarm (ISA-18.2). Derived from detector, epoch and sequence number of the reading that began
/// it, or from the identity of a relayed warning, so that evaluating the same reading again names the same occurrence.
/// </summary>
public readonly record struct OccurrenceId(string Value)
{
    public static OccurrenceId OfReading(HazardSourceId source, DetectorId detector, long epoch, long seq) =>
        new($"{source.Value}/{detector.Value}/{epoch}.{seq}");

    /// <summary>The same exceedance, announced afresh when its suppression ended (S9).</summary>
    public OccurrenceId Again(DateTimeOffset at) =>
        new($"{(Value.LastIndexOf('~') is >= 0 and var mark ? Value[..mark] : Value)}~{at.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    public override string ToString() => Value;
}

/// <summary>Key of a case entity: derived from what opened it, known before any number is assigned.</summary>
public readonly record struct CaseKey(string Value)
{
    /// <summary>The same cause gives the same key on every node and after every crash.</summary>
    public static CaseKey Of(string cause) => new("C" + Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(cause)).AsSpan(0, 12)));
    public override string ToString() => Value;
}

/// <summary>
/// Whose time an entity lives in: the wall clock, or the recorded clock of one gateway (drills and replays).
/// </summary>
public readonly record struct ClockId(string Value)
{
    public static readonly ClockId Wall = new("");
    public static ClockId Recorded(string gatewayId) => new("recorded/" + gatewayId);
    public bool IsWall => Value.Length == 0;
    public override string ToString() => IsWall ? "wall" : Value;
}

internal static class Ids
{
    internal static string Checked(string field, string? value, Regex form, string expected) =>
        value is not null && form.IsMatch(value) ? value : throw new MalformedIdException(field, value ?? "", expected);
}
