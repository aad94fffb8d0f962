using Governance.Contracts.Codecs;
using Governance.Domain.Cases;
using Governance.Edge.V1;
using Governance.Storage;
using CaseClock = Governance.Edge.V1.CaseClock;
using CaseTask = Governance.Edge.V1.CaseTask;
using LinkedOccurrence = Governance.Edge.V1.LinkedOccurrence;

namespace Governance.Edge.Cases;

/// <summary>A case as the public API shows it.</summary>
internal static class CaseViews
{
    internal static CaseView Of(CaseState state, long version, DateTimeOffset now)
    {
        var subject = state.Subject!;
        var ledger = Domain.Cases.TimeLedger.Of(state, now);
        var view = new CaseView
        {
            CaseId = state.Key.Value, CaseNumber = state.Number, State = Names.StateOf(state), SubPhase = state is { Phase: CasePhase.Handling, LeadOrNone: { } lead } ? Names.Of(lead.Phase) : "",
            Level = Fields.To(state.Level), Category = subject.Category, SourceId = subject.SourceText, Subdistrict = subject.Area.Value, Drill = subject.Drill,
            Supervision = Names.Of(state.Supervision), Cause = state.Cause, CloseOutcome = state.Outcome, ReceivedAt = Fields.To(state.Milestones[Domain.Cases.Milestone.Received]), Version = version,
            Ledger = new V1.TimeLedger { ReceiptToClearS = ledger.ReceiptToClear?.TotalSeconds ?? 0, TotalS = ledger.Total.TotalSeconds },
        };
        if (state.Suspension is { } suspension) view.Suspension = new V1.Suspension { Code = suspension.Code, Until = Fields.To(suspension.Until), By = suspension.By, Reason = suspension.Reason };
        if (state.Asked is { } asked) view.ExtensionAsked = new V1.AskedExtension { Extra = asked.Extra.ToString(), By = asked.By, Reason = asked.Reason, Plan = asked.Plan, AnswerBy = Fields.To(asked.AnswerBy) };
        if (state.Milestones.TryGetValue(Domain.Cases.Milestone.Closed, out var closed)) view.ClosedAt = Fields.To(closed);
        view.Ledger.Legs.AddRange(ledger.Legs.Select(l => new V1.Leg { From = l.From, To = l.To, Seconds = l.Time.TotalSeconds }));
        view.Milestones.AddRange(state.Milestones.OrderBy(m => m.Value).ThenBy(m => m.Key).Select(m => new V1.Milestone { Name = Names.Of(m.Key), At = Fields.To(m.Value) }));
        view.Occurrences.AddRange(state.Occurrences.Select(o => new LinkedOccurrence
        {
            OccurrenceId = o.Id.Value, Witness = Names.Of(o.Witness), DetectorId = o.Detector, Level = Fields.To(o.Level), Peak = Fields.To(o.Peak), State = Names.Of(o.Phase),
            RaisedAt = Fields.To(o.RaisedAt), ClearedAt = Fields.To(o.ClearedAt),
        }));
        view.Tasks.AddRange(state.Tasks.Select(t => new CaseTask
        {
            TaskId = $"{state.Key}/{t.Organisation}", Organisation = t.Organisation, Lead = t.Lead, State = Names.Of(t.Phase), OfferedAt = Fields.To(t.OfferedAt),
            NotifiedAt = Fields.To(t.NotifiedAt), AcceptedAt = Fields.To(t.AcceptedAt), Mandatory = t.Mandatory, Forced = t.Forced, Unit = t.Unit,
        }));
        view.Clocks.AddRange(state.Clocks.Select(c => new CaseClock
        {
            Clock = Names.Of(c.Name), State = Names.Of(c.Phase), StartedAt = Fields.To(c.StartedAt), Due = Fields.To(c.Due), EndedAt = Fields.To(c.EndedAt), LateByMs = (long)c.LateBy.TotalMilliseconds, Budget = c.Budget.ToString(),
            Pauses = { c.Pauses.Select(p => new V1.Pause { From = Fields.To(p.From), To = Fields.To(p.To) }) }, Marks = { c.Marks.Select(m => new V1.ClockMark { Percent = m.Percent, At = Fields.To(m.At) }) },
        }));
        Beside(view, state);
        return view;
    }

    private static void Beside(CaseView view, CaseState state)
    {
        var subject = state.Subject!;
        (view.Channel, view.Text, view.Place) = (subject.Channel, subject.Text, Of(subject.Place));
        view.Tags.AddRange(subject.Tags);
        view.Reports.AddRange(state.Reports.Select(r => new V1.CaseReport { ReportId = r.Id, Channel = r.Channel, Text = r.Text, Reporter = r.Reporter, Reachable = r.Reachable, ReceivedAt = Fields.To(r.ReceivedAt), Media = { r.Media } }));
        if (state.Info is { } info) view.Question = new V1.Question { Text = info.Question, By = info.By, Since = Fields.To(info.Since), Until = Fields.To(info.Until) };
        view.Slips.AddRange(state.Slips.Select(s => new V1.CaseSlip { SlipId = s.Key.Value, Kind = Names.Of(s.Kind), Number = s.Number, Due = Fields.To(s.Due), Overdue = s.Overdue, Result = s.Result }));
        view.Callbacks.AddRange(state.Callbacks.Select(c => new V1.Callback { At = Fields.To(c.At), Reached = c.Reached, Resolved = c.Resolved, Satisfied = c.Satisfied, By = c.By }));
        (view.Rework, view.Reopened, view.Rejections) = (state.Rework, state.Reopened, state.Rejections);
        (view.MergedInto, view.PublicReply, view.RefusedAs) = (state.Merge is { Stage: not MergeStage.Begun } m ? m.Target.Value : "", state.PublicReply, state.RefusedAs);
        view.Absorbed.AddRange(state.Absorbed.Select(a => a.From.Value));
        (view.Rule, view.RulesetVersion, view.StateHash) = (state.Rule, state.RulesetVersion, CaseStateCodec.HashOf(state));
        view.RuleExplanation.AddRange(state.RouteExplain);
        view.Allowed.AddRange(Domain.Cases.CaseExplanation.Of(state)!.Allowed.Select(a => new AllowedCommands { Organisation = a.Key, Commands = { a.Value } }));
    }

    private static V1.Place Of(Domain.Cases.Place place)
    {
        var view = new V1.Place { Community = place.Community, Grid = place.Grid, Address = place.Address, Asset = place.Asset };
        if (double.IsFinite(place.Longitude) && double.IsFinite(place.Latitude)) (view.Longitude, view.Latitude) = (place.Longitude, place.Latitude);
        return view;
    }

    internal static Domain.Cases.Place From(V1.Place? place) => place is null ? Domain.Cases.Place.Unknown : new Domain.Cases.Place(
        place.Community, place.Grid, place.Address, place.HasLongitude ? place.Longitude : double.NaN, place.HasLatitude ? place.Latitude : double.NaN, place.Asset);

    internal static CaseSummary Of(CaseRow row) => new()
    {
        CaseId = row.Key, CaseNumber = row.Number, State = row.State, Level = Fields.To((Domain.Kernel.Colour)row.Level), Category = row.Category, SourceId = row.SourceId,
        Subdistrict = row.Subdistrict, Drill = row.Drill, ReceivedAt = Fields.To(row.ReceivedAt), ClosedAt = Fields.To(row.ClosedAt), Supervision = row.Supervision,
        Title = row.Title, Channel = row.Channel, Community = row.Community, Lead = row.Lead, Organisations = { row.Organisations }, Due = Fields.To(row.Due), Breached = row.Breached,
    };
}
