using System.Diagnostics;

namespace Governance.Node.Bench;

/// <summary>One page appended and synced, on the disk of the node and between its alarms: what a slow moment of the disk costs anybody.</summary>
internal sealed class SyncProbe(string folder) : IDisposable
{
    private const int PageBytes = 4096;
    private readonly FileStream _file = new(Path.Combine(folder, "sync-probe"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
    private readonly byte[] _page = new byte[PageBytes];

    /// <summary>Milliseconds of every sync since the last <see cref="Bench.Latencies.Take"/>.</summary>
    internal Latencies Latencies { get; } = new();

    internal void Sync()
    {
        var begun = Stopwatch.GetTimestamp();
        _file.Write(_page);
        _file.Flush(flushToDisk: true);
        Latencies.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
    }

    public void Dispose() => _file.Dispose();
}
