using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>Room for the connections of three nodes.</summary>
internal sealed class ConnectionsCheck : IDatabaseCheck
{
    private const int Wanted = 60, Minimum = 20;
    // Counted per database: pg_stat_activity hides from a plain user what kind of session others have. A limit of −1 is none; a superuser has none.
    private const string Ask = """
        SELECT least(
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - coalesce(current_setting('reserved_connections', true)::int, 0)
                - (SELECT coalesce(sum(numbackends), 0) FROM pg_stat_database),
            (SELECT CASE WHEN d.datconnlimit < 0 THEN 2147483647 ELSE d.datconnlimit - s.numbackends END FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid WHERE d.datname = current_database()),
            (SELECT CASE WHEN rolconnlimit < 0 OR rolsuper THEN 2147483647 ELSE rolconnlimit - (SELECT count(*) FROM pg_stat_activity WHERE usename = current_user) END FROM pg_roles WHERE rolname = current_user)
        )::int, current_setting('max_connections')
        """;

    public string Name => "database connections";

    public async Task<IReadOnlyList<Finding>> RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var (free, all) = await connection.OneAsync(Ask, r => (r.GetInt32(0), r.GetString(1)), cancel);
        var detail = $"{free} free (max_connections {all})";
        var fix = $"raise max_connections (and limits of the database and the user): three nodes want {Wanted} free; end what holds idle ones";
        return [free < Minimum ? Finding.Fail(Name, detail, fix) : free < Wanted ? Finding.Warn(Name, detail, fix) : Finding.Ok(Name, detail)];
    }
}
