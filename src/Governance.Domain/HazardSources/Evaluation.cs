using System.Collections.Immutable;
using Governance.Domain.Gateways;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>
/// Evaluates readings: a pure function of state and the stored reading, its received time included. So the ledger's
/// tail, evaluated again after a crash, gives the very transitions that were lost, and none that were kept.
/// </summary>
public static class Evaluation
{
    /// <summary>The slack that two clocks get before their difference counts (alarms.md §5: skew over 2 s warns).</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(2);

    /// <summary>What a segment did to a source.</summary>
    /// <param name="After">The state with every reading's effect, transitions included.</param>
    /// <param name="Decision">The transitions to journal and the messages to queue.</param>
    public sealed record Result(HazardSourceState After, Decision<HazardSourceEvent> Decision);

    /// <summary>
    /// Segments in order of arrival: fires what was due before each, then evaluates its readings in order. What a mark
    /// covers, or belongs to an epoch that is over, had its effect in its time.
    /// </summary>
    public static Result Of(HazardSourceState state, params IEnumerable<ReadingSegment> segments)
    {
        var fold = new Fold(state);
        foreach (var segment in segments) Evaluate(fold, segment);
        return new Result(fold.State, fold.Decision);
    }

    private static void Evaluate(Fold fold, ReadingSegment segment)
    {
        if (fold.Config.Drill && fold.State.Clock != segment.Clock) fold.Happen(new ClockBound(segment.ReceivedAt, segment.Clock));
        SourceDeadlines.Fire(fold, segment.ReceivedAt, inclusive: false);
        fold.Heard(segment);
        foreach (ref readonly var reading in segment.Readings.AsSpan())
        {
            var evaluated = fold.Detector(reading.Detector).Memo.Evaluated;
            if (segment.Epoch >= evaluated.Epoch && !evaluated.Contains(segment.Epoch, reading.Seq)) One(fold, segment, reading);
        }
    }

    private static void One(Fold fold, ReadingSegment segment, in Reading reading)
    {
        ref var detector = ref fold.Detector(reading.Detector);
        var before = detector.Memo;
        var late = segment.Epoch == before.Evaluated.Epoch && reading.Seq < before.Evaluated.Max;
        detector = detector with { Memo = before with { Evaluated = before.Evaluated.Add(segment.Epoch, reading.Seq) } };
        if (detector.Retired) return;
        if (TrustRules.WeakReason(segment, reading) is { } weak)
        {
            if (weak == TrustRules.Historical) Retrospect.Seen(fold, segment, reading);
            else if (!late) Tests.Seen(fold, segment, reading);
            return;
        }
        var trust = TrustRules.Of(detector.Config, reading);
        if (late)
        {
            Late(fold, segment, reading, trust);
            return;
        }
        var again = detector.Config.FrozenSamples > 0 ? Repeated(before, reading, trust) : 0;
        if (again >= detector.Config.FrozenSamples && again > 0) trust = Trust.Frozen;
        detector = detector with { Memo = Seen(fold.Skew, detector.Config, detector.Memo with { Repeats = again }, segment, reading, trust) };
        switch (trust)
        {
            case Trust.Good or Trust.Saturated: Trusted(fold, segment, reading, trust, before); break;
            case Trust.Manual: ByHand(fold, segment, reading); break;
            case Trust.OutOfService when before.Health != Health.OutOfService:
                Silence.Silenced(fold, reading.Detector, segment.ReceivedAt, Health.OutOfService, TimeSpan.Zero);
                break;
            case Trust.Frozen when before.Health == Health.Trusted:
                Silence.Silenced(fold, reading.Detector, segment.ReceivedAt, Health.Frozen, TimeSpan.Zero);
                break;
        }
    }

    /// <summary>Good values in a row that are bit for bit the same, this one included. At the range top they may be.</summary>
    private static int Repeated(in DetectorMemo before, in Reading reading, Trust trust) =>
        trust != Trust.Good ? before.Repeats
        : BitConverter.DoubleToInt64Bits(reading.Value) == BitConverter.DoubleToInt64Bits(before.LastGoodValue) ? before.Repeats + 1
        : 1;

    private static DetectorMemo Seen(ClockSkew skew, DetectorConfig config, DetectorMemo memo, ReadingSegment segment, in Reading reading, Trust trust)
    {
        // A stamp that goes back or lies in the future is evidence, it never silences the detector (P6, §5).
        var sampled = skew.IsTrusted && reading.SampledAt > memo.LastSampledAt && reading.SampledAt <= segment.ReceivedAt - skew.Value + ClockSlack ? reading.SampledAt : memo.LastSampledAt;
        memo = memo with { LastQuality = reading.Quality, LastValue = reading.Value, LastSampledAt = sampled, LastReceivedAt = segment.ReceivedAt };
        if (trust is not (Trust.Good or Trust.Saturated)) return memo;
        if (reading.Value < config.RangeBottom) memo = memo with { DriftSamples = memo.DriftSamples + 1 };
        return memo with { LastGoodAt = segment.ReceivedAt, LastGoodSampledAt = Stamp(skew, reading, segment.ReceivedAt), LastGoodValue = reading.Value, Test = 0 };
    }

    /// <summary>
    /// The sampled time that durations are measured by, in the gateway's own time: what two stamps have in common, its skew,
    /// falls out of their difference. A stamp from the future counts as taken now; with a clock that is too far off every
    /// stamp does (§5).
    /// </summary>
    private static DateTimeOffset Stamp(ClockSkew skew, in Reading reading, DateTimeOffset now) =>
        !skew.IsTrusted ? now : reading.SampledAt < now - skew.Value ? reading.SampledAt : now - skew.Value;

    private static void Trusted(Fold fold, ReadingSegment segment, in Reading reading, Trust trust, in DetectorMemo before)
    {
        var now = segment.ReceivedAt;
        var trusted = fold.Happened;
        if (before.Health != Health.Trusted)
        {
            fold.Happen(new DetectorTrusted(now, reading.Detector, fold.Detector(reading.Detector).Memo with { Health = Health.Trusted }));
            if (before.Health is Health.Lost or Health.OutOfService || before.Live is not null) Notices.TrustedAgain(fold, reading.Detector, now);
            Colours.Review(fold, now);
        }
        var config = fold.Detector(reading.Detector).Config;
        var level = trust == Trust.Saturated && config.HasHighLimit
            ? AlarmLevel.Three
            : TrustRules.LevelOf(config, TrustRules.ForRules(config, reading.Value), fold.Detector(reading.Detector).Level, config.HasRateLimit ? RatePerMinute(fold, before, reading, now) : double.NaN);
        if (!IsOutdone(fold, config, reading, level, before, now)) Step(fold, segment, reading, level, before);
        // The event covers this reading, so it must also carry what the reading did to the process region.
        if (before.Health != Health.Trusted) fold.Complete(trusted);
    }

    /// <summary>P8: of two samples with one stamp that arrive together the more dangerous one counts. A clock that stands still makes no such pair.</summary>
    private static bool IsOutdone(Fold fold, DetectorConfig config, in Reading reading, AlarmLevel level, in DetectorMemo before, DateTimeOffset now)
    {
        if (reading.SampledAt != before.LastGoodSampledAt || now - before.LastGoodAt > config.Period / 2) return false;
        var other = TrustRules.LevelOf(config, TrustRules.ForRules(config, before.LastGoodValue), AlarmLevel.None);
        if (other <= level) return false;
        ref var detector = ref fold.Detector(reading.Detector);
        detector = detector with { Memo = detector.Memo with { LastGoodValue = before.LastGoodValue } };
        return true;
    }

    /// <summary>By the sampled times as long as they advance, else by the received ones (§5); NaN where neither does.</summary>
    private static double RatePerMinute(Fold fold, in DetectorMemo before, in Reading reading, DateTimeOffset now)
    {
        var (passed, received) = (Stamp(fold.Skew, reading, now) - before.LastGoodSampledAt, now - before.LastGoodAt);
        // A live sample is minutes old at most: a stamp that leaps further is no measure, and would hide a rise.
        if (!fold.Skew.IsTrusted || fold.HasClockLeapt || passed <= TimeSpan.Zero || passed - received > TrustRules.LiveAgeLimit) passed = received;
        return passed > TimeSpan.Zero ? (reading.Value - before.LastGoodValue) / passed.TotalMinutes : double.NaN;
    }

    /// <summary>A value entered by hand may raise an alarm; it never lowers or clears one.</summary>
    private static void ByHand(Fold fold, ReadingSegment segment, in Reading reading)
    {
        var detector = fold.Detector(reading.Detector);
        var level = TrustRules.LevelOf(detector.Config, reading.Value, detector.Level);
        if (level > detector.Level) Step(fold, segment, reading, level, detector.Memo);
    }

    private static void Step(Fold fold, ReadingSegment segment, in Reading reading, AlarmLevel level, in DetectorMemo before)
    {
        ref var detector = ref fold.Detector(reading.Detector);
        // What nearly every reading of a healthy plant does: nothing.
        if (level == AlarmLevel.None && detector.Memo.Process is ProcessRegion.Normal) return;
        var now = segment.ReceivedAt;
        var cause = Cause(fold.Skew, detector.Config, segment, reading, level);
        switch (detector.Memo.Process)
        {
            case ProcessRegion.Normal when level > AlarmLevel.None:
                var occurrence = OccurrenceId.OfReading(fold.Config.Id, detector.Config.Id, segment.Epoch, reading.Seq);
                var pending = new ProcessRegion.Pending(occurrence, cause, now, 1);
                if (Waits(fold.Skew, detector.Config, level, pending, reading, now)) detector = With(detector, pending);
                else Activation.Activate(fold, reading.Detector, occurrence, level, cause, now, ActivationBasis.Reading, TimeSpan.Zero);
                break;
            case ProcessRegion.Pending when level == AlarmLevel.None:
                detector = With(detector, ProcessRegion.Normal.Instance);
                break;
            case ProcessRegion.Pending was:
                var counted = was with { Samples = was.Samples + 1 };
                if (Waits(fold.Skew, detector.Config, level, counted, reading, now)) detector = With(detector, counted);
                else Activation.Activate(fold, reading.Detector, was.Occurrence, level, cause, now, ActivationBasis.Reading, TimeSpan.Zero);
                break;
            case ProcessRegion.Active was when level == AlarmLevel.None:
                Clear(fold, reading, was, new ProcessRegion.Clearing(was, Stamp(fold.Skew, reading, now), now), now);
                break;
            case ProcessRegion.Active was:
                Hold(fold, reading, was, level, cause, now);
                break;
            case ProcessRegion.Clearing was when level == AlarmLevel.None:
                Clear(fold, reading, was.Was, HasGap(fold.Skew, detector.Config, before, reading, now) ? new(was.Was, Stamp(fold.Skew, reading, now), now) : was, now);
                break;
            case ProcessRegion.Clearing was:
                detector = With(detector, was.Was);
                Hold(fold, reading, was.Was, level, cause, now);
                break;
        }
    }

    private static Detector With(in Detector detector, ProcessRegion process) => detector with { Memo = detector.Memo with { Process = process } };

    private static void Hold(Fold fold, in Reading reading, ProcessRegion.Active was, AlarmLevel level, Crossing cause, DateTimeOffset now)
    {
        ref var detector = ref fold.Detector(reading.Detector);
        if (level != was.Level) Activation.ChangeLevel(fold, reading.Detector, was, level, cause, now);
        else if (Activation.Worse(fold, reading.Detector, was.PeakValue, reading.Value) is var peak && peak != was.PeakValue)
            detector = With(detector, was with { PeakValue = peak });
    }

    private static void Clear(Fold fold, in Reading reading, ProcessRegion.Active was, ProcessRegion.Clearing clearing, DateTimeOffset now)
    {
        ref var detector = ref fold.Detector(reading.Detector);
        // A detector clock that was set back is measured from there: receipt still has to agree, and no alarm hangs.
        var stamp = Stamp(fold.Skew, reading, now);
        if (stamp < clearing.SinceSampled) clearing = clearing with { SinceSampled = stamp };
        var bySample = stamp - clearing.SinceSampled;
        var byReceipt = now - clearing.SinceReceived + ClockSlack;
        var quiet = !fold.Skew.IsTrusted ? now - clearing.SinceReceived : bySample < byReceipt ? bySample : byReceipt;
        if (detector.Config.OffDelay == TimeSpan.Zero || quiet >= detector.Config.OffDelay) Activation.ReturnToNormal(fold, reading.Detector, was, now);
        else detector = With(detector, clearing);
    }

    /// <summary>An on-delay holds level 1 back only; time counts by whichever clock ran further: earlier is safer.</summary>
    private static bool Waits(ClockSkew skew, DetectorConfig config, AlarmLevel level, ProcessRegion.Pending pending, in Reading reading, DateTimeOffset now)
    {
        if (level != AlarmLevel.One || TrustRules.LimitAt(config, AlarmLevel.One, reading.Value) is not { IsDelayed: true } limit) return false;
        var bySample = reading.SampledAt - pending.First.SampledAt;
        var byReceipt = now - pending.Since;
        var over = skew.IsTrusted && bySample > byReceipt ? bySample : byReceipt;
        return pending.Samples < limit.OnDelaySamples || over < limit.OnDelay;
    }

    /// <summary>More than two periods between good samples (S14): the off-delay begins anew.</summary>
    private static bool HasGap(ClockSkew skew, DetectorConfig config, in DetectorMemo before, in Reading reading, DateTimeOffset now) =>
        (skew.IsTrusted && Stamp(skew, reading, now) - before.LastGoodSampledAt > config.Period * 2) || now - before.LastGoodAt > config.Period * 2 + ClockSlack;

    private static void Late(Fold fold, ReadingSegment segment, in Reading reading, Trust trust)
    {
        var detector = fold.Detector(reading.Detector);
        if (trust is not (Trust.Good or Trust.Saturated)) return;
        var level = trust == Trust.Saturated && detector.Config.HasHighLimit
            ? AlarmLevel.Three
            : TrustRules.LevelOf(detector.Config, reading.Value, AlarmLevel.None);
        if (level <= (detector.Memo.Live?.Peak ?? AlarmLevel.None)) return;
        fold.Happen(new LateExceedanceFound(segment.ReceivedAt, reading.Detector, detector.Memo, Cause(fold.Skew, detector.Config, segment, reading, level)));
    }

    private static Crossing Cause(ClockSkew skew, DetectorConfig config, ReadingSegment segment, in Reading reading, AlarmLevel level) => new(
        segment.Epoch, reading.Seq, reading.Value, TrustRules.LimitAt(config, level, reading.Value)?.Value ?? double.NaN, level, reading.SampledAt, skew.Notable);
}
