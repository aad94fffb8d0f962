using Governance.Contracts.Messages;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Edge.Errors;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Grpc.Core;

namespace Governance.Edge.Accountability;

/// <summary>Who answers for what: figures from the accounts of cases, decisions from their entities.</summary>
public sealed class AccountabilityService(Entities entities, ScorecardReports scorecards, CaseReports cases, WhatIfRuns whatIf) : V1.Accountability.AccountabilityBase
{
    private const int SealsUsually = 31;

    public override async Task<ScorecardView> Scorecard(ScorecardRequest r, ServerCallContext c)
    {
        var (organisation, month, cancel) = (scorecards.Known(r.Organisation), Month.Parse(r.Month), c.CancellationToken);
        var asOf = await scorecards.AsOfAsync(cancel);
        var view = ScorecardViews.Of((await scorecards.OfMonthAsync(month, cancel)).Single(f => f.Organisation == organisation), asOf);
        var state = (ScorecardState)(await entities.AskAsync<StateReply>(new GetState(ScorecardState.Address(organisation, month)), cancel)).State;
        view.Exclusions.AddRange(state.Exclusions.Select(ScorecardViews.Of));
        view.Appeals.AddRange(state.Appeals.Select(ScorecardViews.Of));
        view.AppealUntil = Fields.To(scorecards.Rules.AppealUntil(month));
        return view;
    }

    public override async Task<ListScorecardsReply> ListScorecards(ListScorecardsRequest r, ServerCallContext c)
    {
        var month = Month.Parse(r.Month);
        if (r.List.Length > 0 && !Enum.GetValues<ScoreList>().Select(Names.Of).Contains(r.List)) throw RefusedException.Invalid("list", "LIST_UNKNOWN", $"one of {string.Join(", ", Enum.GetValues<ScoreList>().Select(Names.Of))}");
        var asOf = await scorecards.AsOfAsync(c.CancellationToken);
        var all = await scorecards.OfMonthAsync(month, c.CancellationToken);
        return new ListScorecardsReply
        {
            AsOf = Fields.To(asOf),
            Scorecards = { all.Where(f => r.List.Length == 0 || f.Lists.Exists(l => Names.Of(l) == r.List)).OrderBy(f => f.Rank ?? int.MaxValue).ThenByDescending(f => f.Cases).ThenBy(f => f.Organisation, StringComparer.Ordinal).Select(f => ScorecardViews.Of(f, asOf)) },
        };
    }

    public override Task<ExportYearReply> ExportYear(ExportYearRequest r, ServerCallContext c) => scorecards.YearAsync(r.Year, c.CancellationToken);

    public override async Task<ScorecardDecisions> Exclude(ExcludeRequest r, ServerCallContext c)
    {
        var (organisation, month, kind, key) = (scorecards.Known(r.Organisation), Month.Parse(r.Month), ScorecardViews.Kind(r.Kind), await cases.KeyAsync(r.CaseId, c.CancellationToken));
        var counted = await CountedAsync(organisation, month, key, kind, c.CancellationToken);
        return await DecideAsync(organisation, month, r.CommandId, new ScorecardCommand.Exclude(key, kind, r.Code, r.Note, counted), c);
    }

    public override async Task<ScorecardDecisions> Appeal(AppealRequest r, ServerCallContext c)
    {
        var (organisation, month, kind, key) = (scorecards.Known(r.Organisation), Month.Parse(r.Month), ScorecardViews.Kind(r.Kind), await cases.KeyAsync(r.CaseId, c.CancellationToken));
        await CountedAsync(organisation, month, key, kind, c.CancellationToken);
        return await DecideAsync(organisation, month, r.CommandId, new ScorecardCommand.FileAppeal(key, kind, r.Reason), c);
    }

    public override Task<ScorecardDecisions> DecideAppeal(DecideAppealRequest r, ServerCallContext c) =>
        DecideAsync(scorecards.Known(r.Organisation), Month.Parse(r.Month), r.CommandId, new ScorecardCommand.DecideAppeal(r.AppealId, r.Upheld, r.Reason), c);

    public override Task<ReinspectionView> CommitReinspection(CommitReinspectionRequest r, ServerCallContext c) => ReinspectAsync(Month.Parse(r.Month), r.CommandId, new ReinspectionCommand.CommitSeed(r.SeedHash), c);

    public override async Task<ReinspectionView> DrawReinspection(DrawReinspectionRequest r, ServerCallContext c)
    {
        var month = Month.Parse(r.Month);
        // What was closed in the month must all be known: else the lot would be another one tomorrow.
        if (month.To > await scorecards.AsOfAsync(c.CancellationToken)) throw new RefusedException(new Refusal("MONTH_NOT_OVER", $"the month {month} is not over, or the records have not come to its end"));
        var lot = Reinspection.Draw(r.Seed, await cases.ClosedInAsync(month, c.CancellationToken), scorecards.Policy[ScoreSetting.ReinspectionPercent]);
        return await ReinspectAsync(month, r.CommandId, new ReinspectionCommand.DrawLot(r.Seed, lot), c);
    }

    public override async Task<ReinspectionView> RecordReinspection(RecordReinspectionRequest r, ServerCallContext c) =>
        await ReinspectAsync(Month.Parse(r.Month), r.CommandId, new ReinspectionCommand.RecordInspection(await cases.KeyAsync(r.CaseId, c.CancellationToken), r.Passed, r.Findings), c);

    public override async Task<ReinspectionView> GetReinspection(GetReinspectionRequest r, ServerCallContext c) =>
        ScorecardViews.Of((ReinspectionState)(await entities.AskAsync<StateReply>(new GetState(ReinspectionState.Address(Month.Parse(r.Month))), c.CancellationToken)).State);

    public override async Task<BallInCourtView> BallInCourt(AccountedCaseRequest r, ServerCallContext c) => await cases.BallAsync(r.CaseId, await scorecards.AsOfAsync(c.CancellationToken), c.CancellationToken);

    public override async Task<ForecastView> Forecast(AccountedCaseRequest r, ServerCallContext c) => await cases.ForecastAsync(r.CaseId, await scorecards.AsOfAsync(c.CancellationToken), c.CancellationToken);

    public override async Task<ListForecastsReply> ListForecasts(ListForecastsRequest r, ServerCallContext c) => await cases.ForecastsAsync(r, await scorecards.AsOfAsync(c.CancellationToken), c.CancellationToken);

    public override async Task<ListPrematureClosuresReply> ListPrematureClosures(ListPrematureClosuresRequest r, ServerCallContext c) =>
        await cases.PrematureAsync(r, await scorecards.AsOfAsync(c.CancellationToken), c.CancellationToken);

    public override async Task<WhatIfReply> WhatIf(WhatIfRequest r, ServerCallContext c) => await whatIf.RunAsync(r, await scorecards.AsOfAsync(c.CancellationToken), c.CancellationToken);

    public override async Task<ListSealsReply> ListSeals(ListSealsRequest r, ServerCallContext c)
    {
        var limit = r.Limit switch { 0 => SealsUsually, > 0 and <= SealState.SealLimit => r.Limit, _ => throw RefusedException.Invalid("limit", "LIMIT_INVALID", $"1 to {SealState.SealLimit}") };
        return new ListSealsReply { Seals = { (await scorecards.SealsAsync(c.CancellationToken)).Reverse().Take(limit).Select(ScorecardViews.Of) } };
    }

    /// <summary>How many cases the organisation had; refused where nothing of this one counts.</summary>
    private async Task<int> CountedAsync(string organisation, Month month, string @case, FactKind? kind, CancellationToken cancel)
    {
        var (counts, all) = await scorecards.CountedAsync(organisation, month, @case, kind, cancel);
        return counts ? all : throw new RefusedException(new Refusal("NOTHING_COUNTED", $"nothing of case {@case} counts for {organisation} in {month}"));
    }

    private async Task<ScorecardDecisions> DecideAsync(string organisation, Month month, string commandId, ScorecardCommand command, ServerCallContext context)
    {
        var reply = await entities.CommandAsync(ScorecardState.Address(organisation, month), commandId, CallerOf.Context(context), 0, command, context.CancellationToken);
        return ScorecardViews.Of((ScorecardState)reply.State);
    }

    private async Task<ReinspectionView> ReinspectAsync(Month month, string commandId, ReinspectionCommand command, ServerCallContext context)
    {
        var reply = await entities.CommandAsync(ReinspectionState.Address(month), commandId, CallerOf.Context(context), 0, command, context.CancellationToken);
        return ScorecardViews.Of((ReinspectionState)reply.State);
    }
}
