namespace Governance.Gateway;

/// <summary>Microseconds since 1970: the grain of every stamp on the wire, and so of every stamp that is kept.</summary>
internal static class Micros
{
    private const long EpochUs = 62_135_596_800_000_000;

    internal static long Of(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond - EpochUs;

    internal static DateTimeOffset At(long us) => new((us + EpochUs) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
