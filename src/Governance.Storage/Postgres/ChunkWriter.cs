using Governance.Storage.Blocks;
using Npgsql;

namespace Governance.Storage.Postgres;

/// <summary>
/// Writes batches of chunks, dense per source. A source whose last chunk this very writer stored goes with all others in
/// one statement; where that is unknown, or a key is taken, its chunks go one by one, each looking at what is there. The
/// newest chunk of a source is always there, older ones may be merged: a key that is free proves nothing by itself.
/// Used by one thread.
/// </summary>
internal sealed class ChunkWriter(PostgresDatabase database, ICommitFaults? faults)
{
    /// <summary>
    /// Of what somebody else wrote the newest chunk stands there: a number that it has meets a taken key, and all of the
    /// statement fails; numbers below it are left out; so none above it gets in.
    /// </summary>
    private const string Insert = """
        INSERT INTO chunk (source, chunk_no, writer, kind, first_sampled, last_sampled, count, payload)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::smallint[], $5::bigint[], $6::bigint[], $7::integer[], $8::bytea[]) AS n (source, chunk_no)
        WHERE coalesce((SELECT c.chunk_no FROM chunk c WHERE c.source = n.source ORDER BY c.chunk_no DESC LIMIT 1), 0) <= n.chunk_no
        """;
    private const string InsertNext = """
        INSERT INTO chunk (source, chunk_no, writer, kind, first_sampled, last_sampled, count, payload)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8
        FROM (VALUES (1)) AS one LEFT JOIN (SELECT chunk_no, writer FROM chunk WHERE source = $1 ORDER BY chunk_no DESC LIMIT 1) AS last ON true
        WHERE $2 = coalesce(last.chunk_no, 0) + 1 AND (last.writer IS NULL OR last.writer = $3 OR $4 = 2)
        ON CONFLICT DO NOTHING
        """;

    private readonly Dictionary<string, long> _sources = [];
    /// <summary>The last chunk of a source that this process stored. Anything uncertain is forgotten.</summary>
    private readonly Dictionary<string, (Guid Writer, long ChunkNo)> _last = [];

    private enum Column { Source, ChunkNo, Writer, Kind, First, Last, Count, Payload }

    /// <summary>One outcome per piece of work; null is a probe. Throws when the database cannot say: then nothing of it is told as stored.</summary>
    internal AppendOutcome[] Write(IReadOnlyList<LedgerChunk?> batch)
    {
        var outcomes = new AppendOutcome[batch.Count];
        using var connection = database.Source.OpenConnection();
        try
        {
            Intern(connection, batch);
            var together = Following(batch);
            faults?.BeforeCommit();
            var alone = together.Count > 0 && !TryInsert(connection, batch, together);
            if (together.Count == 0 && batch.Any(c => c is null)) Probe(connection);
            for (var i = 0; i < batch.Count; i++)
                outcomes[i] = batch[i] is not { } chunk || (!alone && together.Contains(i)) ? AppendOutcome.Stored : InsertOne(connection, chunk);
            return outcomes;
        }
        catch
        {
            foreach (var chunk in batch.OfType<LedgerChunk>()) _last.Remove(chunk.SourceId);
            throw;
        }
    }

    /// <summary>Positions of the chunks that follow what this process stored last.</summary>
    private HashSet<int> Following(IReadOnlyList<LedgerChunk?> batch)
    {
        var (following, broken, next) = (new HashSet<int>(), new HashSet<string>(), new Dictionary<string, (Guid, long)>());
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i] is not { } chunk || broken.Contains(chunk.SourceId)) continue;
            var known = next.TryGetValue(chunk.SourceId, out var last) || _last.TryGetValue(chunk.SourceId, out last);
            if (known && last == (chunk.Writer, chunk.ChunkNo - 1))
            {
                following.Add(i);
                next[chunk.SourceId] = (chunk.Writer, chunk.ChunkNo);
            }
            else broken.Add(chunk.SourceId);
        }
        return following;
    }

    /// <summary>
    /// False when a key is taken: somebody else owns one of the sources, and nothing is written. Or when what somebody else
    /// wrote is merged: then only the chunks of such a source are not, and for the others going alone is a repeat.
    /// </summary>
    private bool TryInsert(NpgsqlConnection connection, IReadOnlyList<LedgerChunk?> batch, HashSet<int> positions)
    {
        var chunks = positions.Select(i => batch[i]!).ToList();
        using var command = new NpgsqlCommand(Insert, connection);
        foreach (var column in Enum.GetValues<Column>()) command.Parameters.Add(new NpgsqlParameter { Value = Values(column, chunks) });
        try { if (command.ExecuteNonQuery() < chunks.Count) return false; }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation) { return false; }
        foreach (var chunk in chunks) _last[chunk.SourceId] = (chunk.Writer, chunk.ChunkNo);
        return true;
    }

    private AppendOutcome InsertOne(NpgsqlConnection connection, LedgerChunk chunk)
    {
        using var command = new NpgsqlCommand(InsertNext, connection);
        foreach (var column in Enum.GetValues<Column>()) command.Parameters.Add(new NpgsqlParameter { Value = Values(column, [chunk]).GetValue(0)! });
        var stored = command.ExecuteNonQuery() == 1 || IsRepeat(connection, chunk);
        if (stored) _last[chunk.SourceId] = (chunk.Writer, chunk.ChunkNo);
        else _last.Remove(chunk.SourceId);
        return stored ? AppendOutcome.Stored : AppendOutcome.Conflict;
    }

    private bool IsRepeat(NpgsqlConnection connection, LedgerChunk chunk)
    {
        using var command = new NpgsqlCommand("""
            SELECT (SELECT writer FROM chunk WHERE source = $1 AND chunk_no = $2),
              (SELECT payload FROM block WHERE source = $1 AND last_chunk >= $2 AND first_chunk <= $2 ORDER BY last_chunk LIMIT 1)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _sources[chunk.SourceId] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chunk.ChunkNo });
        using var row = command.ExecuteReader();
        if (!row.Read()) return false;
        if (!row.IsDBNull(0)) return row.GetGuid(0) == chunk.Writer;
        return !row.IsDBNull(1) && BlockChunks.WriterOf(row.GetFieldValue<byte[]>(1), chunk.ChunkNo) == chunk.Writer;
    }

    private Array Values(Column column, List<LedgerChunk> chunks) => column switch
    {
        Column.Source => chunks.Select(c => _sources[c.SourceId]).ToArray(),
        Column.ChunkNo => chunks.Select(c => c.ChunkNo).ToArray(),
        Column.Writer => chunks.Select(c => c.Writer).ToArray(),
        Column.Kind => chunks.Select(c => (short)c.Kind).ToArray(),
        Column.First => chunks.Select(c => c.FirstSampledAt.UtcTicks).ToArray(),
        Column.Last => chunks.Select(c => c.LastSampledAt.UtcTicks).ToArray(),
        Column.Count => chunks.Select(c => c.Count).ToArray(),
        Column.Payload => chunks.Select(c => c.Payload.ToArray()).ToArray(),
        _ => throw new InvalidOperationException($"unknown column {column}"),
    };

    /// <summary>Source ids to numbers; a number once given stands for ever.</summary>
    private void Intern(NpgsqlConnection connection, IReadOnlyList<LedgerChunk?> batch)
    {
        var unknown = batch.OfType<LedgerChunk>().Select(c => c.SourceId).Where(id => !_sources.ContainsKey(id)).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length == 0) return;
        using var insert = new NpgsqlCommand("INSERT INTO source (id) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING", connection);
        insert.Parameters.Add(new NpgsqlParameter { Value = unknown });
        insert.ExecuteNonQuery();
        using var select = new NpgsqlCommand("SELECT id, source FROM source WHERE id = ANY ($1)", connection);
        select.Parameters.Add(new NpgsqlParameter { Value = unknown });
        using var rows = select.ExecuteReader();
        while (rows.Read()) _sources[rows.GetString(0)] = rows.GetInt64(1);
    }

    private static void Probe(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("UPDATE probe SET count = count + 1", connection);
        command.ExecuteNonQuery();
    }
}
