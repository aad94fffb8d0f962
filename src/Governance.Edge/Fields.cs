using Google.Protobuf.WellKnownTypes;
using Governance.Actors.Entity;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;

namespace Governance.Edge;

/// <summary>Fields of the public API to domain values and back; what is missing or unknown is named.</summary>
internal static class Fields
{
    internal static DateTimeOffset Required(Timestamp? at, string field) =>
        at is null ? throw RefusedException.Invalid(field, "FIELD_MISSING", "is mandatory") : Clocks.Truncated(Time(at, field));

    internal static DateTimeOffset? Optional(Timestamp? at, string field) => at is null ? null : Clocks.Truncated(Time(at, field));

    private static DateTimeOffset Time(Timestamp at, string field)
    {
        try { return at.ToDateTimeOffset(); }
        catch (InvalidOperationException) { throw RefusedException.Invalid(field, "TIME_INVALID", "is not a valid timestamp"); }
    }

    internal static HazardKind Kind(V1.HazardKind kind) => kind is >= V1.HazardKind.ToxicGas and <= V1.HazardKind.TankLevel
        ? (HazardKind)kind : throw RefusedException.Invalid("kind", "KIND_MISSING", "a hazard kind");

    internal static AlarmLevel Level(V1.AlarmLevel level) => level is >= V1.AlarmLevel._1 and <= V1.AlarmLevel._3
        ? (AlarmLevel)((int)level - 1) : throw RefusedException.Invalid("level", "LEVEL_MISSING", "level 1 to 3");

    internal static Colour Colour(V1.Colour colour, string field) => colour is >= V1.Colour.Grey and <= V1.Colour.Red
        ? (Colour)((int)colour - 1) : throw RefusedException.Invalid(field, "COLOUR_MISSING", "one of the five colours");

    internal static V1.Colour To(Colour colour) => (V1.Colour)((int)colour + 1);
    internal static V1.AlarmLevel To(AlarmLevel level) => (V1.AlarmLevel)((int)level + 1);
    internal static V1.HazardKind To(HazardKind kind) => (V1.HazardKind)kind;
    internal static V1.HazardKind To(HazardKind? kind) => (V1.HazardKind)(kind ?? 0);
    internal static Timestamp To(DateTimeOffset at) => Timestamp.FromDateTimeOffset(at);
    internal static Timestamp? To(DateTimeOffset? at) => at is { } set ? Timestamp.FromDateTimeOffset(set) : null;

    internal static int PageSize(int asked) => asked switch
    {
        0 => 100,
        >= 1 and <= 1000 => asked,
        _ => throw RefusedException.Invalid("page_size", "PAGE_SIZE_INVALID", "1 to 1,000"),
    };
}
