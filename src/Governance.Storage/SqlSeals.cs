using Governance.Domain.Accountability;

namespace Governance.Storage;

/// <summary>Raw rows of the journal in SQL that SQLite and PostgreSQL both speak; the columns are those of Akka.Persistence.Sql.</summary>
public abstract class SqlRawJournal : SqlTables, IRawJournal
{
    private const string Columns = "ordering, persistence_id, sequence_number, created, message, manifest, identifier, writer_uuid";

    public abstract TimeSpan SettledAfter { get; }

    public async Task<IReadOnlyList<RawEvent>> AfterAsync(long ordering, int limit, DateTimeOffset createdBefore, CancellationToken cancel)
    {
        var rows = await QueryAsync($"SELECT {Columns} FROM journal WHERE ordering > @a ORDER BY ordering LIMIT @b", [ordering, limit], Row, cancel);
        return [.. rows.TakeWhile(r => r.CreatedTicks < createdBefore.UtcTicks)];
    }

    public async Task<IReadOnlyList<RawEvent>> OfAsync(string entity, long number, int limit, CancellationToken cancel) =>
        await QueryAsync($"SELECT {Columns} FROM journal WHERE persistence_id = @a AND sequence_number > @b ORDER BY sequence_number LIMIT @c", [entity, number, limit], Row, cancel);

    public async Task<IReadOnlyList<string>> EntitiesAsync(string after, int limit, CancellationToken cancel) =>
        await QueryAsync("SELECT DISTINCT persistence_id FROM journal WHERE persistence_id > @a ORDER BY persistence_id LIMIT @b", [after, limit], r => r.GetString(0), cancel);

    private static RawEvent Row(System.Data.Common.DbDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetFieldValue<byte[]>(4), r.IsDBNull(5) ? "" : r.GetString(5), r.IsDBNull(6) ? 0 : r.GetInt32(6), r.IsDBNull(7) ? "" : r.GetString(7));
}

/// <summary>Raw snapshots in SQL that SQLite and PostgreSQL both speak.</summary>
public abstract class SqlRawSnapshots : SqlTables, IRawSnapshots
{
    public async Task<RawSnapshot?> NewestAsync(string entity, CancellationToken cancel) => (await QueryAsync(
        "SELECT sequence_number, snapshot, manifest FROM snapshot WHERE persistence_id = @a ORDER BY sequence_number DESC LIMIT 1", [entity],
        r => new RawSnapshot(r.GetInt64(0), r.IsDBNull(1) ? [] : r.GetFieldValue<byte[]>(1), r.IsDBNull(2) ? "" : r.GetString(2)), cancel)).FirstOrDefault();
}

/// <summary>Seals in SQL that SQLite and PostgreSQL both speak.</summary>
public abstract class SqlSeals : SqlTables, ISealStore
{
    /// <summary>Names asked for in one statement.</summary>
    private const int AskedAtOnce = 20;

    public async Task<SealProgress> ProgressAsync(CancellationToken cancel) =>
        (await QueryAsync("SELECT through, day FROM seal_progress", [], r => new SealProgress(r.GetInt64(0), r.IsDBNull(1) ? null : DateOnly.FromDayNumber(r.GetInt32(1))), cancel))[0];

    public async Task<IReadOnlyDictionary<string, SealedHead>> HeadsAsync(IReadOnlyCollection<string> entities, CancellationToken cancel)
    {
        var found = new Dictionary<string, SealedHead>(StringComparer.Ordinal);
        foreach (var some in entities.Chunk(AskedAtOnce))
            foreach (var head in await QueryAsync($"""
                SELECT s.entity, s.number, s.head, l.links FROM entity_seal s LEFT JOIN seal_links l ON l.entity = s.entity AND l.block = (s.number - 1) / {LinkBlock.Size}
                WHERE s.entity IN ({string.Join(", ", some.Select((_, i) => Parameter(i)))})
                """, [.. some], r => new SealedHead(Seal(r), r.IsDBNull(3) ? [] : r.GetFieldValue<byte[]>(3)), cancel)) found[head.Seal.Entity] = head;
        return found;
    }

    public async Task<byte[]?> LinksAsync(string entity, long block, CancellationToken cancel) =>
        (await QueryAsync("SELECT links FROM seal_links WHERE entity = @a AND block = @b", [entity, block], r => r.GetFieldValue<byte[]>(0), cancel)).FirstOrDefault();

    public async Task<IReadOnlyList<EntitySeal>> AllAsync(CancellationToken cancel) => await QueryAsync("SELECT entity, number, head FROM entity_seal", [], Seal, cancel);

    public Task ApplyAsync(long from, long to, IReadOnlyCollection<EntitySeal> heads, IReadOnlyCollection<LinkBlock> links, CancellationToken cancel) => InTransactionAsync(async transaction =>
    {
        // First, so that of two nodes that seal only one goes on.
        if (await ExecuteAsync(transaction, "UPDATE seal_progress SET through = @a WHERE through = @b", [to, from], cancel) == 0) throw new SealsMovedException(from);
        foreach (var head in heads) await UpsertAsync(transaction, "entity_seal", "entity", "entity, number, head", "", cancel, head.Entity, head.Number, head.Head.ToArray());
        foreach (var block in links) await UpsertAsync(transaction, "seal_links", "entity, block", "entity, block, links", "", cancel, block.Entity, block.Number, block.Links);
    }, cancel);

    public Task SealedAsync(DateOnly day, CancellationToken cancel) => ExecuteAsync("UPDATE seal_progress SET day = @a WHERE day IS NULL OR day < @a", [day.DayNumber], cancel);

    private static EntitySeal Seal(System.Data.Common.DbDataReader r) => new(r.GetString(0), r.GetInt64(1), [.. r.GetFieldValue<byte[]>(2)]);
}
