using Governance.Storage.Reading;
using Npgsql;

namespace Governance.Storage.Postgres;

/// <summary>Blocks and chunks of the database. A page is one statement, so it is seen at one moment.</summary>
internal sealed class PostgresStretches(PostgresDatabase database) : IStretches
{
    /// <summary>Some 2 MiB each at most.</summary>
    private const int PageBlocks = 8;
    private const int PageChunks = 256;

    /// <summary>In number order, so that an index gives the next ones at once. The chunks come with the last of the blocks only.</summary>
    private static readonly string Stretches = $"""
        WITH s AS (SELECT source FROM source WHERE id = $1),
        b AS MATERIALIZED (
          SELECT first_chunk, last_chunk, last_writer AS writer, 0::smallint AS kind, first_sampled, last_sampled, count, payload FROM block
          WHERE source = (SELECT source FROM s) AND last_chunk > $2 AND first_chunk < $3 AND last_sampled >= $4 AND first_sampled <= $5
          ORDER BY last_chunk LIMIT {PageBlocks}),
        c AS (
          SELECT chunk_no, chunk_no, writer, kind, first_sampled, last_sampled, count, payload FROM chunk
          WHERE source = (SELECT source FROM s) AND chunk_no > $2 AND chunk_no < $3 AND last_sampled >= $4 AND first_sampled <= $5 AND (SELECT count(*) FROM b) < {PageBlocks}
          ORDER BY chunk_no LIMIT {PageChunks})
        SELECT * FROM b UNION ALL SELECT * FROM c ORDER BY 2
        """;

    public async Task<Page> ReadAsync(string sourceId, Window window, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(Stretches);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sourceId });
        foreach (var number in new[] { window.After, window.Before, window.From, window.To }) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        var (found, blocks) = (new List<Stretch>(), 0);
        await using var rows = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        while (await rows.ReadAsync(cancel).ConfigureAwait(false))
        {
            var (first, last, payload) = (rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(7));
            var isBlock = rows.GetInt16(3) == 0;
            if (isBlock) blocks++;
            found.Add(new Stretch(first, last, isBlock ? null : ChunkOf(sourceId, rows, payload), isBlock ? payload : null));
        }
        return new Page(found, blocks < PageBlocks && found.Count - blocks < PageChunks);
    }

    public async Task<long> BelowAsync(string sourceId, long from, long to, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand("""
            SELECT coalesce((SELECT min(first_chunk) - 1 FROM block b WHERE b.source = s.source AND last_sampled >= $2 AND first_sampled <= $3),
              (SELECT last_chunk FROM block b WHERE b.source = s.source ORDER BY last_chunk DESC LIMIT 1), 0)
            FROM source s WHERE s.id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sourceId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        return await command.ExecuteScalarAsync(cancel).ConfigureAwait(false) is long number ? number : 0;
    }

    private static LedgerChunk ChunkOf(string sourceId, NpgsqlDataReader row, byte[] payload) =>
        new(sourceId, row.GetInt64(0), row.GetGuid(2), (ChunkKind)row.GetInt16(3), At(row.GetInt64(4)), At(row.GetInt64(5)), row.GetInt32(6), payload);

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
