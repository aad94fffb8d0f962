using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Cases;

/// <summary>Every phase of a case that a device opened (and of the lead's task) under the commands of handling: allowed, or refused by name.</summary>
public sealed class CaseTableTests
{
    public enum Stage { NotOpened, Assigned, Accepted, EnRoute, OnScene, Controlled, Done, PendingVerification, Verified, Closed }

    /// <summary>In the columns of the table below.</summary>
    private static readonly CaseCommand[] Commands =
    [
        new AcceptTask(""), new Depart(""), new ArriveOnScene("QR", 0, 0, 0, ""), new ReportProgress("valve closed", ""), new DeclareControlled(""),
        new CompleteTask("Resolved", "", ["P"]), new SubmitFeedback("done", ""), new Verify(true, "on site"), new CancelOff("RESOLVED", ""), new RaiseLevel(Colour.Red, "wind"),
        new RequestExtension("24h", "parts are late", "wait for them"), new DecideExtension(true, "agreed"), new Suspend("SEASON", SourceStory.Time("20:00:00"), "frost"), new Resume("thaw"), new Urge("neighbours ask"),
    ];

    /// <summary>
    /// + allowed, I = ILLEGAL_TRANSITION, U = UNKNOWN_CASE, N = NOT_VERIFIED; every occurrence has returned to normal. The case
    /// is orange: E = LEVEL_NOT_EXTENDABLE, A = NO_EXTENSION_ASKED, S = LEVEL_NOT_SUSPENDABLE.
    /// </summary>
    private static readonly Dictionary<Stage, string> Expected = new()
    {
        //                            Ac De Ar Pr Co Cm Fb Ve Ca Ra Ex Dx Su Re Ur
        [Stage.NotOpened] =           "U  U  U  U  U  U  U  U  U  U  U  U  U  U  U",
        [Stage.Assigned] =            "+  I  I  I  I  I  I  I  I  +  I  I  I  I  +",
        [Stage.Accepted] =            "I  +  +  +  I  I  I  I  I  +  E  A  S  I  +",
        [Stage.EnRoute] =             "I  I  +  +  I  I  I  I  I  +  E  A  S  I  +",
        [Stage.OnScene] =             "I  I  I  +  +  I  I  I  I  +  E  A  S  I  +",
        [Stage.Controlled] =          "I  I  I  +  I  +  I  I  I  +  E  A  S  I  +",
        [Stage.Done] =                "I  I  I  +  I  I  +  I  I  +  E  A  S  I  +",
        [Stage.PendingVerification] = "I  I  I  I  I  I  I  +  N  +  I  I  I  I  +",
        [Stage.Verified] =            "I  I  I  I  I  I  I  I  +  +  I  I  I  I  +",
        [Stage.Closed] =              "I  I  I  I  I  I  I  I  I  I  I  I  I  I  I",
    };

    private static readonly Dictionary<char, string?> Reasons = new()
    {
        ['+'] = null, ['I'] = "ILLEGAL_TRANSITION", ['U'] = "UNKNOWN_CASE", ['N'] = "NOT_VERIFIED", ['E'] = "LEVEL_NOT_EXTENDABLE", ['A'] = "NO_EXTENSION_ASKED", ['S'] = "LEVEL_NOT_SUSPENDABLE",
    };

    private static bool IsOthers(string command) => command is nameof(Verify) or nameof(CancelOff) or nameof(DecideExtension) or nameof(Suspend) or nameof(Resume) or nameof(Urge) or nameof(RaiseLevel);

    public static IEnumerable<object?[]> Table => Expected.SelectMany(row => row.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select((mark, i) => new object?[] { row.Key, Commands[i].GetType().Name, Reasons[mark[0]] }));

    [Fact]
    public void Every_pair_of_handling_is_in_the_table()
    {
        Assert.Equal(Enum.GetValues<Stage>().Length * Commands.Length, Table.Select(row => (row[0], row[1])).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_command_in_a_phase(Stage stage, string command, string? reason)
    {
        var story = In(stage);
        var before = story.State;
        var isLeaders = IsOthers(command);
        story.Command(Commands.Single(c => c.GetType().Name == command), isLeaders ? "DC" : "YJ", isLeaders ? Roles.Leader : Roles.Handler).Want(reason);
        if (reason is not null) Assert.Same(before, story.State);
        if (reason != "ILLEGAL_TRANSITION") return;
        var facts = story.Refusal!.Metadata;
        Assert.StartsWith(Names.StateOf(before), facts["state"]);
        Assert.Equal(command, facts["command"]);
        Assert.DoesNotContain(command, facts["allowed"].Split(','));
    }

    [Fact]
    public void A_stranger_has_no_task() => Assert.All(Commands.Where(c => c is not RaiseLevel && !IsOthers(c.GetType().Name)), c =>
        In(Stage.Accepted).Command(c, "XF").Want("NOT_YOUR_TASK"));

    [Fact]
    public void A_co_department_walks_its_own_way_but_the_lead_declares_control_and_gives_feedback()
    {
        var story = In(Stage.OnScene).Command(new AcceptTask(""), "XFD").Want(null).Command(new ArriveOnScene("QR", 0, 0, 0, ""), "XFD").Want(null)
            .Command(new DeclareControlled(""), "XFD").Want("LEAD_ONLY").Command(new CompleteTask("Resolved", "", ["P"]), "XFD").Want(null)
            .Command(new SubmitFeedback("done", ""), "XFD").Want("LEAD_ONLY");
        Assert.Equal(TaskPhase.OnScene, story.State.Lead.Phase);
    }

    [Fact]
    public void A_co_department_may_sign_before_the_lead()
    {
        var story = In(Stage.Assigned).Command(new AcceptTask(""), "XFD").Want(null);
        Assert.Equal(CasePhase.Assigned, story.State.Phase);
        Assert.NotNull(story.State.Running(ClockName.Sign));
    }

    [Fact]
    public void Nothing_is_declared_controlled_or_closed_over_a_live_occurrence()
    {
        var second = new OccurrenceId("HS-CL2-07/CL-2/1.1");
        var story = In(Stage.OnScene).Raise(Colour.Orange, second).Command(new DeclareControlled("")).Want("OCCURRENCE_LIVE");
        Assert.Equal(second.Value, story.Refusal!.Metadata["occurrences"]);
        // Another occurrence after the verification voids it: everything from the scene on is done again.
        var again = In(Stage.Verified).Raise(Colour.Orange, second).Command(new CancelOff("RESOLVED", ""), "DC", Roles.Leader).Want("ILLEGAL_TRANSITION");
        Assert.False(again.State.Verified);
        again.Command(new DeclareControlled("")).Want("OCCURRENCE_LIVE").Deliver(new OccurrenceDataLost(second, false, story.Now)).Command(new DeclareControlled("")).Want("OCCURRENCE_LIVE")
            .Clear(second).Control().Complete().Feedback().Verify().Command(new CancelOff("", ""), "DC", Roles.Leader).Want("OUTCOME_MISSING").Close();
    }

    [Fact]
    public void A_rise_of_level_after_the_verification_wants_a_leader_to_verify_again()
    {
        var story = In(Stage.Verified).Command(new RaiseLevel(Colour.Red, "wind turned"), "DC", Roles.Leader).Want(null).Command(new CancelOff("RESOLVED", ""), "DC", Roles.Leader).Want("NOT_VERIFIED")
            .Command(new Verify(true, ""), "DC", Roles.Operator).Want("LEADER_ONLY").Verify().Close();
        Assert.Equal(CasePhase.Closed, story.State.Phase);
    }

    [Fact]
    public void Data_of_an_occurrence_that_returned_to_normal_brings_nothing_back()
    {
        var story = In(Stage.Controlled);
        var occurrence = story.State.Occurrences[0].Id;
        story.Deliver(new OccurrenceDataLost(occurrence, true, story.Now)).Deliver(new OccurrenceDataRestored(occurrence, story.Now));
        Assert.False(story.State.IsLive);
    }

    [Fact]
    public void A_handler_never_verifies_an_orange_case_and_only_a_leader_a_red_one()
    {
        In(Stage.PendingVerification).Command(new Verify(true, ""), "XFD", Roles.Leader).Want("VERIFIER_IS_HANDLER").Command(new Verify(true, ""), "DC", Roles.Operator).Want(null);
        In(Stage.PendingVerification).Command(new RaiseLevel(Colour.Red, ""), "DC", Roles.Leader).Want(null).Command(new Verify(true, ""), "DC", Roles.Operator).Want("LEADER_ONLY").Verify();
    }

    [Fact]
    public void Rework_goes_back_to_the_scene_with_its_clock()
    {
        var story = In(Stage.PendingVerification).Verify(passed: false);
        Assert.Equal((CasePhase.Handling, TaskPhase.OnScene, 1), (story.State.Phase, story.State.Lead.Phase, story.State.Rework));
        Assert.NotNull(story.State.Running(ClockName.Control));
        story.Control().Complete().Feedback().Verify().Close();
    }

    [Theory]
    [InlineData("QR", 0, 0, 0, "", true)]
    [InlineData("POINT", 113.2, 35.2, 200, "", true)]
    [InlineData("POINT", 113.2, 35.2, 200.5, "", false)]
    [InlineData("POINT", 113.2, 35.2, 0, "", false)]
    [InlineData("POINT", double.NaN, 35.2, 10, "", false)]
    [InlineData("MANUAL", 0, 0, 0, "no network in the hall", true)]
    [InlineData("MANUAL", 0, 0, 0, "", false)]
    [InlineData("", 0, 0, 0, "", false)]
    public void Presence_is_proved(string proof, double longitude, double latitude, double accuracy, string reason, bool proved) =>
        In(Stage.EnRoute).Command(new ArriveOnScene(proof, longitude, latitude, accuracy, reason)).Want(proved ? null : "PRESENCE_NOT_PROVED");

    [Fact]
    public void Every_text_has_a_limit()
    {
        var text = new string('x', 4001);
        (Stage Stage, CaseCommand Command)[] all =
        [
            (Stage.Assigned, new AcceptTask(text)), (Stage.Accepted, new Depart(text)), (Stage.EnRoute, new ArriveOnScene("MANUAL", 0, 0, 0, text)),
            (Stage.OnScene, new ReportProgress(text, "")), (Stage.OnScene, new ReportProgress("x", text)), (Stage.OnScene, new DeclareControlled(text)),
            (Stage.Controlled, new CompleteTask(text, "", [])), (Stage.Controlled, new CompleteTask("", text, [])), (Stage.Done, new SubmitFeedback(text, "")),
            (Stage.PendingVerification, new Verify(true, text)), (Stage.Verified, new CancelOff("RESOLVED", text)), (Stage.Verified, new CancelOff(text, "")),
            (Stage.Assigned, new RaiseLevel(Colour.Red, text)), (Stage.Accepted, new RequestExtension(text, "", "")), (Stage.Accepted, new RequestExtension("", text, "")), (Stage.Accepted, new RequestExtension("", "", text)),
            (Stage.Accepted, new DecideExtension(true, text)), (Stage.Accepted, new Suspend(text, default, "")), (Stage.Accepted, new Suspend("", default, text)), (Stage.Accepted, new Urge(text)),
        ];
        Assert.All(all, one => (IsOthers(one.Command.GetType().Name) ? In(one.Stage).Command(one.Command, "DC", Roles.Leader) : In(one.Stage).Command(one.Command)).Want("TEXT_TOO_LONG"));
    }

    [Fact]
    public void A_rise_is_a_rise() => In(Stage.Accepted).Command(new RaiseLevel(Colour.Blue, ""), "DC", Roles.Leader).Want("LEVEL_INVALID").Command(new RaiseLevel((Colour)9, ""), "DC", Roles.Leader).Want("LEVEL_INVALID")
        .Command(new RaiseLevel(Colour.Orange, ""), "DC", Roles.Leader).Want("LEVEL_NOT_HIGHER").Command(new ReportProgress("", "")).Want("TEXT_MISSING");

    internal static CaseStory In(Stage stage)
    {
        var story = new CaseStory();
        if (stage >= Stage.Assigned) story.Raise(Colour.Orange).Clear();
        if (stage >= Stage.Accepted) story.Accept();
        if (stage >= Stage.EnRoute) story.Leave();
        if (stage >= Stage.OnScene) story.Arrive();
        if (stage >= Stage.Controlled) story.Control();
        if (stage >= Stage.Done) story.Complete();
        if (stage >= Stage.PendingVerification) story.Feedback();
        if (stage >= Stage.Verified) story.Verify();
        return stage >= Stage.Closed ? story.Close() : story;
    }
}
