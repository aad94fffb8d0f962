using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>How far this machine's clock is from the database's, by which nodes tell who is up.</summary>
internal sealed class DatabaseClockCheck : IDatabaseCheck
{
    private const int Asks = 5;
    private const double WarnSeconds = 0.5, FailSeconds = 5;

    public string Name => "database clock";

    public async Task<IReadOnlyList<Finding>> RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var (offset, doubt) = (0.0, double.MaxValue);
        for (var i = 0; i < Asks; i++)
        {
            var (before, began) = (DateTime.UtcNow, Stopwatch.GetTimestamp());
            var theirs = await connection.OneAsync("SELECT clock_timestamp()", r => r.GetDateTime(0), cancel);
            // Somewhere within the round trip: the shortest one says it best.
            var half = Stopwatch.GetElapsedTime(began).TotalSeconds / 2;
            if (half < doubt) (offset, doubt) = ((theirs - before).TotalSeconds - half, half);
        }
        var apart = Math.Max(0, Math.Abs(offset) - doubt);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(offset):0.000} s {(offset > 0 ? "ahead of" : "behind")} this machine (± {doubt:0.000} s)");
        const string fix = "switch NTP on, here and on the machine of the database (timedatectl set-ntp true, or chrony), with the same servers";
        return [apart > FailSeconds ? Finding.Fail(Name, detail, fix) : apart > WarnSeconds ? Finding.Warn(Name, detail, fix) : Finding.Ok(Name, detail)];
    }
}
