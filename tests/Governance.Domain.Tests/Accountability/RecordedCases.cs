using System.Globalization;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Accountability;

/// <summary>The events of one case as they would lie in the journal.</summary>
public sealed record RecordedCase(string Key, IReadOnlyList<CaseEvent> Events, CaseState State);

/// <summary>
/// Cases of past months, lived through by the real rules in virtual time: people sign, come late, give back, do things again, are
/// dissatisfied, close too early. The same seed gives the same history.
/// </summary>
public static class RecordedCases
{
    private static readonly DateTimeOffset Begin = new(2025, 6, 1, 0, 0, 0, TimeSpan.FromHours(8));
    private static readonly string[] Categories = ["0204", "0304", "0501", "0502", "0503", "0506", "0602", "0603", "0604", "0703"];

    /// <param name="count">Spread over three months.</param>
    public static IReadOnlyList<RecordedCase> Of(int count, int seed, CasePolicy policy) => [.. Enumerable.Range(0, count).Select(i => One(i, count, seed, policy))];

    private static RecordedCase One(int index, int count, int seed, CasePolicy policy)
    {
        var random = new Random(unchecked(seed * 1_000_003 + index));
        var life = new RecordedLife(policy, CaseKey.Of($"recorded/{seed}/{index}").Value, Begin + TimeSpan.FromDays(92) * index / count, random);
        if (random.Next(3) == 0) Alarm(life, random, index);
        else Report(life, random, index);
        return new RecordedCase(life.Key, life.Events, life.State);
    }

    private static void Alarm(RecordedLife life, Random random, int index)
    {
        var kind = (HazardKind)(1 + random.Next(6));
        var colour = random.Next(20) switch { 0 => Colour.Red, < 4 => Colour.Orange, _ => Colour.Yellow };
        var slow = (kind is HazardKind.ToxicGas ? 0.3 : kind is HazardKind.Pressure ? 2.2 : 1.0) * (colour >= Colour.Orange ? 0.04 : 1);
        life.Raise(new OccurrenceId($"HS-{kind}/D/{index}.1"), kind, colour, random.Next(100) == 0).Notify().Number(index);
        life.Soon(colour >= Colour.Orange ? 3 : 12).Do(new AcceptTask(""));
        if (random.Next(3) == 0) life.Soon(5).DoAs("XFD", new AcceptTask(""));
        life.Soon(20 * slow).Do(new Depart("")).Soon(20 * slow).Do(new ArriveOnScene("QR", 0, 0, 0, ""));
        if (random.Next(12) == 0) life.Soon(3).Raise(new OccurrenceId($"HS-{kind}/E/{index}.1"), kind, colour == Colour.Red ? Colour.Red : colour + 1, false);
        if (random.Next(30) == 0) life.Do(new RaiseLevel(Colour.Red, "it spreads"), "DISPATCH", Roles.Leader);
        life.Soon(30).ClearAll();
        Delays(life, random);
        life.Soon(600 * slow).Do(new ReportProgress("working on it", random.Next(2) == 0 ? "gasket" : ""));
        life.Soon(2400 * slow).Do(new DeclareControlled("gasket replaced")).Do(new CompleteTask("RESOLVED", random.Next(9) == 0 ? "" : "photo", ["P", "D", "V", "S", "C"]));
        Conclude(life, random, 60 * slow);
    }

    /// <summary>Categories differ in how long they take: that is what a forecast can learn.</summary>
    private static void Report(RecordedLife life, Random random, int index)
    {
        var which = random.Next(Categories.Length);
        var (channel, slow, reachable) = (new[] { "AP", "HL", "GW", "PT" }[random.Next(4)], 0.15 + which * 0.25, random.Next(4) > 0);
        var sure = random.Next(3) > 0 ? 0.95 : Math.Round(random.NextDouble() * 0.8, 3);
        life.Commanded(new RegisterCase(channel, $"s-{index}", random.Next(12) == 0 ? "" : Categories[which], sure, Colour.Grey, "410803006", new Place("410803006001", "", $"street {index % 97}", double.NaN, double.NaN, ""), [],
            "please come", "resident-1", reachable, [], random.Next(150) == 0, ""), Caller.System).Number(index);
        if (life.State.Phase == CasePhase.PendingJudgment) life.Soon(60).Do(new Judge(random.Next(6) == 0 ? Colour.Yellow : Colour.Grey, Categories[which], [], random.Next(8) == 0 ? "AGENDA" : "ASSIGN", "judged"), "DISPATCH", Roles.Operator);
        if (life.State.Phase == CasePhase.PendingAssignment) life.Soon(120).Do(new Assign("CG", [], [], "", "meeting"), "DISPATCH", Roles.Leader);
        life.Notify();
        if (random.Next(10) == 0)
        {
            life.Soon(60).Do(new RejectTask("NOT_OURS", "ZJ", "the road is not ours"));
            if (life.State.Phase == CasePhase.PendingAssignment)
                life.Soon(60).Do(random.Next(2) == 0 ? new ForceAssign(life.State.Tasks[0].Organisation, "it is") : new Assign("ZJ", [], [], "", "suggested"), "DISPATCH", Roles.Leader);
        }
        if (random.Next(15) == 0) life.Do(new AttachReport("AP", $"t-{index}", "here too", "resident-2", true, [], 0.9), "DISPATCH", Roles.Operator);
        life.Soon(90).Do(new AcceptTask(""));
        if (random.Next(4) > 0) life.Soon(120).Do(new ContactReporter("CALL", true, "will come"));
        if (random.Next(12) == 0) life.Do(new AskReporter("which lamp?"), "DISPATCH", Roles.Operator).Soon(1500).Do(new AnswerQuestion("the third"), "DISPATCH", Roles.Operator);
        if (random.Next(20) == 0) life.Do(new Assign("", ["ZJ"], [], "", "its pipe"), "DISPATCH", Roles.Operator).Soon(20).DoAs("ZJ", new AcceptTask("")).Soon(400).DoAs("ZJ", new CompleteTask("RESOLVED", "pipe", ["P"]));
        Delays(life, random);
        life.Soon(900 * slow).Do(new ArriveOnScene("QR", 0, 0, 0, "")).Soon(900 * slow).Do(new DeclareControlled("fixed")).Do(new CompleteTask("RESOLVED", random.Next(9) == 0 ? "" : "photo", ["P", "D", "V", "S", "C"]));
        if (!life.State.Contacted) life.Do(new ContactReporter("CALL", random.Next(3) > 0, "")).Do(new ContactReporter("CALL", false, "")).Do(new ContactReporter("CALL", false, ""));
        Conclude(life, random, 30 * slow);
    }

    private static void Delays(RecordedLife life, Random random)
    {
        if (random.Next(10) == 0)
            life.Do(new Suspend("MATERIALS", life.Now.AddDays(1 + random.Next(3)), "spare part"), "DISPATCH", Roles.Leader).After(TimeSpan.FromHours(30)).Do(new Resume("arrived"), "DISPATCH", Roles.Leader);
        if (random.Next(8) == 0)
            life.Do(new RequestExtension(random.Next(2) == 0 ? "1WD" : "300", "parts", "weld it")).After(TimeSpan.FromMinutes(30)).Do(new DecideExtension(random.Next(3) > 0, "as asked"), "DISPATCH", Roles.Leader);
        if (random.Next(20) == 0) life.Do(new Urge("it is urgent"), "DISPATCH", Roles.Operator);
    }

    private static void Conclude(RecordedLife life, Random random, double minutes)
    {
        life.Soon(minutes).Do(new SubmitFeedback("done", "it is done"));
        if (random.Next(9) == 0)
            life.Soon(60).Do(new Verify(false, "not good enough"), "DC", Roles.Leader).Soon(minutes * 5).Do(new DeclareControlled("again")).Do(new CompleteTask("RESOLVED", "photo", ["P", "D", "V", "S", "C"])).Do(new SubmitFeedback("done again", "done again"));
        life.Soon(90).Do(new Verify(true, "on site"), "DC", Roles.Leader);
        for (var attempt = 0; life.State.Phase == CasePhase.PendingCallback && attempt < 3; attempt++)
            life.Soon(500).Do(random.Next(3) == 0 ? new RecordCallback(false, false, false, "") : new RecordCallback(true, random.Next(10) > 0, random.Next(6) > 0, string.Create(CultureInfo.InvariantCulture, $"attempt {attempt}")), "DISPATCH", Roles.Operator);
        life.Soon(30).Do(new CancelOff("RESOLVED", ""), "DISPATCH", Roles.Leader);
        if (random.Next(25) == 0) life.After(TimeSpan.FromHours(50)).Do(new Reopen("it came back"), "DISPATCH", Roles.Operator);
        else life.After(TimeSpan.FromDays(3));
    }
}
