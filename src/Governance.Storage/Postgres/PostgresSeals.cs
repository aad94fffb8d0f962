using System.Data.Common;

namespace Governance.Storage.Postgres;

/// <summary>Seals in PostgreSQL.</summary>
public sealed class PostgresSeals(PostgresDatabase database) : SqlSeals
{
    protected override async ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel)
    {
        await database.ReadyAsync(cancel);
        return await database.Source.OpenConnectionAsync(cancel);
    }
}

/// <summary>Raw snapshots in PostgreSQL.</summary>
public sealed class PostgresRawSnapshots(PostgresDatabase database) : SqlRawSnapshots
{
    protected override async ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel)
    {
        await database.ReadyAsync(cancel);
        return await database.Source.OpenConnectionAsync(cancel);
    }
}

/// <summary>Raw rows of the journal in PostgreSQL.</summary>
public sealed class PostgresRawJournal(PostgresDatabase database) : SqlRawJournal
{
    /// <summary>A statement that took a number commits within 6 s or never; the rest is for clocks of nodes that differ.</summary>
    public override TimeSpan SettledAfter => TimeSpan.FromSeconds(12);

    protected override async ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel)
    {
        await database.ReadyAsync(cancel);
        return await database.Source.OpenConnectionAsync(cancel);
    }
}
