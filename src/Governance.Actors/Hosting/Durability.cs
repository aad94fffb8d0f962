using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Hosting;

/// <summary>Since when and why nothing can be made durable.</summary>
public sealed record NotDurable(DateTimeOffset Since, string Why);

/// <summary>
/// Whether this node can make things durable. While it cannot, nothing is acknowledged and no alarm can be told: whoever
/// watches must know that silence is not calm.
/// </summary>
public sealed class Durability(TimeProvider wall)
{
    /// <summary>A success counts only when no entity failed so shortly before.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    /// <summary>Shorter than a lost node is waited for (engine.conf): nobody can have taken over what such a node owns.</summary>
    private static readonly TimeSpan StandingLasts = TimeSpan.FromSeconds(4);
    private long _standing = wall.GetTimestamp() - wall.TimestampFrequency * 60;
    private readonly Lock _gate = new();
    private NotDurable? _trouble = new(wall.GetUtcNow(), "the storage has not been tried yet");
    /// <summary>An entity that fails though the storage is well is tried again, and costs nobody else anything.</summary>
    private static readonly TimeSpan PoisonPause = TimeSpan.FromSeconds(30);
    private readonly Dictionary<EntityAddress, (long At, TimeSpan Pause)> _stopped = [];
    private long _lastFailure = wall.GetTimestamp() - wall.TimestampFrequency * 60;

    /// <summary>Null while everything is durable.</summary>
    public NotDurable? Trouble { get { lock (_gate) return _trouble; } }

    /// <summary>True on a node of a cluster: it must hear now and then that it still belongs to it.</summary>
    internal bool NeedsStanding { get; set; }

    /// <summary>
    /// Whether this node may take anything into its ownership. One that stood still may have been given up meanwhile, and
    /// must not take back what others took over.
    /// </summary>
    public bool MayOwn => !NeedsStanding || wall.GetElapsedTime(Interlocked.Read(ref _standing)) < StandingLasts;

    /// <summary>The directory has just said that this node belongs to the cluster that is the one now.</summary>
    internal void InGoodStanding() => Interlocked.Exchange(ref _standing, wall.GetTimestamp());

    /// <summary>
    /// An entity stopped because something could not be made durable. It is woken when the storage takes writes; until
    /// then waking it would only make it stop again.
    /// </summary>
    public void Failed(EntityAddress entity, Exception? cause)
    {
        // That another owner was first, or that this node may not own now, is no trouble of the storage; nor is an event
        // that this build cannot read or no database can hold.
        var isRace = cause is OwnershipRefusedException || (cause is not null && StorageFaults.IsConflict(cause));
        var isPoison = cause is not null && StorageFaults.IsPoison(cause);
        // The actor is only about to stop: a wake-up at once would reach the dying one.
        lock (_gate) _stopped[entity] = (wall.GetTimestamp(), isPoison ? PoisonPause : Quiet);
        if (!isRace && !isPoison) Failed($"{entity} could not be made durable", cause);
    }

    /// <summary>The storage did not take a write.</summary>
    public void Failed(string what, Exception? cause)
    {
        lock (_gate)
        {
            _lastFailure = wall.GetTimestamp();
            _trouble ??= new NotDurable(wall.GetUtcNow(), cause is null ? what : $"{what}: {StorageFaults.Plainly(cause)}");
        }
    }

    /// <summary>The storage took a write: whom to wake.</summary>
    public IReadOnlyList<EntityAddress> Succeeded()
    {
        lock (_gate)
        {
            if (_trouble is not null && wall.GetElapsedTime(_lastFailure) < Quiet) return [];
            _trouble = null;
            EntityAddress[] wake = [.. _stopped.Where(s => wall.GetElapsedTime(s.Value.At) >= s.Value.Pause).Select(s => s.Key)];
            foreach (var entity in wake) _stopped.Remove(entity);
            return wake;
        }
    }
}

/// <summary>The entity is another's, or the node does not know whether it still belongs to the cluster.</summary>
public sealed class OwnershipRefusedException(string why) : Exception(why);
