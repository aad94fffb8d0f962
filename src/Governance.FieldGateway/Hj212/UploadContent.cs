namespace Governance.FieldGateway.Hj212;

/// <summary>The content of an upload: <c>DataTime=…;CODE-Rtd=…,CODE-Flag=…;…</c>.</summary>
/// <param name="DataTime">Of all factors that have no SampleTime of their own.</param>
/// <param name="Factors">Fields by factor code, each by its name without the code: Rtd, Flag, Avg, SampleTime …</param>
internal sealed record UploadContent(DateTimeOffset DataTime, IReadOnlyDictionary<string, Dictionary<string, string>> Factors)
{
    private const string DataTimeName = "DataTime";

    /// <summary>What is no field: a part of an upload cut within one, most likely, whose values cannot be trusted. Null when all are.</summary>
    internal static string? Torn(string content) =>
        Fields(content).FirstOrDefault(f => f.IndexOf('=', StringComparison.Ordinal) <= 0) is { } torn ? $"'{torn}' is no field" : null;

    private static string[] Fields(string content) => content.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Null when it cannot be understood; <paramref name="why"/> says why.</summary>
    internal static UploadContent? Parse(string content, out string why)
    {
        var factors = new Dictionary<string, Dictionary<string, string>>();
        DateTimeOffset? dataTime = null;
        foreach (var field in Fields(content))
        {
            var at = field.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) continue;
            var (name, value) = (field[..at], field[(at + 1)..]);
            if (name == DataTimeName)
            {
                var told = ChinaTime.OfData(value);
                // Every packet of a split upload may say it again, but not another one.
                if (told is null || (dataTime is not null && dataTime != told))
                {
                    why = told is null ? $"DataTime {value} is no time" : "two different DataTime";
                    return null;
                }
                dataTime = told;
            }
            // Before the last hyphen is the factor, behind it what is said of it.
            else if (name.LastIndexOf('-') is > 0 and var hyphen)
            {
                var code = name[..hyphen];
                if (!factors.TryGetValue(code, out var fields)) factors[code] = fields = [];
                fields.TryAdd(name[(hyphen + 1)..], value);
            }
        }
        why = dataTime is null ? "DataTime is missing" : "";
        return dataTime is { } time ? new UploadContent(time, factors) : null;
    }
}
