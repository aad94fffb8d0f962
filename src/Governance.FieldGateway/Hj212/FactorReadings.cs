using System.Globalization;
using Governance.Edge.V1;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Telemetry;
using Governance.Gateway;

namespace Governance.FieldGateway.Hj212;

/// <summary>Makes readings of an upload, by the station's configuration. Pure.</summary>
internal static class FactorReadings
{
    private const string FlagField = "Flag", SampleTimeField = "SampleTime";

    /// <param name="noted">Gathers what was passed over or could not be believed, by name of <see cref="Reasons"/>.</param>
    internal static Sample[] Of(StationConfig station, string command, UploadContent content, ICollection<(string Reason, string Detail)> noted)
    {
        var samples = new List<Sample>(content.Factors.Count);
        foreach (var (code, fields) in content.Factors)
        {
            if (!station.Factors.TryGetValue((command, code), out var factor)) noted.Add((Reasons.UnknownFactor, $"{code} of command {command}"));
            else samples.Add(Reading(station, factor, fields, content.DataTime, noted));
        }
        return [.. samples];
    }

    private static Sample Reading(StationConfig station, FactorConfig factor, Dictionary<string, string> fields, DateTimeOffset dataTime, ICollection<(string, string)> noted)
    {
        var (value, quality) = (double.NaN, FlagOf(station, factor, fields, noted));
        if (!fields.TryGetValue(factor.Field, out var text) || text.Length == 0)
        {
            // A detector that says itself that it is out of order need not have a value.
            if (quality == Quality.Good) noted.Add((Reasons.NoValue, $"{factor.Code}-{factor.Field}"));
        }
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var told) && double.IsFinite(told * factor.Scale + factor.Offset)) value = told * factor.Scale + factor.Offset;
        else noted.Add((Reasons.NotANumber, $"{factor.Code}-{factor.Field}={text}"));
        // Saturated without a value stays: it means danger, not a fault (alarms.md §4).
        if (double.IsNaN(value) && quality == Quality.Good) quality = Quality.Bad;
        return new Sample(factor.Place.Source, factor.Place.Detector, SampledAt(fields, dataTime, noted), value, quality);
    }

    private static Quality FlagOf(StationConfig station, FactorConfig factor, Dictionary<string, string> fields, ICollection<(string, string)> noted)
    {
        if (!fields.TryGetValue(FlagField, out var flag)) return Quality.Good;
        if (flag.Length == 1 && station.Flags.TryGetValue(flag[0], out var quality)) return quality;
        noted.Add((Reasons.UnknownFlag, $"{factor.Code}-Flag={flag}"));
        return Quality.Bad;
    }

    private static DateTimeOffset SampledAt(Dictionary<string, string> fields, DateTimeOffset dataTime, ICollection<(string, string)> noted)
    {
        if (!fields.TryGetValue(SampleTimeField, out var text)) return dataTime;
        if (ChinaTime.OfData(text) is { } own) return own;
        noted.Add((Reasons.BadTime, $"SampleTime={text}; DataTime instead"));
        return dataTime;
    }
}
