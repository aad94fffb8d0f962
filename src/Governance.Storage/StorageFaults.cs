using Microsoft.Data.Sqlite;
using Npgsql;

namespace Governance.Storage;

/// <summary>What an error of a database means, whichever database it is.</summary>
public static class StorageFaults
{
    private const int SqliteConstraint = 19;

    /// <summary>A key is taken: another owner was first. Not a fault of the storage.</summary>
    public static bool IsConflict(Exception error) => Chain(error).Any(e =>
        e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } or SqliteException { SqliteErrorCode: SqliteConstraint });

    /// <summary>
    /// What was read back is nothing that this build knows, or what was to be written can never be (data out of range, a
    /// limit of the database): no fault of the storage either.
    /// </summary>
    public static bool IsPoison(Exception error) => Chain(error).Any(e => e is PostgresException { SqlState: ['2', '2', ..] or ['5', '4', ..] })
        || Chain(error).Last() is InvalidOperationException or KeyNotFoundException or ArgumentException or Google.Protobuf.InvalidProtocolBufferException
        && !Chain(error).Any(e => e is System.Data.Common.DbException or TimeoutException);

    /// <summary>The innermost reason in one line, without what a connection string may hold.</summary>
    public static string Plainly(Exception error) => Chain(error).Last() switch
    {
        PostgresException e => $"PostgreSQL {e.SqlState}: {e.MessageText}",
        SqliteException e => $"SQLite {e.SqliteErrorCode}: {e.Message}",
        var e => e.Message.ReplaceLineEndings(" "),
    };

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var at = error; at is not null; at = at is AggregateException { InnerExceptions.Count: > 0 } many ? many.InnerExceptions[0] : at.InnerException) yield return at;
    }
}
