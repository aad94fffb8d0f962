namespace Governance.Domain.Gateways;

/// <summary>
/// What a gateway's clock is off (alarms.md §5): the least of received − sent over the last one to two minutes, so that
/// a slow network does not look like a wrong clock. Positive: the gateway's clock is behind. Seeing a frame again
/// changes nothing, so a ledger's tail can be evaluated again.
/// </summary>
/// <param name="Since">When the window of now began.</param>
/// <param name="Least">The least in it.</param>
/// <param name="Before">The least of the window before; null where there was none.</param>
public readonly record struct ClockSkew(DateTimeOffset Since, TimeSpan Least, TimeSpan? Before)
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    /// <summary>More than this warns.</summary>
    public static readonly TimeSpan WarnAbove = TimeSpan.FromSeconds(2);
    /// <summary>More than this, and received time is used for everything.</summary>
    public static readonly TimeSpan UntrustedAbove = TimeSpan.FromSeconds(60);

    public static readonly ClockSkew None;

    public bool IsKnown => Since != default;
    public TimeSpan Value => Before is { } before && before < Least ? before : Least;
    /// <summary>Known for a whole window before it is believed to be far off: one frame that was late for minutes says nothing of a clock.</summary>
    public bool IsTrusted => Before is null || Value.Duration() <= UntrustedAbove;
    /// <summary>Zero below what warns: what is kept with evidence.</summary>
    public TimeSpan Notable => Value.Duration() > WarnAbove ? Value : TimeSpan.Zero;

    /// <summary>After a frame that was sent (gateway clock) and received (server clock) then.</summary>
    public ClockSkew Seen(DateTimeOffset receivedAt, DateTimeOffset sentAt)
    {
        var off = receivedAt - sentAt;
        if (!IsKnown || receivedAt >= Since + Window * 2) return new ClockSkew(receivedAt, off, null);
        if (receivedAt >= Since + Window) return new ClockSkew(receivedAt, off, Least);
        return receivedAt < Since || off >= Least ? this : this with { Least = off };
    }
}
