using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Cases;

/// <summary>
/// The table "Commands" of cases.md, copied from there by hand and not from the rules: every stage of a case, every command
/// and every role, for somebody whose it is and for a stranger.
/// </summary>
public sealed class SpecificationTableTests
{
    private const string Before = "PendingJudgment PendingAssignment Assigned ", Field = "Accepted ExtensionAsked EnRoute OnScene Controlled ", Handled = Field + "Done Failed ",
        Nobodys = "PendingJudgment PendingAssignment AwaitingInJudgment ", After = "PendingVerification Verified PendingCallback CalledBack ", Over = "Closed Archived Rejected Merged Void ", Waiting = "AwaitingInJudgment AwaitingInHandling Suspended ", Live = Before + Handled + After + Waiting;

    private static readonly string[] Owners = [Roles.Handler, Roles.Enterprise, Roles.GridWorker, Roles.CommunityDesk, Roles.SubdistrictDesk];

    /// <summary>Letters of cases.md, and P for a platform that speaks for reporters, U for the tiers that report up.</summary>
    private static readonly Dictionary<char, string[]> Letters = new()
    {
        ['S'] = [Roles.System], ['P'] = [Roles.Relay], ['R'] = [Roles.Reporter], ['G'] = [Roles.GridWorker], ['M'] = [Roles.MicroGridHead], ['C'] = [Roles.CommunityDesk], ['T'] = [Roles.SubdistrictDesk],
        ['D'] = [Roles.Operator, Roles.Leader], ['L'] = [Roles.Leader], ['W'] = [Roles.WeeklyChair], ['K'] = [Roles.CrisisChair], ['A'] = [Roles.Admin], ['J'] = [Roles.Discipline], ['I'] = [Roles.Inspection],
        ['X'] = [Roles.DepartmentLeader], ['U'] = [Roles.GridWorker, Roles.CommunityDesk, Roles.SubdistrictDesk],
        ['H'] = Owners,
    };

    /// <summary>Row by row: command, from where, by whom; then what a guard of the row says to this case there.</summary>
    private static readonly Row[] Rows =
    [
        // A repeat of the other system's is the same case. The duty desk takes calls.
        new(1, SpecificationStages.Registration(), "NotOpened " + Live + Over, "S P D"),
        new(2, new AttachReport("HL", "r9", "damaged green", "vault-9", true, [], 0.9), Live + "Closed", "S P D"),
        // What was merged lies in the other case: it is detached there.
        new(3, new DetachReport("HL/r2", "another park"), Live + "Closed Rejected Void", "D") { Reports = 2 },
        // The clocks of both become one; those of a case that waits stand still, so it goes on first.
        new Row(4, new MergeInto(new CaseKey("B"), "the same park"), Before + Handled + After, "D").But("OnScene Controlled", "LEADER_ONLY", Roles.Operator),
        new(5, new Unmerge("two parks"), "Merged", "L"),
        new(6, new Judge(Colour.Grey, "", [], "ASSIGN", "clear"), "PendingJudgment AwaitingInJudgment", "S C D"),
        new(7, new RejectIntake("NO_FACTS", "nothing is there", "nobody"), "PendingJudgment PendingAssignment", "D"),
        new Row(8, new AskReporter("which park?"), "PendingJudgment " + Handled, "D H").But("PendingJudgment", "LEAD_ONLY", Owners).But("ExtensionAsked", "EXTENSION_PENDING"),
        // By telephone the duty desk writes down what he says.
        new(8, new AnswerQuestion("the southern one"), "AwaitingInJudgment AwaitingInHandling", "R D"),
        // Further departments may join before the lead has signed.
        new(9, new Assign("CG", [], [], "", "list of duties"), Before + Handled, "S D C T") { Handling = new Assign("", ["XFD"], [], "", "needs water") },
        new(10, new AcceptTask(""), "Assigned", "H"),
        // A department's leader speaks for it.
        new(11, new RejectTask("NOT_OURS", "NS", "list of duties"), "Assigned Accepted ExtensionAsked", "H X"),
        new(12, new ForceAssign("CG", "first come"), "PendingAssignment", "L W"),
        new(13, new CaseCommand.Delegate("CG-1", "near"), Field, "H X"),
        // A department is no tier. A tier need not sign what is too big for it.
        new Row(13, new ReportUp("too big"), "Assigned " + Field, "U").But("Assigned " + Field, "NO_TIER_ABOVE"),
        new(14, new Depart(""), "Accepted ExtensionAsked", "H"),
        new(15, new ArriveOnScene("QR", 0, 0, 0, ""), "Accepted EnRoute ExtensionAsked", "H"),
        new(16, new ReportProgress("half of it", ""), Handled, "H"),
        new(17, new DeclareControlled("fenced in"), "OnScene", "H"),
        new(18, new ContactReporter("CALL", true, ""), Handled, "H"),
        // From Accepted and OnScene, so also between them and after them.
        new(19, new CompleteTask("RESOLVED", "photo-1", ["P"]), Field, "H"),
        // CG leads; SpecificationGuardTests has the shares of others.
        new Row(20, new WaiveTask("CG", "not needed"), "Assigned " + Handled, "D").But("Assigned " + Field, "LEAD_STANDS").But("Done Failed", "UNKNOWN_TASK"),
        new Row(20, new WithdrawTask("CG", "wrong one"), "Assigned " + Handled, "D").But("Assigned " + Field, "LEAD_STANDS").But("Done Failed", "UNKNOWN_TASK"),
        // All mandatory tasks done: the lead's own first.
        new Row(21, new SubmitFeedback("planted anew", "planted anew"), Handled, "H").But(Field, "ILLEGAL_TRANSITION"),
        new(22, new Verify(true, "seen"), "PendingVerification", "G C D") { Anywhere = true },
        new(23, new RecordCallback(true, true, true, ""), "PendingCallback CalledBack", "R D"),
        new Row(24, new CancelOff("RESOLVED", ""), After, "D W").But("PendingCallback", "NOT_CALLED_BACK").But(After, "NO_SUPERVISION_SLIP", Roles.WeeklyChair).But("PendingVerification", "NOT_VERIFIED"),
        new Row(25, new VoidCase("WITHDRAWN", ""), Before + Handled, "L R").But(Handled, "NOT_WITHDRAWABLE", Roles.Reporter),
        new(26, new Reopen("it is as before"), "Closed Rejected", "R D I S P"),
        new Row(27, new RequestExtension("1WD", "no plants", "buy some"), Handled, "H").But("ExtensionAsked", "EXTENSION_PENDING"),
        new Row(28, new DecideExtension(true, "agreed"), Handled, "D W").But("Accepted EnRoute OnScene Controlled Done Failed", "NO_EXTENSION_ASKED").But("ExtensionAsked", "NO_SUPERVISION_SLIP", Roles.WeeklyChair),
        new Row(29, new Suspend("SEASON", new DateTimeOffset(2025, 8, 10, 9, 0, 0, TimeSpan.FromHours(8)), "frost"), Handled, "L").But("ExtensionAsked", "EXTENSION_PENDING"),
        new(29, new Resume("thaw"), "Suspended", "L"),
        new(30, new RaiseLevel(Colour.Yellow, "a tree may fall"), Live, "S D"),
        new Row(30, new LowerLevel(Colour.Blue, "it stands"), Live, "L").But(Live, "LEVEL_NOT_LOWER"),
        // Nobody reported it in Verified.
        new Row(31, new Urge("when?"), Live, "R D S").But("Verified", "NOT_YOUR_REPORT", Roles.Reporter),
        // A slip goes to somebody.
        new Row(32, new IssueReminder("slow"), Live, "L S").But(Nobodys, "NOT_ASSIGNED"),
        new Row(32, new IssueSupervision("slower"), Live, "W S").But(Nobodys, "NOT_ASSIGNED"),
        new(32, new EscalateCrisis("danger"), Live, "K S"),
        new(33, new Correct("ADDRESS", "park road 1", "as the caller says"), Live, "D"),
        new(33, new MoveToGrid("410803002", "410803002001", "", "another park"), Live, "D"),
        // Of a task that is open.
        new Row(34, new Unmask("PHONE", "CONTACT"), Live + Over, "H D").But(Nobodys + "Done Failed " + After + Over, "NOT_YOUR_TASK", Owners),
        // By itself after 90 days; the keeper of the platform may, when nobody can have it opened again.
        new Row(35, new Archive(), "Closed", "S A").But("Closed", "REOPEN_POSSIBLE"),
        new(35, new ForgetReporter("AP/A"), Over, "S A"),
    ];

    private static readonly string[] AllRoles = [.. typeof(Roles).GetFields().Select(f => (string)f.GetRawConstantValue()!)];
    private static string?[] Only(string? reason) => [reason];

    private static readonly string?[] Persons = ["ROLE_REQUIRED", "NOT_YOUR_TASK", "NOT_YOUR_REPORT", "OUT_OF_SCOPE", "LEAD_ONLY"];

    private sealed record Row(int Number, CaseCommand Sample, string From, string Who)
    {
        internal string Name => Sample.GetType().Name;
        internal int Reports { get; init; } = 1;
        internal CaseCommand? Handling { get; init; }
        internal HashSet<Stage> Stages { get; } = [.. From.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Stage>)];
        internal HashSet<string> Roles { get; } = [.. Who.Where(char.IsLetter).SelectMany(letter => Letters[letter])];
        /// <summary>A desk's or a grid worker's area does not matter: another one may look whether it is done.</summary>
        internal bool Anywhere { get; init; }
        internal Dictionary<(Stage, string), string?> Guards { get; } = [];

        /// <summary>There a guard refuses the roles, or all of the row's.</summary>
        internal Row But(string stages, string refusal, params string[] roles)
        {
            foreach (var stage in stages.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Stage>))
            foreach (var role in roles.Length > 0 ? roles : [.. Roles])
                Guards[(stage, role)] = refusal;
            return this;
        }

        internal bool IsOfTask(string role) => (Who.Contains('H') || Who.Contains('U')) && (Owners.Contains(role) || role == Governance.Domain.Kernel.Roles.DepartmentLeader);
    }

    [Fact]
    public void Every_stage_command_and_role_is_as_specified()
    {
        var (differences, triples) = (new List<string>(), 0);
        foreach (var (row, stage, role, stranger, state, decision) in Walk())
        {
            triples++;
            var (expected, reason) = (Expected(row, stage, role, stranger), decision.Refusal?.Reason);
            if (!expected.Contains(reason)) differences.Add($"{row.Number} {row.Name} | {Names.StateOf(state)} ({stage}) | {role}{(stranger ? " (stranger)" : "")}: expected {string.Join(" or ", expected.Select(e => e ?? "taken"))}, was {reason ?? "taken"} {decision.Refusal?.Message}");
        }
        Assert.Equal(Rows.Length * Enum.GetValues<Stage>().Length * AllRoles.Length * 2, triples);
        Assert.True(differences.Count == 0, $"{differences.Count} of {triples} differ:\n{string.Join('\n', differences)}");
    }

    [Fact]
    public void A_refusal_changes_nothing_and_an_illegal_transition_names_state_command_and_what_is_allowed()
    {
        var (differences, illegal) = (new List<string>(), 0);
        foreach (var (row, stage, role, _, state, decision) in Walk())
        {
            if (decision.Refusal is not { } refusal) continue;
            if (!decision.Events.IsEmpty || !decision.Sends.IsEmpty) differences.Add($"{row.Name} | {stage} | {role}: {refusal.Reason} with {decision.Events.Count} events and {decision.Sends.Count} messages");
            if (refusal.Reason != "ILLEGAL_TRANSITION") continue;
            illegal++;
            var facts = refusal.Metadata;
            var allowed = facts.GetValueOrDefault("allowed", row.Name).Split(',', StringSplitOptions.RemoveEmptyEntries);
            if (facts.GetValueOrDefault("command") != row.Name || !facts.GetValueOrDefault("state", "").StartsWith(Names.StateOf(state), StringComparison.Ordinal)
                || allowed.Contains(row.Name) || allowed.Except(Rows.Select(r => r.Name)).Any() || (state.IsOpen && allowed.Length == 0)) differences.Add($"{row.Name} | {stage} | {role}: {string.Join("; ", facts)}");
        }
        Assert.True(illegal > 1000, $"{illegal} illegal transitions only");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public void No_command_no_role_and_no_phase_is_missing_from_the_table()
    {
        Assert.Equal(typeof(CaseCommand).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(CaseCommand))).Select(t => t.Name).Order(), Rows.Select(r => r.Name).Order());
        Assert.Equal(Enumerable.Range(1, 35), Rows.Select(r => r.Number).Distinct().Order());
        // Roles that no row names may do nothing with a case.
        Assert.Equal([Roles.Discipline, Roles.Gateway, Roles.MicroGridHead, Roles.Viewer], AllRoles.Except(Rows.SelectMany(r => r.Roles)).Order());
        Assert.All(AllRoles, role => Assert.Contains(role, Letters.Values.SelectMany(l => l).Append(Roles.Gateway).Append(Roles.Viewer)));
        var reached = Enum.GetValues<Stage>().Select(s => SpecificationStages.In(s).Case()).ToList();
        Assert.Equal(Enum.GetValues<CasePhase>().Except([CasePhase.Registered]).Order(), reached.Select(s => s.Phase).Distinct().Order());
        Assert.Equal([TaskPhase.Accepted, TaskPhase.EnRoute, TaskPhase.OnScene, TaskPhase.Controlled, TaskPhase.Done, TaskPhase.Failed], reached.Where(s => s.Phase == CasePhase.Handling).Select(s => s.Lead.Phase).Distinct().Order());
        Assert.Equal((2, 1, 1), (reached.Count(s => s.Info is not null), reached.Count(s => s.Suspension is not null), reached.Count(s => s.Asked is not null)));
        Assert.Equal([false, true], reached.Where(s => s.Phase == CasePhase.PendingVerification).Select(s => s.Verified).Order());
    }

    private static IEnumerable<(Row Row, Stage Stage, string Role, bool Stranger, CaseState State, Decision<CaseEvent> Decision)> Walk()
    {
        var rules = new CaseRules(District.Policy);
        foreach (var row in Rows)
        foreach (var stage in Enum.GetValues<Stage>())
        {
            var world = SpecificationStages.In(stage, row.Reports);
            var state = world.Case();
            var command = row.Handling is { } other && state.Phase == CasePhase.Handling ? other : row.Sample;
            foreach (var role in AllRoles)
            foreach (var stranger in new[] { false, true })
                yield return (row, stage, role, stranger, state, rules.Decide(state, new Stimulus.Commanded(command, CallerOf(row, role, stranger)), world.Now));
        }
    }

    private static Caller CallerOf(Row row, string role, bool stranger) => new(
        role == Roles.Reporter ? stranger ? "vault-9" : SpecificationStages.Reporter : $"one of {role}",
        role switch
        {
            Roles.System or Roles.Relay or Roles.Reporter or Roles.Gateway => "",
            Roles.CommunityDesk or Roles.GridWorker when stranger => "CS-410803002001",
            Roles.SubdistrictDesk when stranger => "JD-410803002",
            _ when stranger => "SJ",
            _ when row.IsOfTask(role) => SpecificationStages.Lead,
            Roles.CommunityDesk or Roles.GridWorker or Roles.MicroGridHead => SpecificationStages.Community,
            Roles.SubdistrictDesk => SpecificationStages.Subdistrict,
            Roles.Handler or Roles.Enterprise or Roles.DepartmentLeader => SpecificationStages.Lead,
            _ => "DISPATCH",
        }, [role]);

    private static string?[] Expected(Row row, Stage stage, string role, bool stranger)
    {
        var isStranger = stranger && (row.IsOfTask(role) || role is Roles.Reporter || (!row.Anywhere && role is Roles.CommunityDesk or Roles.SubdistrictDesk or Roles.GridWorker));
        if (stage == Stage.NotOpened && row.Number > 1) return ["UNKNOWN_CASE"];
        if (!row.Stages.Contains(stage)) return row.Roles.Contains(role) && !isStranger ? ["ILLEGAL_TRANSITION"] : ["ILLEGAL_TRANSITION", .. Persons];
        var guard = row.Guards.GetValueOrDefault((stage, role));
        return !row.Roles.Contains(role) ? Persons : !isStranger ? Only(guard) : guard is null ? Persons : Persons.Append(guard).ToArray();
    }
}
