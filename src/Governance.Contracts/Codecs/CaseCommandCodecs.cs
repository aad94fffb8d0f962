using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using C = Governance.Cluster.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Wire forms of the commands of a case (<c>cluster/v1/cases.proto</c>).</summary>
public static class CaseCommandCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Of("cmd.case.AcceptTask.1", (CaseCommand.AcceptTask c) => new() { Text = c.Note }, w => new CaseCommand.AcceptTask(w.Text)),
        Of("cmd.case.Depart.1", (CaseCommand.Depart c) => new() { Text = c.Note }, w => new CaseCommand.Depart(w.Text)),
        Of("cmd.case.ArriveOnScene.1",
            (CaseCommand.ArriveOnScene c) => new() { Proof = c.Proof, Longitude = c.Longitude, Latitude = c.Latitude, AccuracyM = c.AccuracyMetres, Text = c.Reason },
            w => new CaseCommand.ArriveOnScene(w.Proof, w.Longitude, w.Latitude, w.AccuracyM, w.Text)),
        Of("cmd.case.ReportProgress.1", (CaseCommand.ReportProgress c) => new() { Text = c.Text, More = c.Cause }, w => new CaseCommand.ReportProgress(w.Text, w.More)),
        Of("cmd.case.DeclareControlled.1", (CaseCommand.DeclareControlled c) => new() { Text = c.Evidence }, w => new CaseCommand.DeclareControlled(w.Text)),
        Of("cmd.case.CompleteTask.1", (CaseCommand.CompleteTask c) => new() { More = c.Outcome, Text = c.Evidence }, w => new CaseCommand.CompleteTask(w.More, w.Text)),
        Of("cmd.case.SubmitFeedback.1", (CaseCommand.SubmitFeedback c) => new() { Text = c.Summary }, w => new CaseCommand.SubmitFeedback(w.Text)),
        Of("cmd.case.Verify.1", (CaseCommand.Verify c) => new() { Passed = c.Passed, Text = c.Method }, w => new CaseCommand.Verify(w.Passed, w.Text)),
        Of("cmd.case.CancelOff.1", (CaseCommand.CancelOff c) => new() { More = c.Outcome, Text = c.Note }, w => new CaseCommand.CancelOff(w.More, w.Text)),
        Of("cmd.case.RaiseLevel.1", (CaseCommand.RaiseLevel c) => new() { Level = (int)c.Level, Text = c.Reason }, w => new CaseCommand.RaiseLevel((Colour)w.Level, w.Text)),
        Of("cmd.case.RequestExtension.1", (CaseCommand.RequestExtension c) => new() { Proof = c.Extra, Text = c.Reason, More = c.Plan }, w => new CaseCommand.RequestExtension(w.Proof, w.Text, w.More)),
        Of("cmd.case.DecideExtension.1", (CaseCommand.DecideExtension c) => new() { Passed = c.Granted, Text = c.Reason }, w => new CaseCommand.DecideExtension(w.Passed, w.Text)),
        Of("cmd.case.Suspend.1", (CaseCommand.Suspend c) => new() { More = c.Code, UntilUs = Wire.Us(c.Until), Text = c.Reason }, w => new CaseCommand.Suspend(w.More, Wire.At(w.UntilUs), w.Text)),
        Of("cmd.case.Resume.1", (CaseCommand.Resume c) => new() { Text = c.Reason }, w => new CaseCommand.Resume(w.Text)),
        Of("cmd.case.Urge.1", (CaseCommand.Urge c) => new() { Text = c.Reason }, w => new CaseCommand.Urge(w.Text)),
    ];

    private static Codec Of<T>(string manifest, Func<T, C.CaseCommand> to, Func<C.CaseCommand, T> from) where T : CaseCommand => Codec.Of(manifest, C.CaseCommand.Parser, to, from);
}
