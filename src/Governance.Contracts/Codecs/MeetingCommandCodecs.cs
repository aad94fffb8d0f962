using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using C = Governance.Cluster.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Wire forms of the commands of slips and meetings (<c>cluster/v1/meetings.proto</c>).</summary>
public static class MeetingCommandCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Slip("cmd.slip.Draft.1", (SlipCommand.Draft c) => new() { Content = SlipCodecs.To(c.Content), Cases = { c.Cases.Select(SlipCodecs.To) }, Step = (int)c.Step, AtUs = Wire.Us(c.At) },
            w => new SlipCommand.Draft(SlipCodecs.From(w.Content), SlipCodecs.From(w.Cases), Wire.Known<SlipStep>(w.Step), Wire.At(w.AtUs))),
        Slip("cmd.slip.Approve.1", (SlipCommand.Approve c) => new() { Text = c.Note }, w => new SlipCommand.Approve(w.Text)),
        Slip("cmd.slip.Issue.1", (SlipCommand.Issue c) => new() { Text = c.Note }, w => new SlipCommand.Issue(w.Text)),
        Slip("cmd.slip.Sign.1", (SlipCommand.Sign c) => new() { Text = c.Note }, w => new SlipCommand.Sign(w.Text)),
        Slip("cmd.slip.Reply.1", (SlipCommand.Reply c) => new() { Text = c.Measures, More = c.Result, Evidence = c.Evidence, RemainingRisk = c.RemainingRisk },
            w => new SlipCommand.Reply(w.Text, w.More, w.Evidence, w.RemainingRisk)),
        Slip("cmd.slip.Review.1", (SlipCommand.Review c) => new() { Passed = c.Accepted, Text = c.Note }, w => new SlipCommand.Review(w.Passed, w.Text)),
        Slip("cmd.slip.FilePlan.1", (SlipCommand.FilePlan c) => new() { Text = c.Plan }, w => new SlipCommand.FilePlan(w.Text)),
        Slip("cmd.slip.Report.1", (SlipCommand.Report c) => new() { Text = c.Text }, w => new SlipCommand.Report(w.Text)),
        Slip("cmd.slip.RequestCancel.1", (SlipCommand.RequestCancel c) => new() { Evidence = c.Evidence }, w => new SlipCommand.RequestCancel(w.Evidence)),
        Slip("cmd.slip.Inspect.1", (SlipCommand.Inspect c) => new() { Passed = c.Passed, Text = c.Finding }, w => new SlipCommand.Inspect(w.Passed, w.Text)),
        Slip("cmd.slip.Cancel.1", (SlipCommand.Cancel c) => new() { Evidence = c.Evidence }, w => new SlipCommand.Cancel(w.Evidence)),
        Slip("cmd.slip.Withdraw.1", (SlipCommand.Withdraw c) => new() { Text = c.Reason }, w => new SlipCommand.Withdraw(w.Text)),
        Slip("cmd.slip.Extend.1", (SlipCommand.Extend c) => new() { More = c.Extra, Text = c.Reason }, w => new SlipCommand.Extend(w.More, w.Text)),
        Meeting("cmd.meeting.Schedule.1", (MeetingCommand.Schedule _) => new(), _ => new MeetingCommand.Schedule()),
        Meeting("cmd.meeting.Escalate.1", (MeetingCommand.Escalate c) => new() { Item = MeetingCodecs.To(c.Item), Call = MeetingCodecs.To(c.Call) },
            w => new MeetingCommand.Escalate(MeetingCodecs.From(w.Item), MeetingCodecs.From(w.Call))),
        Meeting("cmd.meeting.Decide.1", (MeetingCommand.Decide c) => new()
        {
            Decision = new() { Item = c.Item, Decision = (int)c.Decision, Note = c.Note, Lead = c.Lead, Departments = { c.Departments }, Level = (int)c.Level, Limit = c.Limit },
            Content = c.Order is null ? null : SlipCodecs.To(c.Order.Content), Cases = { c.Order?.Cases.Select(SlipCodecs.To) ?? [] },
        }, w => new MeetingCommand.Decide(w.Decision.Item, Wire.Known<MeetingDecision>(w.Decision.Decision), w.Decision.Note, w.Decision.Lead, [.. w.Decision.Departments], Wire.Known<Colour>(w.Decision.Level),
            w.Decision.Limit, w.Content is null ? null : new SlipOrder(SlipCodecs.From(w.Content), SlipCodecs.From(w.Cases)))),
        Meeting("cmd.meeting.Close.1", (MeetingCommand.Close c) => new() { Note = c.Note }, w => new MeetingCommand.Close(w.Note)),
    ];

    private static Codec Slip<T>(string manifest, Func<T, C.SlipCommand> to, Func<C.SlipCommand, T> from) where T : SlipCommand => Codec.Of(manifest, C.SlipCommand.Parser, to, from);
    private static Codec Meeting<T>(string manifest, Func<T, C.MeetingCommand> to, Func<C.MeetingCommand, T> from) where T : MeetingCommand => Codec.Of(manifest, C.MeetingCommand.Parser, to, from);
}
