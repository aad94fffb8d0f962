using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Tests.Cases;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Accountability;

/// <summary>Every second of a case belongs to exactly one holder, and all of them together are its age.</summary>
public sealed class BallInCourtTests
{
    [Fact]
    public void The_ball_goes_from_the_lead_to_the_verifier_to_the_desk()
    {
        var story = new CaseStory().At("14:10:00").Raise().Notify("YJ", true).At("14:11:00").Accept().At("14:12:00").Leave().At("14:15:00").Arrive().At("14:20:00").Clear()
            .At("14:30:00").Control().Complete().At("14:31:00").Feedback().At("14:41:00").Verify().At("14:46:00").Close();
        var ball = CaseAccount.Of("C1", story.Events).Ball;
        Assert.Equal(["YJ", Holder.VerifierName, Holder.DispatchDeskName], ball.Stretches.Select(s => s.Holder.Name));
        Assert.Equal([21.0, 10, 5], ball.Stretches.Select(s => (s.To!.Value - s.From).TotalMinutes));
        Assert.Equal(TimeSpan.FromMinutes(36), ball.Age(story.Now));
        Assert.Equal(ball.Age(story.Now), ball.Age(story.Now.AddDays(9)));
    }

    [Fact]
    public void While_it_is_suspended_a_leader_has_it_and_nobody_is_charged()
    {
        var story = new CaseStory(CaseStory.InWorkingDays).At("14:00:00").Raise(Colour.Yellow).At("14:10:00").Accept().Clear();
        story.Command(new Suspend("MATERIALS", story.Now.AddHours(2), "spare part"), "DC", Roles.Leader).Want(null).At("15:10:00").Command(new Resume("here"), "DC", Roles.Leader).Want(null);
        var ball = CaseAccount.Of("C1", story.Events).Ball;
        Assert.Equal([("YJ", true), ("wang", false), ("YJ", true)], ball.Stretches.Select(s => (s.Holder.Name, s.Holder.Counted)));
        var now = story.At("15:20:00").Now;
        Assert.Equal((TimeSpan.FromMinutes(80), TimeSpan.FromMinutes(20)), (ball.Age(now), ball.Counted(now)));
    }

    [Fact]
    public void The_sum_over_holders_is_the_age_of_five_hundred_random_lives()
    {
        var lives = RecordedCases.Of(500, 7, District.Policy);
        Assert.True(lives.Count(l => l.State.Phase == CasePhase.Closed) > 300, $"{lives.Count(l => l.State.Phase == CasePhase.Closed)} were closed");
        foreach (var life in lives) AssertEverySecondIsHeldOnce(life.Events, life.Events[^1].At.AddDays(30));
    }

    [Property(MaxTest = 500)]
    public Property The_sum_over_holders_is_the_age_whatever_is_tried() => Prop.ForAll(Arb.From(Gen.ListOf(Gen.Choose(0, 15))), moves =>
    {
        var (story, minute) = (new CaseStory().At("14:10:00").Raise(Colour.Yellow), 10);
        foreach (var move in moves)
        {
            story.At($"{14 + ++minute / 60}:{minute % 60:00}:00");
            _ = move switch
            {
                0 => story.Raise(Colour.Orange, new OccurrenceId($"o-{minute}")),
                1 => story.Clear(),
                2 => story.Wake(),
                3 => story.Command(new Suspend("MATERIALS", story.Now.AddMinutes(3), "x"), "DC", Roles.Leader),
                4 => story.Command(new Resume("x"), "DC", Roles.Leader),
                5 => story.Command(new Verify(minute % 3 > 0, "on site"), "DC", Roles.Leader),
                6 => story.Command(new CancelOff("RESOLVED", ""), "DC", Roles.Leader),
                7 => story.Command(new AcceptTask("")),
                8 => story.Command(new ArriveOnScene("QR", 0, 0, 0, "")),
                9 => story.Command(new DeclareControlled("x")),
                10 => story.Command(new CompleteTask("RESOLVED", "x", ["P", "D", "V", "S"])),
                11 => story.Command(new SubmitFeedback("x", "")),
                12 => story.Clear(story.State.Occurrences[^1].Id),
                13 => story.Deliver(new OccurrenceDataLost(CaseStory.First, true, story.Now)),
                14 => story.Command(new AcceptTask(""), "XFD"),
                _ => story.Clear().Command(new AcceptTask("")).Command(new ArriveOnScene("QR", 0, 0, 0, "")).Command(new DeclareControlled("x")).Command(new CompleteTask("RESOLVED", "x", ["P", "D", "V", "S"])).Command(new SubmitFeedback("x", "")),
            };
            AssertEverySecondIsHeldOnce(story.Events, story.Now.AddHours(1));
        }
    });

    /// <summary>The age is computed another way: from the moments at which the case was open before and after each event.</summary>
    private static void AssertEverySecondIsHeldOnce(IReadOnlyList<CaseEvent> events, DateTimeOffset now)
    {
        var (state, at, age, counted) = (CaseState.New("C1"), DateTimeOffset.MinValue, TimeSpan.Zero, TimeSpan.Zero);
        foreach (var happened in events)
        {
            var moment = happened.At > at ? happened.At : at;
            Pass(moment);
            (state, at) = (CaseEvolution.Evolve(state, happened), moment);
        }
        Pass(now);
        var ball = CaseAccount.Of("C1", events).Ball;
        Assert.Equal(age, ball.Age(now));
        Assert.Equal(counted, ball.Counted(now));
        Assert.Equal(age, ball.SharesAt(now).Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Time));
        Assert.All(ball.Stretches.Zip(ball.Stretches.Skip(1)), pair => Assert.True(pair.First.To <= pair.Second.From && pair.First.Holder != pair.Second.Holder || pair.First.To < pair.Second.From, $"{pair}"));
        Assert.All(ball.Stretches.SkipLast(1), s => Assert.NotNull(s.To));

        void Pass(DateTimeOffset to)
        {
            if (!state.IsOpen || to <= at) return;
            age += to - at;
            if (!state.IsWaiting) counted += to - at;
        }
    }
}
