using System.Data.Common;

namespace Governance.Storage.Postgres;

/// <summary>Records of alarms in PostgreSQL.</summary>
public sealed class PostgresAlarmViews(PostgresDatabase database) : SqlAlarmViews
{
    protected override async ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel)
    {
        // A database that came after the node did has no tables before this.
        await database.ReadyAsync(cancel);
        return await database.Source.OpenConnectionAsync(cancel);
    }
}
