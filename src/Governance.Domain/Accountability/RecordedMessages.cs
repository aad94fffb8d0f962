using System.Globalization;
using System.Text.RegularExpressions;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Accountability;

/// <summary>What other entities told a recorded case: its sources, desks, the register, slips, cases that were merged; and what opened it.</summary>
internal static partial class RecordedMessages
{
    /// <summary>Null where it came from a person.</summary>
    internal static RecordedStep? Of(CaseState state, IReadOnlyList<CaseEvent> events, int index) => events[index] switch
    {
        OccurrenceLinked e => Told(e, Linked(state, e)),
        OccurrenceLevelNoted e => Told(e, new OccurrenceChanged(e.Occurrence, e.Level, e.Peak, state.Level, double.NaN, e.At, "")),
        OccurrenceEnded e => Told(e, new OccurrenceCleared(e.Occurrence, e.At)),
        OccurrenceSilent e => Told(e, new OccurrenceDataLost(e.Occurrence, e.Unwatched, e.At)),
        OccurrenceHeard e => Told(e, new OccurrenceDataRestored(e.Occurrence, e.At)),
        CaseEvent.LevelChanged { By: "system" } e when state.Occurrences is { IsEmpty: false } linked => Told(e, new OccurrenceChanged(linked[^1].Id, linked[^1].Level, linked[^1].Peak, e.To, double.NaN, e.At, e.Reason)),
        // The first report is what opened it.
        ReportAttached e when state.Phase == CasePhase.Registered && state.Reports.IsEmpty => Opened(state, e, events, index),
        NumberAssigned e => Confirmed(e, new NumberRequested(state.Key, ""), EntityKinds.CaseRegister, new Outcome(CaseRegisterRules.NumberAssigned, e.Number)),
        TaskNotified e => Notified(state, e),
        SlipLinked e => Told(e, new SlipOpened(e.Slip, e.Kind, e.By, e.Reason, e.Due, e.At)),
        SlipNumberNoted e => Told(e, new SlipNumbered(e.Slip, e.Number, e.At)),
        SlipRanOut e => Told(e, new SlipOverdue(e.Slip, state.Slips.Find(s => s.Key == e.Slip)!.Kind, e.At)),
        SlipUnlinked e => Told(e, new SlipEnded(e.Slip, e.Result, e.At)),
        CaseAbsorbed e => Told(e, Offered(state, e.Absorbed)),
        CaseReleased e => Told(e, new CaseReclaimed(e.From, "recorded", "as recorded")),
        CaseMerged e => Confirmed(e, Offer(state), EntityKinds.Case, new Outcome(CaseOffered.Absorbed)),
        MergeRefused e => Confirmed(e, Offer(state), EntityKinds.Case, new Outcome(CaseOffered.Refused, e.Why)),
        CaseUnmerged e => Confirmed(e, new CaseReclaimed(state.Key, "recorded", ""), EntityKinds.Case, new Outcome(CaseReclaimed.Released)),
        UnmergeRefused e => Confirmed(e, new CaseReclaimed(state.Key, "recorded", ""), EntityKinds.Case, new Outcome(CaseOffered.Refused, e.Why)),
        _ => null,
    };

    /// <summary>As yellow as it can be: a rise of level is an event of its own.</summary>
    private static IEntityMessage Linked(CaseState state, OccurrenceLinked e)
    {
        var (o, s) = (e.Occurrence, state.Subject!);
        return o.Witness == Witness.Monitoring || s.Kind is null || s.Source is null
            ? new MonitoringFaultRaised(o.Id, s.Gateway, s.Source, s.SourceName, s.Enterprise, s.Area, o.Detector, o.RaisedAt, o.Text)
            : new OccurrenceRaised(o.Id, o.Witness, s.Source.Value, s.SourceName, s.Enterprise, s.Area, o.Detector, s.Kind.Value, o.Level, state.Phase == CasePhase.Registered ? state.Level : Colour.Yellow,
                double.NaN, double.NaN, "", s.Drill, s.Clock, o.RaisedAt, o.Text);
    }

    /// <summary>A signal as the platform took it, as sure as it was then (two digits were kept, and it was less than sure); or a report that was detached from another case.</summary>
    private static RecordedStep Opened(CaseState state, ReportAttached e, IReadOnlyList<CaseEvent> events, int index)
    {
        var (s, r) = (state.Subject!, e.Report);
        var why = events.Skip(index + 1).OfType<JudgmentAwaited>().FirstOrDefault(j => j.At == e.At)?.Why ?? "";
        if (why.StartsWith("detached from ", StringComparison.Ordinal)) return Told(e, new ReportHandedOver(new CaseKey(why["detached from ".Length..]), s, state.Level, r));
        var confidence = Confidence().Match(why) is { Success: true } sure ? Math.Max(0, double.Parse(sure.Groups[1].Value, CultureInfo.InvariantCulture) - 0.005) : 1;
        var command = new CaseCommand.RegisterCase(r.Channel, RecordedCourse.SourceEventOf(r), s.Category, confidence, state.Level, s.Area.Value, s.Place, s.Tags, r.Text, r.Reporter, r.Reachable, r.Media, s.Drill,
            s.Clock.IsWall ? "" : s.Clock.Value[(s.Clock.Value.IndexOf('/') + 1)..]);
        return new RecordedStep(e.At, new Stimulus.Commanded(command, Caller.System), nameof(CaseCommand.RegisterCase), false);
    }

    private static RecordedStep Notified(CaseState state, TaskNotified e)
    {
        var isLead = state.LeadOrNone?.Organisation == e.Organisation;
        var offered = new TaskOffered(state.Key, e.Organisation, isLead, state.Subject!.Category, state.Level, "", "", state.Subject.Drill, e.At);
        return Confirmed(e, offered, EntityKinds.Department, DepartmentState.Delivered) with { ByLead = isLead };
    }

    /// <summary>What another case brought; when it was to be resolved shows where that moved this one's clock.</summary>
    private static CaseOffered Offered(CaseState state, Absorption a)
    {
        var (before, after) = (Due(a.Before), Due(a.After));
        return new CaseOffered(a.From, a.Number, a.After.Level, a.After.Supervision, before == after ? null : after, a.Reports, a.Occurrences, state.Subject!.Drill, state.Subject.Clock, "recorded", "as recorded");

        static DateTimeOffset? Due(Bearing bearing) => bearing.Clocks.Find(c => c is { Name: ClockName.Due, Phase: ClockPhase.Running })?.Due;
    }

    private static CaseOffered Offer(CaseState state) => new(state.Key, state.Number, state.Level, state.Supervision, null, state.Reports, state.Occurrences, state.Subject!.Drill, state.Subject.Clock, "recorded", "as recorded");

    private static RecordedStep Told(CaseEvent happened, IEntityMessage message) =>
        new(happened.At, new Stimulus.Delivered(message, new EntityAddress(EntityKinds.HazardSource, "recorded")), message.GetType().Name, false);

    private static RecordedStep Confirmed(CaseEvent happened, IEntityMessage message, string kind, Outcome outcome) =>
        new(happened.At, new Stimulus.Confirmed(message, new EntityAddress(kind, "recorded"), outcome), happened.GetType().Name, false);

    /// <summary>As the rules say why a person judges.</summary>
    [GeneratedRegex(@"confidence ([0-9]+\.[0-9]+) only\z")] private static partial Regex Confidence();
}
