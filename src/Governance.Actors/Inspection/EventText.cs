using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Actors.Inspection;

/// <summary>Events in one readable line.</summary>
internal static class EventText
{
    internal static HistoryLine Line(long sequence, IDomainEvent happened) => new(sequence, happened.At, happened.GetType().Name, By(happened), Of(happened));

    private static string By(IDomainEvent happened) => happened switch
    {
        MemoryEvent.CommandAnswered e => e.By,
        HazardSourceEvent.SourceCommissioned e => e.By,
        HazardSourceEvent.OccurrenceAcknowledged e => e.By,
        HazardSourceEvent.OccurrenceConfirmed e => e.By,
        HazardSourceEvent.LatchReset e => e.By,
        HazardSourceEvent.SuppressionBegan { Region: SuppressionRegion.Shelved s } => s.By,
        HazardSourceEvent.SuppressionBegan { Region: SuppressionRegion.OutOfService o } => o.By,
        HazardSourceEvent.SuppressionEnded { By.Length: > 0 } e => e.By,
        HazardSourceEvent.PermitOpened e => e.Permit.OpenedBy,
        HazardSourceEvent.PermitClosed e => e.By,
        HazardSourceEvent.LimitsProposed e => e.Set.ProposedBy,
        HazardSourceEvent.LimitsBacktested e => e.Finding.By,
        HazardSourceEvent.LimitsActivated e => e.By,
        HazardSourceEvent.OccurrenceMigrated e => e.By,
        DepartmentEvent e => DeskEventText.By(e),
        SlipEvent e => MeetingText.By(e),
        MeetingEvent e => MeetingText.By(e),
        CaseEvent e => Facts(e).Select(p => p.Name == nameof(CaseEvent.CaseClosed.By) ? p.GetValue(e) as string : null).FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? "system",
        _ => "system",
    };

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new();

    private static PropertyInfo[] Facts(CaseEvent happened) => Known.GetOrAdd(happened.GetType(), t => t.GetProperties());

    /// <summary>What an event says, by the names of its fields; for those that need no sentence of their own.</summary>
    private static string Plain(CaseEvent happened) => string.Join(", ", Facts(happened).Where(p => p.Name is not (nameof(CaseEvent.At) or "By" or "EqualityContract")).Select(p => (p.Name, Value: Text(p.GetValue(happened))))
        .Where(p => p.Value.Length > 0).Select(p => $"{p.Name} {p.Value}"));

    private static string Text(object? value) => value switch
    {
        null => "",
        DateTimeOffset at => at.ToString("u", CultureInfo.InvariantCulture),
        IEnumerable<string> many => string.Join("; ", many),
        CaseReport r => $"{r.Id}: {r.Text}",
        Absorption a => $"{(a.Number.Length > 0 ? a.Number : a.From)} with {a.Reports.Count} reports and {a.Occurrences.Count} occurrences",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Of(IDomainEvent happened) => happened switch
    {
        MemoryEvent.CommandAnswered e => $"{e.Command}: {e.Refusal?.Reason ?? "OK"}",
        MemoryEvent.OwnerTaken e => $"owner {e.Writer} from chunk {e.ChunkNo}",
        CaseEvent.CaseRegistered e => $"{e.Subject.SourceName}, {e.Level}: {e.Subject.Text}",
        CaseEvent.OccurrenceLinked e => $"{e.Occurrence.Witness} {e.Occurrence.Id}: {e.Occurrence.Text}",
        CaseEvent.OccurrenceEnded e => $"{e.Occurrence} returned to normal",
        CaseEvent.LevelChanged e => $"{e.From} → {e.To}: {e.Reason}",
        CaseEvent.CaseAssigned e => $"lead {e.Lead}, co {string.Join(",", e.Co)} by {e.Rule}",
        CaseEvent.NumberAssigned e => e.Number,
        CaseEvent.TaskNotified e => e.Organisation,
        CaseEvent.TaskAccepted e => e.Organisation,
        CaseEvent.TaskEnRoute e => e.Organisation,
        CaseEvent.TaskOnScene e => $"{e.Organisation}, {e.Proof}",
        CaseEvent.ProgressReported e => e.Cause.Length > 0 ? $"{e.Text} (cause: {e.Cause})" : e.Text,
        CaseEvent.HazardControlled e => e.Evidence,
        CaseEvent.TaskDone e => $"{e.Organisation}: {e.Outcome}",
        CaseEvent.FeedbackSubmitted e => e.Summary,
        CaseEvent.Verified e => $"{e.Organisation}: {e.Method}",
        CaseEvent.ReworkOrdered e => $"{e.Organisation}: {e.Method}",
        CaseEvent.VerificationVoided e => e.Reason,
        CaseEvent.OccurrenceSilent e => $"{e.Occurrence}: data lost{(e.Unwatched ? ", nobody else watches" : "")}",
        CaseEvent.OccurrenceHeard e => $"{e.Occurrence}: data again",
        CaseEvent.OccurrenceLevelNoted e => $"{e.Occurrence} level {(int)e.Level}, peak {(int)e.Peak}",
        CaseEvent.CaseClosed e => $"{e.Outcome} {e.Note}",
        CaseEvent.ClockStarted e => $"{e.Clock} due {e.Due:u}{(e.Budget is { } budget ? $" ({budget})" : "")}",
        CaseEvent.ClockMoved e => $"{e.Clock} now due {e.Due:u}",
        CaseEvent.ClockPaused e => $"{e.Clock}",
        CaseEvent.ClockResumed e => $"{e.Clock} now due {e.Due:u}",
        CaseEvent.ClockMarked e => $"{e.Clock}: {e.Percent} % of its time, late by {e.LateBy.TotalSeconds:0.###} s",
        CaseEvent.CalendarApplied e => $"calendar {e.Version}",
        CaseEvent.CaseUrged e => e.Reason,
        CaseEvent.CaseSuspended e => $"until {e.Until:u}, {e.Code}: {e.Reason}",
        CaseEvent.CaseResumed e => e.Reason,
        CaseEvent.ExtensionRequested e => $"{e.Extra} more: {e.Reason}; {e.Plan}",
        CaseEvent.ExtensionDecided e => $"{(e.Granted ? "granted" : "refused")}: {e.Reason}",
        CaseEvent.ClockMet e => $"{e.Clock}",
        CaseEvent.DeadlineBreached e => $"{e.Clock} was due {e.Due:u}, late by {e.LateBy.TotalSeconds:0.###} s",
        CaseEvent.Escalated e => $"{e.To}: {e.Told} told",
        HazardSourceEvent.OccurrenceActivated e => $"{e.Occurrence} level {(int)e.Level}: {e.Cause.Value} at {e.Cause.SampledAt:u} reached {e.Cause.Limit} ({e.Basis}{(e.Withheld == Withheld.No ? "" : $", {e.Withheld}")}{(e.SuppressedSince is { } since ? $", active while suppressed since {since:u}" : "")})",
        HazardSourceEvent.RetrospectiveFinding e => $"detector {e.Detector}: {e.Evidence.Value} at {e.Evidence.SampledAt:u} reached {e.Evidence.Limit}",
        HazardSourceEvent.TestSeen e => $"detector {e.Detector}: {e.Value} in a test, level {(int)e.Level}, {(e.Permit.Length > 0 ? $"permit {e.Permit}" : "no permit")}",
        HazardSourceEvent.OccurrenceAcknowledged e => $"{e.Occurrence}: {e.Note}{(e.Expires is { } expires ? $", until {expires:u}" : "")}",
        HazardSourceEvent.AcknowledgementExpired e => $"{e.Occurrence}",
        HazardSourceEvent.OccurrenceConfirmed e => $"{e.Occurrence}: {e.Action}",
        HazardSourceEvent.LatchReset e => $"detector {e.Detector}: {e.Reason}",
        HazardSourceEvent.SuppressionBegan e => $"detector {e.Detector}: {e.Region}",
        HazardSourceEvent.SuppressionEnded e => $"detector {e.Detector}: {e.Why}",
        HazardSourceEvent.ChatteringEnded e => $"detector {e.Detector}: {e.Folded} folded",
        HazardSourceEvent.PermitOpened e => $"{e.Permit.Id} for {string.Join(", ", e.Permit.Detectors)} until {e.Permit.Until:u}: {e.Permit.Reason}",
        HazardSourceEvent.PermitClosed e => $"{e.Permit}: {e.Note}",
        HazardSourceEvent.LimitsProposed e => $"limit set {e.Set.Version}: {e.Set.Reason}",
        HazardSourceEvent.LimitsBacktested e => $"limit set {e.Version}: {e.Finding.Added} added, {e.Finding.Removed} removed, {e.Finding.Missed.Count} incidents missed over {e.Finding.Readings} readings",
        HazardSourceEvent.LimitsActivated e => $"limit set {e.Version}: {e.Note}",
        HazardSourceEvent.OccurrenceMigrated e => $"{e.Occurrence}: limit set {e.From} → {e.To}, {e.Reason}",
        HazardSourceEvent.WarningUpdated e => $"{e.Occurrence} level {(int)e.Level}",
        HazardSourceEvent.LevelChanged e => $"{e.Occurrence} level {(int)e.From} → {(int)e.To}: {e.Cause.Value}",
        HazardSourceEvent.ReturnedToNormal e => $"{e.Occurrence}, peak {e.PeakValue} (level {(int)e.Peak})",
        HazardSourceEvent.ColourTableAdopted e => $"colour table {e.Table.Version}",
        HazardSourceEvent.ColourChanged e => $"{e.From} → {e.To}: {e.Reason}",
        HazardSourceEvent.WarningRelayed e => $"{e.Warning.Point}: {e.Warning.Value} {e.Warning.Unit}, level {(int)e.Warning.Level}",
        HazardSourceEvent.DetectorsFed e => $"{e.Detectors.Length} detectors by gateway {e.Gateway}",
        HazardSourceEvent.SequenceReused e => $"detector {e.Detector}: {e.Range.From} to {e.Range.To} of epoch {e.Epoch} by gateway {e.Gateway}",
        HazardSourceEvent.DetectorTransition e => $"detector {e.Detector}: {e.Memo.Health}",
        HazardSourceEvent.IncidentOpened e => $"{e.Case} by {e.Occurrence}",
        HazardSourceEvent.IncidentJoined e => $"{e.Case} by {e.Occurrence}",
        DepartmentEvent e => DeskEventText.Of(e),
        GatewayEvent e => Of(e),
        SlipEvent e => MeetingText.Of(e),
        MeetingEvent e => MeetingText.Of(e),
        CaseEvent e => Plain(e),
        _ => "",
    };

    private static string Of(GatewayEvent happened) => happened switch
    {
        GatewayEvent.SessionOpened e => $"epoch {e.Epoch} at {e.Node}, session {e.Session}",
        GatewayEvent.SessionEnded e => $"session {e.Session}",
        GatewayEvent.SessionsContended e => $"session {e.Session} at {e.Node}",
        GatewayEvent.SessionDoubted e => $"epoch {e.Epoch} at {e.Node}, session {e.Session}",
        GatewayEvent.SkewChanged e => $"{e.Class}: {e.Skew.TotalSeconds:0.###} s",
        GatewayEvent.SourceNoted e => $"{e.Feed.Source}: {e.Feed.Detectors} detectors{(e.Feed.Faults.IsEmpty ? "" : $", at fault {string.Join(", ", e.Feed.Faults.Select(f => $"{f.Detector} ({f.Health})"))}")}",
        GatewayEvent.GatewayLost e => $"{e.Occurrence} in {e.Case}, last heard {e.LastHeardAt:u}, late by {e.LateBy.TotalSeconds:0.###} s",
        GatewayEvent.GatewayReturned e => $"{e.Occurrence}",
        GatewayEvent.MaintenanceOrdered e => $"{e.Source} in {e.Case}: {string.Join(", ", e.Faults.Select(f => f.Occurrence))}",
        GatewayEvent.MaintenanceEnded e => $"{e.Source}: {string.Join(", ", e.Faults.Select(f => f.Occurrence))}",
        GatewayEvent.FaultMoved e => $"{e.Occurrence}: {e.From} → {e.To}",
        _ => "",
    };
}
