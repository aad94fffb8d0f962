using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Kernel;

namespace Governance.Domain.Cases;

/// <summary>
/// Why a case is what it is, who was told, and what would close it (alarms.md §7). A pure function of the case's state,
/// and that is its journal folded: recomputed from the journal it is the same.
/// </summary>
/// <param name="Opened">What it is about, and what opened it.</param>
/// <param name="Occurrences">Each with its witness, level and whether it still lives.</param>
/// <param name="Deadlines">Everything that is armed, the earliest first.</param>
/// <param name="Told">Who was told when, who confirmed receipt, who signed.</param>
/// <param name="Unconfirmed">Organisations on whose desk it is not known to be.</param>
/// <param name="Closes">What must still happen before it can be cancelled (销号), in order; empty: nothing.</param>
/// <param name="Allowed">Commands of its phase and tasks now, by organisation; empty for the duty desk's and the verifier's.</param>
/// <param name="Missed">Deadlines that were missed, and what that brought.</param>
public sealed record CaseExplanation(
    CaseKey Key, string Number, CasePhase Phase, Colour Level, string Opened, ImmutableList<string> Occurrences, ImmutableList<Deadline> Deadlines, ImmutableList<string> Told,
    ImmutableList<string> Unconfirmed, ImmutableList<string> Closes, ImmutableSortedDictionary<string, ImmutableList<string>> Allowed, ImmutableList<string> Missed)
{
    /// <summary>Null for a case that was never opened.</summary>
    public static CaseExplanation? Of(CaseState state)
    {
        if (state.Subject is not { } subject) return null;
        return new CaseExplanation(
            state.Key, state.Number, state.Phase, state.Level,
            Invariant($"{subject.SourceName}{(subject.Enterprise.Length > 0 ? $" ({subject.Enterprise})" : "")}, category {subject.Category}, at {state.Milestones[Milestone.Received]:O}: {subject.Text}"),
            [.. state.Occurrences.Select(Text)],
            [.. CaseClocks.Deadlines(state).OrderBy(d => d.Due).ThenBy(d => d.Name, StringComparer.Ordinal)],
            [.. state.Tasks.Select(Text)],
            [.. state.Tasks.Where(t => t.NotifiedAt is null && t.IsOpen && state.IsOpen).Select(t => t.Organisation)],
            [.. Missing(state)],
            CaseHandling.AllowedNow(state),
            [.. state.Clocks.Where(c => c.Phase == ClockPhase.Breached).Select(c => Invariant($"{Names.Of(c.Name)} was due at {c.Due:O}, noticed {c.LateBy.TotalSeconds:0.###} s later")),
                .. state.Supervision == Supervision.None ? Array.Empty<string>() : [$"supervision is {Names.Of(state.Supervision)}"]]);
    }

    /// <summary>The way to its end, from where it is.</summary>
    private static IEnumerable<string> Missing(CaseState state)
    {
        if (!state.IsOpen) yield break;
        if (state.Suspension is { } suspension) yield return Invariant($"it is resumed, at {suspension.Until:O} by itself: suspended by {suspension.By}, {suspension.Code}, {suspension.Reason}");
        if (state.Info is { } info) yield return Invariant($"the reporter answers, or does not until {info.Until:O}: {info.Question}");
        foreach (var live in state.Occurrences.Where(o => o.Phase != OccurrencePhase.Cleared)) yield return $"{live.Id} returns to normal";
        foreach (var slip in state.Slips.Where(s => s.IsOpen)) yield return $"slip {(slip.Number.Length > 0 ? slip.Number : slip.Key)} is cancelled";
        if (state.Phase is CasePhase.Registered or CasePhase.PendingJudgment) yield return "it is judged";
        if (state.LeadOrNone is not { } lead) yield return "somebody is assigned to it";
        else if (state.Phase is CasePhase.Assigned or CasePhase.Handling)
        {
            if (lead.Phase == TaskPhase.Offered) yield return $"{lead.Organisation} signs";
            if (CaseField.NeedsControl(state) && lead.Phase < TaskPhase.OnScene) yield return $"{lead.Organisation} arrives on the scene";
            if (CaseField.NeedsControl(state) && lead.Phase < TaskPhase.Controlled) yield return $"{lead.Organisation} declares the hazard controlled";
            foreach (var task in state.Tasks.Where(t => t is { Mandatory: true, Lead: false, IsOpen: true })) yield return $"{task.Organisation} completes its task, or it is waived";
            if (lead.IsOpen) yield return $"{lead.Organisation} completes its task";
            yield return $"{lead.Organisation} gives feedback";
        }
        if (!state.Verified)
            yield return state.Level switch
            {
                Colour.Red => "a duty leader of another organisation verifies",
                Colour.Orange => "another organisation verifies",
                _ => "it is verified",
            };
        if (state.HasReachableReporter && !state.Callbacks.Exists(c => c.Resolved)) yield return "the reporter is called back";
        yield return "it is cancelled";
    }

    private static string Text(LinkedOccurrence o) => Invariant(
        $"{o.Id} by {o.Witness}{(o.Detector.Length > 0 ? $" {o.Detector}" : "")}, level {(int)o.Level}, peak {(int)o.Peak}, since {o.RaisedAt:O}: {(o.Phase == OccurrencePhase.Cleared ? $"returned to normal at {o.ClearedAt:O}" : o.Phase == OccurrencePhase.DataLost ? "its data are lost, it lives" : "it lives")}; {o.Text}");

    private static string Text(CaseTask t) => Invariant(
        $"{t.Organisation} ({(t.Lead ? "lead" : "co")}) offered at {t.OfferedAt:O}, {(t.NotifiedAt is { } told ? $"on its desk at {told:O}" : "not confirmed by its desk")}, {(t.AcceptedAt is { } signed ? $"signed at {signed:O}" : "not signed")}: {Names.Of(t.Phase)}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
