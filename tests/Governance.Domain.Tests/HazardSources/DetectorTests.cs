using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;
using static Governance.Domain.Tests.HazardSources.Sources;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>Readings of one detector, rule by rule (alarms.md §1, §2, §4, §5).</summary>
public sealed class DetectorTests
{
    private static SourceStory Trusted(DetectorConfig detector, double value = 0.2) =>
        new SourceStory(detector).At("14:10:00").Feed(detector.Id.Value, value).Forget();

    private static SourceStory Active(double value = 1.2, TimeSpan? offDelay = null) => Trusted(Chlorine("CL-1", offDelay: offDelay)).Wait(10).Feed("CL-1", value).Forget();

    [Fact]
    public void The_first_good_reading_makes_a_detector_trusted_and_the_source_blue() =>
        new SourceStory(Chlorine("CL-1")).WantColour(Colour.Grey).Feed("CL-1", 0.2).Want("CL-1 trusted", "Blue").WantColour(Colour.Blue);

    // --- P: identity and order ---

    [Fact]
    public void P1_a_duplicate_is_not_evaluated_again()
    {
        var story = Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 1.2, seq: 2).Forget();
        var before = story.State;
        story.Wait(10).Feed("CL-1", 1.2, seq: 2).Feed("CL-1", 9.9, seq: 2).Feed("CL-1", 0.2, seq: 1).Want();
        Assert.Equal(before.Detectors.AsEnumerable(), story.State.Detectors);
    }

    [Fact]
    public void P3_a_reading_behind_a_gap_is_evaluated_at_once()
    {
        var story = Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 2.5, seq: 7).Want("CL-1 active 2", "incident", "Orange");
        Assert.Equal([new SeqRange(2, 6)], story.Memo("CL-1").Evaluated.Gaps());
    }

    [Fact]
    public void P4_P6_a_late_reading_never_activates_but_is_evidence()
    {
        var story = Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 0.3, seq: 5).Wait(1)
            .Feed("CL-1", 2.5, seq: 3).Want("CL-1 late evidence 2").WantColour(Colour.Blue);
        Assert.IsType<ProcessRegion.Normal>(story.Memo("CL-1").Process);
        Assert.Equal(0.3, story.Memo("CL-1").LastValue);
    }

    [Fact]
    public void P6_late_evidence_is_only_what_exceeds_more_than_the_peak_that_was_known() =>
        Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 2.5, seq: 9).Forget()
            .Feed("CL-1", 1.5, seq: 2).Feed("CL-1", 2.9, seq: 3).Want()
            .Feed("CL-1", 9, seq: 4).Want("CL-1 late evidence 3");

    [Fact]
    public void P4_a_late_normal_reading_clears_nothing() =>
        Active(offDelay: TimeSpan.Zero).Wait(10).Feed("CL-1", 1.4, seq: 9).Feed("CL-1", 0.1, seq: 5).Want().WantColour(Colour.Yellow);

    [Fact]
    public void P5_a_new_epoch_starts_the_numbers_over_and_keeps_the_alarm()
    {
        var story = Active().Wait(10).Feed("CL-1", 1.3, seq: 1, epoch: 2).Want();
        Assert.Equal(new SeqSet(2, 1, []), story.Memo("CL-1").Evaluated);
        story.Wait(10).Feed("CL-1", 2.5, seq: 2, epoch: 2).Want("CL-1 1>2", "Orange");
    }

    [Fact]
    public void P5_an_occurrence_of_a_new_epoch_has_another_id()
    {
        var story = Active(offDelay: TimeSpan.Zero).Wait(10).Feed("CL-1", 0.1).Wait(10).Feed("CL-1", 1.2, seq: 2, epoch: 2);
        Assert.Equal(["HS-CL2-07/CL-1/1.2", "HS-CL2-07/CL-1/2.2"], story.Events.OfType<OccurrenceActivated>().Select(e => e.Occurrence.Value));
    }

    [Fact]
    public void P6_a_stamp_that_goes_back_or_leaps_never_silences() =>
        Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 0.2, sampled: TimeSpan.FromDays(1))
            .Wait(10).Feed("CL-1", 1.2, sampled: TimeSpan.FromDays(-1)).Want("CL-1 active 1", "incident", "Yellow");

    [Fact]
    public void P6_a_stamp_in_the_future_never_advances_the_last_sampled_mark()
    {
        var story = Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 0.2, sampled: TimeSpan.FromHours(1));
        Assert.Equal(SourceStory.Time("14:10:00"), story.Memo("CL-1").LastSampledAt);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void P6_one_wrong_stamp_at_the_start_of_clearing_does_not_hold_the_alarm_longer_than_the_off_delay_by_receipt(int seconds)
    {
        var story = Active().Wait(10).Feed("CL-1", 0.2, sampled: TimeSpan.FromSeconds(seconds)).Want().Wait(10).Steady("CL-1", 0.2, OffDelay);
        story.Want("CL-1 normal, peak 1", "Blue");
    }

    [Fact]
    public void P6_a_detector_clock_that_steps_back_while_clearing_does_not_hold_the_alarm()
    {
        var story = Active().Wait(10).Feed("CL-1", 0.2);
        for (var i = 0; i < 31; i++) story.Wait(10).Feed("CL-1", 0.2, sampled: TimeSpan.FromHours(-2));
        story.Want("CL-1 normal, peak 1", "Blue");
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, -121)]
    public void P7_what_is_historical_or_was_taken_long_ago_is_stored_and_never_activates(bool historical, int takenSeconds)
    {
        var story = Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 9, historical: historical, taken: TimeSpan.FromSeconds(takenSeconds)).Want("CL-1 history 3");
        Assert.True(story.Memo("CL-1").Evaluated.Contains(1, 2));
        Assert.Equal(SourceStory.Time("14:10:00"), story.Memo("CL-1").LastGoodAt);
    }

    [Fact]
    public void P7_exactly_two_minutes_is_still_live() =>
        Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 1.2, taken: TimeSpan.FromMinutes(-2)).Want("CL-1 active 1", "incident", "Yellow");

    [Fact]
    public void Readings_declared_lost_move_the_mark_for_good()
    {
        var story = Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 0.2, seq: 5).Skip("CL-1", 2, 4).Want("marks", "CL-1 lost 2..4");
        Assert.Equal(new SeqSet(1, 5, []), story.Memo("CL-1").Evaluated);
        story.Feed("CL-1", 9, seq: 3).Want();
        story.Skip("CL-9", 2, 4).WantRefusal("UNKNOWN_DETECTOR").Skip("CL-1", 0, 4).WantRefusal("INVALID_RANGE").Skip("CL-1", 4, 3).WantRefusal("INVALID_RANGE");
        story.Skip("CL-1", 1, 4, epoch: 0).WantRefusal("OLD_EPOCH");
    }

    // --- S1: limits and deadband ---

    [Theory]
    [InlineData(0.999, 0)]
    [InlineData(1.0, 1)]
    [InlineData(1.999, 1)]
    [InlineData(2.0, 2)]
    [InlineData(8.8, 3)]
    [InlineData(20, 3)]
    public void S1_activates_at_the_limit_itself(double value, int level)
    {
        var story = Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", value);
        Assert.Equal((AlarmLevel)level, story.Of("CL-1").Level);
    }

    [Theory]
    [InlineData(0.95, true)]
    [InlineData(0.9, true)]
    [InlineData(0.8999, false)]
    public void S1_clears_only_below_limit_minus_deadband(double value, bool stays)
    {
        var story = Active(offDelay: TimeSpan.Zero).Wait(10).Feed("CL-1", value);
        if (stays) story.Want();
        else story.Want("CL-1 normal, peak 1", "Blue");
    }

    [Fact]
    public void S1_the_deadband_holds_each_level_and_the_peak_is_a_fact_of_its_own_S3()
    {
        var story = Active(2.0).Wait(10).Feed("CL-1", 1.9).Want().Wait(10).Feed("CL-1", 1.89).Want("CL-1 2>1", "Yellow");
        Assert.Equal((AlarmLevel.One, AlarmLevel.Two, 2.0), (story.Memo("CL-1").Live!.Level, story.Memo("CL-1").Live!.Peak, story.Memo("CL-1").Live!.PeakValue));
    }

    [Fact]
    public void S1_low_limits_are_mirrored() =>
        new SourceStory(Oxygen("OX-1")).At("14:10:00").Feed("OX-1", 20.9).Forget()
            .Wait(10).Feed("OX-1", 19.5).Want("OX-1 active 1", "incident", "Yellow")
            .Wait(10).Feed("OX-1", 17.9).Want("OX-1 1>2", "Orange")
            .Wait(10).Feed("OX-1", 18.2).Want()
            .Wait(10).Feed("OX-1", 18.21).Want("OX-1 2>1", "Yellow")
            .Wait(10).Feed("OX-1", 19.7).Want()
            .Wait(10).Feed("OX-1", 19.71).Want("OX-1 normal, peak 2", "Blue");

    [Fact]
    public void S1_a_detector_with_limits_on_both_sides_alarms_on_either() =>
        new SourceStory(Oxygen("OX-1")).At("14:10:00").Feed("OX-1", 20.9).Forget()
            .Wait(10).Feed("OX-1", 23.5).Want("OX-1 active 1", "incident", "Yellow")
            .Wait(10).Feed("OX-1", 23.29).Want("OX-1 normal, peak 1", "Blue");

    // --- S2: delays ---

    [Fact]
    public void S2_a_rise_of_level_acts_at_once_even_while_pending()
    {
        var story = Trusted(Combustible("GAS-1", TimeSpan.FromSeconds(60)), 1).Wait(10).Feed("GAS-1", 30).Want();
        Assert.IsType<ProcessRegion.Pending>(story.Memo("GAS-1").Process);
        story.Wait(10).Feed("GAS-1", 55).Want("GAS-1 active 2", "incident", "Orange");
    }

    [Fact]
    public void S2_an_on_delay_by_time_activates_when_it_runs_out()
    {
        var story = Trusted(Combustible("GAS-1", TimeSpan.FromSeconds(25)), 1).Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", 31).Wait(10).Feed("GAS-1", 29).Want()
            .Wait(4.9).Want().Wait(0.1).Want("GAS-1 active 1 OnDelayElapsed", "incident", "Yellow");
        Assert.Equal("HS-CL2-07/GAS-1/1.2", story.Memo("GAS-1").Live!.Occurrence.Value);
    }

    [Fact]
    public void S2_an_on_delay_by_time_ends_with_a_value_below_the_limit() =>
        Trusted(Combustible("GAS-1", TimeSpan.FromSeconds(25)), 1).Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", 24.9)
            .Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", 30).Wait(4.9).Want();

    [Fact]
    public void S2_an_on_delay_by_samples_counts_good_samples_in_a_row() =>
        Trusted(Combustible("GAS-1", samples: 3), 1).Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", 1)
            .Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", 30).Want().Wait(10).Feed("GAS-1", 30).Want("GAS-1 active 1", "incident", "Yellow");

    [Fact]
    public void S12_an_overdue_on_delay_fires_once_and_says_how_late()
    {
        var story = Trusted(Combustible("GAS-1", TimeSpan.FromSeconds(12)), 1).Wait(10).Feed("GAS-1", 30).At("14:10:52").Wake()
            .Want("GAS-1 active 1 OnDelayElapsed late 30 s", "incident", "Yellow");
        Assert.Equal(SourceStory.Time("14:10:22"), story.Events.OfType<OccurrenceActivated>().Single().At);
        story.Wake().Want();
    }

    [Fact]
    public void S2_toxic_gas_has_no_on_delay_and_a_delay_at_level_two_is_a_fault()
    {
        var toxic = Chlorine("CL-1") with { Limits = [High(1, 1, onDelay: TimeSpan.FromSeconds(5))] };
        var second = Combustible("GAS-1") with { Limits = [High(2, 50, samples: 2)] };
        Assert.Contains(Of(toxic).Faults(), f => f.Contains("toxic gas has no on-delay"));
        Assert.Contains(Of(second).Faults(), f => f.Contains("level 1 only"));
    }

    // --- S6: occurrences and incidents ---

    [Theory]
    [InlineData(590, true)]
    [InlineData(600, true)]
    [InlineData(610, false)]
    public void S6_each_activation_is_a_new_occurrence_within_ten_minutes_of_the_same_incident(int seconds, bool same)
    {
        var story = Active(offDelay: TimeSpan.Zero).Wait(10).Feed("CL-1", 0.2).Wait(10).Steady("CL-1", 0.2, TimeSpan.FromSeconds(seconds - 20)).Forget();
        story.Wait(10).Feed("CL-1", 1.2).Want("CL-1 active 1", same ? "joined" : "incident", "Yellow");
        Assert.Equal(2, story.Events.OfType<OccurrenceActivated>().Select(e => e.Occurrence).Distinct().Count());
        Assert.Equal(same ? 1 : 2, story.State.Incidents.Select(i => i.Case).Distinct().Count());
    }

    [Fact]
    public void S6_another_detector_of_the_same_kind_joins_the_incident_another_kind_does_not() =>
        new SourceStory(Chlorine("CL-1"), Chlorine("CL-2"), Combustible("GAS-1")).At("14:10:00").Feed("CL-1", 1.2).Feed("CL-2", 1.2).Feed("GAS-1", 30)
            .Want("CL-1 trusted", "Blue", "CL-1 active 1", "incident", "Yellow", "CL-2 trusted", "CL-2 active 1", "joined", "GAS-1 trusted", "GAS-1 active 1", "incident");

    // --- S14: silence never comforts ---

    [Fact]
    public void S14_pending_without_a_good_sample_activates()
    {
        var story = Trusted(Combustible("GAS-1", TimeSpan.FromMinutes(5)), 1).Wait(10).Feed("GAS-1", 30).Wait(10).Want();
        story.Wait(10).Want("GAS-1 active 1 NoGoodSample", "incident", "Yellow");
    }

    [Fact]
    public void S14_bad_samples_are_no_good_samples() =>
        Trusted(Combustible("GAS-1", samples: 5), 1).Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", double.NaN).Wait(10).Feed("GAS-1", double.NaN)
            .Want("GAS-1 active 1 NoGoodSample", "incident", "Yellow");

    [Fact]
    public void S14_a_manual_value_that_begins_pending_gets_a_period_of_its_own()
    {
        var story = new SourceStory(Combustible("GAS-1", TimeSpan.FromMinutes(5))).At("14:10:00").Feed("GAS-1", 30, Quality.Manual).Wait(10).Want()
            .Wait(10).Want("GAS-1 active 1 NoGoodSample", "incident", "Yellow");
        Assert.Equal(SourceStory.Time("14:10:15"), story.Events.OfType<OccurrenceActivated>().Single().At);
    }

    [Fact]
    public void S14_a_gap_never_restarts_pending() =>
        Trusted(Combustible("GAS-1", samples: 3), 1).Wait(10).Feed("GAS-1", 30).Wait(10).Feed("GAS-1", 30)
            .Wait(12).Feed("GAS-1", 30, seq: 9).Want("GAS-1 active 1", "incident", "Yellow");

    [Fact]
    public void S14_clearing_needs_good_samples_for_the_whole_off_delay() =>
        Active().Wait(10).Steady("CL-1", 0.2, OffDelay - Period).Want().WantColour(Colour.Yellow)
            .Wait(10).Feed("CL-1", 0.2).Want("CL-1 normal, peak 1", "Blue");

    [Fact]
    public void S14_time_alone_clears_nothing()
    {
        var story = Active().Wait(10).Feed("CL-1", 0.2).Wait(TimeSpan.FromHours(2)).WantColour(Colour.Yellow);
        Assert.IsType<ProcessRegion.Clearing>(story.Memo("CL-1").Process);
    }

    [Fact]
    public void S14_bad_samples_do_not_clear() =>
        Active(offDelay: TimeSpan.FromSeconds(20)).Wait(10).Feed("CL-1", 0.2).Wait(10).Feed("CL-1", double.NaN).Wait(10).Feed("CL-1", 0, Quality.Bad).Want().WantColour(Colour.Yellow);

    [Fact]
    public void S14_a_gap_of_more_than_two_periods_restarts_clearing() =>
        Active(offDelay: TimeSpan.FromSeconds(60)).Wait(10).Steady("CL-1", 0.2, TimeSpan.FromSeconds(50))
            .Wait(25).Feed("CL-1", 0.2).Want().Wait(10).Steady("CL-1", 0.2, TimeSpan.FromSeconds(40)).Want()
            .Wait(10).Feed("CL-1", 0.2).Want("CL-1 normal, peak 1", "Blue");

    [Fact]
    public void S14_a_rise_while_clearing_holds_the_same_occurrence()
    {
        var story = Active().Wait(10).Feed("CL-1", 0.2).Wait(10).Feed("CL-1", 1.1).Want();
        Assert.Equal("HS-CL2-07/CL-1/1.2", Assert.IsType<ProcessRegion.Active>(story.Memo("CL-1").Process).Occurrence.Value);
        story.Wait(10).Feed("CL-1", 0.2).Wait(10).Feed("CL-1", 2.2).Want("CL-1 1>2", "Orange");
    }

    [Fact]
    public void S14_within_the_deadband_clearing_continues_to_hold_the_level() =>
        Active(offDelay: TimeSpan.FromSeconds(20)).Wait(10).Feed("CL-1", 0.2).Wait(10).Feed("CL-1", 0.95).Wait(10).Feed("CL-1", 0.2).Wait(10).Feed("CL-1", 0.2).Want();

    // --- §4: quality ---

    [Theory]
    [InlineData(Quality.Saturated, double.NaN)]
    [InlineData(Quality.Saturated, 3)]
    [InlineData(Quality.Good, 20)]
    [InlineData(Quality.Good, 55)]
    public void Saturation_is_danger_not_a_fault(Quality quality, double value) =>
        Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", value, quality).Want("CL-1 active 3", "incident", "Red");

    [Fact]
    public void A_saturated_detector_without_a_limit_at_level_three_is_at_the_highest_level_too() =>
        Trusted(Combustible("GAS-1"), 1).Wait(10).Feed("GAS-1", 100).Want("GAS-1 active 3", "incident", "Red");

    [Theory]
    [InlineData(Quality.Bad, 5)]
    [InlineData(Quality.Communication, 5)]
    [InlineData(Quality.Good, double.NaN)]
    [InlineData(Quality.Good, double.NegativeInfinity)]
    [InlineData(Quality.Good, double.PositiveInfinity)]
    [InlineData(Quality.Good, -0.51)]
    [InlineData(Quality.Manual, double.NaN)]
    public void Bad_readings_neither_activate_nor_keep_a_detector_alive(Quality quality, double value)
    {
        var story = Trusted(Chlorine("CL-1"));
        for (var i = 0; i < 6; i++) story.Wait(10).Feed("CL-1", value, quality);
        story.Want("CL-1 Stale", "Grey");
    }

    [Fact]
    public void A_small_negative_value_is_drift_and_counts_as_zero()
    {
        var story = Active(offDelay: TimeSpan.Zero).Wait(10).Feed("CL-1", -0.5).Want("CL-1 normal, peak 1", "Blue");
        Assert.Equal(-0.5, story.Memo("CL-1").LastValue);
    }

    [Fact]
    public void A_manual_value_never_clears_or_lowers_and_is_no_proof_of_life()
    {
        var story = Active(2.5, offDelay: TimeSpan.Zero).Wait(10).Feed("CL-1", 0.1, Quality.Manual).Wait(10).Feed("CL-1", 1.2, Quality.Manual).Want();
        story.Wait(40).Want("CL-1 Stale").WantColour(Colour.Orange);
    }

    [Fact]
    public void A_manual_value_while_clearing_does_not_complete_it() =>
        Active(offDelay: TimeSpan.FromSeconds(20)).Wait(10).Feed("CL-1", 0.2).Wait(10).Feed("CL-1", 0.2, Quality.Manual).Wait(10).Feed("CL-1", 0.1, Quality.Manual).Want();

    [Fact]
    public void Quality_F_is_grey_at_once_and_a_good_reading_brings_it_back() =>
        Trusted(Chlorine("CL-1")).Wait(10).Feed("CL-1", 0.2, Quality.OutOfService).Want("CL-1 OutOfService", "Grey")
            .Wait(10).Feed("CL-1", 0.2, Quality.OutOfService).Want()
            .Wait(10).Feed("CL-1", 0.2).Want("CL-1 trusted", "Blue");

    [Fact]
    public void Quality_F_of_an_active_detector_clears_nothing() =>
        Active().Wait(10).Feed("CL-1", 0, Quality.OutOfService).Want("CL-1 OutOfService").WantColour(Colour.Yellow);
}
