using Governance.FieldGateway.Keeping;
using Governance.Gateway;

namespace Governance.FieldGateway.Tests.Harness;

/// <summary>Takes readings and keeps them when the test says so.</summary>
internal sealed class FakeKeeper : IKeeper
{
    private readonly Lock _gate = new();
    private readonly List<Sample> _taken = [];
    private readonly Dictionary<(int, int), long> _numbers = [];
    private TaskCompletionSource _kept = Done();

    public long Epoch { get; set; } = 1;
    /// <summary>There is no room.</summary>
    internal bool IsFull { get; set; }
    internal string? Fenced { get; set; }
    internal IReadOnlyList<Sample> Taken { get { lock (_gate) return [.. _taken]; } }
    internal List<DateTimeOffset> TakenAt { get; } = [];

    /// <summary>From now on nothing is kept until <see cref="DiskIsBack"/>.</summary>
    internal void DiskIsAway() => _kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void DiskIsBack() => _kept.SetResult();

    public bool TryTake(DateTimeOffset takenAt, ReadOnlySpan<Sample> samples, out long batch)
    {
        lock (_gate)
        {
            batch = 0;
            if (Fenced is { } why) throw new GatewayFencedException(why);
            if (IsFull) return false;
            foreach (var sample in samples)
            {
                _taken.Add(sample);
                _numbers[(sample.Source, sample.Detector)] = LastNumber(sample.Source, sample.Detector) + 1;
            }
            TakenAt.Add(takenAt);
            batch = _taken.Count;
            return true;
        }
    }

    public async ValueTask WaitUntilKeptAsync(long batch, CancellationToken cancel) => await _kept.Task.WaitAsync(cancel);

    public long LastNumber(int source, int detector) { lock (_gate) return _numbers.GetValueOrDefault((source, detector)); }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
