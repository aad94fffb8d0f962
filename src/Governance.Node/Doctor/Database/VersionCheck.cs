using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>A version that the nodes know, and the server that takes writes.</summary>
internal sealed class VersionCheck : IDatabaseCheck
{
    private const int Minimum = 14;

    public string Name => "database version";

    public async Task<IReadOnlyList<Finding>> RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var version = connection.PostgreSqlVersion;
        var readOnly = await connection.OneAsync("SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'", r => (Standby: r.GetBoolean(0), ReadOnly: r.GetBoolean(1)), cancel);
        return
        [
            version.Major < Minimum ? Finding.Fail(Name, $"PostgreSQL {version}", $"upgrade the server to PostgreSQL {Minimum} or later") : Finding.Ok(Name, $"PostgreSQL {version}"),
            .. readOnly.Standby ? [Finding.Fail("database writes", "this server is a standby", "name the primary in Host; of several hosts with Target Session Attributes=read-write")]
                : readOnly.ReadOnly ? [Finding.Fail("database writes", "transactions are read-only", "default_transaction_read_only = off, for the server, the database and the user")]
                : Array.Empty<Finding>(),
        ];
    }
}
