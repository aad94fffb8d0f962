using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CasePhase;

namespace Governance.Domain.Tests.Cases;

/// <summary>
/// Random people and platforms do anything to three cases in any order: nothing leaves the table, no live case is without
/// an armed deadline, nothing closes over a live occurrence or an open slip, and what the journal folds to is what there is.
/// </summary>
public sealed class CaseProperties
{
    private static readonly string[] Keys = ["A", "B", "C"];
    private static readonly (string Organisation, string Role, string Subject)[] People =
    [
        ("DC", Roles.Leader, "li"), ("DC", Roles.Operator, "wang"), ("ZJ", Roles.Handler, "zhao"), ("XFD", Roles.Handler, "sun"), ("YJ", Roles.Handler, "qian"), ("CS-410803001001", Roles.CommunityDesk, "zhou"),
        ("CS-410803001001", Roles.GridWorker, "wu"), ("JD-410803001", Roles.SubdistrictDesk, "zheng"), ("", Roles.Reporter, "vault-1"), ("", Roles.Relay, "platform"), ("WK", Roles.WeeklyChair, "chair"),
        ("QW", Roles.CrisisChair, "secretary"), ("DC", Roles.Inspection, "inspector"), ("", Roles.Admin, "admin"), ("ZJ", Roles.DepartmentLeader, "head"), ("", Roles.Viewer, "viewer"),
    ];

    /// <summary>Where a phase may lead, by anything (cases.md, region 1).</summary>
    private static readonly Dictionary<CasePhase, CasePhase[]> Ways = new()
    {
        [NotOpened] = [PendingJudgment, Assigned],
        [PendingJudgment] = [PendingAssignment, Assigned, Rejected, CasePhase.Void, Merged],
        [PendingAssignment] = [Assigned, Rejected, CasePhase.Void, Merged],
        [Assigned] = [CasePhase.Handling, PendingAssignment, CasePhase.Void, Merged],
        [CasePhase.Handling] = [PendingVerification, PendingAssignment, Assigned, CasePhase.Void, Merged],
        [PendingVerification] = [CasePhase.Handling, PendingCallback, Closed, Merged],
        [PendingCallback] = [PendingVerification, CasePhase.Handling, Assigned, Closed, Merged],
        [Closed] = [Assigned, Archived],
        [Archived] = [],
        [Rejected] = [PendingJudgment, Assigned],
        [Merged] = [PendingJudgment, PendingAssignment, Assigned, CasePhase.Handling, PendingVerification, PendingCallback],
        [CasePhase.Void] = [],
    };

    [Property(MaxTest = 150)]
    public Property Nothing_leaves_the_table_and_no_live_case_is_without_a_deadline() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(0, int.MaxValue - 1), 120).ToArbitrary(), moves =>
        {
            var world = new CaseWorld();
            foreach (var key in Keys[..2]) world.Register(key, key == "A" ? "0801" : "0501", level: key == "A" ? Colour.Grey : Colour.Yellow, confidence: key == "A" ? 0.9 : 0.3);
            world.Tell("C", Raised(world.Now, 1, Colour.Orange));
            foreach (var move in moves)
            {
                var before = Keys.ToDictionary(k => k, k => world[k]);
                Step(world, new Dice(move));
                foreach (var key in world.All.Select(s => s.Key.Value))
                {
                    var (was, now) = (before.GetValueOrDefault(key)?.Phase ?? NotOpened, world[key]);
                    Assert.True(was == now.Phase || Reaches(was, now.Phase), $"{was} → {now.Phase}");
                    if (now.IsOpen || now.Phase == Closed) Assert.True(world.Deadlines(key).Any(), $"{Names.StateOf(now)} has no deadline");
                    else if (now.Phase != NotOpened) Assert.Empty(world.Deadlines(key));
                    if (now.Phase is Closed or Archived or Rejected or CasePhase.Void && was != now.Phase) Assert.False(now.IsLive || now.Slips.Exists(s => s.IsOpen), $"{now.Phase} over something that is open");
                    if (now.IsOpen && now.Phase is not (PendingJudgment or PendingAssignment)) Assert.NotNull(now.LeadOrNone);
                    Assert.True(now.Tasks.Count(t => t.Lead) <= 1 && now.Tasks.Select(t => t.Organisation).Distinct().Count() == now.Tasks.Count);
                    Assert.NotNull(CaseExplanation.Of(now));
                }
            }
            foreach (var key in world.All.Select(s => s.Key.Value))
            {
                var folded = world.Events.Where(e => e.Case == key).Select(e => e.Event).Aggregate(CaseState.New(key), CaseEvolution.Evolve);
                Assert.Equal(CaseText.Of(world[key]), CaseText.Of(folded));
                foreach (var breach in world.Events.Where(e => e.Case == key).Select(e => e.Event).OfType<CaseEvent.DeadlineBreached>().GroupBy(b => (b.Clock, b.Due, b.At)))
                    Assert.True(breach.Count() == 1, $"{breach.Key} twice");
            }
        });

    /// <summary>What the property above says is said of every phase and every event: the dice reach them all.</summary>
    [Fact]
    public void Random_lives_reach_every_phase_and_every_event()
    {
        var (phases, events) = (new HashSet<CasePhase>(), new HashSet<Type>());
        for (var seed = 0; seed < 150; seed++)
        {
            var (world, dice) = (new CaseWorld(), new Dice(seed));
            foreach (var key in Keys[..2]) world.Register(key, key == "A" ? "0801" : "0501", confidence: key == "A" ? 0.9 : 0.3);
            for (var step = 0; step < 120; step++)
            {
                Step(world, new Dice(dice.Next(int.MaxValue)));
                phases.UnionWith(world.All.Select(s => s.Phase));
            }
            events.UnionWith(world.Events.Select(e => e.Event.GetType()));
        }
        // Within a decision only, before any, and what no dice decide: numbers of slips, a new calendar, an unmerge through a case that was merged itself.
        Assert.Equal([NotOpened, Registered], Enum.GetValues<CasePhase>().Except(phases).Order());
        Assert.Equal(
            [typeof(CaseEvent.CalendarApplied), typeof(CaseEvent.OccurrenceHeard), typeof(CaseEvent.OccurrenceLevelNoted), typeof(CaseEvent.SlipNumberNoted), typeof(CaseEvent.SlipRanOut), typeof(CaseEvent.UnmergeRefused)],
            typeof(CaseEvent).GetNestedTypes().Except(events).OrderBy(t => t.Name));
    }

    /// <summary>One stimulus may go several ways at once: a rise of level judges and assigns, a relay opens what was waiting.</summary>
    private static bool Reaches(CasePhase from, CasePhase to, int steps = 3) => steps > 0 && Ways[from].Any(next => next == to || Reaches(next, to, steps - 1));

    private static void Step(CaseWorld world, Dice dice)
    {
        var key = dice.Of(Keys);
        switch (dice.Next(14))
        {
            case 0: world.After(TimeSpan.FromMinutes(dice.Next(3) switch { 0 => dice.Next(30), 1 => dice.Next(1440), _ => dice.Next(4_000) })); break;
            case 5 or 6 or 7: Forward(world, key, dice); break;
            case 1: world.Tell(key, Raised(world.Now, dice.Next(4), dice.Of([Colour.Yellow, Colour.Orange, Colour.Red]))); break;
            case 2: world.Tell(key, new OccurrenceCleared(new OccurrenceId($"HS-1/A/1.{dice.Next(4)}"), world.Now)); break;
            case 3: world.Tell(key, new OccurrenceDataLost(new OccurrenceId($"HS-1/A/1.{dice.Next(4)}"), dice.Next(2) == 0, world.Now)); break;
            case 4: Slip(world, key, dice); break;
            default:
                // Mostly what the case would take, from somebody who may; now and then anything from anybody.
                var (who, command) = (dice.Of(People), Commands[dice.Next(Commands.Length)](dice, world));
                if (dice.Next(4) > 0 && CaseTable.AllowedIn(world[key]) is { IsEmpty: false } allowed)
                {
                    command = Commands.Select(make => make(dice, world)).FirstOrDefault(c => c.GetType().Name == allowed[dice.Next(allowed.Count)]) ?? command;
                    var may = People.Where(p => CaseTable.Rows[command.GetType().Name].Who.Contains(p.Role)).ToList();
                    if (may.Count > 0) who = may[dice.Next(may.Count)];
                    if (CaseTable.Rows[command.GetType().Name].OfTask && world[key].Tasks.Find(t => t.Counts) is { } task) who = (world[key].LeadOrNone?.Organisation ?? task.Organisation, who.Role, who.Subject);
                }
                world.Command(key, command, who.Organisation, who.Role, who.Subject);
                break;
        }
    }

    /// <summary>What a diligent district would do next, so that lives reach their end.</summary>
    private static void Forward(CaseWorld world, string key, Dice dice)
    {
        var state = world[key];
        var lead = state.LeadOrNone?.Organisation ?? "";
        foreach (var live in state.Occurrences.Where(o => o.Phase != OccurrencePhase.Cleared)) world.Tell(key, new OccurrenceCleared(live.Id, world.Now));
        foreach (var slip in state.Slips.Where(s => s.IsOpen)) world.Tell(key, new SlipEnded(slip.Key, SlipResults.Cancelled, world.Now), "slip");
        var chair = state.Slips.Exists(s => s.Kind == SlipKind.Supervision) ? ("WK", Roles.WeeklyChair, "chair") : ("DC", Roles.Leader, "li");
        var (command, who) = state switch
        {
            { Suspension: not null } => (new Resume("thaw"), ("DC", Roles.Leader, "li")),
            { Info: not null } => (new AnswerQuestion("there"), ("DC", Roles.Leader, "li")),
            { Phase: PendingJudgment } => (new Judge(Colour.Grey, "0801", [], "ASSIGN", "so"), ("DC", Roles.Leader, "li")),
            { Phase: PendingAssignment } => (new ForceAssign("ZJ", "so"), ("DC", Roles.Leader, "li")),
            { Phase: Assigned } => (new AcceptTask(""), (lead, Roles.Handler, "zhao")),
            { Phase: CasePhase.Handling, Contacted: false, HasReachableReporter: true } => (new ContactReporter("CALL", true, ""), (lead, Roles.Handler, "zhao")),
            { Phase: CasePhase.Handling, Lead.Phase: TaskPhase.Accepted or TaskPhase.EnRoute } => (new ArriveOnScene("QR", 0, 0, 0, ""), (lead, Roles.Handler, "zhao")),
            { Phase: CasePhase.Handling, Lead.Phase: TaskPhase.OnScene } when state.Level >= Colour.Orange || !state.Occurrences.IsEmpty => (new DeclareControlled("dry"), (lead, Roles.Handler, "zhao")),
            { Phase: CasePhase.Handling, Lead.Phase: TaskPhase.OnScene or TaskPhase.Controlled } => (new CompleteTask("RESOLVED", "done", ["P", "S", "C", "V"]), (lead, Roles.Handler, "zhao")),
            { Phase: CasePhase.Handling } when state.Tasks.Find(t => t is { Mandatory: true, Lead: false, IsOpen: true }) is { } open => (new WaiveTask(open.Organisation, "so"), ("DC", Roles.Leader, "li")),
            { Phase: CasePhase.Handling } => (new SubmitFeedback("done", "thank you"), (lead, Roles.Handler, "zhao")),
            { Phase: PendingVerification, Verified: false } => (new Verify(true, "seen"), ("DC", Roles.Leader, "li")),
            { Phase: PendingCallback } when !state.Callbacks.Exists(c => c.Resolved) => (new RecordCallback(true, dice.Next(4) > 0, true, ""), ("DC", Roles.Operator, "wang")),
            { Phase: PendingVerification or PendingCallback } => (new CancelOff("RESOLVED", ""), chair),
            { Phase: Merged } => (new Unmerge("two"), ("DC", Roles.Leader, "li")),
            _ => ((CaseCommand)new Urge("hurry"), ("DC", Roles.Leader, "li")),
        };
        world.Command(key, command, who.Item1, who.Item2, who.Item3);
        if (state.Phase == Closed && dice.Next(3) == 0) world.After(TimeSpan.FromDays(30));
    }

    private static void Slip(CaseWorld world, string key, Dice dice)
    {
        if (world[key].Slips.Find(s => s.IsOpen) is { } open && dice.Next(3) > 0) world.Tell(key, new SlipEnded(open.Key, SlipResults.Cancelled, world.Now), "slip");
        else world.Tell(key, new SlipOpened(new SlipKey($"S{dice.Next(1000)}"), dice.Of([SlipKind.Reminder, SlipKind.Supervision]), "li", "late", world.Now.AddDays(3), world.Now), "slip");
    }

    private static readonly Func<Dice, CaseWorld, CaseCommand>[] Commands =
    [
        (d, _) => new AttachReport("HL", $"r{d.Next(5)}", "me too", $"vault-{d.Next(3)}", d.Next(2) == 0, [], d.Next(100) / 100.0), (d, w) => new DetachReport($"HL/r{d.Next(5)}", "other place"),
        (d, _) => new MergeInto(new CaseKey(d.Of(Keys)), "same"), (_, _) => new Unmerge("not the same"),
        (d, _) => new Judge(d.Of([Colour.Grey, Colour.Blue, Colour.Yellow, Colour.Orange, Colour.Red]), d.Of(["", "0801", "0501", "0101"]), [], d.Of(["ASSIGN", "SELF_HANDLE", "AGENDA"]), "so"),
        (d, _) => new RejectIntake(d.Of(["NO_FACTS", "MALICIOUS"]), "law", "court"), (_, _) => new AskReporter("where?"), (_, _) => new AnswerQuestion("there"),
        (d, _) => new Assign(d.Of(["ZJ", "CG", "", "nobody"]), [d.Of(["XFD", "PA"])], [d.Of(["XFD", "PA"])], "", "so"), (_, _) => new AcceptTask(""), (_, _) => new AcceptTask("again"),
        (d, _) => new RejectTask("NOT_OURS", d.Of(["CG", ""]), "law"), (d, _) => new ForceAssign(d.Of(["ZJ", "CG"]), "so"), (_, _) => new CaseCommand.Delegate("unit-1", "near"), (_, _) => new ReportUp("too big"),
        (_, _) => new Depart(""), (_, _) => new ArriveOnScene("QR", 0, 0, 0, ""), (_, _) => new ReportProgress("so far", ""), (_, _) => new DeclareControlled("dry"),
        (d, _) => new ContactReporter("CALL", d.Next(2) == 0, ""), (d, _) => new CompleteTask(d.Of(["RESOLVED", "RESOLVED", "CANNOT_FIX"]), "done", ["P", "S", "C", "V"]),
        (d, _) => new WaiveTask(d.Of(["XFD", "PA", "CG"]), "so"), (d, _) => new WithdrawTask(d.Of(["XFD", "PA"]), "so"), (_, _) => new SubmitFeedback("done", "thank you"), (_, _) => new SubmitFeedback("done", "thank you"),
        (d, _) => new Verify(d.Next(4) > 0, "seen"), (d, _) => new Verify(d.Next(4) > 0, "seen"), (d, _) => d.Next(3) == 0 ? new RecordCallback(false, false, false, "") : new RecordCallback(true, d.Next(3) > 0, d.Next(2) == 0, ""),
        (d, _) => new CancelOff(d.Of(["RESOLVED", "CANNOT_FIX", ""]), d.Of(["", "plan"])), (d, _) => new VoidCase(d.Of(["FALSE_ALARM", "WITHDRAWN"]), d.Of(["", "seen"])), (_, _) => new Reopen("again"),
        (d, _) => new RequestExtension(d.Of(["1WD", "24h"]), "late", "wait"), (d, _) => new DecideExtension(d.Next(2) == 0, "so"), (d, w) => new Suspend("SEASON", w.Now.AddDays(1 + d.Next(40)), "frost"), (_, _) => new Resume("thaw"),
        (d, _) => new RaiseLevel(d.Of([Colour.Yellow, Colour.Orange, Colour.Red]), "worse"), (d, _) => new LowerLevel(d.Of([Colour.Blue, Colour.Yellow]), "better"), (_, _) => new Urge("hurry"),
        (_, _) => new IssueReminder("slow"), (_, _) => new IssueSupervision("slower"), (_, _) => new EscalateCrisis("danger"), (d, _) => new Correct(d.Of(["CATEGORY", "ADDRESS", "TAGS"]), d.Of(["0501", "0806"]), "wrong"),
        (_, _) => new MoveToGrid("410803002", "410803002001", "", "wrong place"), (_, _) => new Unmask("PHONE", "CONTACT"), (_, _) => new Archive(), (d, _) => new ForgetReporter(d.Of(["AP/A", "AP/B"])),
        (_, _) => new RegisterCase("AP", "A", "0801", 1, Colour.Grey, "410803001", Place.Unknown, [], "again", "", false, [], false, ""),
    ];

    private static OccurrenceRaised Raised(DateTimeOffset at, int number, Colour colour) => new(
        new OccurrenceId($"HS-1/A/1.{number}"), Witness.Sensor, new HazardSourceId("HS-1"), "store", "", new AreaCode("410803001"), "A", HazardKind.ToxicGas, AlarmLevel.Two, colour, 2.4, 2, "mg/m3", false, ClockId.Wall, at, "chlorine");

    /// <summary>One number that FsCheck can shrink, thrown again and again.</summary>
    private sealed class Dice(int seed)
    {
        private uint _state = (uint)seed * 2654435761 + 12345;

        internal int Next(int below)
        {
            _state = _state * 1664525 + 1013904223;
            return (int)((_state >> 8) % (uint)below);
        }

        internal T Of<T>(IReadOnlyList<T> all) => all[Next(all.Count)];
    }
}
