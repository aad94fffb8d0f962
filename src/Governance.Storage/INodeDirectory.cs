namespace Governance.Storage;

/// <summary>What the directory says.</summary>
/// <param name="Incarnation">The cluster that is the one now; null before the first.</param>
/// <param name="UpNodes">Addresses of other nodes that said lately that they are up in it.</param>
/// <param name="IsGivenUp">The others have given up this very process.</param>
public sealed record DirectoryView(Guid? Incarnation, IReadOnlyList<string> UpNodes, bool IsGivenUp);

/// <summary>
/// Where nodes find each other: beside the data that they share, so that whoever can write data can also see who else
/// does. Two clusters never form: founding is exclusive, and who belongs to an older cluster learns it within a second.
/// </summary>
public interface INodeDirectory
{
    /// <summary>Says that a process lives at an address and whether it is up; returns what the others said.</summary>
    /// <param name="uid">Tells two processes at one address apart.</param>
    Task<DirectoryView> RenewAsync(string address, long uid, bool isUp, CancellationToken cancel);

    /// <summary>
    /// The incarnation of a new cluster; null when another node was up lately.
    /// </summary>
    /// <param name="hasWatched">This node has looked long enough, and without a gap, to know that the others are silent and not only unheard.</param>
    Task<Guid?> TryFoundAsync(string address, long uid, bool hasWatched, CancellationToken cancel);

    /// <summary>How long a silent node is waited for.</summary>
    TimeSpan Lately { get; }

    /// <summary>Notes that the others have given a process up: whatever it thinks of itself, it learns so with its next word.</summary>
    Task GiveUpAsync(string address, long uid, CancellationToken cancel);

    /// <summary>Removes this process's own entry: nobody waits for a node that left on purpose.</summary>
    Task LeaveAsync(string address, long uid, CancellationToken cancel);
}
