using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Cases;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.AlarmLoad;

/// <summary>How a case's journal becomes its legs. The milestones are those of <see cref="CaseEvolution"/>: the lead's first step of a kind.</summary>
public static class CaseFolding
{
    /// <param name="record">Null before the case is registered.</param>
    /// <param name="journaled">When the event was journaled, by the wall clock.</param>
    /// <returns>Null when the case is not known: its beginning was retired.</returns>
    public static CaseRecord? After(string key, CaseRecord? record, CaseEvent happened, DateTimeOffset journaled)
    {
        if (happened is CaseRegistered r)
            return new CaseRecord(key, "", r.Subject.Area.Value, r.Subject.SourceText, r.Subject.Drill, CasePhase.Assigned, r.Level, r.Subject.Category, "", TaskPhase.Offered,
                r.At, null, null, null, null, "", journaled);
        return record is null ? null : Changed(record, happened) is var next && ReferenceEquals(next, record) ? record : next with { Journaled = journaled };
    }

    private static CaseRecord Changed(CaseRecord c, CaseEvent happened) => happened switch
    {
        LevelChanged e => c with { Level = e.To },
        CaseAssigned e => c with { Lead = e.Lead, LeadPhase = TaskPhase.Offered, Phase = CasePhase.Assigned },
        NumberAssigned e => c with { Number = e.Number },
        TaskNotified e when e.Organisation == c.Lead => c with { Dispatched = c.Dispatched ?? e.At },
        TaskAccepted e when e.Organisation == c.Lead => c with { Accepted = c.Accepted ?? e.At, LeadPhase = TaskPhase.Accepted, Phase = CasePhase.Handling },
        TaskEnRoute e when e.Organisation == c.Lead => c with { LeadPhase = TaskPhase.EnRoute },
        TaskOnScene e when e.Organisation == c.Lead => c with { Arrived = c.Arrived ?? e.At, LeadPhase = TaskPhase.OnScene },
        HazardControlled e when e.Organisation == c.Lead => c with { LeadPhase = TaskPhase.Controlled },
        TaskDone e when e.Organisation == c.Lead => c with { LeadPhase = TaskPhase.Done },
        FeedbackSubmitted => c with { Phase = CasePhase.PendingVerification },
        ReworkOrdered or VerificationVoided { BackToScene: true } => c with { Phase = CasePhase.Handling, LeadPhase = TaskPhase.OnScene },
        CaseClosed e => c with { Phase = CasePhase.Closed, Closed = e.At, Clocks = "" },
        JudgmentAwaited => c with { Phase = CasePhase.PendingJudgment },
        CaseJudged e => c with { Phase = CasePhase.PendingAssignment, Level = e.Level, Category = e.Category },
        CaseCorrected { Field: "CATEGORY" } e => c with { Category = e.Value },
        TaskRejected e when e.Organisation == c.Lead => c with { Lead = "", Phase = CasePhase.PendingAssignment },
        TaskDelegated { Up: true } e when e.Organisation == c.Lead => c with { Lead = e.To, LeadPhase = TaskPhase.Offered, Phase = CasePhase.Assigned },
        TaskFailed e when e.Organisation == c.Lead => c with { LeadPhase = TaskPhase.Failed },
        CaseRejected e => c with { Phase = CasePhase.Rejected, Closed = e.At, Clocks = "" },
        CaseVoided e => c with { Phase = CasePhase.Void, Closed = e.At, Clocks = "" },
        // What it brought is counted where it went; its clocks wait for the day on which it comes back.
        CaseMerged => c with { Phase = CasePhase.Merged },
        CaseReopened => c with { Phase = c.Lead.Length > 0 ? CasePhase.Assigned : CasePhase.PendingJudgment, LeadPhase = TaskPhase.Offered, Closed = null },
        CaseArchived => c with { Phase = CasePhase.Archived },
        // When nobody can open it again is no deadline of anybody's.
        ClockStarted { Clock: ClockName.Archive } or ClockDropped { Clock: ClockName.Archive } => c,
        ClockDropped e => c with { Clocks = Written(Running(c.Clocks).Remove(Names.Of(e.Clock))) },
        ClockStarted e => c with { Clocks = Written(Running(c.Clocks).SetItem(Names.Of(e.Clock), e.Due)) },
        ClockMoved e => c with { Clocks = Written(Running(c.Clocks).SetItem(Names.Of(e.Clock), e.Due)) },
        // A clock that is paused runs out for nobody.
        ClockPaused e => c with { Clocks = Written(Running(c.Clocks).Remove(Names.Of(e.Clock))) },
        ClockResumed e => c with { Clocks = Written(Running(c.Clocks).SetItem(Names.Of(e.Clock), e.Due)) },
        ClockMet e => c with { Clocks = Written(Running(c.Clocks).Remove(Names.Of(e.Clock))) },
        DeadlineBreached e => c with { Clocks = Written(Running(c.Clocks).Remove(Names.Of(e.Clock))) },
        _ => c,
    };

    internal static ImmutableSortedDictionary<string, DateTimeOffset> Running(string clocks) => clocks.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(c => c.Split('=')).ToImmutableSortedDictionary(c => c[0], c => new DateTimeOffset(long.Parse(c[1], CultureInfo.InvariantCulture), TimeSpan.Zero), StringComparer.Ordinal);

    private static string Written(ImmutableSortedDictionary<string, DateTimeOffset> running) =>
        string.Join(',', running.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}={c.Value.UtcTicks}")));
}
