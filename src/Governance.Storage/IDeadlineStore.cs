namespace Governance.Storage;

/// <summary>
/// "Wake this entity no later than": written by the entity itself, so no query can miss it.
/// </summary>
/// <param name="Kind">Shard region.</param>
/// <param name="Clock">Empty for the wall clock, else the id of a recorded clock.</param>
public sealed record DeadlineRow(string Kind, string Id, string Clock, DateTimeOffset Due);

/// <summary>The deadline view: nobody's memory is needed to keep a deadline. Durable when a call returns.</summary>
public interface IDeadlineStore : IAsyncDisposable
{
    /// <summary>Sets the entity's one row. Concurrent calls are group-committed; the last call for an entity wins.</summary>
    Task UpsertAsync(DeadlineRow row);

    /// <summary>Removes the entity's row; success when there is none.</summary>
    Task RemoveAsync(string kind, string id);

    /// <summary>At most <paramref name="max"/> rows of one clock that are due at <paramref name="at"/>, earliest first.</summary>
    Task<IReadOnlyList<DeadlineRow>> DueAsync(string clock, DateTimeOffset at, int max, CancellationToken cancel);
}
