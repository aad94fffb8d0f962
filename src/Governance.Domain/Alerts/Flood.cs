using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Kernel;

namespace Governance.Domain.Alerts;

/// <summary>
/// More alarms than a desk can take in (alarms.md S13; ISA-18.2): alarms of one source, zone and cause are folded into the
/// first of them. Toxic gas from level 2 on, and level 3 of anything, always stay separate; drills neither count nor fold.
/// </summary>
/// <param name="Raised">When the latest alarms came, oldest first, at most <see cref="BeginsAbove"/> + 1.</param>
/// <param name="Running">Since when it folds; null: it does not.</param>
/// <param name="Heads">Source, zone and cause of what was told one by one in this flood.</param>
/// <param name="Folded">Alarms folded in this flood.</param>
public sealed record Flood(ImmutableArray<DateTimeOffset> Raised, DateTimeOffset? Running, ImmutableSortedSet<string> Heads, int Folded)
{
    /// <summary>New alarms within <see cref="Window"/>: more than this begins a flood, fewer than <see cref="EndsBelow"/> end it.</summary>
    public const int BeginsAbove = 10, EndsBelow = 5;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    /// <summary>Told one by one at most per flood; beyond, an alarm that has no head of its own is told as well.</summary>
    private const int HeadLimit = 4096;
    public const string Ends = "FLOOD_ENDS";

    public static readonly Flood Calm = new([], null, ImmutableSortedSet.Create<string>(StringComparer.Ordinal), 0);

    /// <summary>When fewer than <see cref="EndsBelow"/> alarms lie in the window.</summary>
    public DateTimeOffset? EndsAt => Running is null ? null : Raised[^EndsBelow] + Window;

    /// <summary>Would this alarm, coming now, be one too many?</summary>
    internal bool BeginsWith(Alert alert, DateTimeOffset now) =>
        Running is null && Counts(alert) && Raised.Length >= BeginsAbove && Raised[^BeginsAbove] > now - Window;

    /// <summary>The alert as the feed tells it.</summary>
    /// <param name="shown">What the feed said last about its occurrence; null when it is new.</param>
    internal Alert Told(Alert alert, Alert? shown)
    {
        if (alert.Folded || alert.Drill || alert.Occurrence.Length == 0) return alert;
        if (StandsAlone(alert)) return alert;
        var folds = alert.Kind == AlertKind.OccurrenceRaised ? Running is not null && Heads.Contains(Key(alert)) : shown is { Folded: true };
        return folds ? alert with { Folded = true } : alert;
    }

    internal Flood After(AlertAppended e)
    {
        switch (e.Alert.Kind)
        {
            case AlertKind.FloodBegan: return this with { Running = e.At, Heads = Heads.Clear(), Folded = 0 };
            case AlertKind.FloodEnded: return this with { Running = null, Heads = Heads.Clear(), Folded = 0 };
        }
        if (!Counts(e.Alert)) return this;
        var raised = Raised.Length > BeginsAbove ? Raised.RemoveAt(0).Add(e.At) : Raised.Add(e.At);
        return Running is null ? this with { Raised = raised }
            : e.Alert.Folded ? this with { Raised = raised, Folded = Folded + 1 }
            : this with { Raised = raised, Heads = Heads.Count < HeadLimit ? Heads.Add(Key(e.Alert)) : Heads };
    }

    internal Alert Began(AreaCode area, long position, DateTimeOffset at) =>
        Word(area, AlertKind.FloodBegan, position, at, $"more than {BeginsAbove} alarms in {Window.TotalMinutes:0} min: alarms of one source, zone and cause are folded; toxic gas from level 2 on and every level 3 stand alone");

    internal Alert Ended(AreaCode area, long position, DateTimeOffset at) =>
        Word(area, AlertKind.FloodEnded, position, at, string.Create(CultureInfo.InvariantCulture, $"fewer than {EndsBelow} alarms in {Window.TotalMinutes:0} min; {Folded} were folded since {Running:O}"));

    private static bool Counts(Alert alert) => alert is { Kind: AlertKind.OccurrenceRaised, Drill: false };

    private static bool StandsAlone(Alert alert) => alert.Level == AlarmLevel.Three || (alert is { HazardKind: HazardKind.ToxicGas, Level: AlarmLevel.Two });

    private static string Key(Alert alert) => $"{alert.Source}|{alert.Zone}|{alert.HazardKind}";

    private static Alert Word(AreaCode area, AlertKind kind, long position, DateTimeOffset at, string text) => new(
        string.Create(CultureInfo.InvariantCulture, $"{area}/{kind}/{position}"), kind, area, at, "", "", "", AlarmLevel.None, Colour.Grey, null, double.NaN, double.NaN, "", "", "", [], "", false, text);
}
