using Governance.Domain.Accountability;
using Governance.Domain.Calendars;
using Governance.Storage;

namespace Governance.Actors.Accountability;

/// <summary>
/// Carries the hash chains of all entities over what was journaled, and makes the root of a day when it is over. Whoever could
/// not apply a batch throws it away and begins where the seals are.
/// </summary>
/// <param name="lastSeal">The last day that was told; null: none.</param>
/// <param name="tell">Journals a root and tells it; false: it was not taken.</param>
public sealed class Sealing(IRawJournal journal, ISealStore seals, Func<Task<DaySeal?>> lastSeal, Func<DaySeal, Task<bool>> tell)
{
    private const int BatchRows = 1_000;
    /// <summary>Heads remembered; beyond, all are forgotten and read back as they are needed.</summary>
    private const int RememberedHeads = 50_000;
    private readonly Dictionary<string, SealedHead> _heads = new(StringComparer.Ordinal);

    /// <summary>Reads to the journal's end, as far as it is settled.</summary>
    /// <param name="goOn">Asked before each batch.</param>
    public async Task RunAsync(DateTimeOffset now, Func<bool> goOn, CancellationToken cancel)
    {
        var progress = await seals.ProgressAsync(cancel).ConfigureAwait(false);
        var through = progress.Through;
        while (goOn())
        {
            var rows = await journal.AfterAsync(through, BatchRows, journal.SettledAfter == TimeSpan.Zero ? DateTimeOffset.MaxValue : now - journal.SettledAfter, cancel).ConfigureAwait(false);
            if (rows.Count == 0)
            {
                await DayAsync(progress.Day, through, DateOnly.FromDateTime(now.ToOffset(WorkCalendar.Local).Date), cancel).ConfigureAwait(false);
                return;
            }
            await ApplyAsync(through, rows, cancel).ConfigureAwait(false);
            through = rows[^1].Ordering;
        }
    }

    private async Task ApplyAsync(long from, IReadOnlyList<RawEvent> rows, CancellationToken cancel)
    {
        if (_heads.Count > RememberedHeads) _heads.Clear();
        foreach (var (entity, head) in await seals.HeadsAsync([.. rows.Select(r => r.Entity).Distinct().Where(e => !_heads.ContainsKey(e))], cancel).ConfigureAwait(false)) _heads[entity] = head;
        var (changed, blocks) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<(string, long), LinkBlock>());
        foreach (var row in rows)
        {
            var before = _heads.GetValueOrDefault(row.Entity) ?? new SealedHead(new EntitySeal(row.Entity, 0, [.. SealChain.Genesis(row.Entity)]), []);
            if (row.Number != before.Seal.Number + 1) throw new InvalidDataException($"event {row.Number} of {row.Entity} follows {before.Seal.Number} in the journal: `governance verify journal` says what is missing");
            var link = SealChain.Next(before.Seal.Head.AsSpan(), row);
            var block = (row.Number - 1) / LinkBlock.Size;
            byte[] links = (row.Number - 1) % LinkBlock.Size == 0 ? link[..SealChain.LinkBytes] : [.. before.Links, .. link[..SealChain.LinkBytes]];
            // Should the batch not be applied, all of it is forgotten with this object.
            _heads[row.Entity] = new SealedHead(new EntitySeal(row.Entity, row.Number, [.. link]), links);
            blocks[(row.Entity, block)] = new LinkBlock(row.Entity, block, links);
            changed.Add(row.Entity);
        }
        await seals.ApplyAsync(from, rows[^1].Ordering, [.. changed.Select(e => _heads[e].Seal)], blocks.Values, cancel).ConfigureAwait(false);
    }

    /// <summary>Where nothing was ever sealed, the first day is the one that ends next: nothing is said of days that nobody watched.</summary>
    private async Task DayAsync(DateOnly? sealedDay, long through, DateOnly today, CancellationToken cancel)
    {
        var over = today.AddDays(-1);
        if (sealedDay >= over) return;
        if (sealedDay is not null && through > 0)
        {
            var last = await lastSeal().ConfigureAwait(false);
            // Told before a crash, or by another node.
            if (last is null || last.Day < over)
            {
                var seal = DaySeal.Of(over, through, await seals.AllAsync(cancel).ConfigureAwait(false), last?.Chain ?? DaySeal.Nothing);
                if (!await tell(seal).ConfigureAwait(false)) return;
            }
        }
        await seals.SealedAsync(over, cancel).ConfigureAwait(false);
    }
}
