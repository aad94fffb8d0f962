using System.Collections.Immutable;
using Google.Protobuf;
using Governance.Domain.Accountability;
using Governance.Domain.Kernel;
using static Governance.Domain.Accountability.ReinspectionEvent;
using static Governance.Domain.Accountability.ScorecardEvent;
using C = Governance.Cluster.V1;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored and wire forms of scorecards, re-inspections and seals (<c>journal/v1/accountability.proto</c>).</summary>
public static class AccountabilityCodecs
{
    public static IEnumerable<Codec> All => [.. Scorecards, .. Reinspections, .. Seals];

    public static IEnumerable<Codec> Commands =>
    [
        Command("cmd.score.Exclude.1", (ScorecardCommand.Exclude c) => new() { CaseKey = c.Case, Kind = Number(c.Kind), Code = c.Code, Text = c.Note, Cases = c.Cases }, w => new ScorecardCommand.Exclude(w.CaseKey, Kind(w.Kind), w.Code, w.Text, w.Cases)),
        Command("cmd.score.FileAppeal.1", (ScorecardCommand.FileAppeal c) => new() { CaseKey = c.Case, Kind = Number(c.Kind), Text = c.Reason }, w => new ScorecardCommand.FileAppeal(w.CaseKey, Kind(w.Kind), w.Text)),
        Command("cmd.score.DecideAppeal.1", (ScorecardCommand.DecideAppeal c) => new() { Appeal = c.Appeal, Yes = c.Upheld, Text = c.Reason }, w => new ScorecardCommand.DecideAppeal(w.Appeal, w.Yes, w.Text)),
        Command("cmd.reinspection.CommitSeed.1", (ReinspectionCommand.CommitSeed c) => new() { Text = c.Hash }, w => new ReinspectionCommand.CommitSeed(w.Text)),
        Command("cmd.reinspection.DrawLot.1", (ReinspectionCommand.DrawLot c) => new() { Text = c.Seed, Lot = To(c.Lot) }, w => new ReinspectionCommand.DrawLot(w.Text, From(w.Lot))),
        Command("cmd.reinspection.RecordInspection.1", (ReinspectionCommand.RecordInspection c) => new() { CaseKey = c.Case, Yes = c.Passed, Text = c.Findings }, w => new ReinspectionCommand.RecordInspection(w.CaseKey, w.Yes, w.Text)),
        Command("cmd.seal.SealDay.1", (SealDay c) => new() { Seal = To(c.Seal) }, w => new SealDay(From(w.Seal))),
    ];

    private static IEnumerable<Codec> Scorecards =>
    [
        Note("score.ExclusionProposed.1", (ExclusionProposed e) => new() { AtUs = Wire.Us(e.At), CaseKey = e.Case, Kind = Number(e.Kind), Code = e.Code, Text = e.Note, By = e.By },
            w => new ExclusionProposed(Wire.At(w.AtUs), w.CaseKey, Kind(w.Kind), w.Code, w.Text, w.By)),
        Note("score.ExclusionConfirmed.1", (ExclusionConfirmed e) => new() { AtUs = Wire.Us(e.At), CaseKey = e.Case, Kind = Number(e.Kind), By = e.By, Cases = e.Cases },
            w => new ExclusionConfirmed(Wire.At(w.AtUs), w.CaseKey, Kind(w.Kind), w.By, w.Cases)),
        Note("score.AppealFiled.1", (AppealFiled e) => new() { AtUs = Wire.Us(e.At), Appeal = e.Id, CaseKey = e.Case, Kind = Number(e.Kind), Text = e.Reason, By = e.By, DecideByUs = Wire.Us(e.DecideBy) },
            w => new AppealFiled(Wire.At(w.AtUs), w.Appeal, w.CaseKey, Kind(w.Kind), w.Text, w.By, Wire.At(w.DecideByUs))),
        Note("score.AppealDecided.1", (AppealDecided e) => new() { AtUs = Wire.Us(e.At), Appeal = e.Id, CaseKey = e.Case, Kind = Number(e.Kind), Upheld = e.Upheld, Text = e.Reason, By = e.By },
            w => new AppealDecided(Wire.At(w.AtUs), w.Appeal, w.CaseKey, Kind(w.Kind), w.Upheld, w.Text, w.By)),
        Note("score.AppealOverdue.1", (AppealOverdue e) => new() { AtUs = Wire.Us(e.At), Appeal = e.Id, LateByUs = Wire.Us(e.LateBy) }, w => new AppealOverdue(Wire.At(w.AtUs), w.Appeal, Wire.Span(w.LateByUs))),
        Codec.Of("score.State.1", J.ScorecardState.Parser, (ScorecardState s) => new J.ScorecardState { Id = s.Id, Exclusions = { s.Exclusions.Select(To) }, Appeals = { s.Appeals.Select(To) } },
            w => new ScorecardState(w.Id, [.. w.Exclusions.Select(From)], [.. w.Appeals.Select(From)])),
    ];

    private static IEnumerable<Codec> Reinspections =>
    [
        Codec.Of("reinspection.SeedCommitted.1", J.SeedCommitted.Parser, (SeedCommitted e) => new J.SeedCommitted { AtUs = Wire.Us(e.At), Hash = e.Hash, By = e.By }, w => new SeedCommitted(Wire.At(w.AtUs), w.Hash, w.By)),
        Codec.Of("reinspection.LotDrawn.1", J.LotDrawn.Parser, (LotDrawn e) => new J.LotDrawn { AtUs = Wire.Us(e.At), Seed = e.Seed, Lot = To(e.Lot), By = e.By }, w => new LotDrawn(Wire.At(w.AtUs), w.Seed, From(w.Lot), w.By)),
        Codec.Of("reinspection.CaseReinspected.1", J.CaseReinspected.Parser, (CaseReinspected e) => new J.CaseReinspected { AtUs = Wire.Us(e.At), Record = To(e.Record) }, w => new CaseReinspected(Wire.At(w.AtUs), From(w.Record))),
        Codec.Of("reinspection.State.1", J.ReinspectionState.Parser, (ReinspectionState s) => new J.ReinspectionState
        {
            Id = s.Id, Hash = s.Hash, CommittedBy = s.CommittedBy, Seed = s.Seed, Lot = s.Lot is { } lot ? To(lot) : null, Records = { s.Records.Values.Select(To) },
        }, w => new ReinspectionState(w.Id, w.Hash, w.CommittedBy, w.Seed, w.Lot is null ? null : From(w.Lot), w.Records.Select(From).ToImmutableSortedDictionary(r => r.Case, r => r, StringComparer.Ordinal))),
    ];

    private static IEnumerable<Codec> Seals =>
    [
        Codec.Of("seal.DaySealed.1", J.DaySealed.Parser, (DaySealed e) => new J.DaySealed { AtUs = Wire.Us(e.At), Seal = To(e.Seal) }, w => new DaySealed(Wire.At(w.AtUs), From(w.Seal))),
        Codec.Of("seal.State.1", J.SealState.Parser, (SealState s) => new J.SealState { Id = s.Id, Seals = { s.Seals.Select(To) } }, w => new SealState(w.Id, [.. w.Seals.Select(From)])),
    ];

    private static Codec Note<T>(string manifest, Func<T, J.ScorecardNote> to, Func<J.ScorecardNote, T> from) where T : ScorecardEvent => Codec.Of(manifest, J.ScorecardNote.Parser, to, from);
    private static Codec Command<T>(string manifest, Func<T, C.AccountabilityCommand> to, Func<C.AccountabilityCommand, T> from) where T : ICommand => Codec.Of(manifest, C.AccountabilityCommand.Parser, to, from);

    private static int Number(FactKind? kind) => (int?)kind ?? 0;
    private static FactKind? Kind(int kind) => kind == 0 ? null : Wire.Known<FactKind>(kind);

    private static J.ScorecardExclusion To(Exclusion e) => new()
    {
        CaseKey = e.Case, Kind = Number(e.Kind), Code = e.Code, Note = e.Note, By = e.By, AtUs = Wire.Us(e.At), ConfirmedBy = e.ConfirmedBy, ConfirmedAtUs = Wire.UsOrZero(e.ConfirmedAt),
    };

    private static Exclusion From(J.ScorecardExclusion w) => new(w.CaseKey, Kind(w.Kind), w.Code, w.Note, w.By, Wire.At(w.AtUs), w.ConfirmedBy, Wire.AtOrNone(w.ConfirmedAtUs));

    private static J.ScorecardAppeal To(Appeal a) => new()
    {
        Id = a.Id, CaseKey = a.Case, Kind = Number(a.Kind), Reason = a.Reason, By = a.By, AtUs = Wire.Us(a.At), DecideByUs = Wire.Us(a.DecideBy), Decided = a.Upheld switch { null => 0, false => 1, true => 2 },
        Decision = a.Decision, DecidedBy = a.DecidedBy, Overdue = a.Overdue,
    };

    private static Appeal From(J.ScorecardAppeal w) => new(
        w.Id, w.CaseKey, Kind(w.Kind), w.Reason, w.By, Wire.At(w.AtUs), Wire.At(w.DecideByUs), w.Decided == 0 ? null : w.Decided == 2, w.Decision, w.DecidedBy, w.Overdue);

    private static J.Lot To(Lot l) => new()
    {
        Population = l.Population, PopulationHash = l.PopulationHash,
        Drawn = { l.Drawn.Select(d => new J.DrawnCase { CaseKey = d.Case, Number = d.Number, Organisation = d.Organisation, Level = (int)d.Level, ByLot = d.ByLot }) },
    };

    private static Lot From(J.Lot w) => new(w.Population, w.PopulationHash, [.. w.Drawn.Select(d => new DrawnCase(d.CaseKey, d.Number, d.Organisation, Wire.Known<Colour>(d.Level), d.ByLot))]);

    private static J.InspectionRecord To(InspectionRecord r) => new() { CaseKey = r.Case, Organisation = r.Organisation, Passed = r.Passed, Findings = r.Findings, By = r.By, Inspector = r.Inspector, AtUs = Wire.Us(r.At) };
    private static InspectionRecord From(J.InspectionRecord w) => new(w.CaseKey, w.Organisation, w.Passed, w.Findings, w.By, w.Inspector, Wire.At(w.AtUs));

    private static J.DaySeal To(DaySeal s) => new()
    {
        Day = s.Day.DayNumber, Through = s.Through, Entities = s.Entities, Root = ByteString.CopyFrom(s.Root.AsSpan()), Before = ByteString.CopyFrom(s.Before.AsSpan()), Chain = ByteString.CopyFrom(s.Chain.AsSpan()),
    };

    private static DaySeal From(J.DaySeal w) => new(DateOnly.FromDayNumber(w.Day), w.Through, w.Entities, [.. w.Root.ToByteArray()], [.. w.Before.ToByteArray()], [.. w.Chain.ToByteArray()]);
}
