using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Tests.Registry;
using static Governance.Domain.Meetings.SlipCommand;

namespace Governance.Domain.Tests.Meetings;

/// <summary>The life of one slip under the district's own policy files.</summary>
internal sealed class SlipStory
{
    internal static readonly CaseKey First = CaseKey.Of("first"), Second = CaseKey.Of("second");
    private readonly SlipRules _rules;

    internal SlipStory(CasePolicy? policy = null) => _rules = new SlipRules(policy ?? District.Policy);

    internal SlipState State { get; private set; } = SlipState.New("S1");
    /// <summary>Monday 2025-09-22, 09:00 local: a week of working days.</summary>
    internal DateTimeOffset Now { get; private set; } = Local(2025, 9, 22, 9, 0);
    internal List<SlipEvent> Events { get; } = [];
    internal List<Send> Sends { get; } = [];
    internal Refusal? Refusal { get; private set; }
    internal Outcome Outcome { get; private set; } = Outcome.Accepted;
    internal IEnumerable<Deadline> Deadlines => _rules.Deadlines(State);

    internal static DateTimeOffset Local(int year, int month, int day, int hour, int minute) => new DateTimeOffset(year, month, day, hour, minute, 0, WorkCalendar.Local).ToUniversalTime();

    internal static SlipContent Content(SlipKind kind, Colour level = Colour.Orange, SlipGround? ground = SlipGround.Level, bool drill = false, SlipKey? replaces = null) => new(
        kind, level, new AreaCode("410803006"), "YJ", ["XFD", "YJ"], "0101", "chlorine at the filling station", ground, replaces ?? new SlipKey(""), drill, drill ? ClockId.Recorded("gw") : ClockId.Wall);

    internal SlipStory At(DateTimeOffset time)
    {
        Now = time;
        return this;
    }

    internal SlipStory After(TimeSpan time) => WaitUntil(Now + time);

    /// <summary>Time passes and every deadline fires at its own instant.</summary>
    internal SlipStory WaitUntil(DateTimeOffset until)
    {
        while (Deadlines.Select(d => d.Due).Where(d => d <= until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var due && due <= until)
        {
            if (due > Now) Now = due;
            Take(new Stimulus.Woken());
        }
        Now = until;
        return this;
    }

    internal SlipStory Wake() => Take(new Stimulus.Woken());
    internal SlipStory Deliver(IEntityMessage message) => Take(new Stimulus.Delivered(message, new EntityAddress(EntityKinds.Case, First.Value)));
    internal SlipStory Confirm(IEntityMessage message, EntityAddress to, Outcome outcome) => Take(new Stimulus.Confirmed(message, to, outcome));
    internal SlipStory By(string who, string organisation, string role, SlipCommand command) => Take(new Stimulus.Commanded(command, new Caller(who, organisation, [role])));
    internal SlipStory Leader(SlipCommand command, string who = "leader-1") => By(who, "DC", Roles.Leader, command);
    internal SlipStory Chair(SlipCommand command, string who = "chair") => By(who, "ZF", Roles.WeeklyChair, command);
    internal SlipStory Lead(SlipCommand command, string organisation = "YJ") => By("wang", organisation, Roles.Handler, command);

    internal SlipStory Wanted(SlipKind kind = SlipKind.Reminder, Colour level = Colour.Orange, bool atOnce = false, CaseKey? of = null, bool drill = false) => Deliver(new SlipWanted(
        kind, of ?? First, "410803-20250922-EM-00001-X", level, new AreaCode("410803006"), "YJ", ["YJ", "XFD"], "0101", "open and orange", atOnce, drill, drill ? ClockId.Recorded("gw") : ClockId.Wall, Now));

    internal SlipStory Draft(SlipKind kind, SlipStep step, Colour level = Colour.Orange, SlipGround? ground = SlipGround.Level, bool drill = false, SlipKey? replaces = null)
    {
        var draft = new Draft(Content(kind, level, ground, drill, replaces), [new SlipCase(First, "N1"), new SlipCase(Second, "N2")], step, Now);
        return kind == SlipKind.Reminder || step == SlipStep.Draft ? Leader(draft) : Chair(draft);
    }

    internal SlipStory Numbered(string number = "TX-2025-0001") => Confirm(new SlipNumberRequested(State.Key), new EntityAddress(EntityKinds.SlipRegister, "TX-2025"), new Outcome(SlipRegisterRules.NumberAssigned, number));

    internal SlipStory Want(string? refusal)
    {
        Assert.Equal(refusal, Refusal?.Reason);
        return this;
    }

    internal IEnumerable<T> Sent<T>() where T : IEntityMessage => Sends.Select(s => s.Message).OfType<T>();

    // --- steps ---
    internal static readonly Reply Answer = new("gasket replaced", "tight", "photo", "none");

    internal SlipStory To(SlipKind kind, SlipPhase phase)
    {
        if (phase == SlipPhase.NotOpened) return this;
        Draft(kind, SlipStep.Draft, ground: kind == SlipKind.Reminder ? SlipGround.Level : SlipGround.Overdue).Want(null);
        if (phase == SlipPhase.Withdrawn) return Leader(new Withdraw("a mistake")).Want(null);
        if (phase == SlipPhase.Drafted) return this;
        if (kind == SlipKind.Supervision) Chair(new Approve("")).Want(null);
        if (phase == SlipPhase.Approved) return this;
        (kind == SlipKind.Reminder ? Leader(new Issue("")) : Chair(new Issue(""))).Want(null);
        if (phase == SlipPhase.Superseded) return Deliver(new SlipTaken(new SlipKey("S2"), Now));
        if (phase == SlipPhase.Issued) return this;
        Lead(new Sign("")).Want(null);
        if (phase == SlipPhase.Signed) return this;
        return kind == SlipKind.Reminder ? Reminder(phase) : Supervision(phase);
    }

    private SlipStory Reminder(SlipPhase phase)
    {
        Lead(Answer).Want(null);
        if (phase == SlipPhase.Replied) return this;
        Leader(new Review(true, "seen"), "leader-2").Want(null);
        return phase == SlipPhase.Reviewed ? this : Leader(new Cancel("photo, report"), "leader-3").Want(null);
    }

    private SlipStory Supervision(SlipPhase phase)
    {
        Lead(new FilePlan("replace all gaskets")).Want(null);
        if (phase == SlipPhase.PlanFiled) return this;
        Lead(new Report("half of them")).Want(null);
        if (phase == SlipPhase.InProgress) return this;
        Lead(new RequestCancel("all of them, photo")).Want(null);
        if (phase == SlipPhase.CancelRequested) return this;
        By("inspector", "DCS", Roles.Inspection, new Inspect(true, "all new")).Want(null);
        if (phase == SlipPhase.Inspected) return this;
        return Leader(new Cancel("seen")).Want(null).Chair(new Cancel("report of the inspection")).Want(null);
    }

    private SlipStory Take(Stimulus stimulus)
    {
        // As every entity does: what is due fires before anything else is decided.
        if (stimulus is not Stimulus.Woken && Deadlines.Any(d => d.Due <= Now)) Take(new Stimulus.Woken());
        var decision = _rules.Decide(State, stimulus, Now);
        (Refusal, Outcome) = (decision.Refusal, decision.Outcome);
        if (Refusal is not null) Assert.Empty(decision.Events);
        foreach (var happened in decision.Events) State = _rules.Evolve(State, happened);
        Events.AddRange(decision.Events);
        Sends.AddRange(decision.Sends);
        return this;
    }
}
