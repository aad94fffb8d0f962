using Governance.Gateway;

namespace Governance.FieldGateway.Keeping;

/// <summary>What takes readings and keeps them: the kit, as far as the field needs it.</summary>
internal interface IKeeper
{
    /// <summary>The epoch of the numbers that are given.</summary>
    long Epoch { get; }

    /// <summary>Takes all of them or, for lack of room, none.</summary>
    /// <exception cref="GatewayFencedException">The edge will not have this gateway.</exception>
    bool TryTake(DateTimeOffset takenAt, ReadOnlySpan<Sample> samples, out long batch);

    /// <summary>Waits until the batch outlives this process and a power cut.</summary>
    ValueTask WaitUntilKeptAsync(long batch, CancellationToken cancel);

    /// <summary>The last number given to a sample of this detector.</summary>
    long LastNumber(int source, int detector);
}

/// <summary>The kit with a folder that is synced before anything is said to be kept.</summary>
internal sealed class KitKeeper(GatewayClient kit) : IKeeper
{
    public long Epoch => kit.Epoch;

    public bool TryTake(DateTimeOffset takenAt, ReadOnlySpan<Sample> samples, out long batch) => kit.TryTake(takenAt, samples, out batch);

    public ValueTask WaitUntilKeptAsync(long batch, CancellationToken cancel) => kit.WaitUntilKeptAsync(batch, cancel);

    public long LastNumber(int source, int detector) => kit.LastNumber(source, detector);
}
