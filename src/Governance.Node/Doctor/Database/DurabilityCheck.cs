using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>What is committed stays committed: a gateway forgets a reading when it is acknowledged.</summary>
internal sealed class DurabilityCheck : IDatabaseCheck
{
    private const string Ask = "SELECT current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_standby_names')";

    public string Name => "database durability";

    public async Task<IReadOnlyList<Finding>> RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var (commit, fsync, pages, standbys) = await connection.OneAsync(Ask, r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3)), cancel);
        return [Commit(commit, standbys), On("fsync", fsync, "a crash of the machine may destroy the database"), On("full_page_writes", pages, "a power cut may tear pages")];
    }

    private static Finding Commit(string value, string standbys) => value switch
    {
        "off" => Finding.Fail("synchronous_commit", "off: a crash loses readings that gateways have forgotten", "ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf(); look also at settings of the database and the user"),
        "local" or "remote_write" when standbys.Length > 0 => Finding.Warn("synchronous_commit", $"{value}: a fail-over to the standby may lose readings that gateways have forgotten", "synchronous_commit = on"),
        _ => Finding.Ok("synchronous_commit", value),
    };

    private static Finding On(string setting, string value, string danger) =>
        value == "on" ? Finding.Ok(setting, value) : Finding.Fail(setting, $"{value}: {danger}", $"ALTER SYSTEM SET {setting} = on; SELECT pg_reload_conf()");
}
