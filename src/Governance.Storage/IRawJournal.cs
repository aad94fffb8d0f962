using Governance.Domain.Accountability;

namespace Governance.Storage;

/// <summary>The journal's rows as they lie there, in the order of the whole journal: what seals are computed from.</summary>
public interface IRawJournal
{
    /// <summary>How old a row must be so that no row before it can still appear; zero where rows appear in order.</summary>
    TimeSpan SettledAfter { get; }

    /// <summary>Rows after a place, in order. A row with a smaller place never appears after one that was returned, as long as <paramref name="createdBefore"/> lies longer back than a write may take.</summary>
    /// <param name="createdBefore">Later rows are not returned, nor any after them.</param>
    Task<IReadOnlyList<RawEvent>> AfterAsync(long ordering, int limit, DateTimeOffset createdBefore, CancellationToken cancel);

    /// <summary>Rows of one entity after a number, in order.</summary>
    Task<IReadOnlyList<RawEvent>> OfAsync(string entity, long number, int limit, CancellationToken cancel);

    /// <summary>Entities that have a journal, in order of their names, after one of them.</summary>
    Task<IReadOnlyList<string>> EntitiesAsync(string after, int limit, CancellationToken cancel);
}

/// <summary>A snapshot as it lies there.</summary>
public sealed record RawSnapshot(long Number, byte[] Snapshot, string Manifest);

/// <summary>Snapshots as they lie there.</summary>
public interface IRawSnapshots
{
    Task<RawSnapshot?> NewestAsync(string entity, CancellationToken cancel);
}

/// <summary>Short links of up to <see cref="Size"/> events of an entity: event n lies in block (n − 1) / size.</summary>
public sealed record LinkBlock(string Entity, long Number, byte[] Links)
{
    public const int Size = 256;
}

/// <summary>A head, with the block that its next link goes to.</summary>
public sealed record SealedHead(EntitySeal Seal, byte[] Links);

/// <summary>How far the seals have come.</summary>
/// <param name="Through">Place in the journal.</param>
/// <param name="Day">The last day that was sealed; null: none.</param>
public sealed record SealProgress(long Through, DateOnly? Day);

/// <summary>The seals moved since they were read: another node seals.</summary>
public sealed class SealsMovedException(long from) : Exception($"the seals are no longer at {from}");

/// <summary>Heads of the hash chains of all entities, with the place in the journal that they reflect, in one transaction.</summary>
public interface ISealStore : IAsyncDisposable
{
    Task<SealProgress> ProgressAsync(CancellationToken cancel);

    /// <summary>Of those of the entities that are sealed.</summary>
    Task<IReadOnlyDictionary<string, SealedHead>> HeadsAsync(IReadOnlyCollection<string> entities, CancellationToken cancel);

    /// <summary>Every head, for the root of a day.</summary>
    Task<IReadOnlyList<EntitySeal>> AllAsync(CancellationToken cancel);

    /// <exception cref="SealsMovedException">They are not at <paramref name="from"/>; nothing was written.</exception>
    Task ApplyAsync(long from, long to, IReadOnlyCollection<EntitySeal> heads, IReadOnlyCollection<LinkBlock> links, CancellationToken cancel);

    /// <summary>Null where there is none.</summary>
    Task<byte[]?> LinksAsync(string entity, long block, CancellationToken cancel);

    /// <summary>A day is sealed, and told.</summary>
    Task SealedAsync(DateOnly day, CancellationToken cancel);
}
