namespace Governance.Edge;

/// <summary>The areas of the district: its own code and those of its subdistricts. Each has a feed; an alert of any other area would be heard by nobody.</summary>
public sealed record District(string Code, IReadOnlyList<string> Subdistricts)
{
    public IReadOnlyList<string> Areas => [Code, .. Subdistricts];
}
