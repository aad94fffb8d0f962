using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Meetings.SlipCommand;

namespace Governance.Domain.Tests.Meetings;

/// <summary>Both slips: every phase under every command of every role, allowed or refused by name.</summary>
public sealed class SlipTableTests
{
    /// <summary>In the columns of the tables below.</summary>
    private static readonly SlipCommand[] Commands =
    [
        new Approve(""), new Issue(""), new Sign(""), SlipStory.Answer, new Review(true, "seen"), new FilePlan("plan"), new Report("half"), new RequestCancel("photo"), new Inspect(true, "done"), new Cancel("report"),
        new Withdraw("mistake"), new Extend("24h", "rain"),
    ];

    private static readonly string[] Everybody =
    [
        Roles.Operator, Roles.Leader, Roles.Handler, Roles.DepartmentLeader, Roles.GridWorker, Roles.WeeklyChair, Roles.CrisisChair, Roles.Inspection, Roles.Discipline, Roles.Viewer, Roles.Admin, Roles.Reporter,
        Roles.Enterprise, Roles.MicroGridHead, Roles.CommunityDesk, Roles.SubdistrictDesk,
    ];

    /// <summary>+ possible, . ILLEGAL_TRANSITION, U UNKNOWN_SLIP.</summary>
    private static readonly Dictionary<(SlipKind, SlipPhase), string> Expected = new()
    {
        //                                            Ap Is Si Re Rv Pl Rp Rc In Ca Wi Ex
        [(SlipKind.Reminder, SlipPhase.NotOpened)] =     "U U U U U U U U U U U U",
        [(SlipKind.Reminder, SlipPhase.Drafted)] =       ". + . . . . . . . . + .",
        [(SlipKind.Reminder, SlipPhase.Issued)] =        ". . + . . . . . . . + .",
        [(SlipKind.Reminder, SlipPhase.Signed)] =        ". . . + . . . . . . + .",
        [(SlipKind.Reminder, SlipPhase.Replied)] =       ". . . . + . . . . . + .",
        [(SlipKind.Reminder, SlipPhase.Reviewed)] =      ". . . . . . . . . + . .",
        [(SlipKind.Reminder, SlipPhase.Cancelled)] =     ". . . . . . . . . . . .",
        [(SlipKind.Reminder, SlipPhase.Withdrawn)] =     ". . . . . . . . . . . .",
        [(SlipKind.Reminder, SlipPhase.Superseded)] =    ". . . . . . . . . . . .",
        [(SlipKind.Supervision, SlipPhase.NotOpened)] =  "U U U U U U U U U U U U",
        [(SlipKind.Supervision, SlipPhase.Drafted)] =    "+ + . . . . . . . . + .",
        [(SlipKind.Supervision, SlipPhase.Approved)] =   ". + . . . . . . . . + .",
        [(SlipKind.Supervision, SlipPhase.Issued)] =     ". . + . . . . . . . + +",
        [(SlipKind.Supervision, SlipPhase.Signed)] =     ". . . . . + . . . . + +",
        [(SlipKind.Supervision, SlipPhase.PlanFiled)] =  ". . . . . . + . . . + +",
        [(SlipKind.Supervision, SlipPhase.InProgress)] = ". . . . . . + + . . + +",
        [(SlipKind.Supervision, SlipPhase.CancelRequested)] = ". . . . . . . . + . . .",
        [(SlipKind.Supervision, SlipPhase.Inspected)] =  ". . . . . . . . . + . .",
        [(SlipKind.Supervision, SlipPhase.Cancelled)] =  ". . . . . . . . . . . .",
        [(SlipKind.Supervision, SlipPhase.Withdrawn)] =  ". . . . . . . . . . . .",
        [(SlipKind.Supervision, SlipPhase.Superseded)] = ". . . . . . . . . . . .",
    };

    /// <summary>Who may, in the same columns: L leader, W chair of the weekly meeting, H handler and department leader of the lead, D operator, I inspection, G grid worker.</summary>
    private static string Who(SlipKind kind, SlipPhase phase, SlipCommand command) => (command, kind) switch
    {
        (Approve or Extend, _) => "W",
        (Issue, SlipKind.Reminder) => "L",
        (Issue, _) => phase == SlipPhase.Drafted ? "W" : "LW",
        (Sign or Reply or FilePlan or Report or RequestCancel, _) => "H",
        (Review, _) => "DL",
        (Inspect, _) => "IG",
        (Cancel, SlipKind.Reminder) => "L",
        (Cancel, _) => "LW",
        (Withdraw, SlipKind.Reminder) => "L",
        (Withdraw, _) => phase == SlipPhase.Drafted ? "LW" : "W",
        _ => throw new InvalidOperationException($"{command} is not in the table"),
    };

    private static char Letter(string role) => role switch
    {
        Roles.Leader => 'L', Roles.WeeklyChair => 'W', Roles.Handler or Roles.DepartmentLeader => 'H', Roles.Operator => 'D', Roles.Inspection => 'I', Roles.GridWorker => 'G', _ => '-',
    };

    public static IEnumerable<object[]> Phases => Expected.Keys.Select(k => new object[] { k.Item1, k.Item2 });

    [Fact]
    public void Every_phase_and_command_is_in_the_table()
    {
        Assert.Equal(typeof(SlipCommand).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(SlipCommand)) && t != typeof(Draft)).Select(t => t.Name).Order(), Commands.Select(c => c.GetType().Name).Order());
        Assert.Equal(Enum.GetValues<SlipPhase>(), Expected.Keys.Select(k => k.Item2).Distinct().Order());
        Assert.All(Expected.Values, row => Assert.Equal(Commands.Length, row.Split(' ').Length));
        Assert.All(Expected.Keys, k => Assert.Equal(k.Item2, new SlipStory().To(k.Item1, k.Item2).State.Phase));
    }

    [Theory, MemberData(nameof(Phases))]
    public void A_command_of_a_role_in_a_phase(SlipKind kind, SlipPhase phase)
    {
        var row = Expected[(kind, phase)].Split(' ');
        foreach (var (command, mark) in Commands.Zip(row))
            foreach (var role in Everybody)
            {
                var story = new SlipStory().To(kind, phase);
                var before = story.State;
                story.By("somebody", Letter(role) == 'H' ? "YJ" : "DC", role, command);
                var entitled = Who(kind, phase, command).Contains(Letter(role));
                var wanted = mark == "U" ? "UNKNOWN_SLIP" : !entitled ? "ROLE_REQUIRED" : mark == "." ? "ILLEGAL_TRANSITION"
                    // Of two persons the leader is the first.
                    : command is Cancel && kind == SlipKind.Supervision && role == Roles.WeeklyChair ? "SECOND_PERSON_MISSING" : null;
                Assert.True(wanted == story.Refusal?.Reason, $"{kind} {phase} {command.GetType().Name} by {role}: {story.Refusal?.Reason ?? "done"}, wanted {wanted ?? "done"}");
                if (wanted is not null) Assert.Same(before, story.State);
                else Assert.NotEqual(before.Events, story.State.Events);
                if (wanted != "ILLEGAL_TRANSITION") continue;
                Assert.Equal((phase.ToString(), command.GetType().Name), (story.Refusal!.Metadata["state"], story.Refusal.Metadata["command"]));
                Assert.Equal(Commands.Zip(row).Where(c => c.Second == "+").Select(c => c.First.GetType().Name).Order(), story.Refusal.Metadata["allowed"].Split(',', StringSplitOptions.RemoveEmptyEntries).Order());
            }
    }

    /// <summary>Whoever may begin a slip, and how far.</summary>
    [Theory]
    [InlineData(SlipKind.Reminder, SlipStep.Draft, "L")]
    [InlineData(SlipKind.Reminder, SlipStep.Issue, "L")]
    [InlineData(SlipKind.Supervision, SlipStep.Draft, "LW")]
    [InlineData(SlipKind.Supervision, SlipStep.Approve, "W")]
    [InlineData(SlipKind.Supervision, SlipStep.Issue, "W")]
    public void A_draft_by_a_role(SlipKind kind, SlipStep step, string who)
    {
        foreach (var role in Everybody)
        {
            var story = new SlipStory();
            story.By("somebody", "DC", role, new Draft(SlipStory.Content(kind), [new SlipCase(SlipStory.First, "")], step, story.Now)).Want(who.Contains(Letter(role)) ? null : "ROLE_REQUIRED");
            if (story.Refusal is not null) continue;
            Assert.Equal(step switch { SlipStep.Draft => SlipPhase.Drafted, SlipStep.Approve => SlipPhase.Approved, _ => SlipPhase.Issued }, story.State.Phase);
        }
    }

    [Theory]
    [InlineData(SlipKind.Reminder)]
    [InlineData(SlipKind.Supervision)]
    public void Nothing_open_is_without_a_deadline(SlipKind kind) => Assert.All(Expected.Keys.Where(k => k.Item1 == kind && k.Item2 != SlipPhase.NotOpened), k =>
    {
        var story = new SlipStory().To(k.Item1, k.Item2);
        Assert.Equal(!story.State.IsOver, story.Deadlines.Any());
    });

    [Fact]
    public void Every_text_has_a_limit_and_every_answer_its_parts()
    {
        var text = new string('x', 4001);
        SlipCommand[] all =
        [
            new Approve(text), new Issue(text), new Sign(text), SlipStory.Answer with { Measures = text }, SlipStory.Answer with { Result = text }, SlipStory.Answer with { Evidence = text },
            SlipStory.Answer with { RemainingRisk = text }, new Review(true, text), new FilePlan(text), new Report(text), new RequestCancel(text), new Inspect(true, text), new Cancel(text), new Withdraw(text), new Extend(text, ""), new Extend("", text),
            new Draft(SlipStory.Content(SlipKind.Reminder) with { Reason = text }, [], SlipStep.Draft, default),
        ];
        Assert.All(all, c => new SlipStory().Leader(c).Want("TEXT_TOO_LONG"));
        foreach (var (answer, reason) in new[]
                 {
                     (SlipStory.Answer with { Measures = "" }, "MEASURES_MISSING"), (SlipStory.Answer with { Result = "" }, "RESULT_MISSING"), (SlipStory.Answer with { Evidence = "" }, "EVIDENCE_MISSING"),
                     (SlipStory.Answer with { RemainingRisk = "" }, "REMAINING_RISK_MISSING"),
                 })
            new SlipStory().To(SlipKind.Reminder, SlipPhase.Signed).Lead(answer).Want(reason);
        new SlipStory().To(SlipKind.Reminder, SlipPhase.Replied).Leader(new Review(true, "")).Want("NOTE_MISSING");
        new SlipStory().To(SlipKind.Reminder, SlipPhase.Reviewed).Leader(new Cancel(""), "leader-9").Want("EVIDENCE_MISSING");
        new SlipStory().To(SlipKind.Reminder, SlipPhase.Issued).Leader(new Withdraw("")).Want("REASON_MISSING");
        new SlipStory().To(SlipKind.Supervision, SlipPhase.Signed).Lead(new FilePlan("")).Want("PLAN_MISSING");
        new SlipStory().To(SlipKind.Supervision, SlipPhase.PlanFiled).Lead(new Report("")).Want("TEXT_MISSING");
        new SlipStory().To(SlipKind.Supervision, SlipPhase.InProgress).Lead(new RequestCancel("")).Want("EVIDENCE_MISSING");
        new SlipStory().To(SlipKind.Supervision, SlipPhase.CancelRequested).By("i", "DCS", Roles.Inspection, new Inspect(true, "")).Want("FINDING_MISSING");
    }
}
