using Governance.Contracts.Codecs;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Npgsql;

namespace Governance.Cluster.Tests.Faults;

/// <summary>What the database holds, read without any of the code that wrote it but the codecs.</summary>
internal sealed class Records(string connection) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connection + ";Command Timeout=120");

    internal string Connection => connection;

    /// <summary>An entity's journal, oldest first.</summary>
    internal sealed record Journal(string Id, IReadOnlyList<(long Sequence, object Event)> Events);

    /// <summary>Every entity's journal.</summary>
    internal async Task<Dictionary<string, Journal>> JournalsAsync()
    {
        var journals = new Dictionary<string, List<(long, object)>>();
        await using var command = _database.CreateCommand("SELECT persistence_id, sequence_number, manifest, message FROM journal ORDER BY persistence_id, sequence_number");
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var id = rows.GetString(0);
            if (!journals.TryGetValue(id, out var events)) journals[id] = events = [];
            events.Add((rows.GetInt64(1), JournalRegistry.Codecs.Named(rows.GetString(2)).Decode(rows.GetFieldValue<byte[]>(3))));
        }
        return journals.ToDictionary(j => j.Key, j => new Journal(j.Key, j.Value));
    }

    /// <summary>Sequence numbers per detector ordinal, as often as they are stored, with their values.</summary>
    internal async Task<Dictionary<int, List<(long Seq, double Value)>>> LedgerAsync(string source)
    {
        var stored = new Dictionary<int, List<(long, double)>>();
        foreach (var chunk in (await ChunksAsync(source)).Values.SelectMany(c => c).Where(c => !c.IsOwnership))
            foreach (var segment in ChunkPayload.Unpack(chunk.Payload))
                foreach (var reading in segment.Readings)
                {
                    if (!stored.TryGetValue(reading.Detector, out var list)) stored[reading.Detector] = list = [];
                    list.Add((reading.Seq, reading.Value));
                }
        return stored;
    }

    /// <summary>Every chunk of a source, or of all when null, in number order, as often as it is there: by itself or within a block.</summary>
    internal async Task<Dictionary<string, List<BlockChunk>>> ChunksAsync(string? source = null)
    {
        var sources = new Dictionary<string, List<BlockChunk>>();
        await using var command = _database.CreateCommand("""
            SELECT s.id, p.chunk_no, p.writer, p.kind, p.count, p.payload FROM source s JOIN (
              SELECT source, chunk_no, writer, kind, count, payload FROM chunk UNION ALL
              SELECT source, last_chunk, last_writer, 0::smallint, count, payload FROM block) p USING (source)
            WHERE $1::text IS NULL OR s.id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var payload = rows.GetFieldValue<byte[]>(5);
            if (!sources.TryGetValue(rows.GetString(0), out var chunks)) sources[rows.GetString(0)] = chunks = [];
            if (rows.GetInt16(3) == 0) chunks.AddRange(LedgerBlock.Unpack(payload));
            else chunks.Add(new BlockChunk(rows.GetInt64(1), rows.GetGuid(2), rows.GetInt16(3) == 2, default, default, rows.GetInt32(4), payload));
        }
        foreach (var chunks in sources.Values) chunks.Sort((a, b) => a.ChunkNo.CompareTo(b.ChunkNo));
        return sources;
    }

    /// <summary>State of every case in the list.</summary>
    internal async Task<List<(string Key, string Number, string State)>> CaseListAsync()
    {
        var list = new List<(string, string, string)>();
        await using var command = _database.CreateCommand("SELECT key, number, state FROM case_list");
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) list.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2)));
        return list;
    }

    /// <summary>Who founded the cluster that is the one now.</summary>
    internal async Task<string> FounderAsync()
    {
        await using var command = _database.CreateCommand("SELECT founder FROM cluster_now");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    internal static CaseState CaseOf(Journal journal) => journal.Events.Select(e => e.Event).OfType<CaseEvent>().Aggregate(CaseState.New(Key(journal.Id)), CaseEvolution.Evolve);

    internal static EntityMemory MemoryOf(Journal journal) => journal.Events.Aggregate(EntityMemory.Empty, (memory, e) => e.Event switch
    {
        MemoryEvent m => memory.Evolve(m),
        IDomainEvent d => memory.Counted(d),
        _ => throw new InvalidOperationException($"{journal.Id} holds {e.Event.GetType()}"),
    });

    internal static string Key(string persistenceId) => persistenceId[(persistenceId.IndexOf('/') + 1)..];

    internal static IEnumerable<string> Raised(Journal journal) => journal.Events.Select(e => e.Event).OfType<HazardSourceEvent.OccurrenceActivated>().Select(e => e.Occurrence.Value);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
