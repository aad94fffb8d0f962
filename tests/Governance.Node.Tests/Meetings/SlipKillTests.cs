using System.Diagnostics;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;
using Xunit.Abstractions;

namespace Governance.Node.Tests.Meetings;

/// <summary>
/// Both slips and a crisis meeting walk their whole lives at a real node that is killed at every step: right after its answer, and while its
/// answer is outstanding. Nothing is missing, doubled or renumbered, and no deadline is late by more than a second after the node is ready.
/// </summary>
public sealed class SlipKillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan LateAtMost = TimeSpan.FromSeconds(1);
    private static readonly string[] Clockwork = ["ClockStarted", "ClockMet", "ClockMoved", "DeadlineMissed", "NumberGiven", "CommandAnswered", "OwnerTaken"];
    private readonly List<(DateTimeOffset Ready, DateTimeOffset Killed)> _lives = [];
    private readonly Dictionary<string, string> _numbers = [];
    private readonly List<string> _timed = [];

    [Fact]
    public async Task Slips_live_through_a_kill_at_every_step()
    {
        var watch = Stopwatch.StartNew();
        await using var node = new NodeProcess();
        var config = Config();
        var desk = await StartAsync(node, config);
        var (orange, red) = (await desk.CaseAsync("HS-KILL-1", red: false), await desk.CaseAsync("HS-KILL-2", red: true));
        string Lead(CaseView c) => c.Tasks.Single(t => t.Lead).Organisation;
        var replaced = new List<string>();
        for (var i = 1; i <= 4; i++) replaced.Add(await RemindAsync(desk, red.CaseId, $"replaced-{i}"));
        var crisis = await CallAsync(desk, red.CaseId);
        await SlipDesk.EventuallyAsync(async () => (await Task.WhenAll(replaced.Select(desk.SlipAsync))).All(s => s.State == "OVERDUE"), "the reminders are overdue");

        // Of each pair the first is killed after its answer, the second while its answer is outstanding.
        (SlipLane After, SlipLane During)[] pairs =
        [
            (SlipLane.Reminder("reminder-a", orange.CaseId, Lead(orange)), SlipLane.Reminder("reminder-b", orange.CaseId, Lead(orange))),
            (SlipLane.Supervision("supervision-a", replaced[0], Lead(red)), SlipLane.Supervision("supervision-b", replaced[1], Lead(red))),
            (SlipLane.Replacing("replacing-a", replaced[2]), SlipLane.Replacing("replacing-b", replaced[3])),
            (SlipLane.Withdrawn("withdrawn-a", orange.CaseId), SlipLane.Withdrawn("withdrawn-b", orange.CaseId)),
        ];
        var cut = 0;
        for (var life = 0; pairs.Any(p => !p.After.IsOver || !p.During.IsOver); life++)
        {
            _timed.Add(await RemindAsync(desk, red.CaseId, $"timed-{life}"));
            foreach (var (after, _) in pairs.Where(p => !p.After.IsOver)) after.Answered(await after.SendAsync(desk));
            // Sent, and not waited for: the node dies at another moment of its work each time.
            var (meeting, outstanding) = (MeetingAsync(desk, crisis, life), pairs.Where(p => !p.During.IsOver).Select(p => p.During.SendAsync(desk)).ToList());
            await Task.WhenAny(Task.WhenAll(outstanding), Task.Delay(life % 5 * 4));
            _lives[^1] = _lives[^1] with { Killed = DateTimeOffset.UtcNow };
            cut += outstanding.Count(o => !o.IsCompleted);
            await node.KillAsync();
            await Task.WhenAll(outstanding.Append(meeting).Select(Ended));
            desk.Dispose();
            desk = await StartAsync(node, config);
            foreach (var (_, during) in pairs.Where(p => !p.During.IsOver)) during.Answered(await during.SendAsync(desk));
            foreach (var lane in pairs.SelectMany(p => new[] { p.After, p.During }).Where(l => l.HasBegun)) await CheckAsync(desk, lane);
        }
        await FinishAsync(desk, crisis);
        var lanes = pairs.SelectMany(p => new[] { p.After, p.During }).ToList();
        foreach (var lane in lanes) await HistoryAsync(desk, lane);
        foreach (var slip in replaced) Assert.Equal("SUPERSEDED", (await desk.SlipAsync(slip)).State);
        await DeadlinesAsync(desk, [.. lanes.Select(l => l.SlipId)]);
        await RegisterAsync(desk, [.. replaced, .. _timed, .. lanes.Select(l => l.SlipId)]);
        await WeeklyAsync(desk);
        desk.Dispose();
        Assert.True(cut > 0, "the node never died over an outstanding answer");
        output.WriteLine($"{_lives.Count} lives in {watch.Elapsed.TotalSeconds:0} s, {cut} answers outstanding at their ends, {_numbers.Count} numbers");
    }

    private async Task<SlipDesk> StartAsync(NodeProcess node, string config)
    {
        await node.StartAsync(new Dictionary<string, string> { ["GOVERNANCE_CONFIG"] = config });
        _lives.Add((DateTimeOffset.UtcNow, DateTimeOffset.MaxValue));
        return new SlipDesk(node);
    }

    /// <summary>A reminder of a red case: three seconds to sign, six to finish. Nobody does either.</summary>
    private static async Task<string> RemindAsync(SlipDesk desk, string caseId, string id) =>
        (await desk.Slips.IssueSlipAsync(new IssueSlipRequest { CommandId = id, Kind = SlipKind.Reminder, CaseIds = { caseId }, Reason = id }, desk.Leader())).SlipId;

    private static async Task<string> CallAsync(SlipDesk desk, string caseId)
    {
        await desk.Cases.EscalateCrisisAsync(new TaskCommand { CommandId = Guid.NewGuid().ToString(), CaseId = caseId, Note = "a cloud over the school" }, desk.As("chair", "ZF", Roles.CrisisChair));
        AgendaView? called = null;
        // It sits within twelve seconds; today, or just after midnight.
        var days = new[] { 0, 12 }.Select(s => DateTime.UtcNow.AddHours(8).AddSeconds(s).ToString("yyyy-MM-dd")).Distinct().ToList();
        await SlipDesk.EventuallyAsync(async () =>
        {
            foreach (var day in days)
                try
                {
                    called = await desk.Slips.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Crisis, Date = day }, desk.Viewer);
                    if (called.Sitting == 1) return true;
                }
                catch (RpcException none) when (none.StatusCode == StatusCode.NotFound) { /* not called yet */ }
            return false;
        }, "the crisis meeting is called");
        Assert.True(called!.LiveDanger);
        return called.Date;
    }

    /// <summary>The crisis meeting decides in the third life and closes in the fifth, both under the knife.</summary>
    private static async Task MeetingAsync(SlipDesk desk, string day, int life)
    {
        if (life == 3) await DecideAsync(desk, day);
        if (life == 5) await CloseAsync(desk, day);
    }

    private static async Task DecideAsync(SlipDesk desk, string day)
    {
        foreach (var item in (await desk.Slips.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Crisis, Date = day }, desk.Viewer)).Items)
            await desk.Slips.RecordDecisionAsync(new RecordDecisionRequest
            {
                CommandId = $"decide/{item.Key}", Kind = MeetingKind.Crisis, Date = day, Item = item.Key, Decision = MeetingDecision.CaseOwner, Lead = "deputy head", Note = "evacuate, report hourly",
            }, desk.As("head", "ZF", Roles.CrisisChair));
    }

    private static Task CloseAsync(SlipDesk desk, string day) =>
        desk.Slips.CloseMeetingAsync(new CloseMeetingRequest { CommandId = "close", Kind = MeetingKind.Crisis, Date = day, Note = "that is all" }, desk.As("head", "ZF", Roles.CrisisChair)).ResponseAsync;

    private static async Task FinishAsync(SlipDesk desk, string day)
    {
        await DecideAsync(desk, day);
        await CloseAsync(desk, day);
        var agenda = await desk.Slips.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Crisis, Date = day }, desk.Viewer);
        Assert.Equal(("CLOSED", false, 1, "head"), (agenda.State, agenda.Provisional, agenda.Sitting, agenda.ClosedBy));
        Assert.Equal(agenda.Items.Select(i => i.Key).Order(), agenda.Decisions.Select(d => d.Item).Order());
        Assert.Equal((64, 64), (agenda.Hash.Length, agenda.Minutes.Length));
    }

    private async Task CheckAsync(SlipDesk desk, SlipLane lane)
    {
        var slip = await desk.SlipAsync(lane.SlipId);
        Assert.True(lane.State == slip.State, $"{lane.Name} is {slip.State}, and was answered {lane.State}");
        if (slip.Number.Length == 0) return;
        if (!_numbers.TryAdd(slip.SlipId, slip.Number)) Assert.Equal(_numbers[slip.SlipId], slip.Number);
    }

    /// <summary>Every step once, in order.</summary>
    private static async Task HistoryAsync(SlipDesk desk, SlipLane lane)
    {
        string[] atOnce = lane.Events.First() == "SlipDrafted" ? [] : lane.Name.StartsWith("replacing", StringComparison.Ordinal) ? ["SlipDrafted", "SlipApproved"] : ["SlipDrafted"];
        Assert.Equal(atOnce.Concat(lane.Events), (await desk.SlipAsync(lane.SlipId)).History.Select(h => h.Event).Where(e => !Clockwork.Contains(e)));
    }

    /// <summary>What ran out while the node lived was told within a second; what ran out while it was dead, within a second after it was ready.</summary>
    private async Task DeadlinesAsync(SlipDesk desk, IReadOnlyList<string> others)
    {
        await SlipDesk.EventuallyAsync(async () => (await Task.WhenAll(_timed.Select(desk.SlipAsync))).All(s => s.State == "OVERDUE"), "every reminder of the red case is overdue");
        var (missed, worst) = (0, TimeSpan.Zero);
        foreach (var id in _timed.Concat(others))
        {
            var slip = await desk.SlipAsync(id);
            foreach (var clock in slip.Clocks.Where(c => c.State == "BREACHED"))
            {
                var (due, fired) = (clock.Due.ToDateTimeOffset(), clock.Due.ToDateTimeOffset() + TimeSpan.FromMilliseconds(clock.LateByMs));
                Assert.Equal(due, clock.EndedAt.ToDateTimeOffset());
                // A life that ended within that second had no time to tell it.
                var from = _lives.Any(l => l.Ready <= due && due + LateAtMost <= l.Killed) ? due : _lives.Select(l => l.Ready).Where(r => r > due).DefaultIfEmpty(due).Min();
                Assert.True(fired <= from + LateAtMost, $"{clock.Clock} of {id} was due {due:O} and told {fired:O}, {(fired - from).TotalMilliseconds:0} ms late");
                (missed, worst) = (missed + 1, fired - from > worst ? fired - from : worst);
            }
        }
        foreach (var id in _timed) Assert.Equal(["LIMIT", "SIGN"], (await desk.SlipAsync(id)).Clocks.Where(c => c.State == "BREACHED").Select(c => c.Clock).Order());
        Assert.True(missed >= 2 * _timed.Count, $"only {missed} deadlines were missed");
        output.WriteLine($"{missed} deadlines, the latest {worst.TotalMilliseconds:0} ms after it was due or the node was ready");
    }

    /// <summary>Every slip that was issued has one number, without holes, the same as ever.</summary>
    private async Task RegisterAsync(SlipDesk desk, IReadOnlyList<string> issued)
    {
        await SlipDesk.EventuallyAsync(async () => (await Task.WhenAll(issued.Select(desk.SlipAsync))).All(s => s.Number.Length > 0), "every issued slip has a number");
        var slips = await Task.WhenAll(issued.Select(desk.SlipAsync));
        foreach (var (id, number) in _numbers) Assert.Equal(number, slips.Single(s => s.SlipId == id).Number);
        foreach (var slip in slips) _numbers[slip.SlipId] = slip.Number;
        ListSlipsReply? listed = null;
        await SlipDesk.EventuallyAsync(async () => (listed = await desk.Slips.ListSlipsAsync(new ListSlipsRequest(), desk.Viewer)).Slips.Count(s => s.Number.Length > 0) >= issued.Count, "the list has every slip");
        Assert.Equal(issued.Order(), listed!.Slips.Select(s => s.SlipId).Order());
        foreach (var register in slips.GroupBy(s => s.Number[..8]))
            Assert.Equal(Enumerable.Range(1, register.Count()).Select(n => $"{register.Key}{n:0000}"), register.Select(s => s.Number).Order());
        var export = await desk.Slips.ExportSlipsAsync(new ExportSlipsRequest(), desk.Viewer);
        Assert.Equal(slips.Select(s => s.Number).Order(), export.Csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]));
    }

    /// <summary>Every overdue reminder is an item of the next weekly meeting that cannot be taken off.</summary>
    private async Task WeeklyAsync(SlipDesk desk)
    {
        AgendaView? agenda = null;
        await SlipDesk.EventuallyAsync(async () => (agenda = await desk.Slips.GetAgendaAsync(new GetAgendaRequest { Kind = MeetingKind.Weekly }, desk.Viewer)).Items.Count(i => i.Stays) >= _timed.Count, "overdue reminders come before the weekly meeting");
        Assert.True(agenda!.Provisional);
        Assert.Empty(_timed.Select(id => $"slip/{id}").Except(agenda.Items.Where(i => i is { Stays: true, Section: "OVERDUE_REMINDERS" }).Select(i => i.Key)));
    }

    private static async Task Ended(Task call)
    {
        try { await call; }
        catch (RpcException) { /* the node died under it, or was before it: the next life decides */ }
    }

    /// <summary>The district's files with times that a test can wait for.</summary>
    private static string Config()
    {
        var folder = Directory.CreateTempSubdirectory("policy-").FullName;
        var district = Directory.CreateDirectory(Path.Combine(folder, "district")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "cluster-config", "district"))) File.Copy(file, Path.Combine(district, Path.GetFileName(file)));
        Change("slip-limits.psv", ("reminder|red|SIGN|30", "reminder|red|SIGN|0.05"), ("reminder|red|LIMIT|24h", "reminder|red|LIMIT|0.1"), ("supervision|*|PLAN|1WD", "supervision|*|PLAN|0.05"));
        Change("meetings.psv", ("CRISIS_WITHIN|2h", "CRISIS_WITHIN|0.2"), ("CRISIS_CUT_OFF_BEFORE|15min", "CRISIS_CUT_OFF_BEFORE|0.15"));
        return folder;

        void Change(string name, params (string From, string To)[] lines)
        {
            var file = Path.Combine(district, name);
            var text = File.ReadAllText(file);
            foreach (var (from, to) in lines)
            {
                Assert.Contains(from, text);
                text = text.Replace(from, to);
            }
            File.WriteAllText(file, text);
        }
    }
}
