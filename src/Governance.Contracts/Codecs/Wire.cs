namespace Governance.Contracts.Codecs;

/// <summary>Conversions that every mapping shares.</summary>
public static class Wire
{
    /// <summary>Unix microseconds: the resolution of all stored times.</summary>
    public static long Us(DateTimeOffset at) => UsOfTicks(at.UtcTicks);

    public static long UsOfTicks(long utcTicks) => (utcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Unlike <see cref="At"/>, of any number: whoever makes a time of the ticks meets what is none.</summary>
    public static long TicksOfUs(long us) => DateTime.UnixEpoch.Ticks + us * TimeSpan.TicksPerMicrosecond;

    /// <summary>0 means none.</summary>
    public static long UsOrZero(DateTimeOffset? at) => at is { } set ? Us(set) : 0;

    public static DateTimeOffset At(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset? AtOrNone(long us) => us == 0 ? null : At(us);

    public static long Us(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan Span(long us) => TimeSpan.FromTicks(us * TimeSpan.TicksPerMicrosecond);

    /// <summary>A stored number that has no name here is corruption or a newer writer: loud.</summary>
    public static T Known<T>(int number) where T : struct, Enum =>
        Enum.IsDefined(typeof(T), (T)Enum.ToObject(typeof(T), number))
            ? (T)Enum.ToObject(typeof(T), number)
            : throw new InvalidDataException($"{typeof(T).Name} has no value {number}");
}
