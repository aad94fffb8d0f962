using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using C = Governance.Cluster.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Wire forms of the commands of a case (<c>cluster/v1/cases.proto</c>).</summary>
public static class CaseCommandCodecs
{
    public static IEnumerable<Codec> All => [.. Work, .. Intake, .. Beside];

    private static IEnumerable<Codec> Work =>
    [
        Of("cmd.case.AcceptTask.1", (CaseCommand.AcceptTask c) => new() { Text = c.Note }, w => new CaseCommand.AcceptTask(w.Text)),
        Of("cmd.case.Depart.1", (CaseCommand.Depart c) => new() { Text = c.Note }, w => new CaseCommand.Depart(w.Text)),
        Of("cmd.case.ArriveOnScene.1",
            (CaseCommand.ArriveOnScene c) => new() { Proof = c.Proof, Longitude = c.Longitude, Latitude = c.Latitude, AccuracyM = c.AccuracyMetres, Text = c.Reason },
            w => new CaseCommand.ArriveOnScene(w.Proof, w.Longitude, w.Latitude, w.AccuracyM, w.Text)),
        Of("cmd.case.ReportProgress.1", (CaseCommand.ReportProgress c) => new() { Text = c.Text, More = c.Cause }, w => new CaseCommand.ReportProgress(w.Text, w.More)),
        Of("cmd.case.DeclareControlled.1", (CaseCommand.DeclareControlled c) => new() { Text = c.Evidence }, w => new CaseCommand.DeclareControlled(w.Text)),
        Of("cmd.case.CompleteTask.1", (CaseCommand.CompleteTask c) => new() { More = c.Outcome, Text = c.Evidence, Many = { c.Kinds } }, w => new CaseCommand.CompleteTask(w.More, w.Text, [.. w.Many])),
        Of("cmd.case.SubmitFeedback.1", (CaseCommand.SubmitFeedback c) => new() { Text = c.Summary, More = c.PublicReply }, w => new CaseCommand.SubmitFeedback(w.Text, w.More)),
        Of("cmd.case.Verify.1", (CaseCommand.Verify c) => new() { Passed = c.Passed, Text = c.Method }, w => new CaseCommand.Verify(w.Passed, w.Text)),
        Of("cmd.case.CancelOff.1", (CaseCommand.CancelOff c) => new() { More = c.Outcome, Text = c.Note }, w => new CaseCommand.CancelOff(w.More, w.Text)),
        Of("cmd.case.RaiseLevel.1", (CaseCommand.RaiseLevel c) => new() { Level = (int)c.Level, Text = c.Reason }, w => new CaseCommand.RaiseLevel((Colour)w.Level, w.Text)),
        Of("cmd.case.RequestExtension.1", (CaseCommand.RequestExtension c) => new() { Proof = c.Extra, Text = c.Reason, More = c.Plan }, w => new CaseCommand.RequestExtension(w.Proof, w.Text, w.More)),
        Of("cmd.case.DecideExtension.1", (CaseCommand.DecideExtension c) => new() { Passed = c.Granted, Text = c.Reason }, w => new CaseCommand.DecideExtension(w.Passed, w.Text)),
        Of("cmd.case.Suspend.1", (CaseCommand.Suspend c) => new() { More = c.Code, UntilUs = Wire.Us(c.Until), Text = c.Reason }, w => new CaseCommand.Suspend(w.More, Wire.At(w.UntilUs), w.Text)),
        Of("cmd.case.Resume.1", (CaseCommand.Resume c) => new() { Text = c.Reason }, w => new CaseCommand.Resume(w.Text)),
        Of("cmd.case.Urge.1", (CaseCommand.Urge c) => new() { Text = c.Reason }, w => new CaseCommand.Urge(w.Text)),
    ];

    private static IEnumerable<Codec> Intake =>
    [
        Of("cmd.case.RegisterCase.1", (CaseCommand.RegisterCase c) => new()
        {
            Channel = c.Channel, SourceEventId = c.SourceEventId, Category = c.Category, Score = c.Confidence, Level = (int)c.Level, Area = c.Area, Place = To(c.Place), Many = { c.Tags }, Text = c.Text,
            Reporter = c.Reporter, Reachable = c.Reachable, Media = { c.Media }, Drill = c.Drill, Gateway = c.Gateway, UntilUs = Wire.UsOrZero(c.RecordedAt),
        }, w => new CaseCommand.RegisterCase(w.Channel, w.SourceEventId, w.Category, w.Score, (Colour)w.Level, w.Area, From(w.Place), [.. w.Many], w.Text, w.Reporter, w.Reachable, [.. w.Media], w.Drill, w.Gateway) { RecordedAt = Wire.AtOrNone(w.UntilUs) }),
        Of("cmd.case.AttachReport.1", (CaseCommand.AttachReport c) => new()
        {
            Channel = c.Channel, SourceEventId = c.SourceEventId, Text = c.Text, Reporter = c.Reporter, Reachable = c.Reachable, Media = { c.Media }, Score = c.Score,
        }, w => new CaseCommand.AttachReport(w.Channel, w.SourceEventId, w.Text, w.Reporter, w.Reachable, [.. w.Media], w.Score)),
        Of("cmd.case.DetachReport.1", (CaseCommand.DetachReport c) => new() { Code = c.ReportId, Text = c.Reason }, w => new CaseCommand.DetachReport(w.Code, w.Text)),
        Of("cmd.case.Judge.1", (CaseCommand.Judge c) => new() { Level = (int)c.Level, Category = c.Category, Many = { c.Tags }, Code = c.Decision, Text = c.Reason },
            w => new CaseCommand.Judge((Colour)w.Level, w.Category, [.. w.Many], w.Code, w.Text)),
        Of("cmd.case.RejectIntake.1", (CaseCommand.RejectIntake c) => new() { Code = c.Code, Text = c.Basis, More = c.WhereToGo }, w => new CaseCommand.RejectIntake(w.Code, w.Text, w.More)),
        Of("cmd.case.AskReporter.1", (CaseCommand.AskReporter c) => new() { Text = c.Question }, w => new CaseCommand.AskReporter(w.Text)),
        Of("cmd.case.AnswerQuestion.1", (CaseCommand.AnswerQuestion c) => new() { Text = c.Text }, w => new CaseCommand.AnswerQuestion(w.Text)),
        Of("cmd.case.VoidCase.1", (CaseCommand.VoidCase c) => new() { Code = c.Code, Text = c.Proof }, w => new CaseCommand.VoidCase(w.Code, w.Text)),
        Of("cmd.case.Correct.1", (CaseCommand.Correct c) => new() { Code = c.Field, More = c.Value, Text = c.Reason }, w => new CaseCommand.Correct(w.Code, w.More, w.Text)),
        Of("cmd.case.MoveToGrid.1", (CaseCommand.MoveToGrid c) => new() { Area = c.Area, Organisation = c.Community, More = c.Grid, Text = c.Reason }, w => new CaseCommand.MoveToGrid(w.Area, w.Organisation, w.More, w.Text)),
    ];

    private static IEnumerable<Codec> Beside =>
    [
        Of("cmd.case.MergeInto.1", (CaseCommand.MergeInto c) => new() { Code = c.Target.Value, Text = c.Reason }, w => new CaseCommand.MergeInto(new CaseKey(w.Code), w.Text)),
        Of("cmd.case.Unmerge.1", (CaseCommand.Unmerge c) => new() { Text = c.Reason }, w => new CaseCommand.Unmerge(w.Text)),
        Of("cmd.case.Assign.1", (CaseCommand.Assign c) => new() { Organisation = c.Lead, Many = { c.Co }, Mandatory = { c.Mandatory }, More = c.Person, Text = c.Basis },
            w => new CaseCommand.Assign(w.Organisation, [.. w.Many], [.. w.Mandatory], w.More, w.Text)),
        Of("cmd.case.RejectTask.1", (CaseCommand.RejectTask c) => new() { Code = c.Code, Organisation = c.SuggestedOrganisation, Text = c.Basis }, w => new CaseCommand.RejectTask(w.Code, w.Organisation, w.Text)),
        Of("cmd.case.ForceAssign.1", (CaseCommand.ForceAssign c) => new() { Organisation = c.Organisation, Text = c.Basis }, w => new CaseCommand.ForceAssign(w.Organisation, w.Text)),
        Of("cmd.case.Delegate.1", (CaseCommand.Delegate c) => new() { Organisation = c.To, Text = c.Reason }, w => new CaseCommand.Delegate(w.Organisation, w.Text)),
        Of("cmd.case.ReportUp.1", (CaseCommand.ReportUp c) => new() { Text = c.Reason }, w => new CaseCommand.ReportUp(w.Text)),
        Of("cmd.case.ContactReporter.1", (CaseCommand.ContactReporter c) => new() { Code = c.Method, Passed = c.Reached, Text = c.Note }, w => new CaseCommand.ContactReporter(w.Code, w.Passed, w.Text)),
        Of("cmd.case.WaiveTask.1", (CaseCommand.WaiveTask c) => new() { Organisation = c.Organisation, Text = c.Reason }, w => new CaseCommand.WaiveTask(w.Organisation, w.Text)),
        Of("cmd.case.WithdrawTask.1", (CaseCommand.WithdrawTask c) => new() { Organisation = c.Organisation, Text = c.Reason }, w => new CaseCommand.WithdrawTask(w.Organisation, w.Text)),
        Of("cmd.case.RecordCallback.1", (CaseCommand.RecordCallback c) => new() { Passed = c.Reached, Resolved = c.Resolved, Satisfied = c.Satisfied, Text = c.Note }, w => new CaseCommand.RecordCallback(w.Passed, w.Resolved, w.Satisfied, w.Text)),
        Of("cmd.case.Reopen.1", (CaseCommand.Reopen c) => new() { Text = c.Reason }, w => new CaseCommand.Reopen(w.Text)),
        Of("cmd.case.LowerLevel.1", (CaseCommand.LowerLevel c) => new() { Level = (int)c.Level, Text = c.Reason }, w => new CaseCommand.LowerLevel((Colour)w.Level, w.Text)),
        Of("cmd.case.IssueReminder.1", (CaseCommand.IssueReminder c) => new() { Text = c.Reason }, w => new CaseCommand.IssueReminder(w.Text)),
        Of("cmd.case.IssueSupervision.1", (CaseCommand.IssueSupervision c) => new() { Text = c.Reason }, w => new CaseCommand.IssueSupervision(w.Text)),
        Of("cmd.case.EscalateCrisis.1", (CaseCommand.EscalateCrisis c) => new() { Text = c.Reason }, w => new CaseCommand.EscalateCrisis(w.Text)),
        Of("cmd.case.Unmask.1", (CaseCommand.Unmask c) => new() { Code = c.Field, Text = c.Purpose }, w => new CaseCommand.Unmask(w.Code, w.Text)),
        Of("cmd.case.Archive.1", (CaseCommand.Archive _) => new(), _ => new CaseCommand.Archive()),
        Of("cmd.case.ForgetReporter.1", (CaseCommand.ForgetReporter c) => new() { Code = c.ReportId }, w => new CaseCommand.ForgetReporter(w.Code)),
    ];

    private static C.CasePlace To(Place p) => new() { Community = p.Community, Grid = p.Grid, Address = p.Address, Longitude = p.Longitude, Latitude = p.Latitude, Asset = p.Asset };
    private static Place From(C.CasePlace? w) => w is null ? Place.Unknown : new Place(w.Community, w.Grid, w.Address, w.Longitude, w.Latitude, w.Asset);

    private static Codec Of<T>(string manifest, Func<T, C.CaseCommand> to, Func<C.CaseCommand, T> from) where T : CaseCommand => Codec.Of(manifest, C.CaseCommand.Parser, to, from);
}
