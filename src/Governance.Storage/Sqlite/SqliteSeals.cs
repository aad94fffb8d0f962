using System.Data.Common;

namespace Governance.Storage.Sqlite;

/// <summary>Seals in one SQLite file, apart from the journal that they are about.</summary>
public sealed class SqliteSeals(string path) : SqlSeals
{
    private readonly SqliteFile _file = new(path, "seals");

    protected override ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) =>
        ValueTask.FromResult<DbConnection>(forWriting ? _file.OpenWriter() : _file.OpenReader());
}

/// <summary>Raw snapshots of <see cref="SqliteSnapshots"/>.</summary>
public sealed class SqliteRawSnapshots(string path) : SqlRawSnapshots
{
    private readonly SqliteFile _file = new(path, "snapshots");

    protected override ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) => ValueTask.FromResult<DbConnection>(_file.OpenReader());
}

/// <summary>Raw rows of <see cref="SqliteJournal"/>; what is committed, and never waits for the writer.</summary>
public sealed class SqliteRawJournal(string path) : SqlRawJournal
{
    private readonly SqliteFile _file = new(path, "journal");

    /// <summary>One writer, one transaction after the other.</summary>
    public override TimeSpan SettledAfter => TimeSpan.Zero;

    protected override ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) => ValueTask.FromResult<DbConnection>(_file.OpenReader());
}
