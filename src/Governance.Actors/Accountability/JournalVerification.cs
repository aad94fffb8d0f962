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
/// <param name="Listed">Lines of the lists of cases and slips that were compared.</param>
/// <param name="NotFolded">Kinds of entities whose events were read and not folded.</param>
public sealed record VerificationReport(
    long Rows, long Entities, long NotSealed, int Days, int Snapshots, int NotCompared, int Listed, IReadOnlyList<string> NotFolded, IReadOnlyList<Difference> Differences);

/// <summary>
/// Recomputes every hash chain, every daily root and every entity from the journal's rows and compares them with the seals, with
/// the roots that were told, with snapshots and with the lists that hold entities whole. Reads only; works beside a running node, whose newest rows are not sealed yet.
/// </summary>
/// <param name="seals">Null: there are none.</param>
/// <param name="views">Null: there are none.</param>
public sealed class JournalVerification(IRawJournal journal, IRawSnapshots snapshots, ISealStore? seals, IViews? views)
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
        var (compared, notCompared, listed, notFolded) = await FoldsAsync(cancel).ConfigureAwait(false);
        return new VerificationReport(rows, chains.Count, notSealed, days.Count, compared, notCompared, listed, notFolded, [.. _differences.OrderBy(d => d.Entity.StartsWith("day ", StringComparison.Ordinal) ? 1 : 0)]);
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

    private async Task<(int Compared, int NotCompared, int Listed, IReadOnlyList<string> NotFolded)> FoldsAsync(CancellationToken cancel)
    {
        var (compared, notCompared, listed, notFolded) = (0, 0, 0, new SortedSet<string>(StringComparer.Ordinal));
        await foreach (var entity in EntitiesAsync("", cancel).ConfigureAwait(false))
        {
            var slash = entity.IndexOf('/');
            var address = slash < 0 ? new EntityAddress(entity, "") : new EntityAddress(entity[..slash], entity[(slash + 1)..]);
            var fold = slash < 0 ? null : EntityFold.Of(address.Kind, address.Id);
            if (fold is null) notFolded.Add(address.Kind);
            // Read before the events: whatever they have is journaled by now, whoever writes meanwhile.
            var copies = await CopiesAsync(address, entity, cancel).ConfigureAwait(false);
            var (last, isRead) = (0L, true);
            await foreach (var row in RowsAsync(entity, cancel).ConfigureAwait(false))
            {
                if (Applied(fold, row) is { } wrong)
                {
                    Differs(entity, row.Number, wrong);
                    isRead = false;
                    break;
                }
                last = row.Number;
                foreach (var copy in copies.Where(c => c.Number == row.Number && fold is not null))
                    if (!fold!.IsComparable) notCompared++;
                    else if (!IsSame(copy, fold.Snapshot())) Differs(entity, row.Number, $"its {copy.Name} is not what its events make");
                    else if (copy.Manifest is null) listed++;
                    else compared++;
            }
            // No seal proves the newest events yet; what was made of them does.
            if (isRead && copies.Where(c => c.Number > last).MaxBy(c => c.Number) is { } newer) Differs(entity, last + 1, $"is gone: its {newer.Name} is of event {newer.Number}");
        }
        return (compared, notCompared, listed, [.. notFolded]);
    }

    /// <summary>An entity as something beside the journal has it.</summary>
    /// <param name="Number">Of the event up to which it has it: a list may lag behind.</param>
    /// <param name="Manifest">Of a snapshot; null: a line of a list, which holds the state alone and not the memory of the actor.</param>
    private sealed record Copy(string Name, long Number, string? Manifest, byte[] Bytes);

    private async Task<List<Copy>> CopiesAsync(EntityAddress address, string entity, CancellationToken cancel)
    {
        var copies = new List<Copy>();
        if (await snapshots.NewestAsync(entity, cancel).ConfigureAwait(false) is { } kept) copies.Add(new Copy("snapshot", kept.Number, kept.Manifest, kept.Snapshot));
        if (views is not null && address.Kind == EntityKinds.Case && await views.CaseAsync(address.Id, cancel).ConfigureAwait(false) is { } line)
            copies.Add(new Copy("line in the list", line.Version, null, line.Whole));
        if (views is not null && address.Kind == EntityKinds.Slip && await views.SlipAsync(address.Id, cancel).ConfigureAwait(false) is { } slip)
            copies.Add(new Copy("line in the list", slip.Version, null, slip.Body));
        return copies;
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
    private static bool IsSame(Copy kept, EntitySnapshot made)
    {
        try
        {
            var (codec, whole) = kept.Manifest is { } manifest ? (JournalRegistry.Codecs.Named(manifest), made) : (JournalRegistry.Codecs.For(made.State), made.State);
            return codec.Encode(codec.Decode(kept.Bytes)).AsSpan().SequenceEqual(codec.Encode(whole));
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
