using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Domain.Accountability;

/// <summary>What the room tells the feed of the whole district.</summary>
internal static class DistrictNotice
{
    internal static Send Told(string district, AlertKind kind, string id, DateTimeOffset at, string text, ImmutableList<string> organisations) => new(
        new EntityAddress(EntityKinds.AlertFeed, district),
        new AlertPublished(new Alert(id, kind, new AreaCode(district), at, "", "", "", AlarmLevel.None, Colour.Blue, null, double.NaN, double.NaN, "", "", "", organisations, "", false, text)));
}
