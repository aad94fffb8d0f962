using System.Collections.Immutable;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CasePhase;

namespace Governance.Domain.Cases;

/// <summary>A row of the command table: who may, and from where; guards are the command's own.</summary>
/// <param name="Number">In cases.md "Commands".</param>
/// <param name="Waiting">Allowed while clocks stand still, too.</param>
/// <param name="OfTask">Decided by the task of the caller's organisation.</param>
public sealed record CommandRow(string Name, int Number, ImmutableSortedSet<CasePhase> From, ImmutableSortedSet<string> Who, bool Waiting, bool OfTask);

/// <summary>
/// State × command × role (cases.md "Commands"). What is not listed is refused: ILLEGAL_TRANSITION with what is allowed,
/// or ROLE_REQUIRED with who may. The edge admits to a method whom this table names.
/// </summary>
public static class CaseTable
{
    private static readonly CasePhase[] Intake = [Registered, PendingJudgment];
    private static readonly CasePhase[] Unassigned = [Registered, PendingJudgment, PendingAssignment];
    private static readonly CasePhase[] AtWork = [Assigned, Handling];
    private static readonly CasePhase[] Live = [Registered, PendingJudgment, PendingAssignment, Assigned, Handling, PendingVerification, PendingCallback];
    /// <summary>Whatever became of it.</summary>
    private static readonly CasePhase[] Any = [.. Live, Closed, Archived, Rejected, Merged, CasePhase.Void];
    private static readonly string[] Desk = [Roles.Operator, Roles.Leader];
    private static readonly string[] Owners = [Roles.Handler, Roles.GridWorker, Roles.Enterprise, Roles.CommunityDesk, Roles.SubdistrictDesk];

    public static readonly ImmutableSortedDictionary<string, CommandRow> Rows = new[]
    {
        Row<RegisterCase>(1, [NotOpened], [Roles.System, Roles.Relay, .. Desk]),
        Row<AttachReport>(2, [.. Live, Closed], [Roles.System, Roles.Relay, .. Desk], waiting: true),
        Row<DetachReport>(3, [.. Live, Closed, Rejected, CasePhase.Void], Desk, waiting: true),
        Row<MergeInto>(4, Live, Desk),
        Row<Unmerge>(5, [Merged], [Roles.Leader]),
        Row<Judge>(6, Intake, [Roles.System, Roles.CommunityDesk, .. Desk], waiting: true),
        Row<RejectIntake>(7, Unassigned, Desk),
        Row<AskReporter>(8, [PendingJudgment, Handling], [.. Owners, .. Desk]),
        Row<AnswerQuestion>(8, [PendingJudgment, Handling], [Roles.Reporter, .. Desk], waiting: true),
        Row<Assign>(9, [PendingJudgment, PendingAssignment, Assigned, Handling], [Roles.System, Roles.CommunityDesk, Roles.SubdistrictDesk, .. Desk]),
        Row<AcceptTask>(10, AtWork, Owners, ofTask: true),
        Row<RejectTask>(11, AtWork, [.. Owners, Roles.DepartmentLeader], ofTask: true),
        Row<ForceAssign>(12, [PendingAssignment], [Roles.Leader, Roles.WeeklyChair]),
        Row<CaseCommand.Delegate>(13, AtWork, [.. Owners, Roles.DepartmentLeader], ofTask: true),
        Row<ReportUp>(13, AtWork, [Roles.GridWorker, Roles.CommunityDesk, Roles.SubdistrictDesk], ofTask: true),
        Row<Depart>(14, AtWork, Owners, ofTask: true),
        Row<ArriveOnScene>(15, AtWork, Owners, ofTask: true),
        Row<ReportProgress>(16, AtWork, Owners, ofTask: true),
        Row<DeclareControlled>(17, [Handling], Owners, ofTask: true),
        Row<ContactReporter>(18, AtWork, Owners, ofTask: true),
        Row<CompleteTask>(19, AtWork, Owners, ofTask: true),
        Row<WaiveTask>(20, AtWork, Desk),
        Row<WithdrawTask>(20, AtWork, Desk),
        Row<SubmitFeedback>(21, [Handling], Owners, ofTask: true),
        Row<Verify>(22, [PendingVerification], [Roles.GridWorker, Roles.CommunityDesk, .. Desk]),
        Row<RecordCallback>(23, [PendingCallback], [Roles.Reporter, .. Desk]),
        Row<CancelOff>(24, [PendingVerification, PendingCallback], [Roles.WeeklyChair, .. Desk]),
        Row<VoidCase>(25, [.. Unassigned, .. AtWork], [Roles.Leader, Roles.Reporter]),
        Row<Reopen>(26, [Closed, Rejected], [Roles.System, Roles.Relay, Roles.Reporter, Roles.Inspection, .. Desk]),
        Row<RequestExtension>(27, [Handling], Owners, ofTask: true),
        Row<DecideExtension>(28, [Handling], [Roles.WeeklyChair, .. Desk]),
        Row<Suspend>(29, [Handling], [Roles.Leader]),
        Row<Resume>(29, [Handling], [Roles.Leader], waiting: true),
        Row<RaiseLevel>(30, Live, [Roles.System, .. Desk], waiting: true),
        Row<LowerLevel>(30, Live, [Roles.Leader], waiting: true),
        Row<Urge>(31, Live, [Roles.System, Roles.Reporter, .. Desk], waiting: true),
        Row<IssueReminder>(32, Live, [Roles.System, Roles.Leader], waiting: true),
        Row<IssueSupervision>(32, Live, [Roles.System, Roles.WeeklyChair], waiting: true),
        Row<EscalateCrisis>(32, Live, [Roles.System, Roles.CrisisChair], waiting: true),
        Row<Correct>(33, Live, Desk, waiting: true),
        Row<MoveToGrid>(33, Live, Desk, waiting: true),
        Row<Unmask>(34, Any, [.. Owners, .. Desk], waiting: true),
        Row<Archive>(35, [Closed], [Roles.System, Roles.Admin]),
        Row<ForgetReporter>(35, [Closed, Archived, Rejected, Merged, CasePhase.Void], [Roles.System, Roles.Admin]),
    }.ToImmutableSortedDictionary(r => r.Name, r => r, StringComparer.Ordinal);

    /// <summary>Commands that the state allows, whoever asks.</summary>
    public static ImmutableList<string> AllowedIn(CaseState state) => state switch
    {
        { Merge.Stage: MergeStage.Begun or MergeStage.Leaving } => [],
        _ => [.. Rows.Values.Where(r => r.From.Contains(state.Phase) && (!state.IsWaiting ? r.Name is not nameof(AnswerQuestion) and not nameof(Resume) : MayWhileWaiting(state, r))).Select(r => r.Name)],
    };

    /// <summary>What is asked ends what waits: an answer ends a question, a leader a suspension.</summary>
    private static bool MayWhileWaiting(CaseState state, CommandRow row) => row.Waiting && row.Name switch
    {
        nameof(AnswerQuestion) => state.Info is not null,
        nameof(Resume) => state.Suspension is not null,
        _ => true,
    };

    private static CommandRow Row<T>(int number, CasePhase[] from, string[] who, bool waiting = false, bool ofTask = false) where T : CaseCommand =>
        new(typeof(T).Name, number, [.. from], [.. who], waiting, ofTask);
}
