using System.Runtime.InteropServices;
using Governance.Edge.V1;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Governance.Node.Bench;

/// <summary>Appends frames to a file and syncs its data: nothing that is durable can be faster on this disk.</summary>
internal sealed partial class LogStore(string folder) : ILimitStore
{
    private readonly FileStream _file = new(Path.Combine(Directory.CreateDirectory(folder).FullName, "log"), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);

    public void Store(IReadOnlyList<byte[]> frames)
    {
        foreach (var frame in frames) _file.Write(frame);
        _file.Flush();
        if (Sync((int)_file.SafeFileHandle.DangerousGetHandle()) != 0) throw new IOException($"fdatasync failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Sync(int descriptor);
}

/// <summary>A row per reading in SQLite, WAL, synced at every commit.</summary>
internal sealed class SqliteRowStore : ILimitStore
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    internal SqliteRowStore(string folder)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(Directory.CreateDirectory(folder).FullName, "rows.db")}");
        _connection.Open();
        using var create = _connection.CreateCommand();
        create.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; CREATE TABLE reading (source TEXT, detector INTEGER, seq INTEGER, sampled INTEGER, value REAL)";
        create.ExecuteNonQuery();
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO reading VALUES ($s, $d, $n, $t, $v)";
        foreach (var name in (string[])["$s", "$d", "$n", "$t", "$v"]) _insert.Parameters.Add(new SqliteParameter(name, null));
        _insert.Prepare();
    }

    public void Store(IReadOnlyList<byte[]> frames)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        var p = _insert.Parameters;
        foreach (var row in Rows.Of(frames))
        {
            (p[0].Value, p[1].Value, p[2].Value, p[3].Value, p[4].Value) = (row.Source, row.Detector, row.Seq, row.SampledUs, row.Value);
            _insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public void Dispose() => _connection.Dispose();
}

/// <summary>A row per reading in PostgreSQL by binary COPY.</summary>
internal sealed class PostgresRowStore : ILimitStore
{
    private readonly NpgsqlConnection _connection;

    internal PostgresRowStore(string connectionString)
    {
        _connection = new NpgsqlConnection(connectionString);
        _connection.Open();
        using var create = new NpgsqlCommand("DROP TABLE IF EXISTS bench_reading; CREATE TABLE bench_reading (source TEXT, detector INTEGER, seq BIGINT, sampled BIGINT, value DOUBLE PRECISION)", _connection);
        create.ExecuteNonQuery();
    }

    public void Store(IReadOnlyList<byte[]> frames)
    {
        using var copy = _connection.BeginBinaryImport("COPY bench_reading FROM STDIN (FORMAT BINARY)");
        foreach (var row in Rows.Of(frames))
        {
            copy.StartRow();
            copy.Write(row.Source, NpgsqlDbType.Text);
            copy.Write(row.Detector, NpgsqlDbType.Integer);
            copy.Write(row.Seq, NpgsqlDbType.Bigint);
            copy.Write(row.SampledUs, NpgsqlDbType.Bigint);
            copy.Write(row.Value, NpgsqlDbType.Double);
        }
        copy.Complete();
    }

    public void Dispose() => _connection.Dispose();
}

/// <summary>Readings of frames, one by one.</summary>
internal static class Rows
{
    internal readonly record struct Row(string Source, int Detector, long Seq, long SampledUs, double Value);

    internal static IEnumerable<Row> Of(IReadOnlyList<byte[]> frames)
    {
        foreach (var bytes in frames)
        {
            var batch = GatewayFrame.Parser.ParseFrom(bytes).Batch;
            var sentUs = batch.SentAt.Seconds * 1_000_000 + batch.SentAt.Nanos / 1000;
            foreach (var part in batch.Sources)
                for (var i = 0; i < part.Detector.Count; i++) yield return new Row(part.SourceId, (int)part.Detector[i], part.Seq[i], sentUs - part.SampledBeforeUs[i], part.Value[i]);
        }
    }
}
