using System.Data.Common;

namespace Governance.Storage.Sqlite;

/// <summary>Accounts of cases in one SQLite file.</summary>
public sealed class SqliteAccountViews(string path) : SqlAccountViews
{
    private readonly SqliteFile _file = new(path, "accounts");

    protected override ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) =>
        ValueTask.FromResult<DbConnection>(forWriting ? _file.OpenWriter() : _file.OpenReader());
}
