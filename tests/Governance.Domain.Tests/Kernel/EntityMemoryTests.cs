using Governance.Domain.Kernel;
using Governance.Domain.Tests.HazardSources;
using static Governance.Domain.Kernel.MemoryEvent;

namespace Governance.Domain.Tests.Kernel;

/// <summary>What every entity remembers: what it owes, what it has taken, what it answered.</summary>
public sealed class EntityMemoryTests
{
    private static readonly EntityAddress Case = new(EntityKinds.Case, "C1"), Feed = new(EntityKinds.AlertFeed, "410803006");

    private sealed record Note(string Text) : IEntityMessage;

    private sealed record Happening(DateTimeOffset At) : IDomainEvent;

    private static DateTimeOffset At(string time) => SourceStory.Time(time);

    private static EntityMemory Of(params MemoryEvent[] events) => events.Aggregate(EntityMemory.Empty, (memory, e) => memory.Evolve(e));

    private static MessageQueued Queued(EntityAddress to, long number) => new(At("14:10:00"), to, number, new Note($"{number}"));

    [Fact]
    public void Messages_are_numbered_from_one_per_receiver_and_leave_in_order()
    {
        Assert.Equal(1, EntityMemory.Empty.NumberFor(Case));
        var memory = Of(Queued(Case, 1), Queued(Feed, 1), Queued(Case, 2));
        Assert.Equal((3, 2), (memory.NumberFor(Case), memory.NumberFor(Feed)));
        Assert.Equal([1L, 2L], memory.Outbox.Where(o => o.To == Case).Select(o => o.Number));
    }

    [Fact]
    public void A_confirmation_covers_everything_up_to_it_for_that_receiver_only()
    {
        var memory = Of(Queued(Case, 1), Queued(Feed, 1), Queued(Case, 2), Queued(Case, 3), new MessageConfirmed(At("14:10:01"), Case, 2));
        Assert.Equal([(Feed, 1L), (Case, 3L)], memory.Outbox.Select(o => (o.To, o.Number)));
        Assert.Equal(4, memory.NumberFor(Case));
        Assert.Equal(memory.Outbox, memory.Evolve(new MessageConfirmed(At("14:10:02"), Case, 1)).Outbox);
    }

    [Fact]
    public void A_message_is_taken_once_and_in_order()
    {
        var memory = Of(new MessageTaken(At("14:10:00"), Case, 1, Outcome.Accepted));
        Assert.Throws<InvalidOperationException>(() => memory.Evolve(new MessageTaken(At("14:10:01"), Case, 1, Outcome.Accepted)));
        Assert.Throws<InvalidOperationException>(() => memory.Evolve(new MessageTaken(At("14:10:01"), Case, 3, Outcome.Accepted)));
        Assert.Throws<InvalidOperationException>(() => memory.Evolve(new MessageTaken(At("14:10:01"), Feed, 2, Outcome.Accepted)));
        Assert.Equal(2, memory.Evolve(new MessageTaken(At("14:10:01"), Case, 2, Outcome.Accepted)).Inbox[Case.ToString()].Through);
    }

    [Fact]
    public void The_outcomes_of_a_whole_window_are_kept_for_repeats_and_no_more()
    {
        var memory = EntityMemory.Empty;
        for (var n = 1; n <= EntityMemory.DeliveryWindowMessages + 5; n++) memory = memory.Evolve(new MessageTaken(At("14:10:00"), Case, n, new Outcome($"O{n}")));
        var kept = memory.Inbox[Case.ToString()].LastOutcomes;
        Assert.Equal((EntityMemory.DeliveryWindowMessages, "O6", "O37"), (kept.Count, kept[0].Name, kept[^1].Name));
    }

    [Fact]
    public void An_answer_is_kept_seven_days_refusal_included()
    {
        var refusal = new Refusal("NOT_YOUR_TASK", "", RefusalKind.Denied).With("organisation", "XF");
        var memory = Of(Answered("first", At("14:10:00"), refusal), Answered("second", At("14:10:00") + EntityMemory.AnswersKept, null));
        Assert.Same(refusal, memory.AnswerTo("first")!.Refusal);
        memory = memory.Evolve(Answered("third", At("14:10:01") + EntityMemory.AnswersKept, null));
        Assert.Null(memory.AnswerTo("first"));
        Assert.NotNull(memory.AnswerTo("second"));
        Assert.Null(memory.AnswerTo("never"));

        static CommandAnswered Answered(string id, DateTimeOffset at, Refusal? refusal) => new(at, id, "Depart", "wang", 3, refusal);
    }

    [Fact]
    public void Now_never_runs_backwards_and_only_domain_events_count_as_versions()
    {
        // What the entity remembers beside its state may carry the time of another clock: it does not move its own.
        var memory = Of(Queued(Case, 1)).Counted(new Happening(At("14:09:00")));
        Assert.Equal((1, At("14:09:00")), (memory.Version, memory.LastAt));
        memory = memory.Counted(new Happening(At("14:11:00"))).Evolve(new MessageConfirmed(At("14:10:30"), Case, 1));
        Assert.Equal((2, At("14:11:00")), (memory.Version, memory.LastAt));
    }

    [Fact]
    public void The_last_owner_counts()
    {
        var (first, second) = (new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8]));
        Assert.Equal(second, Of(new OwnerTaken(At("14:10:00"), first, 1), new OwnerTaken(At("14:10:01"), second, 2)).Owner);
    }
}
