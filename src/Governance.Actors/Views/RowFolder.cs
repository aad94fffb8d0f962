using Akka.Persistence.Query;
using Governance.Actors.Meetings;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Storage;

namespace Governance.Actors.Views;

/// <summary>Turns journal events into changed rows. A row starts from what the view holds, so any batch can be folded again.</summary>
internal sealed class RowFolder(IViews views)
{
    internal async Task<ViewBatch> FoldAsync(IReadOnlyList<EventEnvelope> batch, long from)
    {
        var cases = new Dictionary<string, CaseLine>();
        var sources = new Dictionary<string, SourceRow>();
        var slips = new Dictionary<string, SlipRow>();
        foreach (var envelope in batch)
        {
            var id = envelope.PersistenceId[(envelope.PersistenceId.IndexOf('/') + 1)..];
            switch (envelope.Event)
            {
                case CaseEvent e:
                    if (!cases.TryGetValue(id, out var known)) known = CaseLine.Of(id, await views.CaseAsync(id, CancellationToken.None).ConfigureAwait(false));
                    cases[id] = known.After(e, envelope.SequenceNr);
                    break;
                case SlipEvent e:
                    if (!slips.TryGetValue(id, out var slip)) slip = await views.SlipAsync(id, CancellationToken.None).ConfigureAwait(false);
                    slips[id] = SlipRows.Next(id, slip, e, envelope.SequenceNr);
                    break;
                case HazardSourceEvent e:
                    if (!sources.TryGetValue(id, out var source)) source = await views.SourceAsync(id, CancellationToken.None).ConfigureAwait(false);
                    if (Next(source, e, envelope.SequenceNr) is { } listed) sources[id] = listed;
                    break;
            }
        }
        return new ViewBatch([.. cases.Values.Where(c => c.IsChanged).Select(c => c.Row())], [.. sources.Values], from, ((Sequence)batch[^1].Offset).Value) { Slips = [.. slips.Values] };
    }

    private static SourceRow? Next(SourceRow? row, HazardSourceEvent happened, long version)
    {
        if (row is not null && version <= row.Version) return row;
        if (happened is HazardSourceEvent.SourceCommissioned c)
            return new SourceRow(c.Config.Id.Value, c.Config.Name, c.Config.Area.Value, c.Config.Enterprise, c.Config.Drill, row?.Colour ?? (int)Colour.Grey,
                c.Config.Detectors.Length, row?.ActiveOccurrences ?? 0, c.At, version);
        if (row is null) return null;
        row = row with { Version = version };
        return happened switch
        {
            HazardSourceEvent.ColourChanged e => row with { Colour = (int)e.To, ChangedAt = e.At },
            // The same exceedance, told at last: one that was there goes on as another.
            HazardSourceEvent.OccurrenceActivated { Replaces: not null } => row with { ChangedAt = happened.At },
            HazardSourceEvent.OccurrenceActivated or HazardSourceEvent.WarningRelayed => row with { ActiveOccurrences = row.ActiveOccurrences + 1, ChangedAt = happened.At },
            HazardSourceEvent.ReturnedToNormal or HazardSourceEvent.WarningCleared => row with { ActiveOccurrences = row.ActiveOccurrences - 1, ChangedAt = happened.At },
            _ => row,
        };
    }
}
