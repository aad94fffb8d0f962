namespace Governance.Node.Bench;

/// <summary>What keeps the events of one child.</summary>
internal enum JournalMode
{
    /// <summary>The persistence of the product, as it sets it.</summary>
    Product,
    /// <summary>Akka.Persistence.Sql as shipped: nothing set but where the database is.</summary>
    Stock,
    /// <summary>The same rows inserted by one thread, 500 to a transaction, without actors.</summary>
    Bare,
    /// <summary>Akka's journal in memory: what actors cost without any storage.</summary>
    Memory,
}

/// <summary>Sizes of one measurement.</summary>
/// <param name="Postgres">Connection string of a server on which databases may be made; empty: SQLite.</param>
/// <param name="IdleSamples">Persists one after the other, for the latency of a journal that has nothing else to do.</param>
internal sealed record JournalWork(int Entities, TimeSpan Measured, int Rounds, int IdleSamples, string Postgres)
{
    private const int FewestInFlight = 64, MostInFlight = 2000;

    /// <summary>Events under way at once: one per entity, where that is neither too few to batch nor too many to tell apart from a queue.</summary>
    internal int InFlight => Math.Clamp(Entities, FewestInFlight, MostInFlight);
}

/// <summary>What one child did in one round.</summary>
/// <param name="CpuUs">Microseconds of processor time per event in the child.</param>
internal sealed record JournalRound(double EventsPerSecond, double P50Ms, double P99Ms, double CpuUs);

/// <summary>A child's rounds as fast as it goes, and the waits for one persist: with nothing beside it, and at half of its rate.</summary>
internal sealed record JournalSide(JournalMode Mode, IReadOnlyList<JournalRound> Rounds, JournalRound? Idle, JournalRound? Half, long Written, long Found);
