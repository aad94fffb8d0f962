using System.Collections.Immutable;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Cases;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Accountability;

/// <summary>The table of a year, and closures that came too early.</summary>
public sealed class YearAndClosureTests
{
    private static readonly ScorecardPolicy Policy = District.Scorecard;

    [Fact]
    public void A_year_is_months_slips_and_reinspections_in_their_shares()
    {
        var cards = new[] { Card(1, 90, true), Card(2, 80, true), Card(3, 10, false), Card(4, 100, true, new ModifierFigure(FactKind.ReminderOverdue, 2, -4), new ModifierFigure(FactKind.Helped, 5, 1)) };
        var year = Assert.Single(YearReport.Of(2025, cards, new Dictionary<string, Reinspected> { ["YJ"] = new(9, 10) }, Policy));
        Assert.Equal((90.0, 80.0, 90.0), (year.MonthMean, year.Slips, year.Reinspection));
        Assert.Equal(0.6 * 90 + 0.2 * 80 + 0.2 * 90, year.Points!.Value, 9);
        // Nothing was re-inspected: its share goes to what is known.
        Assert.Equal((60 * 90 + 20 * 80) / 80.0, YearReport.Of(2025, cards, new Dictionary<string, Reinspected>(), Policy)[0].Points!.Value, 9);
        Assert.Empty(YearReport.Of(2024, cards, new Dictionary<string, Reinspected>(), Policy));
    }

    private static ScorecardFigures Card(int month, double points, bool ranked, params ModifierFigure[] modifiers) =>
        new("YJ", new Month(2025, month), 10, [], [.. modifiers], points, ranked ? 1 : null, [], ImmutableSortedDictionary<string, int>.Empty, 0);

    [Fact]
    public void The_table_is_signed_and_a_changed_figure_breaks_the_signature()
    {
        var csv = YearReport.Csv(2025, YearReport.Of(2025, [Card(1, 91.234, true), Card(2, 80, true)], new Dictionary<string, Reinspected>(), Policy), "ab12", new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero));
        var lines = csv.Split('\n');
        Assert.StartsWith("organisation,year,month_01,", lines[0]);
        Assert.StartsWith("YJ,2025,91.23,80.00,,", lines[1]);
        Assert.Equal("# as_of,2026-01-05T08:00:00Z,seal,ab12", lines[2]);
        Assert.True(YearReport.IsSigned(csv));
        Assert.False(YearReport.IsSigned(csv.Replace("91.23", "91.24")));
        Assert.False(YearReport.IsSigned(csv[..^10]));
    }

    [Fact]
    public void A_closure_as_it_should_be_has_no_sign() => Assert.Empty(Found(Closed()));

    [Theory]
    [InlineData(ClosureSign.NoEvidence)]
    [InlineData(ClosureSign.ClosedAtOnce)]
    [InlineData(ClosureSign.HandledAtOnce)]
    [InlineData(ClosureSign.CheckedByHandler)]
    public void Each_sign_is_found_alone(ClosureSign sign)
    {
        var finding = Assert.Single(Found(Closed(sign)));
        Assert.Equal((sign, "YJ", "C1"), (finding.Sign, finding.Organisation, finding.Case));
        Assert.NotEmpty(finding.Reason);
    }

    [Fact]
    public void The_same_device_soon_after_is_a_recurrence()
    {
        var closed = Account(Closed());
        var again = Account(new CaseStory().At("16:00:00").Raise(), "C2");
        var finding = Assert.Single(PrematureClosure.Of([closed], [closed, again], Policy));
        Assert.Equal(ClosureSign.RecurredAfterClose, finding.Sign);
        // Another device, a drill, and a day later are none.
        var later = again with { Received = closed.Ending.ClosedAt!.Value.AddHours(25) };
        Assert.Empty(PrematureClosure.Of([closed], [closed, later, again with { Subject = "HS-2/0101" }, again with { Drill = true }], Policy));
        Assert.Empty(PrematureClosure.Of([closed with { Drill = true }], [closed, again], Policy));
    }

    [Fact]
    public void A_reopened_case_and_one_that_nobody_went_to_are_found()
    {
        var closed = Account(Closed());
        var reopened = closed with { After = [new AfterClose(closed.Ending.ClosedAt!.Value.AddDays(3), closed.Ending.ClosedAt.Value, "YJ", "zhang", "still leaks")] };
        Assert.Equal(ClosureSign.ReopenedAfterClose, Assert.Single(PrematureClosure.Of([reopened], [reopened], Policy)).Sign);
        var absent = closed with { Ending = closed.Ending with { OnSceneAt = null } };
        Assert.Equal(ClosureSign.NobodyOnScene, Assert.Single(PrematureClosure.Of([absent], [absent], Policy)).Sign);
        Assert.Empty(PrematureClosure.Of([absent with { Level = Colour.Yellow }], [absent], Policy));
    }

    private static IEnumerable<ClosureFinding> Found(CaseStory story) => PrematureClosure.Of([Account(story)], [Account(story)], Policy);
    private static CaseAccount Account(CaseStory story, string key = "C1") => CaseAccount.Of(key, story.Events);

    /// <summary>A red case from alarm to close, with one thing wrong.</summary>
    private static CaseStory Closed(ClosureSign? wrong = null)
    {
        var evidence = wrong == ClosureSign.NoEvidence ? "" : "photo";
        var story = new CaseStory().At("14:10:00").Raise().At("14:11:00").Accept().At("14:12:00").Leave().At("14:20:00").Arrive().Clear();
        if (wrong != ClosureSign.HandledAtOnce) story.At("14:40:00");
        story.Command(new DeclareControlled(evidence)).Want(null).Command(new CompleteTask("RESOLVED", evidence, ["P"])).Want(null).At("14:45:00").Feedback();
        if (wrong != ClosureSign.ClosedAtOnce) story.At("14:55:00");
        return wrong == ClosureSign.CheckedByHandler ? Checked("wang") : Checked("zhao");

        CaseStory Checked(string person) => story.CommandBy(person, new Verify(true, "on site"), "DC", Roles.Leader).Want(null).CommandBy(person, new CancelOff("RESOLVED", ""), "DC", Roles.Leader).Want(null);
    }
}
