using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;
using static Governance.Domain.Accountability.ReinspectionCommand;
using static Governance.Domain.Accountability.ReinspectionEvent;

namespace Governance.Domain.Accountability;

/// <summary>What an inspector found.</summary>
public sealed record InspectionRecord(string Case, string Organisation, bool Passed, string Findings, string By, string Inspector, DateTimeOffset At);

/// <summary>The re-inspection of one month's closed cases. Its id is the month, e.g. 202508.</summary>
/// <param name="Hash">Of the seed; empty before it is committed.</param>
/// <param name="Seed">Empty before it is revealed by the draw.</param>
public sealed record ReinspectionState(
    string Id, string Hash, string CommittedBy, string Seed, Lot? Lot, ImmutableSortedDictionary<string, InspectionRecord> Records)
{
    public static ReinspectionState New(string id) => new(id, "", "", "", null, ImmutableSortedDictionary.Create<string, InspectionRecord>(StringComparer.Ordinal));

    public Month Month => Month.Parse(Id);
    public static EntityAddress Address(Month month) => new(EntityKinds.Reinspection, month.ToString());
}

/// <summary>What can happen to a re-inspection.</summary>
public abstract record ReinspectionEvent(DateTimeOffset At) : IDomainEvent
{
    public sealed record SeedCommitted(DateTimeOffset At, string Hash, string By) : ReinspectionEvent(At);
    public sealed record LotDrawn(DateTimeOffset At, string Seed, Lot Lot, string By) : ReinspectionEvent(At);
    public sealed record CaseReinspected(DateTimeOffset At, InspectionRecord Record) : ReinspectionEvent(At);
}

/// <summary>Commands of a re-inspection, all of the inspection office or the discipline inspection.</summary>
public abstract record ReinspectionCommand : ICommand
{
    /// <summary>Refusals: INSPECTION_ONLY, HASH_INVALID, ALREADY_COMMITTED, COMMIT_TOO_LATE (the month is over).</summary>
    public sealed record CommitSeed(string Hash) : ReinspectionCommand;
    /// <summary>Refusals: INSPECTION_ONLY, NOT_COMMITTED, SEED_DOES_NOT_MATCH, SEED_TOO_SHORT, MONTH_NOT_OVER, ALREADY_DRAWN, TOO_MANY_CLOSED, TOO_MANY_DRAWN.</summary>
    /// <param name="Lot">Drawn from the records by this seed.</param>
    public sealed record DrawLot(string Seed, Lot Lot) : ReinspectionCommand;
    /// <summary>Refusals: INSPECTION_ONLY, NOT_DRAWN (this case), INSPECTOR_IS_HANDLER, ALREADY_INSPECTED, FINDINGS_MISSING.</summary>
    public sealed record RecordInspection(string Case, bool Passed, string Findings) : ReinspectionCommand;
}

/// <inheritdoc cref="ReinspectionState"/>
public sealed class ReinspectionRules(string district) : IEntityRules<ReinspectionState, ReinspectionEvent>
{
    private const int TextLimitCharacters = 4000;

    public ReinspectionState Initial(string id) => ReinspectionState.New(id);
    public IEnumerable<Deadline> Deadlines(ReinspectionState state) => [];
    public ClockId Clock(ReinspectionState state) => ClockId.Wall;

    public Decision<ReinspectionEvent> Decide(ReinspectionState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Commanded { Command: ReinspectionCommand } by when !by.Caller.Is(Roles.Inspection) && !by.Caller.Is(Roles.Discipline) =>
            Refuse("INSPECTION_ONLY", "the inspection office or the discipline inspection re-inspects", RefusalKind.Denied),
        Stimulus.Commanded { Command: CommitSeed c } by => Commit(state, c, by.Caller, now),
        Stimulus.Commanded { Command: DrawLot c } by => Draw(state, c, by.Caller, now),
        Stimulus.Commanded { Command: RecordInspection c } by => Recorded(state, c, by.Caller, now),
        Stimulus.Woken or Stimulus.Confirmed => Decision<ReinspectionEvent>.Nothing,
        _ => throw new InvalidOperationException($"a re-inspection takes no {stimulus}"),
    };

    public ReinspectionState Evolve(ReinspectionState state, ReinspectionEvent happened) => After(state, happened);

    /// <summary>Needs no policy: what happened, happened.</summary>
    public static ReinspectionState After(ReinspectionState state, ReinspectionEvent happened) => happened switch
    {
        SeedCommitted e => state with { Hash = e.Hash, CommittedBy = e.By },
        LotDrawn e => state with { Seed = e.Seed, Lot = e.Lot },
        CaseReinspected e => state with { Records = state.Records.Add(e.Record.Case, e.Record) },
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private Decision<ReinspectionEvent> Commit(ReinspectionState state, CommitSeed c, Caller caller, DateTimeOffset now)
    {
        if (c.Hash.Length != 64 || !c.Hash.All(char.IsAsciiHexDigitLower)) return Refuse("HASH_INVALID", "the SHA-256 of the seed in 64 lower-case hexadecimal digits", RefusalKind.Invalid);
        if (state.Hash.Length > 0) return Refuse("ALREADY_COMMITTED", $"{state.CommittedBy} has committed a seed", RefusalKind.AlreadyExists);
        if (now >= state.Month.To) return Refuse("COMMIT_TOO_LATE", $"the month {state.Month} is over: a seed could be chosen to suit");
        return Decision<ReinspectionEvent>.Of(new SeedCommitted(now, c.Hash, caller.Subject)).Sending(Told(state, "committed", now, $"the seed of the re-inspection of {state.Month} is committed: {c.Hash}", []));
    }

    private Decision<ReinspectionEvent> Draw(ReinspectionState state, DrawLot c, Caller caller, DateTimeOffset now)
    {
        if (state.Hash.Length == 0) return Refuse("NOT_COMMITTED", "no seed was committed before the month was over");
        if (state.Lot is not null) return Refuse("ALREADY_DRAWN", "the lot is drawn", RefusalKind.AlreadyExists);
        if (now < state.Month.To) return Refuse("MONTH_NOT_OVER", $"the month {state.Month} is not over");
        if (c.Seed.Length < Reinspection.SeedLeastCharacters) return Refuse("SEED_TOO_SHORT", $"a seed has at least {Reinspection.SeedLeastCharacters} characters", RefusalKind.Invalid);
        if (Reinspection.HashOf(c.Seed) != state.Hash) return Refuse("SEED_DOES_NOT_MATCH", "this is not the seed that was committed", RefusalKind.Denied);
        // Drawn from a part of them it would be a lot that nobody can check.
        if (c.Lot.Population > Reinspection.PopulationLimit) return Refuse("TOO_MANY_CLOSED", $"at most {Reinspection.PopulationLimit} closed cases in a month", RefusalKind.Exhausted);
        if (c.Lot.Drawn.Count > Reinspection.DrawnLimit) return Refuse("TOO_MANY_DRAWN", $"at most {Reinspection.DrawnLimit} cases in a month", RefusalKind.Exhausted);
        return Decision<ReinspectionEvent>.Of(new LotDrawn(now, c.Seed, c.Lot, caller.Subject)).Sending(Told(state, "drawn", now, string.Create(CultureInfo.InvariantCulture,
            $"{c.Lot.Drawn.Count} of {c.Lot.Population} closed cases of {state.Month} are re-inspected; seed {c.Seed}, population {c.Lot.PopulationHash}"), [.. c.Lot.Drawn.Select(d => d.Organisation).Distinct().Order(StringComparer.Ordinal)]));
    }

    private Decision<ReinspectionEvent> Recorded(ReinspectionState state, RecordInspection c, Caller caller, DateTimeOffset now)
    {
        if (state.Lot?.Drawn.Find(d => d.Case == c.Case) is not { } drawn) return Refuse("NOT_DRAWN", $"{c.Case} is not among what was drawn", RefusalKind.NotFound);
        if (caller.Organisation == drawn.Organisation) return Refuse("INSPECTOR_IS_HANDLER", "an inspector comes from another organisation", RefusalKind.Denied);
        if (state.Records.ContainsKey(c.Case)) return Refuse("ALREADY_INSPECTED", $"{state.Records[c.Case].By} has inspected it", RefusalKind.AlreadyExists);
        if (c.Findings.Length == 0) return Refuse("FINDINGS_MISSING", "findings are mandatory", RefusalKind.Invalid);
        if (c.Findings.Length > TextLimitCharacters) return Refuse("TEXT_TOO_LONG", $"findings have at most {TextLimitCharacters} characters", RefusalKind.Invalid);
        var decision = Decision<ReinspectionEvent>.Of(new CaseReinspected(now, new InspectionRecord(c.Case, drawn.Organisation, c.Passed, c.Findings, caller.Subject, caller.Organisation, now)));
        return c.Passed ? decision
            : decision.Sending(Told(state, $"failed/{c.Case}", now, $"re-inspection: {(drawn.Number.Length > 0 ? drawn.Number : c.Case)} of {drawn.Organisation} was closed falsely: {c.Findings}", [drawn.Organisation]));
    }

    private Send Told(ReinspectionState state, string cause, DateTimeOffset at, string text, ImmutableList<string> organisations) =>
        DistrictNotice.Told(district, AlertKind.ReinspectionTold, $"reinspection/{state.Id}/{cause}", at, text, organisations);

    private static Decision<ReinspectionEvent> Refuse(string reason, string message, RefusalKind kind = RefusalKind.Precondition) => Decision<ReinspectionEvent>.Refuse(reason, message, kind);
}
