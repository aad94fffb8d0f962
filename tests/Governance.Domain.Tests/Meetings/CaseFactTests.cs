using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Tests.Cases;
using Governance.Domain.Tests.HazardSources;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Meetings;

/// <summary>What meetings read from the state of a case.</summary>
public sealed class CaseFactTests
{
    private static CaseFact Of(CaseStory story) => CaseFacts.Of(story.State, story.Now, District.Calendar);

    [Fact]
    public void A_case_that_nobody_has_signed_has_no_agreed_lead_and_its_time_runs()
    {
        var story = new CaseStory().Raise(Colour.Orange);
        var fact = Of(story);
        Assert.Equal((story.State.Key, Colour.Orange, "01", false, true, 0.0), (fact.Case, fact.Level, fact.Group, fact.LeadAgreed, fact.IsLive, fact.Used));
        Assert.True(fact.Departments.Count > 1);
        Assert.Null(fact.RedSince);
        Assert.False(fact.Breached);
        Assert.True(Of(story.Accept()).LeadAgreed);
        var clock = story.State.Running(ClockName.Due)!;
        Assert.Equal(0.5, CaseFacts.Of(story.State, clock.StartedAt + (clock.Due - clock.StartedAt) / 2, District.Calendar).Used, 6);
        Assert.Equal(1.25, CaseFacts.Of(story.State, clock.StartedAt + (clock.Due - clock.StartedAt) * 1.25, District.Calendar).Used, 6);
    }

    [Fact]
    public void A_missed_deadline_counts_until_it_is_met_and_progress_is_the_last_sign_of_life()
    {
        var story = new CaseStory().Raise(Colour.Orange).WaitUntil("14:25:00");
        Assert.True(Of(story).Breached);
        story.Accept();
        var signed = story.Now;
        Assert.Equal(signed, Of(story).ProgressAt);
        // The clock of progress runs out and begins again by itself: that is no sign of life.
        story.WaitUntil("18:40:00");
        Assert.Equal(signed, Of(story).ProgressAt);
        story.Command(new CaseCommand.ReportProgress("valve closed", "")).Want(null);
        Assert.Equal(story.Now, Of(story).ProgressAt);
    }

    [Fact]
    public void Red_counts_from_when_it_became_red_until_it_is_under_control()
    {
        var story = new CaseStory().Raise(Colour.Orange).Accept().At("15:00:00").Command(new CaseCommand.RaiseLevel(Colour.Red, "wind"), "DC", Roles.Leader).Want(null);
        Assert.Equal(SourceStory.Time("15:00:00"), Of(story).RedSince);
        story.Leave().Arrive().Clear().Control();
        Assert.Null(Of(story).RedSince);
        Assert.False(Of(story).IsLive);
    }
}
