using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Domain.Gateways;

/// <summary>The skew ledger (alarms.md §5): more than 2 s warns, more than 60 s and received time is used for everything.</summary>
internal static class Skews
{
    /// <summary>A class is left well inside its bound, so that a clock at the bound does not tell again and again.</summary>
    private const double Inside = 0.8;

    internal static void Note(GatewayFold fold, TimeSpan skew, DateTimeOffset now)
    {
        var was = fold.State.SkewClass;
        var held = (Warn: ClockSkew.WarnAbove * (was >= SkewClass.Off ? Inside : 1), Untrusted: ClockSkew.UntrustedAbove * (was == SkewClass.Untrusted ? Inside : 1));
        var found = skew.Duration() > held.Untrusted ? SkewClass.Untrusted : skew.Duration() > held.Warn ? SkewClass.Off : SkewClass.Agrees;
        if (found == was) return;
        fold.Happen(new GatewayEvent.SkewChanged(now, skew, found));
        var by = string.Create(CultureInfo.InvariantCulture, $"{skew.Duration().TotalSeconds:0.#} s {(skew < TimeSpan.Zero ? "ahead" : "behind")}");
        fold.TellAll(found == SkewClass.Agrees ? AlertKind.ClockAgrees : AlertKind.ClockSkewed, $"clock/{now.UtcTicks}", now, found switch
        {
            SkewClass.Agrees => $"gateway {fold.State.Id}: its clock agrees again",
            SkewClass.Off => $"gateway {fold.State.Id}: its clock is {by}",
            _ => $"gateway {fold.State.Id}: its clock is {by}; times of receipt are used, and evidence is flagged",
        });
    }
}
