using Governance.Contracts.Codecs;
using Governance.Domain.Cases;
using Governance.Storage;

namespace Governance.Actors.Views;

/// <summary>A case on its way through a batch: the whole case, by the rules that it lives by, so that a line says what its actor would.</summary>
public sealed record CaseLine(CaseState State, long Version, string Words, bool IsChanged)
{
    /// <param name="row">Null: the list has not seen it yet.</param>
    internal static CaseLine Of(string key, CaseRow? row) => row is null ? new CaseLine(CaseState.New(key), 0, "", false)
        : CaseStateCodec.Read(row.Whole) is var state ? new CaseLine(state, row.Version, TextOf(state), false) : throw new InvalidOperationException(key);

    /// <summary>An event that the line has already changes nothing; so does one of a case whose beginning is not in the journal any more.</summary>
    internal CaseLine After(CaseEvent happened, long version) =>
        version <= Version || (State.Subject is null && happened is not CaseEvent.CaseRegistered) ? this : this with { State = CaseEvolution.Evolve(State, happened), Version = version, IsChanged = true };

    internal CaseRow Row() => RowOf(State, Version) with { Words = TextOf(State) is var text && text == Words ? null : SearchWords.Of(text) };

    /// <summary>The line of a case that was opened.</summary>
    public static CaseRow RowOf(CaseState state, long version)
    {
        var subject = state.Subject!;
        var closed = state.Milestones.TryGetValue(Milestone.Closed, out var at) ? at : (DateTimeOffset?)null;
        return new CaseRow(
            state.Key.Value, state.Number, Names.StateOf(state), (int)state.Level, subject.Category, subject.SourceText, subject.Area.Value, subject.Drill, Names.Of(state.Supervision),
            state.Milestones[Milestone.Received], closed, version, subject.SourceName, subject.Channel, subject.Place.Community, state.LeadOrNone?.Organisation ?? "",
            [.. state.Tasks.Where(t => t.Counts).Select(t => t.Organisation)], state.IsOpen ? state.Running(ClockName.Due)?.Due : null, state.Clocks.Count(c => c.Phase == ClockPhase.Breached),
            CaseStateCodec.Write(state)) { Words = SearchWords.Of(TextOf(state)), Armed = subject.Clock.IsWall ? EscalationAudit.Earliest(state) : null };
    }

    private static string TextOf(CaseState state) => state.Subject is not { } s ? ""
        : string.Join('\n', [state.Number, s.SourceName, s.Text, s.Enterprise, s.Place.Address, s.Place.Asset, .. s.Tags, state.Cause, state.PublicReply, .. state.Reports.Select(r => r.Text)]);
}
