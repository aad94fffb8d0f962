using System.Text.Json;

namespace Governance.Node.Replay;

/// <summary>A limits file: the options of the command line by their names.</summary>
internal sealed record LimitsJson
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower, WriteIndented = true, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public double? High { get; init; }
    public double? HighHigh { get; init; }
    public double? HighHighHigh { get; init; }
    public double? Low { get; init; }
    public double? LowLow { get; init; }
    public double? Deadband { get; init; }
    public string? OnDelay { get; init; }
    public string? OffDelay { get; init; }
    public int? OnDelaySamples { get; init; }
    /// <summary>Limits of single columns, by name; the others have those above.</summary>
    public Dictionary<string, LimitsJson>? Detectors { get; init; }

    internal string ToText() => JsonSerializer.Serialize(this, Format);

    internal static LimitsJson Read(string path)
    {
        if (!File.Exists(path)) throw new RecordingException($"{path} does not exist");
        try { return JsonSerializer.Deserialize<LimitsJson>(File.ReadAllText(path), Format) ?? new LimitsJson(); }
        catch (JsonException e) { throw new RecordingException($"{path}: {e.Message}"); }
    }
}
