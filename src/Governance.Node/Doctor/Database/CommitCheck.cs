using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>
/// How long a commit takes, network included: every alarm waits for some. In a table of its own, a real one, for a
/// temporary table is not written to the log.
/// </summary>
internal sealed class CommitCheck : IDatabaseCheck
{
    private const int Writes = 20;
    private const double WarnMs = 20;

    public string Name => "database commit";

    public async Task<IReadOnlyList<Finding>> RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // Doctors of several nodes may run at once.
        var table = $"governance_doctor_{Guid.NewGuid():N}";
        try { await connection.DoAsync($"CREATE TABLE {table} (n int)", cancel); }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName)
        {
            return [Finding.Warn(Name, "not measured: this user may make no table", "grant CREATE on the schema and run the doctor again")];
        }
        try
        {
            var times = new List<double>();
            for (var n = 0; n < Writes; n++)
            {
                var began = Stopwatch.GetTimestamp();
                await connection.DoAsync($"INSERT INTO {table} VALUES ({n})", cancel);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            times.Sort();
            return [Judge((times[(Writes - 1) / 2] + times[Writes / 2]) / 2, times[^1])];
        }
        finally { await connection.DoAsync($"DROP TABLE {table}", CancellationToken.None); }
    }

    private Finding Judge(double median, double slowest)
    {
        var detail = string.Create(CultureInfo.InvariantCulture, $"median {median:0.0} ms, slowest {slowest:0.0} ms");
        return median > WarnMs ? Finding.Warn(Name, detail, "an alarm waits for several commits: a disk with a power-safe cache for the log of the database, and a short way to it")
            : Finding.Ok(Name, detail);
    }
}
