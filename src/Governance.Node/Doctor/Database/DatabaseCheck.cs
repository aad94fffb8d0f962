using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>The database of a cluster: reached once, then asked one thing after the other.</summary>
internal sealed class DatabaseCheck : ICheck
{
    private const int ConnectSeconds = 5, CommandSeconds = 10;
    private static readonly IDatabaseCheck[] Checks = [new VersionCheck(), new SchemaCheck(), new DurabilityCheck(), new ConnectionsCheck(), new CommitCheck(), new DatabaseClockCheck()];

    public string Name => "database";

    public async Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel)
    {
        if (!node.Clustered) return [];
        if (Settings(node.Postgres) is not { } settings)
            return [Finding.Fail(Name, "the connection string cannot be read", "write Host=…;Port=5432;Database=…;Username=…;Password=…, no URL; quotes around a value that holds ; or =")];
        await using var connection = new NpgsqlConnection(settings.ToString());
        try { await connection.OpenAsync(cancel); }
        catch (Exception e) when (e is not OperationCanceledException) { return [Finding.Fail(Name, $"no connection: {Faults.Message(e)}", Faults.Fix(e, settings))]; }
        var findings = new List<Finding> { Finding.Ok(Name, $"connected to {Faults.Address(settings)}, database {connection.Database}, user {settings.Username}") };
        foreach (var check in Checks)
            try { findings.AddRange(await check.RunAsync(connection, cancel)); }
            catch (Exception e) when (e is not OperationCanceledException) { findings.Add(Finding.Fail(check.Name, Faults.Message(e), Faults.Fix(e, settings))); }
        return findings;
    }

    /// <summary>Null when it cannot be read. The driver's message stays unsaid: of a password with a semicolon it would print the half.</summary>
    private static NpgsqlConnectionStringBuilder? Settings(string postgres)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(postgres) { Pooling = false, Timeout = ConnectSeconds, CommandTimeout = CommandSeconds, ApplicationName = "governance doctor", IncludeErrorDetail = false };
            return string.IsNullOrEmpty(settings.Host) ? null : settings;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException) { return null; }
    }
}
