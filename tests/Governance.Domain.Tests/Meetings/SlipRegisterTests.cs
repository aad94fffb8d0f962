using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Domain.Tests.Meetings;

/// <summary>Numbers of slips: once per slip, in order, without holes.</summary>
public sealed class SlipRegisterTests
{
    [Fact]
    public void Whoever_asks_again_gets_the_number_that_it_has()
    {
        var rules = new SlipRegisterRules();
        var state = rules.Initial("TX-2026");
        List<string> given = [];
        foreach (var slip in new[] { "S1", "S2", "S1", "S3", "S2", "S1" })
        {
            var decision = rules.Decide(state, new Stimulus.Delivered(new SlipNumberRequested(new SlipKey(slip)), new EntityAddress(EntityKinds.Slip, slip)), default);
            Assert.Equal(SlipRegisterRules.NumberAssigned, decision.Outcome.Name);
            given.Add(decision.Outcome.Value);
            state = decision.Events.Aggregate(state, rules.Evolve);
        }
        Assert.Equal(["TX-2026-0001", "TX-2026-0002", "TX-2026-0001", "TX-2026-0003", "TX-2026-0002", "TX-2026-0001"], given);
        Assert.Throws<InvalidOperationException>(() => rules.Evolve(state, new SlipSerialGiven(default, new SlipKey("S9"), 5, "TX-2026-0005")));
        Assert.Throws<InvalidOperationException>(() => rules.Evolve(state, new SlipSerialGiven(default, new SlipKey("S9"), 3, "TX-2026-0003")));
    }

    [Theory]
    [InlineData("TX-2026-0001", "TX-2026")]
    [InlineData("DB-2025-12345", "DB-2025")]
    [InlineData("TX-2026-DR-0007", "TX-2026-DR")]
    [InlineData("TX-2026-DR", null)]
    [InlineData("XX-2026-0001", null)]
    [InlineData("TX-26-0001", null)]
    [InlineData("TX-2026-0001 ", null)]
    [InlineData("", null)]
    public void A_number_names_its_register(string number, string? register) => Assert.Equal(register, SlipNumber.RegisterOf(number));

    /// <summary>The last minutes of a year, local time, are this year's register; drills have one of their own.</summary>
    [Fact]
    public void A_register_is_of_the_local_year()
    {
        var evening = new DateTimeOffset(2025, 12, 31, 15, 59, 59, TimeSpan.Zero);
        Assert.Equal(("TX-2025", "TX-2026", "DB-2025-DR"), (SlipNumber.RegisterOf(SlipKind.Reminder, false, evening), SlipNumber.RegisterOf(SlipKind.Reminder, false, evening.AddSeconds(1)), SlipNumber.RegisterOf(SlipKind.Supervision, true, evening)));
    }
}
