using System.Data.Common;

namespace Governance.Storage.Postgres;

/// <summary>Read models in PostgreSQL.</summary>
public sealed class PostgresViews(PostgresDatabase database) : SqlViews
{
    protected override async ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) => await database.Source.OpenConnectionAsync(cancel);
}
