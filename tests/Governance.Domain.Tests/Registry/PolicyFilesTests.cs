using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;

namespace Governance.Domain.Tests.Registry;

/// <summary>The district's files cover every case, and a file with holes is refused with all of them at once.</summary>
public sealed class PolicyFilesTests
{
    [Fact]
    public void The_files_of_the_repository_cover_every_case()
    {
        var (policy, areas, _) = PolicyFiles.Read(District.Texts);
        Assert.Empty(policy.Holes());
        Assert.Equal("410803", policy.District);
        Assert.Equal(10, areas.Count);
        Assert.Equal(("YJ", "Toxic gas leak alarm"), (policy.CategoryFor(HazardKind.ToxicGas).Lead, policy.CategoryFor(HazardKind.ToxicGas).Name));
        Assert.All(Enum.GetValues<HazardKind>(), kind => Assert.NotEmpty(policy.CategoryFor(kind).Lead));
    }

    [Theory]
    [InlineData(Colour.Red, ClockName.Sign, 5)]
    [InlineData(Colour.Red, ClockName.OnScene, 15)]
    [InlineData(Colour.Red, ClockName.Control, 60)]
    [InlineData(Colour.Red, ClockName.Verify, 30)]
    [InlineData(Colour.Red, ClockName.Stale, 10)]
    [InlineData(Colour.Orange, ClockName.Sign, 10)]
    [InlineData(Colour.Orange, ClockName.Control, 240)]
    [InlineData(Colour.Yellow, ClockName.Sign, 30)]
    [InlineData(Colour.Yellow, ClockName.OnScene, 120)]
    public void The_budgets_are_those_of_the_specification(Colour level, ClockName clock, int minutes) =>
        Assert.Equal(Budget.OfCalendar(TimeSpan.FromMinutes(minutes)), District.Policy.Budgets[(level, clock)]);

    [Fact]
    public void Every_hole_is_told_at_once()
    {
        var holes = Holes(new PolicyTexts("410803001|x|subdistrict", "0101|x|y|R||", "red|SIGN|0\nred|LUNCH|5\nmauve|SIGN|5\nred|STALE|soon", "toxic-gas|0101\nghosts|0102", "1|SCOLDED|nobody", "4|always|red\n2|sometimes|red\n2|always|blue\n3|always|orange", "version|1", "EXTENSIONS|many\nLUNCHES|3") { Router = District.Texts.Router, Slips = District.Texts.Slips, Meetings = District.Texts.Meetings, Scorecard = District.Texts.Scorecard });
        string[] wanted =
        [
            "no district", "categories line 1: 9 fields expected, 6 found", "'LUNCH' is no ClockName", "'mauve' is no Colour", "'soon' is no time limit", "'0' is no time limit",
            "Orange Sign has no budget", "'ghosts' is no HazardKind", "Oxygen has no category", "0101 of ToxicGas is not in the category table", "'SCOLDED' is no Supervision", "escalation: no step",
            "monitoring-fault has no category", "one line says 'version|'", "'4|always|red' is no level", "'sometimes' is no ColourCondition", "not Blue", "level 1 has no colour",
            "'many' is no whole number", "'LUNCHES' is no limit", "MARKS_PERCENT is missing", "SUSPENSION_AT_MOST is missing", "calendar: no year",
        ];
        Assert.All(wanted, w => Assert.Contains(holes, h => h.Contains(w)));
    }

    [Fact]
    public void The_table_of_colours_is_that_of_the_specification_and_a_table_that_fades_is_refused()
    {
        Assert.Equal(ColourTable.First, PolicyFiles.Read(District.Texts).Colours);
        var holes = Holes(District.Texts with { Colours = "version|2\n3|always|yellow\n2|always|orange\n1|always|yellow\n2|witnessed|yellow" });
        Assert.All((string[])["level 3 is Yellow, level 2 is Orange", "level 2 Witnessed is Yellow, below"], w => Assert.Contains(holes, h => h.Contains(w)));
    }

    [Fact]
    public void A_category_without_a_lead_is_a_hole() =>
        Assert.Contains(Holes(District.Texts with { Categories = District.Texts.Categories.Replace("|R|YJ|XFD,JD,HB", "|R||XFD,JD,HB") }), h => h.Contains("0101 has no lead"));

    [Fact]
    public void A_line_that_says_something_else_about_the_same_thing_is_a_hole()
    {
        var holes = Holes(new PolicyTexts(District.Texts.Areas, District.Texts.Categories + "\n0101|x|y|R|XF|||0|", District.Texts.Clocks + "\nred|SIGN|7",
            District.Texts.Routing + "\ntoxic-gas|0102", District.Texts.Escalation, District.Texts.Colours + "\n1|always|orange", District.Texts.Calendar, District.Texts.Limits) { Router = District.Texts.Router, Slips = District.Texts.Slips, Meetings = District.Texts.Meetings, Scorecard = District.Texts.Scorecard });
        Assert.All((string[])["categories: 0101", "clocks: Red Sign", "routing: ToxicGas", "colours: level 1 Always"], w => Assert.Contains(holes, h => h.StartsWith(w) && h.Contains("twice")));
    }

    [Fact]
    public void A_number_is_no_name_and_no_number_is_no_time()
    {
        var holes = Holes(District.Texts with { Routing = District.Texts.Routing + "\n99|0101", Clocks = District.Texts.Clocks.Replace("red|SIGN|5", "red|SIGN|NaN").Replace("red|STALE|10", "red|STALE|1e99") });
        Assert.All((string[])["'99' is no HazardKind", "'NaN' is no time limit", "'1e99' is no time limit"], w => Assert.Contains(holes, h => h.Contains(w)));
    }

    [Fact]
    public void An_area_with_a_malformed_code_is_a_hole() =>
        Assert.Contains(Holes(District.Texts with { Areas = District.Texts.Areas + "\n4108|x|subdistrict" }), h => h.Contains("4108"));

    private static IReadOnlyList<string> Holes(PolicyTexts texts) => Assert.Throws<PolicyRefusedException>(() => PolicyFiles.Read(texts)).Holes;
}
