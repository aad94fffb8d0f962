using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Cases;

/// <summary>
/// Commands of a case (cases.md "Commands", by their numbers there). <see cref="CaseTable"/> says who may give them and
/// from which state. Every refusal is named; an illegal pair is ILLEGAL_TRANSITION with what is allowed.
/// </summary>
public abstract record CaseCommand : ICommand
{
    /// <summary>1: opens a case from a signal that no detector gave: hotline, app, police, petition, opinion.</summary>
    /// <param name="Channel">One of <see cref="Channels"/>.</param>
    /// <param name="SourceEventId">Of the other system: a repeat is the same case.</param>
    /// <param name="Category">Four digits; empty is 9901, to be classified.</param>
    /// <param name="Confidence">0 to 1: how sure whoever classified it was.</param>
    /// <param name="Level">Grey: as the category has it.</param>
    /// <param name="Gateway">Whose recorded time a drill lives in; empty: the wall's.</param>
    public sealed record RegisterCase(
        string Channel, string SourceEventId, string Category, double Confidence, Colour Level, string Area, Place Place, ImmutableList<string> Tags, string Text, string Reporter, bool Reachable,
        ImmutableList<string> Media, bool Drill, string Gateway) : CaseCommand
    {
        /// <summary>Where the recorded clock of <see cref="Gateway"/> stood: the case is not in its time before it is registered.</summary>
        public DateTimeOffset? RecordedAt { get; init; }
    }
    /// <summary>2: another submission about the same event.</summary>
    /// <param name="Score">How alike (cases.md "Duplicate attach score"): from 0.80 by the platform alone, from 0.55 by the duty desk.</param>
    public sealed record AttachReport(string Channel, string SourceEventId, string Text, string Reporter, bool Reachable, ImmutableList<string> Media, double Score) : CaseCommand;
    /// <summary>3: it was about something else, which becomes a case of its own.</summary>
    public sealed record DetachReport(string ReportId, string Reason) : CaseCommand;
    /// <summary>4 并案.</summary>
    public sealed record MergeInto(CaseKey Target, string Reason) : CaseCommand;
    /// <summary>5: within seven days; both cases are as if they had never been merged.</summary>
    public sealed record Unmerge(string Reason) : CaseCommand;
    /// <summary>6 研判.</summary>
    /// <param name="Decision">ASSIGN, SELF_HANDLE or AGENDA.</param>
    /// <param name="Level">Grey: as it is.</param>
    /// <param name="Category">Empty: as it is.</param>
    public sealed record Judge(Colour Level, string Category, ImmutableList<string> Tags, string Decision, string Reason) : CaseCommand;
    /// <summary>7 不予受理.</summary>
    public sealed record RejectIntake(string Code, string Basis, string WhereToGo) : CaseCommand;
    /// <summary>8: clocks stand still until the answer, or until nobody gave one.</summary>
    public sealed record AskReporter(string Question) : CaseCommand;
    /// <summary>8.</summary>
    public sealed record AnswerQuestion(string Text) : CaseCommand;
    /// <summary>9 交办: lead and co-departments; on a case that is being handled, more co-departments.</summary>
    /// <param name="Lead">Empty while handling.</param>
    /// <param name="Mandatory">Those of <paramref name="Co"/> without whose share no feedback is given.</param>
    public sealed record Assign(string Lead, ImmutableList<string> Co, ImmutableList<string> Mandatory, string Person, string Basis) : CaseCommand;
    /// <summary>10: the offered organisation signs.</summary>
    public sealed record AcceptTask(string Note) : CaseCommand;
    /// <summary>11 退单.</summary>
    public sealed record RejectTask(string Code, string SuggestedOrganisation, string Basis) : CaseCommand;
    /// <summary>12 首接负责/属地兜底: cannot be rejected.</summary>
    public sealed record ForceAssign(string Organisation, string Basis) : CaseCommand;
    /// <summary>13: down, to a unit of one's own; one level only.</summary>
    public sealed record Delegate(string To, string Reason) : CaseCommand;
    /// <summary>13: up one tier: grid, community, subdistrict, district.</summary>
    public sealed record ReportUp(string Reason) : CaseCommand;
    /// <summary>14.</summary>
    public sealed record Depart(string Note) : CaseCommand;
    /// <summary>15: POINT with accuracy, QR, or MANUAL with a reason.</summary>
    public sealed record ArriveOnScene(string Proof, double Longitude, double Latitude, double AccuracyMetres, string Reason) : CaseCommand;
    /// <summary>16: resets the stale-progress clock; may name the cause.</summary>
    public sealed record ReportProgress(string Text, string Cause) : CaseCommand;
    /// <summary>17: lead on scene, and every occurrence returned to normal.</summary>
    public sealed record DeclareControlled(string Evidence) : CaseCommand;
    /// <summary>18.</summary>
    /// <param name="Method">CALL, VISIT or MESSAGE.</param>
    /// <param name="Reached">For a message: it was read.</param>
    public sealed record ContactReporter(string Method, bool Reached, string Note) : CaseCommand;
    /// <summary>19.</summary>
    /// <param name="Outcome">CANNOT_FIX ends the task as failed, whatever its evidence.</param>
    /// <param name="Kinds">P photo, S signature, C call record, V visit, D device: what the evidence is.</param>
    public sealed record CompleteTask(string Outcome, string Evidence, ImmutableList<string> Kinds) : CaseCommand;
    /// <summary>20: the share is not needed.</summary>
    public sealed record WaiveTask(string Organisation, string Reason) : CaseCommand;
    /// <summary>20: offered to the wrong one.</summary>
    public sealed record WithdrawTask(string Organisation, string Reason) : CaseCommand;
    /// <summary>21.</summary>
    /// <param name="PublicReply">What the reporter reads; holds no personal data.</param>
    public sealed record SubmitFeedback(string Summary, string PublicReply) : CaseCommand;
    /// <summary>22: by another organisation; Red by a leader.</summary>
    public sealed record Verify(bool Passed, string Method) : CaseCommand;
    /// <summary>23 回访.</summary>
    public sealed record RecordCallback(bool Reached, bool Resolved, bool Satisfied, string Note) : CaseCommand;
    /// <summary>24 销号: never over a live occurrence, never over an open slip.</summary>
    public sealed record CancelOff(string Outcome, string Note) : CaseCommand;
    /// <summary>25 误报/撤回.</summary>
    /// <param name="Code">FALSE_ALARM with proof, DUPLICATE, WITHDRAWN or TEST.</param>
    public sealed record VoidCase(string Code, string Proof) : CaseCommand;
    /// <summary>26.</summary>
    public sealed record Reopen(string Reason) : CaseCommand;
    /// <summary>27: the lead asks for more time, in the kind of the time to resolve, e.g. <c>2WD</c>.</summary>
    public sealed record RequestExtension(string Extra, string Reason, string Plan) : CaseCommand;
    /// <summary>28: the duty desk the first, a leader every further one, the weekly chair while a supervision slip is open.</summary>
    public sealed record DecideExtension(bool Granted, string Reason) : CaseCommand;
    /// <summary>29: yellow and blue only, never over a live occurrence; every clock stands still.</summary>
    public sealed record Suspend(string Code, DateTimeOffset Until, string Reason) : CaseCommand;
    /// <summary>29.</summary>
    public sealed record Resume(string Reason) : CaseCommand;
    /// <summary>30: a rise never needs approval.</summary>
    public sealed record RaiseLevel(Colour Level, string Reason) : CaseCommand;
    /// <summary>30: a leader alone.</summary>
    public sealed record LowerLevel(Colour Level, string Reason) : CaseCommand;
    /// <summary>31 催办.</summary>
    public sealed record Urge(string Reason) : CaseCommand;
    /// <summary>32: asks for a reminder slip (提醒单).</summary>
    public sealed record IssueReminder(string Reason) : CaseCommand;
    /// <summary>32: asks for a supervision slip (督办单).</summary>
    public sealed record IssueSupervision(string Reason) : CaseCommand;
    /// <summary>32: to the crisis meeting (危机会).</summary>
    public sealed record EscalateCrisis(string Reason) : CaseCommand;
    /// <summary>33: category, address or tags; a new category is routed anew.</summary>
    /// <param name="Field">CATEGORY, ADDRESS or TAGS.</param>
    public sealed record Correct(string Field, string Value, string Reason) : CaseCommand;
    /// <summary>33.</summary>
    public sealed record MoveToGrid(string Area, string Community, string Grid, string Reason) : CaseCommand;
    /// <summary>34: half an hour's sight of one personal field; audited.</summary>
    public sealed record Unmask(string Field, string Purpose) : CaseCommand;
    /// <summary>35.</summary>
    public sealed record Archive : CaseCommand;
    /// <summary>35: the reporter's key is destroyed; what remains says nothing of a person.</summary>
    public sealed record ForgetReporter(string ReportId) : CaseCommand;

    /// <summary>Where signals come from (cases.md "Shape"); a drill's cases have numbers of their own.</summary>
    public static readonly ImmutableSortedSet<string> Channels = ["AP", "HL", "GW", "PO", "PT", "OP", "VI", "CO", "BE", "MH", "DJ", "EM"];
}
