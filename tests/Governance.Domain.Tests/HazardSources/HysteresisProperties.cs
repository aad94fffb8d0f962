using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>For any sequence of values, limits with deadband and on-delay do what a loop of ten lines does (S1, S2).</summary>
public sealed class HysteresisProperties
{
    private const int OnDelaySamples = 3;

    /// <summary>Values around every limit and reset value of the detectors below.</summary>
    private static Arbitrary<List<double>> Values(params double[] edges) =>
        Gen.ListOf(Gen.Elements(edges).SelectMany(e => Gen.Elements(-0.01, 0.0, 0.01).Select(d => Math.Round(e + d, 2)))).Select(l => l.ToList()).ToArbitrary();

    [Property(MaxTest = 300)]
    public Property Activations_of_a_toxic_detector_equal_the_reference_loop() => Prop.ForAll(Values(0.2, 0.9, 1, 1.9, 2, 8.7, 8.8), values =>
        Same(Chlorine("CL-1", offDelay: TimeSpan.Zero), [(1, 1, 0.9), (2, 2, 1.9), (3, 8.8, 8.7)], 1, values));

    [Property(MaxTest = 300)]
    public Property Activations_with_an_on_delay_by_samples_equal_the_reference_loop() => Prop.ForAll(Values(1, 23, 25, 25, 48, 50), values =>
        Same(Combustible("GAS-1", samples: OnDelaySamples), [(1, 25, 23), (2, 50, 48)], OnDelaySamples, values));

    private static void Same(DetectorConfig detector, (int Level, double Limit, double Reset)[] limits, int samples, List<double> values)
    {
        var wanted = new List<(int Reading, int Level)>();
        var (level, over) = (0, 0);
        for (var i = 0; i < values.Count; i++)
        {
            var next = limits.Where(l => values[i] >= l.Limit || (level >= l.Level && values[i] >= l.Reset)).Select(l => l.Level).DefaultIfEmpty(0).Max();
            over = next > 0 ? over + 1 : 0;
            if (level == 0 && next == 1 && over < samples) continue;
            if (level == 0 && next > 0) wanted.Add((i + 1, next));
            level = next;
        }

        var story = new SourceStory(detector).At("14:10:00");
        var found = new List<(int, int)>();
        for (var i = 0; i < values.Count; i++)
        {
            var before = story.Events.Count;
            story.Feed(detector.Id.Value, values[i]).Wait(10);
            found.AddRange(story.Events.Skip(before).OfType<OccurrenceActivated>().Select(e => (i + 1, (int)e.Level)));
            var live = (int)story.Of(detector.Id.Value).Level;
            Assert.True(live == 0 || values[i] >= limits.Single(l => l.Level == live).Reset, $"{values[i]} holds level {live}");
        }
        Assert.Equal(wanted, found);
    }
}
