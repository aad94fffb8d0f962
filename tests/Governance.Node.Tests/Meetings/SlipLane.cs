using Governance.Domain.Kernel;
using Governance.Edge.V1;

namespace Governance.Node.Tests.Meetings;

/// <summary>One step of a slip: the command, and where it leads.</summary>
internal sealed record SlipMove(string State, string Event, Func<SlipDesk, string, string, Task<SlipReply>> SendAsync);

/// <summary>A slip on its way, step by step. Every step has one command id for ever, whatever becomes of its first sending.</summary>
internal sealed class SlipLane(string name, IReadOnlyList<SlipMove> moves)
{
    private int _done;

    internal string Name => name;
    internal string SlipId { get; private set; } = "";
    internal bool IsOver => _done == moves.Count;
    internal IEnumerable<string> Events => moves.Select(m => m.Event);
    /// <summary>Where it must be.</summary>
    internal string State => moves[_done - 1].State;
    internal bool HasBegun => _done > 0;

    /// <summary>The next step; again it is the same command.</summary>
    internal Task<SlipReply> SendAsync(SlipDesk desk) => moves[_done].SendAsync(desk, SlipId, $"{name}-{_done}");

    /// <summary>Its answer is here.</summary>
    internal void Answered(SlipReply reply)
    {
        if (SlipId.Length > 0) Assert.Equal(SlipId, reply.SlipId);
        Assert.Equal(moves[_done].State, reply.State);
        SlipId = reply.SlipId;
        _done++;
    }

    internal static SlipLane Reminder(string name, string caseId, string lead) => new(name,
    [
        new("DRAFTED", "SlipDrafted", (d, _, id) => d.Slips.IssueSlipAsync(new IssueSlipRequest { CommandId = id, Kind = SlipKind.Reminder, CaseIds = { caseId }, Reason = name, Step = SlipStep.Draft }, d.Leader()).ResponseAsync),
        new("ISSUED", "SlipIssued", (d, s, id) => d.Slips.IssueSlipAsync(new IssueSlipRequest { CommandId = id, SlipId = s }, d.Leader()).ResponseAsync),
        new("SIGNED", "SlipSigned", (d, s, id) => d.Slips.SignSlipAsync(Text(s, id), d.As("handler", lead, Roles.Handler)).ResponseAsync),
        new("REPLIED", "SlipReplied", (d, s, id) => ReplyAsync(d, s, id, lead)),
        new("SIGNED", "ReplyReviewed", (d, s, id) => d.Slips.ReviewSlipAsync(new ReviewSlipRequest { CommandId = id, SlipId = s, Accepted = false, Note = "no photo" }, d.Leader(2)).ResponseAsync),
        new("REPLIED", "SlipReplied", (d, s, id) => ReplyAsync(d, s, id, lead)),
        new("REVIEWED", "ReplyReviewed", (d, s, id) => d.Slips.ReviewSlipAsync(new ReviewSlipRequest { CommandId = id, SlipId = s, Accepted = true, Note = "seen" }, d.Leader(2)).ResponseAsync),
        new("CANCELLED", "SlipCancelled", (d, s, id) => d.Slips.CancelSlipAsync(Text(s, id), d.Leader(3)).ResponseAsync),
    ]);

    internal static SlipLane Supervision(string name, string replaces, string lead) => new(name,
    [
        new("DRAFTED", "SlipDrafted", (d, _, id) => d.Slips.IssueSlipAsync(new IssueSlipRequest { CommandId = id, Kind = SlipKind.Supervision, ReplacesSlipId = replaces, Reason = name, Step = SlipStep.Draft }, d.Leader()).ResponseAsync),
        new("APPROVED", "SlipApproved", (d, s, id) => d.Slips.IssueSlipAsync(new IssueSlipRequest { CommandId = id, SlipId = s, Step = SlipStep.Approve }, d.Chair).ResponseAsync),
        new("ISSUED", "SlipIssued", (d, s, id) => d.Slips.IssueSlipAsync(new IssueSlipRequest { CommandId = id, SlipId = s }, d.Leader()).ResponseAsync),
        new("SIGNED", "SlipSigned", (d, s, id) => d.Slips.SignSlipAsync(Text(s, id), d.As("handler", lead, Roles.Handler)).ResponseAsync),
        new("PLAN_FILED", "PlanFiled", (d, s, id) => d.Slips.FilePlanAsync(Text(s, id), d.As("handler", lead, Roles.Handler)).ResponseAsync),
        new("IN_PROGRESS", "ProgressReported", (d, s, id) => d.Slips.ReportSlipAsync(Text(s, id), d.As("handler", lead, Roles.DepartmentLeader)).ResponseAsync),
        new("IN_PROGRESS", "SlipExtended", (d, s, id) => d.Slips.ExtendSlipAsync(new ExtendSlipRequest { CommandId = id, SlipId = s, Extra = "24h", Reason = "rain" }, d.Chair).ResponseAsync),
        new("CANCEL_REQUESTED", "CancelRequested", (d, s, id) => d.Slips.RequestSlipCancelAsync(Text(s, id), d.As("handler", lead, Roles.Handler)).ResponseAsync),
        new("INSPECTED", "SlipInspected", (d, s, id) => d.Slips.InspectSlipAsync(new InspectSlipRequest { CommandId = id, SlipId = s, Passed = true, Finding = "all new" }, d.As("inspector", "DCS", Roles.Inspection)).ResponseAsync),
        new("INSPECTED", "CancelSeconded", (d, s, id) => d.Slips.CancelSlipAsync(Text(s, id), d.Leader(2)).ResponseAsync),
        new("CANCELLED", "SlipCancelled", (d, s, id) => d.Slips.CancelSlipAsync(Text(s, id), d.Chair).ResponseAsync),
    ]);

    internal static SlipLane Withdrawn(string name, string caseId) => new(name,
    [
        new("ISSUED", "SlipIssued", (d, _, id) => d.Slips.IssueSlipAsync(new IssueSlipRequest { CommandId = id, Kind = SlipKind.Reminder, CaseIds = { caseId }, Reason = name }, d.Leader()).ResponseAsync),
        new("WITHDRAWN", "SlipWithdrawn", (d, s, id) => d.Slips.WithdrawSlipAsync(Text(s, id), d.Leader()).ResponseAsync),
    ]);

    /// <summary>Drafted, approved and issued in one step: it takes the reminder's place at once.</summary>
    internal static SlipLane Replacing(string name, string replaces) => new(name,
    [
        new("ISSUED", "SlipIssued", (d, _, id) => d.Slips.IssueSlipAsync(new IssueSlipRequest { CommandId = id, Kind = SlipKind.Supervision, ReplacesSlipId = replaces, Reason = name }, d.Chair).ResponseAsync),
        new("WITHDRAWN", "SlipWithdrawn", (d, s, id) => d.Slips.WithdrawSlipAsync(Text(s, id), d.Chair).ResponseAsync),
    ]);

    private static Task<SlipReply> ReplyAsync(SlipDesk d, string s, string id, string lead) =>
        d.Slips.ReplySlipAsync(new ReplySlipRequest { CommandId = id, SlipId = s, Measures = "gasket replaced", Result = "tight", Evidence = "photo", RemainingRisk = "none" }, d.As("handler", lead, Roles.Handler)).ResponseAsync;

    private static SlipCommandRequest Text(string slip, string id) => new() { CommandId = id, SlipId = slip, Text = "as the files say" };
}
