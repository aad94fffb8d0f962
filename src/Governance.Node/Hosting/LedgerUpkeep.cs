using Governance.Actors.Hosting;
using Governance.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Node.Hosting;

/// <summary>
/// Merges the ledger's small chunks into blocks and retires old history, beside the work of the node. Nothing depends on
/// it: a node without time for it lags, one whose storage is away waits. On several nodes whoever is first merges.
/// </summary>
internal sealed class LedgerUpkeep(IReadingLedger ledger, Durability durability, LedgerRetention retention, TimeProvider time, ILogger<LedgerUpkeep> log) : BackgroundService
{
    internal static readonly TimeSpan MergeEvery = TimeSpan.FromSeconds(10);
    /// <summary>Repeats and tails of the last minute are read from chunks as they were committed.</summary>
    internal static readonly TimeSpan MergeAfter = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan RetireEvery = TimeSpan.FromHours(1);
    /// <summary>A node that starts has more urgent things to read.</summary>
    private static readonly TimeSpan FirstRetire = TimeSpan.FromMinutes(5);
    /// <summary>So often in a row it fails before that is worth a line: outages are told by who meets them first.</summary>
    private const int QuietFailures = 3;
    private int _failures;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(MergeEvery, time);
        var retireAt = time.GetUtcNow() + FirstRetire;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                if (durability.Trouble is not null || !await TryAsync(() => MergeAsync(stopping), stopping)) continue;
                if (retention.KeptFor is not { } kept || time.GetUtcNow() < retireAt) continue;
                if (await TryAsync(() => RetireAsync(kept, stopping), stopping)) retireAt = time.GetUtcNow() + RetireEvery;
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested) { /* what was swapped in stays, the rest is as before */ }
    }

    private async Task MergeAsync(CancellationToken stopping)
    {
        var merged = await ledger.MergeAsync(MergeAfter, stopping);
        if (merged.Chunks > 0) log.LogInformation("merged {Chunks} chunks of the ledger into {Blocks} blocks", merged.Chunks, merged.Blocks);
    }

    private async Task RetireAsync(TimeSpan kept, CancellationToken stopping)
    {
        var before = time.GetUtcNow() - kept;
        var retired = await ledger.RetireAsync(before, stopping);
        if (retired > 0) log.LogInformation("retired {Blocks} blocks of readings from before {Before:u}", retired, before);
    }

    private async Task<bool> TryAsync(Func<Task> work, CancellationToken stopping)
    {
        try
        {
            await work();
            if (_failures >= QuietFailures) log.LogWarning("the ledger is merged again");
            _failures = 0;
            return true;
        }
        catch (Exception failed) when (!stopping.IsCancellationRequested)
        {
            if (++_failures == QuietFailures) log.LogWarning("the ledger is not merged: {Why}; nothing depends on it, small chunks pile up meanwhile", StorageFaults.Plainly(failed));
            return false;
        }
    }
}

/// <summary>How long readings are kept.</summary>
/// <param name="Days">From when they were sampled, and from when they were stored; 0: for ever.</param>
public sealed record LedgerRetention(int Days)
{
    /// <summary>Three years.</summary>
    public const int DefaultDays = 1_100;
    public const int LeastDays = 30, MostDays = 36_500;

    /// <summary>Null: for ever.</summary>
    public TimeSpan? KeptFor { get; } = Days switch
    {
        0 => null,
        >= LeastDays and <= MostDays => TimeSpan.FromDays(Days),
        _ => throw new ArgumentOutOfRangeException(nameof(Days), Days, $"0, or {LeastDays} to {MostDays} days"),
    };

    public static bool IsValid(int days) => days is 0 or (>= LeastDays and <= MostDays);
}
