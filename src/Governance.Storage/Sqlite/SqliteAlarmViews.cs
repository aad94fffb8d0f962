using System.Data.Common;

namespace Governance.Storage.Sqlite;

/// <summary>Records of alarms in one SQLite file.</summary>
public sealed class SqliteAlarmViews(string path) : SqlAlarmViews
{
    private readonly SqliteFile _file = new(path, "alarms");

    protected override ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) =>
        ValueTask.FromResult<DbConnection>(forWriting ? _file.OpenWriter() : _file.OpenReader());
}
