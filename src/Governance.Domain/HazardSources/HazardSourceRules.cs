using System.Collections.Immutable;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.HazardSources;

/// <summary>Commands, deliveries and deadlines of a hazard source. Readings go through <see cref="Evaluation"/>.</summary>
public sealed class HazardSourceRules : IEntityRules<HazardSourceState, HazardSourceEvent>
{
    public HazardSourceState Initial(string id) => HazardSourceState.New(id);
    public HazardSourceState Evolve(HazardSourceState state, HazardSourceEvent happened) => HazardSourceEvolution.Evolve(state, happened);
    public IEnumerable<Deadline> Deadlines(HazardSourceState state) => SourceDeadlines.Of(state);
    public ClockId Clock(HazardSourceState state) => state.Clock;

    public Decision<HazardSourceEvent> Decide(HazardSourceState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Commanded { Command: CommissionSource c } by => Commission(state, c, by.Caller, now),
        Stimulus.Commanded when state.Config is null =>
            Decision<HazardSourceEvent>.Refuse("UNKNOWN_SOURCE", $"{state.Id} is not commissioned", RefusalKind.NotFound),
        Stimulus.Commanded { Command: RelayWarning c } => Relays.Take(state, c, now),
        Stimulus.Commanded { Command: AcknowledgeOccurrence c } by => Operators.Acknowledge(state, c, by.Caller, now),
        Stimulus.Commanded { Command: ConfirmOccurrence c } by => Operators.Confirm(state, c, by.Caller, now),
        Stimulus.Commanded { Command: ResetLatch c } by => Operators.Reset(state, c, by.Caller, now),
        Stimulus.Commanded { Command: ShelveDetector c } by => Suppressions.Shelve(state, c, by.Caller, now),
        Stimulus.Commanded { Command: UnshelveDetector c } by => Suppressions.Release(state, c.Detector, shelf: true, by.Caller, now),
        Stimulus.Commanded { Command: TakeOutOfService c } by => Suppressions.TakeOut(state, c, by.Caller, now),
        Stimulus.Commanded { Command: ReturnToService c } by => Suppressions.Release(state, c.Detector, shelf: false, by.Caller, now),
        Stimulus.Commanded { Command: OpenPermit c } by => Permits.Open(state, c, by.Caller, now),
        Stimulus.Commanded { Command: ClosePermit c } by => Permits.Close(state, c, by.Caller, now),
        Stimulus.Commanded { Command: ProposeLimits c } by => LimitSetRules.Propose(state, c, by.Caller, now),
        Stimulus.Commanded { Command: RecordBacktest c } by => LimitSetRules.Backtested(state, c, by.Caller, now),
        Stimulus.Commanded { Command: ActivateLimits c } by => LimitSetRules.Activate(state, c, by.Caller, now),
        Stimulus.Commanded { Command: MigrateOccurrence c } by => LimitSetRules.Migrate(state, c, by.Caller, now),
        Stimulus.Commanded c => throw new InvalidOperationException($"a hazard source has no command {c.Command.GetType().Name}"),
        Stimulus.Confirmed { Message: OccurrenceRaised m, Outcome.Name: "CASE_CLOSED" } c => Renew(state, m, c.To, now),
        Stimulus.Confirmed => Decision<HazardSourceEvent>.Nothing,
        Stimulus.Woken => Fire(state, now),
        _ => throw new InvalidOperationException($"a hazard source takes no {stimulus.GetType().Name}"),
    };

    /// <summary>The gateway declares a range lost: marks move on, for good. Refusals: UNKNOWN_DETECTOR, OLD_EPOCH, INVALID_RANGE, NOT_ABOVE_MARK.</summary>
    public static Decision<HazardSourceEvent> Skip(
        HazardSourceState state, string detectorId, long epoch, SeqRange range, string reason, string by, DateTimeOffset now)
    {
        var ordinal = state.OrdinalOf(detectorId);
        if (ordinal < 0) return Decision<HazardSourceEvent>.Refuse("UNKNOWN_DETECTOR", $"{state.Id} has no detector {detectorId}", RefusalKind.NotFound);
        if (range.From < 1 || range.To < range.From) return Decision<HazardSourceEvent>.Refuse("INVALID_RANGE", $"{range.From}..{range.To} is not a range from 1", RefusalKind.Invalid);
        if (epoch < state.Detectors[ordinal].Memo.Evaluated.Epoch) return Decision<HazardSourceEvent>.Refuse("OLD_EPOCH", $"epoch {epoch} is over");
        // Readings below the range may be evaluated and in no event yet: fix the marks first, or after a crash they would be late.
        return Decision<HazardSourceEvent>.Of(Marks(state, now), new DataLossDeclared(now, ordinal, epoch, range, reason.Length > Texts.LimitCharacters ? reason[..Texts.LimitCharacters] : reason, by));
    }

    /// <summary>A live stream of a gateway named these detectors.</summary>
    public static Decision<HazardSourceEvent> Feed(HazardSourceState state, GatewayId gateway, IEnumerable<int> detectors, DateTimeOffset now) => Feeds.Take(state, gateway, detectors, now);

    /// <summary>The district's table of colours, as this build was given it; a newer one is journaled.</summary>
    public static Decision<HazardSourceEvent> Adopt(HazardSourceState state, ColourTable table, DateTimeOffset now) => HazardSources.Colours.Adopt(state, table, now);

    /// <summary>P2: whoever used a sequence number twice is looked into.</summary>
    public static Decision<HazardSourceEvent> Reused(HazardSourceState state, int ordinal, long epoch, SeqRange range, GatewayId gateway, DateTimeOffset now)
    {
        var fold = new Fold(state);
        fold.Happen(new SequenceReused(now, ordinal, epoch, range, gateway.Value));
        Notices.Reused(fold, ordinal, epoch, range, gateway, now);
        return fold.Decision;
    }

    /// <summary>All that readings have made of the detectors; the stored marks stay as they were, the ledger's tail has the rest.</summary>
    internal static MarksCheckpointed Marks(HazardSourceState state, DateTimeOffset now) =>
        new(now, state.StoredChunk, state.Stored, [.. state.Detectors.Select(d => d.Memo)], state.Skews);

    private static Decision<HazardSourceEvent> Commission(HazardSourceState state, CommissionSource command, Caller caller, DateTimeOffset now)
    {
        var config = command.Config;
        if (config.Equals(state.Config)) return Decision<HazardSourceEvent>.Nothing;
        if (config.Faults() is { IsEmpty: false } faults)
            return Decision<HazardSourceEvent>.Refuse("SOURCE_CONFIG_FAULTY", string.Join("; ", faults), RefusalKind.Invalid);
        if (state.Config is { } old && old.Drill != config.Drill)
            return Decision<HazardSourceEvent>.Refuse("DRILL_FLAG_FIXED", $"{state.Id} was commissioned as {(old.Drill ? "a drill" : "a live")} source");
        // S11: a running occurrence keeps the limits that it was raised under.
        if (state.Detectors.Any(d => d.Memo.Live is not null))
            return Decision<HazardSourceEvent>.Refuse("SOURCE_HAS_LIVE_OCCURRENCE", "limits change when no occurrence lives");
        var fold = new Fold(state);
        // Readings already evaluated must never be evaluated again under other limits: fix the marks first.
        if (state.Config is not null) fold.Happen(Marks(state, now));
        fold.Happen(new SourceCommissioned(now, config, state.ConfigVersion + 1, caller.Subject));
        fold.Send(new EntityAddress(EntityKinds.Roster, config.Area.Value[..6]), new SourceEnrolled(config.Id, config.Area, config.Name, config.Drill, now));
        Colours.Review(fold, now);
        return fold.Decision;
    }

    private static Decision<HazardSourceEvent> Renew(HazardSourceState state, OccurrenceRaised message, EntityAddress closed, DateTimeOffset now)
    {
        var fold = new Fold(state);
        Incidents.Renew(fold, message, closed, now);
        return fold.Decision;
    }

    private static Decision<HazardSourceEvent> Fire(HazardSourceState state, DateTimeOffset now)
    {
        var fold = new Fold(state);
        if (state.Config is not null) SourceDeadlines.Fire(fold, now, inclusive: true);
        return fold.Decision;
    }
}
