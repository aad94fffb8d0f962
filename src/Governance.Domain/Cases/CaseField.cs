using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>Commands of whoever has a task: sign, go, arrive, report, control, complete (cases.md, 10, 11 and 13 to 19, 21, 27).</summary>
internal static class CaseField
{
    internal static Refusal? OfTask(CaseFold fold, CaseCommand command, Caller caller)
    {
        var task = fold.State.Tasks.Find(t => t.Counts && t.IsOf(caller.Organisation));
        if (task is null) return new Refusal("NOT_YOUR_TASK", $"{caller.Organisation} has no task in this case", RefusalKind.Denied);
        if (!task.Lead && command is (DeclareControlled or SubmitFeedback or RequestExtension)) return new Refusal("LEAD_ONLY", $"{command.GetType().Name} is the lead handler's", RefusalKind.Denied);
        if (!AllowedFor(task, fold.State).Contains(command.GetType().Name)) return CaseHandling.Illegal(command.GetType().Name, $"{Names.StateOf(fold.State)}/{Names.Of(task.Phase)}", AllowedFor(task, fold.State));
        return command switch
        {
            AcceptTask => Accept(fold, task, caller),
            RejectTask c => CaseAssignment.GiveBack(fold, task, c, caller),
            CaseCommand.Delegate c => CaseAssignment.Down(fold, task, c, caller),
            ReportUp c => CaseAssignment.Up(fold, task, c.Reason, caller.Subject, fold.Now),
            CaseCommand.Depart => Depart(fold, task, caller),
            ArriveOnScene c => Arrive(fold, task, c, caller),
            ReportProgress c => Report(fold, task, c, caller),
            DeclareControlled c => Control(fold, task, c, caller),
            ContactReporter c => Contact(fold, task, c, caller),
            CompleteTask c => Complete(fold, task, c, caller),
            SubmitFeedback c => CaseConclusion.Feedback(fold, task, c, caller),
            RequestExtension c => CaseDelays.Ask(fold, task, c, caller),
            _ => throw new InvalidOperationException($"a case has no command {command.GetType().Name}"),
        };
    }

    /// <summary>Commands that the task's own phase allows.</summary>
    internal static IReadOnlyList<string> AllowedFor(CaseTask task, CaseState state) => task.Phase switch
    {
        TaskPhase.Offered => [nameof(AcceptTask), nameof(RejectTask), nameof(ReportUp)],
        TaskPhase.Accepted => [nameof(RejectTask), nameof(CaseCommand.Delegate), nameof(ReportUp), nameof(Depart), nameof(ArriveOnScene), .. AtWork(task, state)],
        TaskPhase.EnRoute => [nameof(CaseCommand.Delegate), nameof(ReportUp), nameof(ArriveOnScene), .. AtWork(task, state)],
        TaskPhase.OnScene when task.Lead => [nameof(CaseCommand.Delegate), nameof(ReportUp), nameof(DeclareControlled), .. AtWork(task, state)],
        TaskPhase.OnScene => [nameof(CaseCommand.Delegate), nameof(ReportUp), .. AtWork(task, state)],
        TaskPhase.Controlled => [nameof(CaseCommand.Delegate), nameof(ReportUp), .. AtWork(task, state)],
        TaskPhase.Done or TaskPhase.Failed when task.Lead => [nameof(SubmitFeedback), nameof(ContactReporter), nameof(ReportProgress), nameof(RequestExtension)],
        _ => [],
    };

    private static IReadOnlyList<string> AtWork(CaseTask task, CaseState state) =>
    [
        nameof(ReportProgress), nameof(ContactReporter), .. task.Lead ? new[] { nameof(RequestExtension) } : [],
        .. !task.Lead || task.Phase == TaskPhase.Controlled || !NeedsControl(state) ? new[] { nameof(CompleteTask) } : [],
    ];

    /// <summary>Danger is declared over before the work is done: red and orange cases, and whatever a device reported.</summary>
    internal static bool NeedsControl(CaseState state) => state.Level >= Colour.Orange || !state.Occurrences.IsEmpty;

    private static Refusal? Accept(CaseFold fold, CaseTask task, Caller caller)
    {
        if (task.Lead) fold.Meet(ClockName.Sign);
        Progress(fold, task, new TaskAccepted(fold.Now, task.Organisation, caller.Subject), "accepted");
        // Nobody need be called any more.
        fold.Send(new EntityAddress(EntityKinds.Department, task.Organisation), new TaskSigned(fold.State.Key, caller.Subject, fold.Now));
        if (task.Lead) fold.Start(ClockName.OnScene, fold.Now);
        return null;
    }

    private static Refusal? Depart(CaseFold fold, CaseTask task, Caller caller) => Progress(fold, task, new TaskEnRoute(fold.Now, task.Organisation, caller.Subject), "en route");

    private static Refusal? Arrive(CaseFold fold, CaseTask task, ArriveOnScene c, Caller caller)
    {
        var proof = c.Proof switch
        {
            "QR" => "QR",
            "POINT" when Math.Abs(c.Longitude) <= 180 && Math.Abs(c.Latitude) <= 90 && c.AccuracyMetres is > 0 and <= 200 =>
                string.Create(CultureInfo.InvariantCulture, $"POINT {c.Longitude:0.00000} {c.Latitude:0.00000} ±{c.AccuracyMetres:0} m"),
            "MANUAL" when c.Reason.Length > 0 => $"MANUAL: {c.Reason}",
            _ => null,
        };
        if (proof is null) return new Refusal("PRESENCE_NOT_PROVED", "proof is QR, POINT with an accuracy up to 200 m, or MANUAL with a reason", RefusalKind.Invalid).With("field", "proof");
        // A place that is known is where one has to be; QR and a reason stand for themselves.
        if (c.Proof == "POINT" && fold.State.Subject!.Place is { } place && double.IsFinite(place.Longitude) && Distance(place, c) is var away && away > fold.Policy.Limits.OnSceneMetres + c.AccuracyMetres)
            return new Refusal("NOT_ON_SCENE", string.Create(CultureInfo.InvariantCulture, $"{away:0} m away from the place of the case; give a reason with MANUAL"), RefusalKind.Precondition).With("metres", away.ToString("0", CultureInfo.InvariantCulture));
        if (task.Lead) fold.Meet(ClockName.OnScene);
        Progress(fold, task, new TaskOnScene(fold.Now, task.Organisation, caller.Subject, proof), "on scene");
        if (task.Lead && NeedsControl(fold.State)) fold.Start(ClockName.Control, fold.Now);
        return null;
    }

    /// <summary>Good to centimetres over the width of a district.</summary>
    private static double Distance(Place place, ArriveOnScene at)
    {
        const double metresPerDegree = 111_320;
        var east = (place.Longitude - at.Longitude) * metresPerDegree * Math.Cos(place.Latitude * Math.PI / 180);
        return Math.Sqrt(east * east + Math.Pow((place.Latitude - at.Latitude) * metresPerDegree, 2));
    }

    private static Refusal? Report(CaseFold fold, CaseTask task, ReportProgress c, Caller caller)
    {
        if (c.Text.Length == 0) return CaseHandling.Missing("text");
        if (task.Lead) fold.Meet(ClockName.Feedback);
        return Progress(fold, task, new ProgressReported(fold.Now, task.Organisation, caller.Subject, c.Text, c.Cause), c.Cause.Length > 0 ? $"cause: {c.Cause}" : c.Text);
    }

    private static Refusal? Control(CaseFold fold, CaseTask task, DeclareControlled c, Caller caller)
    {
        // The off-delay of the alarm has seen to it that good readings stayed below the reset value for long enough.
        if (fold.State.IsLive) return CaseHandling.Live(fold.State);
        fold.Meet(ClockName.Control);
        return Progress(fold, task, new HazardControlled(fold.Now, task.Organisation, caller.Subject, c.Evidence), "hazard under control");
    }

    private static Refusal? Contact(CaseFold fold, CaseTask task, ContactReporter c, Caller caller)
    {
        if (c.Method is not ("CALL" or "VISIT" or "MESSAGE")) return new Refusal("METHOD_INVALID", "method is CALL, VISIT or MESSAGE", RefusalKind.Invalid).With("field", "method");
        if (!fold.State.HasReachableReporter) return new Refusal("NO_REPORTER", "no report of this case names a reporter who can be reached");
        if (c.Reached) fold.Meet(ClockName.Contact);
        return Progress(fold, task, new ReporterContacted(fold.Now, task.Organisation, caller.Subject, c.Method, c.Reached, c.Note), c.Reached ? $"reporter contacted, {c.Method}" : $"reporter not reached, {c.Method}");
    }

    private static Refusal? Complete(CaseFold fold, CaseTask task, CompleteTask c, Caller caller)
    {
        if (c.Outcome.Length == 0) return new Refusal("OUTCOME_MISSING", "outcome is mandatory", RefusalKind.Invalid).With("field", "outcome");
        if (c.Outcome == CannotFix)
            return c.Evidence.Length == 0 ? CaseHandling.Missing("evidence") : Progress(fold, task, new TaskFailed(fold.Now, task.Organisation, caller.Subject, c.Evidence), $"cannot be done: {c.Evidence}");
        if (task.Lead && Lacking(fold, task, c) is { Count: > 0 } lacking)
            return new Refusal("EVIDENCE_MISSING", $"category {fold.State.Subject!.Category} needs evidence {string.Join(", ", lacking)}").With("kinds", string.Join(",", lacking));
        return Progress(fold, task, new TaskDone(fold.Now, task.Organisation, caller.Subject, c.Outcome, c.Evidence) { Kinds = c.Kinds }, "done");
    }

    /// <summary>The outcome of a task that could not be done.</summary>
    internal const string CannotFix = "CANNOT_FIX";

    /// <summary>Kinds of evidence that the category wants and nothing shows: P photo, S signature, C call, V visit, D device.</summary>
    private static List<string> Lacking(CaseFold fold, CaseTask task, CompleteTask c) => [.. fold.Policy.EvidenceOf(fold.State.Subject!.Category).Where(kind => !c.Kinds.Contains(kind) && kind switch
    {
        // What the case has seen itself nobody has to prove.
        "V" => !task.Visited,
        "D" => fold.State.Occurrences.IsEmpty || fold.State.IsLive,
        "C" => !fold.State.Contacted,
        _ => true,
    })];

    internal static Refusal? Progress(CaseFold fold, CaseTask task, CaseEvent happened, string text)
    {
        fold.Happen(happened);
        fold.Alive();
        fold.Tell(AlertKind.CaseProgressed, $"{happened.GetType().Name}/{task.Organisation}", fold.Now, $"{task.Organisation}: {text}");
        return null;
    }
}
