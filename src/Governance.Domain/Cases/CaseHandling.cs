using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>Commands of people on a case: who may, from where, under which guard (cases.md).</summary>
internal static class CaseHandling
{
    private const int TextLimitCharacters = 4000;

    /// <summary>Commands that a phase allows; everything else is ILLEGAL_TRANSITION.</summary>
    private static readonly Dictionary<CasePhase, string[]> Allowed = new()
    {
        [CasePhase.NotOpened] = [],
        [CasePhase.Assigned] =
        [
            // A co-department does not wait for the lead: its own task decides.
            nameof(AcceptTask), nameof(Depart), nameof(ArriveOnScene), nameof(ReportProgress), nameof(CompleteTask), nameof(RaiseLevel), nameof(Urge),
        ],
        [CasePhase.Handling] =
        [
            nameof(AcceptTask), nameof(Depart), nameof(ArriveOnScene), nameof(ReportProgress), nameof(DeclareControlled), nameof(CompleteTask),
            nameof(SubmitFeedback), nameof(RaiseLevel), nameof(RequestExtension), nameof(DecideExtension), nameof(Suspend), nameof(Urge),
        ],
        [CasePhase.PendingVerification] = [nameof(Verify), nameof(CancelOff), nameof(RaiseLevel), nameof(Urge)],
        [CasePhase.Closed] = [],
    };

    private static readonly string[] WhileSuspended = [nameof(Resume), nameof(RaiseLevel)];

    private static string[] AllowedIn(CaseState state) => state.Suspension is null ? Allowed[state.Phase] : WhileSuspended;

    /// <summary>What may be done now: by the organisations with a task, and, under the empty name, by others.</summary>
    internal static ImmutableSortedDictionary<string, ImmutableList<string>> AllowedNow(CaseState state)
    {
        string[] ofOthers = [nameof(RaiseLevel), nameof(Verify), nameof(CancelOff), nameof(Suspend), nameof(Resume), nameof(Urge), nameof(DecideExtension)];
        var phase = AllowedIn(state);
        return state.Tasks.Select(t => KeyValuePair.Create(t.Organisation, AllowedFor(t).Where(phase.Contains).ToImmutableList()))
            .Append(KeyValuePair.Create("", phase.Where(ofOthers.Contains)
                .Where(c => c != (state.Verified ? nameof(Verify) : nameof(CancelOff)) && (c != nameof(DecideExtension) || state.Asked is not null)).ToImmutableList()))
            .Where(a => !a.Value.IsEmpty).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    internal static Decision<CaseEvent> Decide(CaseState state, CasePolicy policy, CaseCommand command, Caller caller, DateTimeOffset now)
    {
        if (state.Phase == CasePhase.NotOpened) return Refuse("UNKNOWN_CASE", $"there is no case {state.Key}", RefusalKind.NotFound);
        var name = command.GetType().Name;
        if (!AllowedIn(state).Contains(name)) return Illegal(name, state.Suspension is null ? state.Phase.ToString() : "Suspended", AllowedIn(state));
        if (TooLong(command) is { } field) return Decision<CaseEvent>.Nothing with { Refusal = new Refusal("TEXT_TOO_LONG", $"{field} is longer than {TextLimitCharacters} characters", RefusalKind.Invalid).With("field", field) };
        var fold = new CaseFold(state, policy, now);
        var refusal = command switch
        {
            RaiseLevel c => Raise(fold, c, caller),
            Verify c => Check(fold, c, caller),
            CancelOff c => Close(fold, c, caller),
            Suspend c => CaseDelays.Suspend(fold, c, caller),
            Resume c => CaseDelays.Resume(fold, c, caller),
            Urge c => CaseDelays.Urge(fold, c, caller),
            DecideExtension c => CaseDelays.Decide(fold, c, caller),
            _ => OfTask(fold, command, caller),
        };
        return refusal is null ? fold.Decision : Decision<CaseEvent>.Nothing with { Refusal = refusal };
    }

    private static Refusal? OfTask(CaseFold fold, CaseCommand command, Caller caller)
    {
        var task = fold.State.Tasks.Find(t => t.Organisation == caller.Organisation);
        if (task is null) return new Refusal("NOT_YOUR_TASK", $"{caller.Organisation} has no task in this case", RefusalKind.Denied);
        return command switch
        {
            AcceptTask => Step(fold, task, command, [TaskPhase.Offered], () => Accept(fold, task, caller)),
            Depart => Step(fold, task, command, [TaskPhase.Accepted], () => Progress(fold, task, new TaskEnRoute(fold.Now, task.Organisation, caller.Subject), "en route")),
            ArriveOnScene c => Step(fold, task, command, [TaskPhase.Accepted, TaskPhase.EnRoute], () => Arrive(fold, task, c, caller)),
            ReportProgress c => Step(fold, task, command, [TaskPhase.Accepted, TaskPhase.EnRoute, TaskPhase.OnScene, TaskPhase.Controlled], () => Report(fold, task, c, caller)),
            DeclareControlled c => Step(fold, task, command, [TaskPhase.OnScene], () => Control(fold, task, c, caller)),
            CompleteTask c => Step(fold, task, command, task.Lead ? [TaskPhase.Controlled] : [TaskPhase.Accepted, TaskPhase.EnRoute, TaskPhase.OnScene], () =>
                Progress(fold, task, new TaskDone(fold.Now, task.Organisation, caller.Subject, c.Outcome, c.Evidence), "done")),
            SubmitFeedback c => Step(fold, task, command, [TaskPhase.Done], () => Feedback(fold, task, c, caller)),
            RequestExtension c => Step(fold, task, command, [TaskPhase.Accepted, TaskPhase.EnRoute, TaskPhase.OnScene, TaskPhase.Controlled], () => CaseDelays.Ask(fold, task, c, caller)),
            _ => throw new InvalidOperationException($"a case has no command {command.GetType().Name}"),
        };
    }

    private static Refusal? Step(CaseFold fold, CaseTask task, CaseCommand command, TaskPhase[] from, Func<Refusal?> act) =>
        from.Contains(task.Phase) ? act()
        : Illegal(command.GetType().Name, $"{fold.State.Phase}/{task.Phase}", AllowedFor(task)).Refusal;

    /// <summary>Commands that the task's own phase allows.</summary>
    private static string[] AllowedFor(CaseTask task) => task.Phase switch
    {
        TaskPhase.Offered => [nameof(AcceptTask)],
        TaskPhase.Accepted when task.Lead => [nameof(Depart), nameof(ArriveOnScene), nameof(ReportProgress), nameof(RequestExtension)],
        TaskPhase.Accepted => [nameof(Depart), nameof(ArriveOnScene), nameof(ReportProgress), nameof(CompleteTask)],
        TaskPhase.EnRoute when task.Lead => [nameof(ArriveOnScene), nameof(ReportProgress), nameof(RequestExtension)],
        TaskPhase.EnRoute => [nameof(ArriveOnScene), nameof(ReportProgress), nameof(CompleteTask)],
        TaskPhase.OnScene when task.Lead => [nameof(ReportProgress), nameof(DeclareControlled), nameof(RequestExtension)],
        TaskPhase.OnScene => [nameof(ReportProgress), nameof(CompleteTask)],
        TaskPhase.Controlled => [nameof(ReportProgress), nameof(CompleteTask), nameof(RequestExtension)],
        TaskPhase.Done when task.Lead => [nameof(SubmitFeedback)],
        _ => [],
    };

    private static Refusal? Accept(CaseFold fold, CaseTask task, Caller caller)
    {
        if (task.Lead) fold.Meet(ClockName.Sign);
        Progress(fold, task, new TaskAccepted(fold.Now, task.Organisation, caller.Subject), "accepted");
        if (task.Lead) fold.Start(ClockName.OnScene, fold.Now);
        return null;
    }

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
        if (task.Lead) fold.Meet(ClockName.OnScene);
        Progress(fold, task, new TaskOnScene(fold.Now, task.Organisation, caller.Subject, proof), "on scene");
        if (task.Lead) fold.Start(ClockName.Control, fold.Now);
        return null;
    }

    private static Refusal? Report(CaseFold fold, CaseTask task, ReportProgress c, Caller caller)
    {
        if (c.Text.Length == 0) return new Refusal("TEXT_MISSING", "text is mandatory", RefusalKind.Invalid).With("field", "text");
        return Progress(fold, task, new ProgressReported(fold.Now, task.Organisation, caller.Subject, c.Text, c.Cause), c.Cause.Length > 0 ? $"cause: {c.Cause}" : c.Text);
    }

    private static Refusal? Control(CaseFold fold, CaseTask task, DeclareControlled c, Caller caller)
    {
        if (!task.Lead) return new Refusal("LEAD_ONLY", "the lead handler declares control", RefusalKind.Denied);
        // The off-delay of the alarm has seen to it that good readings stayed below the reset value for long enough.
        if (fold.State.IsLive) return Live(fold.State);
        fold.Meet(ClockName.Control);
        return Progress(fold, task, new HazardControlled(fold.Now, task.Organisation, caller.Subject, c.Evidence), "hazard under control");
    }

    private static Refusal? Feedback(CaseFold fold, CaseTask task, SubmitFeedback c, Caller caller)
    {
        if (!task.Lead) return new Refusal("LEAD_ONLY", "the lead handler gives feedback", RefusalKind.Denied);
        if (c.Summary.Length == 0) return new Refusal("TEXT_MISSING", "summary is mandatory", RefusalKind.Invalid).With("field", "summary");
        Progress(fold, task, new FeedbackSubmitted(fold.Now, caller.Subject, c.Summary), "feedback submitted");
        // Nobody may decide it any more, and a rework counts another time.
        if (fold.State.Asked is not null) CaseClocks.Decided(fold, false, caller.Subject, "feedback was submitted", fold.Now);
        fold.Meet(ClockName.Due);
        fold.Start(ClockName.Verify, fold.Now);
        return null;
    }

    private static Refusal? Check(CaseFold fold, Verify c, Caller caller)
    {
        if (c.Passed && fold.State.IsLive) return Live(fold.State);
        if (fold.State.Verified) return Illegal(nameof(Verify), "PendingVerification/verified", [nameof(CancelOff)]).Refusal;
        if (fold.State.Level >= Colour.Orange && fold.State.Tasks.Exists(t => t.Organisation == caller.Organisation))
            return new Refusal("VERIFIER_IS_HANDLER", "orange and red cases are verified by another organisation", RefusalKind.Denied);
        if (fold.State.Level == Colour.Red && !caller.Is(Roles.Leader)) return new Refusal("LEADER_ONLY", "a red case is verified by a duty leader", RefusalKind.Denied);
        fold.Meet(ClockName.Verify);
        if (c.Passed)
        {
            fold.Happen(new Verified(fold.Now, caller.Subject, caller.Organisation, c.Method));
            fold.Alive();
            fold.Tell(AlertKind.CaseProgressed, "verified", fold.Now, $"verified by {caller.Organisation}");
            return null;
        }
        fold.Happen(new ReworkOrdered(fold.Now, caller.Subject, caller.Organisation, c.Method));
        fold.Start(ClockName.Control, fold.Now, half: true);
        fold.Start(ClockName.Due, fold.Now, half: true);
        fold.Alive();
        fold.Tell(AlertKind.CaseProgressed, "rework", fold.Now, $"rework ordered by {caller.Organisation}");
        return null;
    }

    private static Refusal? Close(CaseFold fold, CancelOff c, Caller caller)
    {
        if (fold.State.IsLive) return Live(fold.State);
        if (!fold.State.Verified) return new Refusal("NOT_VERIFIED", "a case is verified before it is cancelled").With("state", "PendingVerification").With("allowed", nameof(Verify));
        if (c.Outcome.Length == 0) return new Refusal("OUTCOME_MISSING", "outcome is mandatory", RefusalKind.Invalid).With("field", "outcome");
        foreach (var clock in fold.State.Clocks.Where(k => k.Phase == ClockPhase.Running)) fold.Happen(new ClockMet(fold.Now, clock.Name));
        fold.Happen(new CaseClosed(fold.Now, caller.Subject, c.Outcome, c.Note));
        fold.ToDesks(_ => new TaskClosed(fold.State.Key, fold.Now));
        fold.Tell(AlertKind.CaseClosed, "closed", fold.Now, $"closed: {c.Outcome}");
        return null;
    }

    private static Refusal? Raise(CaseFold fold, RaiseLevel c, Caller caller)
    {
        if (c.Level is < Colour.Yellow || !Enum.IsDefined(c.Level)) return new Refusal("LEVEL_INVALID", "yellow, orange or red", RefusalKind.Invalid).With("field", "level");
        if (c.Level <= fold.State.Level) return new Refusal("LEVEL_NOT_HIGHER", $"the case is {fold.State.Level}; a level is lowered by a leader's judgment only");
        CaseOpening.RaiseTo(fold, c.Level, c.Reason, caller.Subject);
        return null;
    }

    private static Refusal? Progress(CaseFold fold, CaseTask task, CaseEvent happened, string text)
    {
        fold.Happen(happened);
        fold.Alive();
        fold.Tell(AlertKind.CaseProgressed, $"{happened.GetType().Name}/{task.Organisation}", fold.Now, $"{task.Organisation}: {text}");
        return null;
    }

    private static Refusal Live(CaseState state) =>
        new Refusal("OCCURRENCE_LIVE", "an occurrence of this case has not returned to normal").With("occurrences", string.Join(",", state.Occurrences.Where(o => o.Phase != OccurrencePhase.Cleared).Select(o => o.Id.Value)));

    private static string? TooLong(CaseCommand command) => command switch
    {
        AcceptTask c when Long(c.Note) => "note",
        Depart c when Long(c.Note) => "note",
        ArriveOnScene c when Long(c.Reason) => "reason",
        ReportProgress c when Long(c.Text) => "text",
        ReportProgress c when Long(c.Cause) => "cause",
        DeclareControlled c when Long(c.Evidence) => "evidence",
        CompleteTask c when Long(c.Outcome) => "outcome",
        CompleteTask c when Long(c.Evidence) => "evidence",
        SubmitFeedback c when Long(c.Summary) => "summary",
        Verify c when Long(c.Method) => "method",
        CancelOff c when Long(c.Outcome) => "outcome",
        CancelOff c when Long(c.Note) => "note",
        RaiseLevel c when Long(c.Reason) => "reason",
        RequestExtension c when Long(c.Reason) => "reason",
        RequestExtension c when Long(c.Plan) => "plan",
        RequestExtension c when Long(c.Extra) => "extra",
        DecideExtension c when Long(c.Reason) => "reason",
        Suspend c when Long(c.Reason) => "reason",
        Suspend c when Long(c.Code) => "code",
        Resume c when Long(c.Reason) => "reason",
        Urge c when Long(c.Reason) => "reason",
        _ => null,
    };

    private static bool Long(string text) => text.Length > TextLimitCharacters;

    private static Decision<CaseEvent> Refuse(string reason, string message, RefusalKind kind) => Decision<CaseEvent>.Refuse(reason, message, kind);

    private static Decision<CaseEvent> Illegal(string command, string phase, IEnumerable<string> allowed) => Decision<CaseEvent>.Nothing with
    {
        Refusal = new Refusal("ILLEGAL_TRANSITION", $"{command} is not allowed in {phase}").With("state", phase).With("command", command).With("allowed", string.Join(",", allowed)),
    };
}
