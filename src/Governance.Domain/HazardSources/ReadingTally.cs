namespace Governance.Domain.HazardSources;

/// <summary>
/// What is left of readings of one detector when they are drawn instead of listed. Stored with history (minute summaries
/// of a block), so what counts as usable and what as worse never changes for what is written.
/// </summary>
/// <remarks>
/// A reading is usable when it has a finite value and the letter of a measurement: Good, Saturated (danger, not a fault)
/// or Manual (shown). Test, bad, stopped and failed readings (alarms.md §4) are counted and never averaged. A value is
/// taken as it came: range and zero drift are settings of today, history is not.
/// </remarks>
public record struct ReadingTally
{
    /// <summary>Readings, usable or not.</summary>
    public int Count;
    public int Usable;
    /// <summary>Of the usable readings, as all that follows; meaningless while there are none.</summary>
    public double Min;
    public double Max;
    public double Sum;
    /// <summary>Value of the usable reading sampled last; of equal stamps the one that arrived last.</summary>
    public double Last;
    /// <summary>When that was sampled, UTC ticks.</summary>
    public long LastTicks;
    public Quality Worst;

    public readonly double Mean => Sum / Usable;

    public void Add(in Reading reading)
    {
        Noted(1, Of(reading.Quality, reading.Value));
        if (IsUsable(reading.Quality, reading.Value))
            Measured(1, reading.Value, reading.Value, reading.Value, reading.Value, reading.SampledTicks);
    }

    /// <summary>Readings that arrived later.</summary>
    public void Add(in ReadingTally later)
    {
        Noted(later.Count, later.Worst);
        if (later.Usable > 0) Measured(later.Usable, later.Min, later.Max, later.Sum, later.Last, later.LastTicks);
    }

    public static bool IsUsable(Quality quality, double value) => (quality is Quality.Good or Quality.Saturated or Quality.Manual) && double.IsFinite(value);

    /// <summary>A measurement without a number is bad whatever its letter; at the range top there need be none.</summary>
    private static Quality Of(Quality quality, double value) => (quality is Quality.Good or Quality.Manual) && !double.IsFinite(value) ? Quality.Bad : quality;

    private void Noted(int count, Quality quality)
    {
        if (Count == 0 || Badness(quality) > Badness(Worst)) Worst = quality;
        Count += count;
    }

    private void Measured(int usable, double min, double max, double sum, double last, long lastTicks)
    {
        var first = Usable == 0;
        Min = first ? min : Math.Min(Min, min);
        Max = first ? max : Math.Max(Max, max);
        Sum = first ? sum : Sum + sum;
        if (first || lastTicks >= LastTicks) (Last, LastTicks) = (last, lastTicks);
        Usable += usable;
    }

    /// <summary>From measured over entered by hand and tested to silent, faulty and stopped.</summary>
    private static int Badness(Quality quality) => quality switch
    {
        Quality.Good => 0,
        Quality.Saturated => 1,
        Quality.Manual => 2,
        Quality.Calibration => 3,
        Quality.Maintenance => 4,
        Quality.Communication => 5,
        Quality.Bad => 6,
        Quality.OutOfService => 7,
        _ => 8,
    };
}
