using System.Data.Common;

namespace Governance.Storage.Sqlite;

/// <summary>Read models in one SQLite file.</summary>
public sealed class SqliteViews(string path) : SqlViews
{
    private readonly SqliteFile _file = new(path, "views");

    protected override ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) =>
        ValueTask.FromResult<DbConnection>(forWriting ? _file.OpenWriter() : _file.OpenReader());
}
