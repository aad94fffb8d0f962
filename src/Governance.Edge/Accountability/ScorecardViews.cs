using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Edge.Errors;
using Governance.Edge.V1;

namespace Governance.Edge.Accountability;

/// <summary>Scorecards, decisions and re-inspections as clients see them.</summary>
internal static class ScorecardViews
{
    internal static ScorecardView Of(ScorecardFigures c, DateTimeOffset asOf)
    {
        var view = new ScorecardView
        {
            Organisation = c.Organisation, Month = c.Month.ToString(), Points = c.Points, Rank = c.Rank ?? 0, Cases = c.Cases, ExcludedCases = c.Excluded, ExclusionAlarm = c.ExclusionAlarm, AsOf = Fields.To(asOf),
            Lists = { c.Lists.Select(Names.Of) }, Indicators = { c.Indicators.Select(Of) }, Modifiers = { c.Modifiers.Select(m => new ScorecardModifier { Name = Names.Of(m.Kind), Count = m.Count, Points = m.Points }) },
        };
        foreach (var (category, cases) in c.Mix) view.CasesByCategory.Add(category, cases);
        return view;
    }

    private static ScorecardIndicator Of(IndicatorFigure i)
    {
        var view = new ScorecardIndicator { Name = Names.Of(i.Indicator), Good = i.Good, Of = i.Of, Points = i.Points, BelowRedLine = i.BelowRedLine };
        if (i.Raw is { } raw) view.RawPercent = raw;
        if (i.Expected is { } expected) view.ExpectedPercent = expected;
        if (i.Rate is { } rate) view.RatePercent = rate;
        return view;
    }

    internal static ScorecardDecisions Of(ScorecardState state) => new()
    {
        Organisation = state.Organisation, Month = state.Month.ToString(), Exclusions = { state.Exclusions.Select(Of) }, Appeals = { state.Appeals.Select(Of) },
    };

    internal static ScorecardExclusion Of(Exclusion e) => new()
    {
        CaseId = e.Case, Kind = Name(e.Kind), Code = e.Code, Note = e.Note, ProposedBy = e.By, ProposedAt = Fields.To(e.At), ConfirmedBy = e.ConfirmedBy,
    };

    internal static ScorecardAppeal Of(Appeal a) => new()
    {
        AppealId = a.Id, CaseId = a.Case, Kind = Name(a.Kind), Reason = a.Reason, By = a.By, At = Fields.To(a.At), DecideBy = Fields.To(a.DecideBy),
        State = a.Upheld switch { true => "UPHELD", false => "REFUSED", null => a.Overdue ? "OVERDUE" : "OPEN" }, Decision = a.Decision, DecidedBy = a.DecidedBy,
    };

    internal static ReinspectionView Of(ReinspectionState s)
    {
        var view = new ReinspectionView { Month = s.Id, SeedHash = s.Hash, CommittedBy = s.CommittedBy, Seed = s.Seed, Population = s.Lot?.Population ?? 0, PopulationHash = s.Lot?.PopulationHash ?? "" };
        foreach (var drawn in s.Lot?.Drawn ?? [])
        {
            var found = s.Records.GetValueOrDefault(drawn.Case);
            view.Cases.Add(new ReinspectedCase
            {
                CaseId = drawn.Case, Number = drawn.Number, Organisation = drawn.Organisation, Level = Fields.To(drawn.Level), ByLot = drawn.ByLot,
                InspectedBy = found?.By ?? "", Passed = found?.Passed ?? false, Findings = found?.Findings ?? "",
            });
        }
        return view;
    }

    internal static V1.DaySeal Of(Domain.Accountability.DaySeal s) => new()
    {
        Day = s.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Entities = s.Entities, Through = s.Through, Root = Hex(s.Root.AsSpan()), Before = Hex(s.Before.AsSpan()), Chain = Hex(s.Chain.AsSpan()),
    };

    /// <summary>What of a case is meant; empty: everything.</summary>
    internal static FactKind? Kind(string name) => name.Length == 0 ? null
        : Enum.GetValues<FactKind>().Where(k => Names.Of(k) == name).Select(k => (FactKind?)k).FirstOrDefault() ?? throw RefusedException.Invalid("kind", "KIND_UNKNOWN", $"one of {string.Join(", ", Enum.GetValues<FactKind>().Select(Names.Of))}");

    private static string Name(FactKind? kind) => kind is { } known ? Names.Of(known) : "";
    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
