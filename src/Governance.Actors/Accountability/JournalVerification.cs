using Governance.Contracts.Codecs;
using Governance.Domain.Accountability;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Accountability;

/// <summary>Something in the journal that is not as it was.</summary>
/// <param name="Entity">Kind and id, e.g. case/C1a2b; or the day whose root differs.</param>
/// <param name="Number">Of the first event that differs; of a day, its place in the journal.</param>
public sealed record Difference(string Entity, long Number, string What);

/// <summary>What was looked at, and what was found.</summary>
/// <param name="NotSealed">Rows that were journaled after the last seal: nothing proves them yet.</param>
/// <param name="NotCompared">Snapshots of entities that keep more in memory than their events say.</param>
/// <param name="NotFolded">Kinds of entities whose events were read and not folded.</param>
public sealed record VerificationReport(
    long Rows, long Entities, long NotSealed, int Days, int Snapshots, int NotCompared, IReadOnlyList<string> NotFolded, IReadOnlyList<Difference> Differences);

/// <summary>
/// Recomputes every hash chain, every daily root and every entity from the journal's rows and compares them with the seals, with
/// the roots that were told, and with snapshots. Reads only; works beside a running node, whose newest rows are not sealed yet.
/// </summary>
/// <param name="seals">Null: there are none.</param>
public sealed class JournalVerification(IRawJournal journal, IRawSnapshots snapshots, ISealStore? seals)
{
    private const int BatchRows = 2_000;
    /// <summary>Differences told; whoever changed more than this changed everything.</summary>
    private const int ToldLimit = 1_000;
    private readonly List<Difference> _differences = [];

    /// <param name="progress">Told how many rows were read so far.</param>
    public async Task<VerificationReport> RunAsync(Action<long> progress, CancellationToken cancel)
    {
        var days = await DaysAsync(cancel).ConfigureAwait(false);
        var (sealedUpTo, heads) = seals is null ? (new SealProgress(0, null), []) : (await seals.ProgressAsync(cancel).ConfigureAwait(false), (await seals.AllAsync(cancel).ConfigureAwait(false)).ToDictionary(h => h.Entity, StringComparer.Ordinal));
        if (seals is null && days.Count > 0) Differs("seals", 0, $"{days.Count} days were sealed, and the seals are gone");
        var (rows, notSealed, chains) = await ChainsAsync(sealedUpTo.Through, heads, days, progress, cancel).ConfigureAwait(false);
        foreach (var head in heads.Values.OrderBy(h => h.Entity, StringComparer.Ordinal))
            if (!chains.TryGetValue(head.Entity, out var chain)) Differs(head.Entity, 1, $"is gone, with all of its {head.Number} events");
            else if (!chain.IsBroken && chain.Number < head.Number) Differs(head.Entity, chain.Number + 1, $"is gone, with every event up to {head.Number}");
        var (compared, notCompared, notFolded) = await FoldsAsync(cancel).ConfigureAwait(false);
        return new VerificationReport(rows, chains.Count, notSealed, days.Count, compared, notCompared, notFolded, [.. _differences.OrderBy(d => d.Entity.StartsWith("day ", StringComparison.Ordinal) ? 1 : 0)]);
    }

    /// <summary>The roots that were told, from the journal itself.</summary>
    private async Task<List<DaySeal>> DaysAsync(CancellationToken cancel)
    {
        var days = new List<DaySeal>();
        await foreach (var entity in EntitiesAsync(EntityKinds.Seal + "/", cancel).ConfigureAwait(false))
        {
            if (!entity.StartsWith(EntityKinds.Seal + "/", StringComparison.Ordinal)) break;
            await foreach (var row in RowsAsync(entity, cancel).ConfigureAwait(false))
                try
                {
                    if (JournalRegistry.Codecs.Named(row.Manifest).Decode(row.Payload) is DaySealed e) days.Add(e.Seal);
                }
                catch (Exception e) when (e is not OperationCanceledException) { /* the pass over all entities says what is wrong with it */ }
        }
        return [.. days.OrderBy(d => d.Through)];
    }

    private sealed class Chain(string entity)
    {
        internal long Number { get; set; }
        internal byte[] Head { get; set; } = SealChain.Genesis(entity);
        /// <summary>A difference was told: what follows differs because of it.</summary>
        internal bool IsBroken { get; set; }
        internal (long Block, byte[]? Links) Links { get; set; } = (-1, null);
    }

    private async Task<(long Rows, long NotSealed, Dictionary<string, Chain> Chains)> ChainsAsync(
        long through, Dictionary<string, EntitySeal> heads, List<DaySeal> days, Action<long> progress, CancellationToken cancel)
    {
        var (chains, rows, notSealed, place, day) = (new Dictionary<string, Chain>(StringComparer.Ordinal), 0L, 0L, long.MinValue, 0);
        while (await journal.AfterAsync(place, BatchRows, DateTimeOffset.MaxValue, cancel).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            foreach (var row in batch)
            {
                for (; day < days.Count && row.Ordering > days[day].Through; day++) Check(days, day, chains);
                if (!chains.TryGetValue(row.Entity, out var chain)) chains[row.Entity] = chain = new Chain(row.Entity);
                if (row.Number != chain.Number + 1) Breaks(chain, row.Entity, chain.Number + 1, $"is missing: {row.Number} follows {chain.Number}");
                (chain.Head, chain.Number) = (SealChain.Next(chain.Head, row), row.Number);
                if (heads.TryGetValue(row.Entity, out var head) && row.Number <= head.Number) await CompareAsync(chain, row, head, cancel).ConfigureAwait(false);
                else if (row.Ordering > through) notSealed++;
                else if (seals is not null) Breaks(chain, row.Entity, row.Number, "was not there when it was sealed");
            }
            (place, rows) = (batch[^1].Ordering, rows + batch.Count);
            progress(rows);
        }
        for (; day < days.Count; day++) Check(days, day, chains);
        return (rows, notSealed, chains);
    }

    private async Task CompareAsync(Chain chain, RawEvent row, EntitySeal head, CancellationToken cancel)
    {
        if (chain.IsBroken) return;
        var (block, at) = ((row.Number - 1) / LinkBlock.Size, (int)((row.Number - 1) % LinkBlock.Size) * SealChain.LinkBytes);
        if (chain.Links.Block != block) chain.Links = (block, await seals!.LinksAsync(row.Entity, block, cancel).ConfigureAwait(false));
        if (chain.Links.Links is not { } links || links.Length < at + SealChain.LinkBytes) Breaks(chain, row.Entity, row.Number, "has no seal, though later ones have");
        else if (!links.AsSpan(at, SealChain.LinkBytes).SequenceEqual(chain.Head.AsSpan(0, SealChain.LinkBytes))) Breaks(chain, row.Entity, row.Number, $"is not what was sealed ({row.Manifest}, {row.Payload.Length} bytes)");
        else if (row.Number == head.Number && !head.Head.AsSpan().SequenceEqual(chain.Head)) Breaks(chain, row.Entity, row.Number, "is not what was sealed: the head differs");
    }

    /// <summary>The root of a day as the rows give it now.</summary>
    private void Check(List<DaySeal> days, int index, Dictionary<string, Chain> chains)
    {
        var told = days[index];
        var name = $"day {told.Day:yyyy-MM-dd}";
        var before = index == 0 ? DaySeal.Nothing : days[index - 1].Chain;
        if (!told.Before.SequenceEqual(before)) Differs(name, told.Through, "does not rest on the day sealed before");
        var now = DaySeal.Of(told.Day, told.Through, chains.Select(c => new EntitySeal(c.Key, c.Value.Number, [.. c.Value.Head])), told.Before);
        if (!now.Chain.SequenceEqual(told.Chain)) Differs(name, told.Through, $"has another root than was told: {Convert.ToHexStringLower(told.Chain.AsSpan())}");
    }

    private async Task<(int Compared, int NotCompared, IReadOnlyList<string> NotFolded)> FoldsAsync(CancellationToken cancel)
    {
        var (compared, notCompared, notFolded) = (0, 0, new SortedSet<string>(StringComparer.Ordinal));
        await foreach (var entity in EntitiesAsync("", cancel).ConfigureAwait(false))
        {
            var slash = entity.IndexOf('/');
            var fold = slash < 0 ? null : EntityFold.Of(entity[..slash], entity[(slash + 1)..]);
            if (fold is null) notFolded.Add(slash < 0 ? entity : entity[..slash]);
            var snapshot = await snapshots.NewestAsync(entity, cancel).ConfigureAwait(false);
            await foreach (var row in RowsAsync(entity, cancel).ConfigureAwait(false))
            {
                if (Applied(fold, row) is { } wrong)
                {
                    Differs(entity, row.Number, wrong);
                    break;
                }
                if (snapshot?.Number != row.Number || fold is null) continue;
                if (!fold.IsComparable) notCompared++;
                else if (IsSame(snapshot, fold.Snapshot())) compared++;
                else Differs(entity, row.Number, "its snapshot is not what its events make");
            }
        }
        return (compared, notCompared, [.. notFolded]);
    }

    private static string? Applied(EntityFold? fold, RawEvent row)
    {
        object record;
        try { record = JournalRegistry.Codecs.Named(row.Manifest).Decode(row.Payload); }
        catch (Exception e) when (e is not OperationCanceledException) { return $"cannot be read: {e.Message}"; }
        try { fold?.Apply(record); }
        catch (Exception e) when (e is not OperationCanceledException) { return $"cannot have happened: {e.Message}"; }
        return null;
    }

    /// <summary>Read and written again, so that what an older build wrote otherwise is no difference.</summary>
    private static bool IsSame(RawSnapshot kept, EntitySnapshot made)
    {
        try
        {
            var codec = JournalRegistry.Codecs.Named(kept.Manifest);
            return codec.Encode(codec.Decode(kept.Snapshot)).AsSpan().SequenceEqual(codec.Encode(made));
        }
        catch (Exception e) when (e is not OperationCanceledException) { return false; }
    }

    private async IAsyncEnumerable<string> EntitiesAsync(string after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        while (await journal.EntitiesAsync(after, BatchRows, cancel).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var entity in page) yield return entity;
            after = page[^1];
        }
    }

    private async IAsyncEnumerable<RawEvent> RowsAsync(string entity, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var number = 0L;
        while (await journal.OfAsync(entity, number, BatchRows, cancel).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var row in page) yield return row;
            number = page[^1].Number;
        }
    }

    private void Breaks(Chain chain, string entity, long number, string what)
    {
        if (!chain.IsBroken) Differs(entity, number, what);
        chain.IsBroken = true;
    }

    private void Differs(string entity, long number, string what)
    {
        if (_differences.Count < ToldLimit) _differences.Add(new Difference(entity, number, what));
    }
}
