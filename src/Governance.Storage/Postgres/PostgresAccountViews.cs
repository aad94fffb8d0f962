using System.Data.Common;

namespace Governance.Storage.Postgres;

/// <summary>Accounts of cases in PostgreSQL.</summary>
public sealed class PostgresAccountViews(PostgresDatabase database) : SqlAccountViews
{
    /// <summary>Row by row, years of cases would take longer than a statement may.</summary>
    protected override string Emptying(string table) => $"TRUNCATE {table}";

    protected override async ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel)
    {
        await database.ReadyAsync(cancel);
        return await database.Source.OpenConnectionAsync(cancel);
    }
}
