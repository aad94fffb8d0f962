namespace Governance.Gateway;

/// <summary>
/// The edge will not have this gateway as it is; sending again would not help. What was taken is kept: a folder gives it
/// back to the next start. Names: OLD_EPOCH (another gateway of this name is newer), EPOCH_USED (the edge knows readings
/// of this epoch that this gateway never sent), or the edge's own word on token and role.
/// </summary>
public sealed class GatewayFencedException(string why) : Exception($"the edge fenced this gateway: {why}")
{
    /// <summary>Name of the reason, with its detail.</summary>
    public string Why { get; } = why;
}

/// <summary>The buffer is full and the caller asked not to wait (<see cref="GatewayOptions.WhenFull"/>). Nothing of the batch was taken.</summary>
public sealed class GatewayBufferFullException(string what) : Exception($"BUFFER_FULL: {what}");
