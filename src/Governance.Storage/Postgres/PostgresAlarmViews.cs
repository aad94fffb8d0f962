using System.Data.Common;

namespace Governance.Storage.Postgres;

/// <summary>Records of alarms in PostgreSQL.</summary>
public sealed class PostgresAlarmViews(PostgresDatabase database) : SqlAlarmViews
{
    /// <summary>Row by row, three years of alarms would take longer than a statement may.</summary>
    protected override string Emptying(string table) => $"TRUNCATE {table}";

    protected override async ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel)
    {
        // A database that came after the node did has no tables before this.
        await database.ReadyAsync(cancel);
        return await database.Source.OpenConnectionAsync(cancel);
    }
}
