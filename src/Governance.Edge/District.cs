using Governance.Domain.Kernel;
using Governance.Edge.Errors;

namespace Governance.Edge;

/// <summary>The areas of the district: its own code and those of its subdistricts. Each has a feed; an alert of any other area would be heard by nobody.</summary>
public sealed record District(string Code, IReadOnlyList<string> Subdistricts)
{
    public IReadOnlyList<string> Areas => [Code, .. Subdistricts];

    /// <summary>A code of the district, or UNKNOWN_AREA.</summary>
    /// <param name="area">As the caller gave it.</param>
    /// <param name="field">Of the request, for whoever is refused.</param>
    internal string Known(string area, string field) =>
        new AreaCode(area).Value is var code && Areas.Contains(code) ? code : throw RefusedException.Invalid(field, "UNKNOWN_AREA", $"{code} is not an area of {Code}");
}
