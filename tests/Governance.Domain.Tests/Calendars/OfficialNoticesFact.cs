using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Calendars;

/// <summary>Skipped where the recorded notices do not lie beside the repository.</summary>
public sealed class OfficialNoticesFactAttribute : FactAttribute
{
    public OfficialNoticesFactAttribute()
    {
        if (!System.IO.File.Exists(File(2025))) Skip = "the recorded notices (shared/data/holidays-cn) are not beside the repository";
    }

    internal static string File(int year) => Path.Combine(District.Root, "..", "shared", "data", "holidays-cn", $"{year}.json");
}
