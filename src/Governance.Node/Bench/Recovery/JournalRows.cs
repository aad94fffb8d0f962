using System.Data.Common;
using Governance.Contracts.Codecs;
using Governance.Domain.Kernel;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Governance.Node.Bench;

/// <summary>Writes rows of journal and snapshots as the product's own serializer and plugin leave them.</summary>
internal abstract class JournalRows : IDisposable
{
    protected const int SerializerId = 1101;
    protected static readonly string Writer = Guid.NewGuid().ToString();
    private readonly Dictionary<string, long> _rowsOf = [];

    internal long Count { get; private set; }
    internal long CountOf(string kind) => _rowsOf.GetValueOrDefault(kind);

    internal void Event(EntityAddress of, long sequence, IDomainEvent happened)
    {
        var codec = JournalRegistry.Codecs.For(happened);
        Row(of.ToString(), sequence, happened.At.UtcTicks, codec.Encode(happened), codec.Manifest);
        Count++;
        _rowsOf[of.Kind] = CountOf(of.Kind) + 1;
    }

    internal void Snapshot(EntityAddress of, long sequence, EntitySnapshot snapshot)
    {
        var codec = JournalRegistry.Codecs.For(snapshot);
        SnapshotRow(of.ToString(), sequence, DateTime.UtcNow.Ticks, codec.Encode(snapshot), codec.Manifest);
    }

    protected abstract void Row(string id, long sequence, long created, byte[] message, string manifest);
    protected abstract void SnapshotRow(string id, long sequence, long created, byte[] snapshot, string manifest);

    /// <summary>Everything is durable afterwards. Answers the ordering of the last row.</summary>
    internal abstract long Finish();
    public abstract void Dispose();

    /// <summary>Reads every row of a journal once and nothing else: no recovery can be faster.</summary>
    internal static async Task<(long Rows, TimeSpan Took)> ScanAsync(DbConnection connection, CancellationToken cancel)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        await connection.OpenAsync(cancel);
        await using var scan = connection.CreateCommand();
        scan.CommandText = "SELECT persistence_id, sequence_number, manifest, message FROM journal ORDER BY ordering";
        scan.CommandTimeout = 0;
        await using var reader = await scan.ExecuteReaderAsync(cancel);
        var (rows, bytes) = (0L, 0L);
        for (; await reader.ReadAsync(cancel); rows++) bytes += reader.GetString(0).Length + reader.GetInt64(1) + reader.GetString(2).Length + reader.GetFieldValue<byte[]>(3).Length;
        return bytes >= 0 ? (rows, System.Diagnostics.Stopwatch.GetElapsedTime(begun)) : throw new InvalidOperationException("nothing was read");
    }
}

/// <summary>Into the two files of a data folder whose schema is there already.</summary>
internal sealed class SqliteJournalRows : JournalRows
{
    private readonly SqliteConnection _journal, _snapshots;
    private readonly SqliteCommand _insert;
    private readonly SqliteTransaction _transaction;

    internal SqliteJournalRows(string folder)
    {
        (_journal, _snapshots) = (Open("journal.db"), Open("snapshots.db"));
        _transaction = _journal.BeginTransaction();
        _insert = _journal.CreateCommand();
        _insert.Transaction = _transaction;
        _insert.CommandText = $"INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES ($created, 0, $id, $n, $message, $manifest, {SerializerId}, '{Writer}')";
        foreach (var name in (string[])["$created", "$id", "$n", "$message", "$manifest"]) _insert.Parameters.Add(new SqliteParameter(name, null));

        SqliteConnection Open(string file)
        {
            var connection = new SqliteConnection($"Data Source={Path.Combine(folder, file)};Pooling=false");
            connection.Open();
            return connection;
        }
    }

    protected override void Row(string id, long sequence, long created, byte[] message, string manifest)
    {
        var p = _insert.Parameters;
        (p[0].Value, p[1].Value, p[2].Value, p[3].Value, p[4].Value) = (created, id, sequence, message, manifest);
        _insert.ExecuteNonQuery();
    }

    protected override void SnapshotRow(string id, long sequence, long created, byte[] snapshot, string manifest)
    {
        using var insert = _snapshots.CreateCommand();
        insert.CommandText = $"INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES ($id, $n, $created, $snapshot, $manifest, {SerializerId})";
        foreach (var (name, value) in new (string, object)[] { ("$id", id), ("$n", sequence), ("$created", created), ("$snapshot", snapshot), ("$manifest", manifest) }) insert.Parameters.AddWithValue(name, value);
        insert.ExecuteNonQuery();
    }

    internal override long Finish()
    {
        _transaction.Commit();
        using var last = _journal.CreateCommand();
        // Room for copies of the folder: nothing is left in the write-ahead logs.
        last.CommandText = "PRAGMA wal_checkpoint(TRUNCATE); SELECT max(ordering) FROM journal";
        using var reader = last.ExecuteReader();
        return reader.NextResult() && reader.Read() ? reader.GetInt64(0) : throw new IOException("the journal is empty");
    }

    public override void Dispose()
    {
        _transaction.Dispose();
        _insert.Dispose();
        _journal.Dispose();
        _snapshots.Dispose();
    }
}

/// <summary>Into a database whose schema is there already.</summary>
internal sealed class PostgresJournalRows : JournalRows
{
    private readonly NpgsqlConnection _journal, _snapshots;
    private readonly NpgsqlBinaryImporter _copy;

    internal PostgresJournalRows(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection) { Pooling = false, CommandTimeout = 0 }.ConnectionString;
        (_journal, _snapshots) = (new NpgsqlConnection(settings), new NpgsqlConnection(settings));
        _journal.Open();
        _snapshots.Open();
        _copy = _journal.BeginBinaryImport("COPY journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) FROM STDIN (FORMAT BINARY)");
        _copy.Timeout = TimeSpan.Zero;
    }

    protected override void Row(string id, long sequence, long created, byte[] message, string manifest)
    {
        _copy.StartRow();
        _copy.Write(created, NpgsqlDbType.Bigint);
        _copy.Write(false, NpgsqlDbType.Boolean);
        _copy.Write(id, NpgsqlDbType.Varchar);
        _copy.Write(sequence, NpgsqlDbType.Bigint);
        _copy.Write(message, NpgsqlDbType.Bytea);
        _copy.Write(manifest, NpgsqlDbType.Varchar);
        _copy.Write(SerializerId, NpgsqlDbType.Integer);
        _copy.Write(Writer, NpgsqlDbType.Varchar);
    }

    protected override void SnapshotRow(string id, long sequence, long created, byte[] snapshot, string manifest)
    {
        using var insert = new NpgsqlCommand("INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES ($1, $2, $3, $4, $5, $6)", _snapshots);
        foreach (var value in (object[])[id, sequence, created, snapshot, manifest, SerializerId]) insert.Parameters.Add(new NpgsqlParameter { Value = value });
        insert.ExecuteNonQuery();
    }

    internal override long Finish()
    {
        _copy.Complete();
        _copy.Dispose();
        using var last = new NpgsqlCommand("SELECT max(ordering) FROM journal", _journal);
        return (long)last.ExecuteScalar()!;
    }

    public override void Dispose()
    {
        _copy.Dispose();
        _journal.Dispose();
        _snapshots.Dispose();
    }
}
