namespace Governance.Storage;

/// <summary>
/// "Wake this entity no later than": written by the entity itself, so no query can miss it.
/// </summary>
/// <param name="Kind">Shard region.</param>
/// <param name="Due">By the wall clock.</param>
/// <param name="Version">The entity's journal sequence number when it wrote this: a former owner's late word has a lower one and changes nothing.</param>
public sealed record DeadlineRow(string Kind, string Id, DateTimeOffset Due, long Version);

/// <summary>The deadline view: nobody's memory is needed to keep a deadline. Durable when a call returns.</summary>
public interface IDeadlineStore : IAsyncDisposable
{
    /// <summary>Sets the entity's one row, unless a later version stands there. Concurrent calls are group-committed; of equal versions the last call wins.</summary>
    Task UpsertAsync(DeadlineRow row);

    /// <summary>Removes the entity's row, unless a later version stands there; success when there is none.</summary>
    Task RemoveAsync(string kind, string id, long version);

    /// <summary>At most <paramref name="max"/> rows that are due at <paramref name="at"/>, earliest first.</summary>
    Task<IReadOnlyList<DeadlineRow>> DueAsync(DateTimeOffset at, int max, CancellationToken cancel);
}

/// <summary>One entity's word to the store: a row, or that it needs none.</summary>
internal readonly record struct DeadlineWord(string Kind, string Id, DateTimeOffset? Due, long Version);
