using Governance.Domain.Kernel;
using static Governance.Domain.Meetings.SlipCommand;

namespace Governance.Domain.Meetings;

/// <summary>Which commands a phase allows; everything else is ILLEGAL_TRANSITION.</summary>
public static class SlipTransitions
{
    /// <summary>Names of the commands that are possible now, whoever asks.</summary>
    public static IReadOnlyList<string> Allowed(SlipState state) => state.Content is not { } content ? []
        : content.Kind == SlipKind.Reminder ? Reminder(state) : Supervision(state);

    internal static Refusal Illegal(SlipState state, SlipCommand command) =>
        new Refusal("ILLEGAL_TRANSITION", $"{command.GetType().Name} is not allowed in {state.Phase} of a {(state.Content!.Kind == SlipKind.Reminder ? "reminder" : "supervision")} slip")
            .With("state", state.Phase.ToString()).With("command", command.GetType().Name).With("allowed", string.Join(",", Allowed(state)));

    private static string[] Reminder(SlipState state) => state.Phase switch
    {
        SlipPhase.Drafted => [nameof(Issue), nameof(Withdraw)],
        SlipPhase.Issued => [nameof(Sign), nameof(Withdraw)],
        SlipPhase.Signed => state.IsDeemedSigned ? [nameof(Sign), nameof(Reply), nameof(Withdraw)] : [nameof(Reply), nameof(Withdraw)],
        SlipPhase.Replied => [nameof(Review), nameof(Withdraw)],
        SlipPhase.Reviewed => [nameof(Cancel)],
        _ => [],
    };

    private static string[] Supervision(SlipState state) => state.Phase switch
    {
        SlipPhase.Drafted => [nameof(Approve), nameof(Issue), nameof(Withdraw)],
        SlipPhase.Approved => [nameof(Issue), nameof(Withdraw)],
        SlipPhase.Issued => [nameof(Sign), nameof(Withdraw), nameof(Extend)],
        SlipPhase.Signed => state.IsDeemedSigned ? [nameof(Sign), nameof(FilePlan), nameof(Withdraw), nameof(Extend)] : [nameof(FilePlan), nameof(Withdraw), nameof(Extend)],
        SlipPhase.PlanFiled => [nameof(Report), nameof(Withdraw), nameof(Extend)],
        SlipPhase.InProgress => [nameof(Report), nameof(RequestCancel), nameof(Withdraw), nameof(Extend)],
        SlipPhase.CancelRequested => [nameof(Inspect)],
        SlipPhase.Inspected => [nameof(Cancel)],
        _ => [],
    };
}

/// <summary>Which roles a command needs, and for whom the caller acts.</summary>
internal static class SlipEntitlement
{
    internal static Refusal? Refusal(SlipState state, SlipCommand command, Caller caller)
    {
        var content = state.Content!;
        if (Role(caller, Of(content.Kind, state.Phase, command)) is { } denied) return denied;
        return command is Sign or Reply or FilePlan or Report or RequestCancel && caller.Organisation != content.Lead
            ? new Refusal("NOT_YOUR_SLIP", $"{content.Lead} answers this slip", RefusalKind.Denied).With("lead", content.Lead) : null;
    }

    internal static Refusal? Role(Caller caller, string[] roles) => roles.Any(caller.Is) ? null
        : new Refusal("ROLE_REQUIRED", $"needs one of: {string.Join(", ", roles)}", RefusalKind.Denied).With("roles", string.Join(",", roles));

    private static string[] Of(SlipKind kind, SlipPhase phase, SlipCommand command) => (command, kind) switch
    {
        (Approve or Extend, _) => [Roles.WeeklyChair],
        (Issue, SlipKind.Reminder) => [Roles.Leader],
        (Issue, _) => phase == SlipPhase.Drafted ? [Roles.WeeklyChair] : [Roles.WeeklyChair, Roles.Leader],
        (Sign or Reply or FilePlan or Report or RequestCancel, _) => [Roles.Handler, Roles.DepartmentLeader],
        (Review, _) => [Roles.Operator, Roles.Leader],
        (Inspect, _) => [Roles.Inspection, Roles.GridWorker],
        (Cancel, SlipKind.Reminder) => [Roles.Leader],
        (Cancel, _) => [Roles.Leader, Roles.WeeklyChair],
        (Withdraw, SlipKind.Reminder) => [Roles.Leader],
        // What is only drafted is still its drafter's.
        (Withdraw, _) => phase == SlipPhase.Drafted ? [Roles.WeeklyChair, Roles.Leader] : [Roles.WeeklyChair],
        _ => throw new InvalidOperationException($"a slip has no command {command.GetType().Name}"),
    };
}

/// <summary>Limits of texts.</summary>
internal static class SlipTexts
{
    /// <summary>The first field that is too long, as clients know it; null: none.</summary>
    internal static string? TooLong(SlipCommand command, int limit)
    {
        (string Field, string Text)[] texts = command switch
        {
            Draft c => [("reason", c.Content.Reason)],
            Approve c => [("note", c.Note)],
            Issue c => [("note", c.Note)],
            Sign c => [("note", c.Note)],
            Reply c => [("measures", c.Measures), ("result", c.Result), ("evidence", c.Evidence), ("remaining_risk", c.RemainingRisk)],
            Review c => [("note", c.Note)],
            FilePlan c => [("plan", c.Plan)],
            Report c => [("text", c.Text)],
            RequestCancel c => [("evidence", c.Evidence)],
            Inspect c => [("finding", c.Finding)],
            Cancel c => [("evidence", c.Evidence)],
            Withdraw c => [("reason", c.Reason)],
            Extend c => [("extra", c.Extra), ("reason", c.Reason)],
            _ => throw new InvalidOperationException($"a slip has no command {command.GetType().Name}"),
        };
        return texts.FirstOrDefault(t => t.Text.Length > limit).Field;
    }
}
