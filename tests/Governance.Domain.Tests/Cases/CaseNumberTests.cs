using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;

namespace Governance.Domain.Tests.Cases;

/// <summary>Readable numbers of cases, and the register of a day that gives each case one.</summary>
public sealed class CaseNumberTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    [Fact]
    public void The_check_character_is_that_of_ISO_7064_MOD_37_36() => Assert.Equal('M', CaseNumber.Check("A12425GABC1234002"));

    [Fact]
    public void A_number_names_its_register()
    {
        var number = CaseNumber.Of("410803-20250803", "EM", 17);
        Assert.Matches(@"\A410803-20250803-EM-00017-[0-9A-Z]\z", number);
        Assert.Equal("410803-20250803", CaseNumber.RegisterOf(number));
        Assert.Equal(number[^1], CaseNumber.Check("41080320250803EM00017"));
    }

    [Property(MaxTest = 300)]
    public Property One_wrong_character_is_always_noticed() => Prop.ForAll(
        (from serial in Gen.Choose(1, 99999) from place in Gen.Choose(0, 25) from other in Gen.Choose(0, 35) select (serial, place, other)).ToArbitrary(), typo =>
        {
            var number = CaseNumber.Of("410803-20250803", "EM", typo.serial);
            if (number[typo.place] == '-' || number[typo.place] == Alphabet[typo.other]) return;
            Assert.Null(CaseNumber.RegisterOf(number[..typo.place] + Alphabet[typo.other] + number[(typo.place + 1)..]));
        });

    [Theory]
    [InlineData("")]
    [InlineData("410803-20250803-EM-00017")]
    [InlineData("410803-20250803-EM-00017-")]
    [InlineData("410803-20250803-EM-00017-CC")]
    [InlineData("410803-20250803-em-00017-C")]
    [InlineData("a-b-c-d-e-f")]
    public void What_is_no_number_names_no_register(string text) => Assert.Null(CaseNumber.RegisterOf(text));

    [Fact]
    public void The_register_gives_each_case_one_number_and_a_repeat_the_same()
    {
        var rules = new CaseRegisterRules();
        var state = rules.Initial("410803-20250803");
        var first = Ask("C1", "EM");
        Assert.Equal(("NUMBER_ASSIGNED", CaseNumber.Of("410803-20250803", "EM", 1)), (first.Name, first.Value));
        Assert.Equal(CaseNumber.Of("410803-20250803", "DR", 2), Ask("C2", "DR").Value);
        var before = state;
        Assert.Equal(first, Ask("C1", "EM"));
        Assert.Same(before, state);
        Assert.Equal(("C1", 2), (state.CaseOf[first.Value], state.LastSerial));

        Governance.Domain.Kernel.Outcome Ask(string key, string channel)
        {
            var decision = rules.Decide(state, new Stimulus.Delivered(new NumberRequested(new CaseKey(key), channel), new EntityAddress(EntityKinds.Case, key)), SourceStory.Day);
            foreach (var happened in decision.Events) state = rules.Evolve(state, happened);
            return decision.Outcome;
        }
    }
}
