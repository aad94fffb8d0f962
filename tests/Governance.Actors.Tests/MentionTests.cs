using Governance.Actors.Inspection;

namespace Governance.Actors.Tests;

/// <summary>What is told about an occurrence is about that one.</summary>
public sealed class MentionTests
{
    [Theory]
    [InlineData("HS-1/A/1.2 level 1: 2.6", true)]
    [InlineData("C12 by HS-1/A/1.2", true)]
    [InlineData("OccurrenceCleared { Occurrence = HS-1/A/1.2, At = x }", true)]
    [InlineData("HS-1/A/1.20 level 1: 2.6", false)]
    [InlineData("HS-1/A/1.2~17 level 1", false)]
    [InlineData("HS-1/HS-1/A/1.2/raised", false)]
    [InlineData("HS-1/A/1.20, then HS-1/A/1.2", true)]
    public void Another_id_that_begins_the_same_is_no_mention(string text, bool mentioned) => Assert.Equal(mentioned, Mention.Of(text, "HS-1/A/1.2"));

    [Fact]
    public void Nothing_is_mentioned_nowhere() => Assert.False(Mention.Of("HS-1/A/1.2", ""));
}
