using Governance.Contracts.Codecs;
using Governance.Domain.Cases;
using Governance.Domain.Meetings;
using Governance.Storage;

namespace Governance.Actors.Meetings;

/// <summary>Lines of the list of slips: each holds the whole slip, and what is looked for beside it.</summary>
public static class SlipRows
{
    private const string Manifest = "slip.State.1";

    /// <summary>The slip as it was when the list was last fed.</summary>
    public static SlipState Whole(SlipRow row) => (SlipState)JournalRegistry.Codecs.Named(Manifest).Decode(row.Body);

    /// <summary>The line after an event. It starts from what the list holds, so any batch can be folded again.</summary>
    internal static SlipRow Next(string key, SlipRow? row, SlipEvent happened, long version)
    {
        if (row is not null && version <= row.Version) return row;
        var before = row is null ? SlipState.New(key) : Whole(row);
        var state = SlipEvolution.Evolve(before, happened);
        var content = state.Content ?? throw new InvalidOperationException($"slip {key} begins with {happened.GetType().Name}");
        return new SlipRow(
            key, state.Number, (int)content.Kind, state.StateName, (int)content.Level, content.Area.Value, content.Lead, [.. state.Cases.Select(c => c.Case.Value)], content.Drill, state.OverdueAt is not null,
            state.DraftedAt!.Value, state.IssuedAt, state.Latest(SlipClockName.Limit)?.Due, state.EndedAt, state.Result, version, JournalRegistry.Codecs.Named(Manifest).Encode(state));
    }
}
