namespace Governance.Node.Tests;

/// <summary>The doctor and a real PostgreSQL.</summary>
public sealed class DoctorDatabaseTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Secret = "hunter2-correct-horse";
    private static readonly string[] Settings = ["database", "database version", "database schema", "synchronous_commit", "fsync", "full_page_writes", "database connections", "database clock"];
    private readonly Patient _patient = new();

    public void Dispose() => _patient.Dispose();

    [PostgresFact]
    public async Task A_healthy_database_is_ok_and_nothing_stays_in_it()
    {
        var diagnosis = await ExamineAsync($"{postgres.ConnectionString};Password={Secret}");
        Assert.True(diagnosis.Exit == 0, diagnosis.Output);
        Assert.All(Settings, name => Assert.Equal("ok", diagnosis.Of(name).Status));
        Assert.Contains("median", diagnosis.Of("database commit").Detail);
        // On this very machine only, and with a key of its own: no failures, but worth a word.
        Assert.Equal("warn", diagnosis.Of("cluster host").Status);
        Assert.Equal("warn", diagnosis.Of("token key").Status);
        Assert.Equal(0L, await postgres.AskAsync("SELECT count(*) FROM pg_class WHERE relname LIKE 'governance%'"));
    }

    [PostgresFact]
    public async Task A_database_that_forgets_is_refused()
    {
        await postgres.SetAsync("fsync", "off");
        try { Assert.StartsWith("off", (await ExamineAsync(postgres.ConnectionString)).FailedBy("fsync")); }
        finally { await postgres.SetAsync("fsync", "on"); }
        Assert.StartsWith("off", (await ExamineAsync($"{postgres.ConnectionString};Options=-c synchronous_commit=off")).FailedBy("synchronous_commit"));
    }

    [PostgresFact]
    public async Task A_database_that_is_not_there_is_named_with_what_to_do()
    {
        var port = NodeProcess.FreePort();
        var diagnosis = await ExamineAsync($"Host=127.0.0.1;Port={port};Username=postgres;Password={Secret}");
        Assert.Contains($"127.0.0.1:{port}", diagnosis.FailedBy("database"));
        Assert.Contains("is PostgreSQL running", diagnosis.Of("database").Fix);
        (await ExamineAsync($"{postgres.ConnectionString}2")).FailedBy("database");
    }

    [PostgresFact]
    public async Task A_wrong_password_is_said_and_never_shown()
    {
        await postgres.DoAsync("CREATE ROLE stranger LOGIN PASSWORD 'another'");
        var diagnosis = await ExamineAsync($"{postgres.ConnectionString};Username=stranger;Password={Secret}");
        Assert.Contains("password authentication failed", diagnosis.FailedBy("database"));
        Assert.Contains("Username and Password", diagnosis.Of("database").Fix);
    }

    [PostgresFact]
    public async Task A_connection_string_that_cannot_be_read_is_not_printed()
    {
        foreach (var broken in new[] { $"postgres://u:{Secret}@host/db", $"Host=x;Password=a;{Secret}", $"Host=x;Port={Secret}", $"Host=x;Passwort={Secret}" })
            (await ExamineAsync(broken)).FailedBy("database");
    }

    [PostgresFact]
    public async Task A_user_who_may_make_no_table_is_told_which_grant_is_missing()
    {
        await postgres.DoAsync("CREATE ROLE plain LOGIN");
        var diagnosis = await ExamineAsync($"{postgres.ConnectionString};Username=plain");
        Assert.Contains("plain may make none", diagnosis.FailedBy("database schema"));
        Assert.Contains("GRANT CREATE", diagnosis.Of("database schema").Fix);
        Assert.Equal("warn", diagnosis.Of("database commit").Status);
    }

    [PostgresFact]
    public async Task Few_free_connections_are_a_warning_and_hardly_any_a_failure()
    {
        await postgres.DoAsync("CREATE DATABASE narrow CONNECTION LIMIT 40", "CREATE ROLE lonely LOGIN CONNECTION LIMIT 3", "CREATE SCHEMA AUTHORIZATION lonely");
        Assert.Equal("warn", (await ExamineAsync($"{postgres.ConnectionString};Database=narrow")).Of("database connections").Status);
        Assert.StartsWith("2 free", (await ExamineAsync($"{postgres.ConnectionString};Username=lonely")).FailedBy("database connections"));
    }

    [PostgresFact]
    public async Task A_clock_that_is_wrong_is_found()
    {
        await postgres.DoAsync(
            "CREATE SCHEMA late", "CREATE FUNCTION late.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT pg_catalog.clock_timestamp() - interval ''7 s'''",
            "CREATE SCHEMA soon", "CREATE FUNCTION soon.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT pg_catalog.clock_timestamp() + interval ''2 s'''");
        Assert.StartsWith("7.0", (await ExamineAsync($"{postgres.ConnectionString};Search Path=\"late,pg_catalog\"")).FailedBy("database clock"));
        var soon = (await ExamineAsync($"{postgres.ConnectionString};Search Path=\"soon,pg_catalog\"")).Of("database clock");
        Assert.Equal("warn", soon.Status);
        Assert.Contains("ahead", soon.Detail);
    }

    [PostgresFact]
    public async Task Where_the_other_nodes_look_for_this_one_must_be_here_and_free()
    {
        var elsewhere = await ExamineAsync(postgres.ConnectionString, "--cluster-host", "198.51.100.7", "--role", "engine", "--founder", "198.51.100.7:4053");
        Assert.Contains("no address of this machine", elsewhere.FailedBy("cluster host"));
        Assert.Contains($"port {postgres.Port} is taken", (await ExamineAsync(postgres.ConnectionString, "--cluster-host", "127.0.0.1", "--cluster-port", $"{postgres.Port}")).FailedBy("cluster port"));
        var wrong = await ExamineAsync(postgres.ConnectionString, "--cluster-host", "127.0.0.1", "--role", "engine", "edge", "boss", "--founder", "nowhere");
        Assert.Equal(["founder", "role"], wrong.Checks.Where(c => c.Status == "fail").Select(c => c.Name).Order());
    }

    /// <summary>No password is ever printed, whatever else happens.</summary>
    private async Task<Diagnosis> ExamineAsync(string connection, params string[] arguments)
    {
        if (arguments.Length == 0) arguments = ["--cluster-host", "127.0.0.1"];
        var diagnosis = await _patient.ExamineAsync(new Dictionary<string, string> { ["GOVERNANCE_POSTGRES"] = connection }, arguments);
        Assert.DoesNotContain(Secret, diagnosis.Output + diagnosis.Errors);
        return diagnosis;
    }
}
