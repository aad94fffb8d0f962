using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Tests.Cases;

/// <summary>Which steps should have happened, by the journal alone.</summary>
public sealed class EscalationAuditTests
{
    private static readonly CaseKey Key = new("C1");

    private static CaseStory Story() => new CaseStory().At("14:10:00").Raise(Colour.Orange).WaitUntil("17:30:00");

    [Fact]
    public void A_case_that_did_everything_in_time_is_in_order() => Assert.Empty(EscalationAudit.Of(Key, Story().Events, SourceStory.Time("17:30:00")));

    [Fact]
    public void What_was_due_and_did_not_happen_is_found_and_only_when_its_time_is_over()
    {
        var story = new CaseStory().At("14:10:00").Raise(Colour.Orange);
        Assert.Empty(EscalationAudit.Of(Key, story.Events, SourceStory.Time("14:20:00")));
        var missing = Assert.Single(EscalationAudit.Of(Key, story.Events, SourceStory.Time("14:20:01")));
        Assert.Equal(("SIGN", SourceStory.Time("14:20:00")), (missing.Step, missing.Due));
        Assert.Equal(["SIGN", "STALE", "FEEDBACK"], EscalationAudit.Of(Key, story.Events, SourceStory.Time("16:11:00")).Select(d => d.Step));
    }

    /// <summary>Each escalation that is taken out of a journal is missed, whichever it is.</summary>
    [Fact]
    public void A_breach_that_nobody_was_told_of_is_found()
    {
        var events = new CaseStory().At("14:10:00").Raise(Colour.Orange).WaitUntil("19:00:00").Events;
        var told = events.Where(e => e is Escalated).ToList();
        Assert.True(told.Count >= 3);
        foreach (var escalated in told)
        {
            var missing = Assert.Single(EscalationAudit.Of(Key, events.Where(e => !ReferenceEquals(e, escalated)), SourceStory.Time("19:00:00")));
            Assert.Equal($"ESCALATION_OF_{Names.Of(((Escalated)escalated).Clock)}", missing.Step);
        }
    }

    [Fact]
    public void Somebody_is_urged_at_eighty_percent()
    {
        var story = new CaseStory(CaseStory.InWorkingDays).At("14:10:00").Raise(Colour.Yellow).After(TimeSpan.FromDays(5)).Wake();
        var urged = story.Events.OfType<CaseUrged>().Single();
        Assert.Empty(EscalationAudit.Of(Key, story.Events, story.Now));
        Assert.Equal("URGING_OF_DUE", Assert.Single(EscalationAudit.Of(Key, story.Events.Where(e => !ReferenceEquals(e, urged)), story.Now)).Step);
    }
}
