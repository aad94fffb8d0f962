using System.Collections.Immutable;
using Governance.Domain.HazardSources;

namespace Governance.Actors.HazardSources;

/// <summary>
/// The stored marks of a source, by ordinal: they advance when the ledger commit returns, never when it is sent. Beside
/// them what is under way, so that nothing is written twice.
/// </summary>
internal sealed class StoredMarks
{
    internal static readonly StoredMarks None = new([], 0);

    private SeqSet[] _stored;
    private SeqSet[] _assigned;

    /// <param name="stored">From the last checkpoint.</param>
    /// <param name="lastChunk">The ownership chunk of this activation; 0 when there is none.</param>
    internal StoredMarks(ImmutableArray<SeqSet> stored, long lastChunk)
    {
        _stored = [.. stored];
        _assigned = [.. stored];
        LastChunk = lastChunk;
    }

    internal bool Owned => LastChunk > 0;
    internal long LastChunk { get; private set; }

    internal SeqSet StoredOf(int ordinal) => ordinal < _stored.Length ? _stored[ordinal] : SeqSet.Empty;

    /// <summary>Stored or under way; to be moved by who sends a reading on its way.</summary>
    internal ref SeqSet AssignedOf(int ordinal)
    {
        Grow(ref _assigned, ordinal);
        return ref _assigned[ordinal];
    }

    /// <summary>A chunk of this activation came back durable: its readings were assigned when it left.</summary>
    internal void Stored(ReadingSegment segment)
    {
        foreach (ref readonly var reading in segment.Readings.AsSpan()) Cover(ref _stored, reading.Detector, segment.Epoch, new SeqRange(reading.Seq, reading.Seq));
    }

    /// <summary>A chunk was found in the ledger's tail.</summary>
    internal void Found(ReadingSegment segment)
    {
        Stored(segment);
        foreach (ref readonly var reading in segment.Readings.AsSpan()) Cover(ref _assigned, reading.Detector, segment.Epoch, new SeqRange(reading.Seq, reading.Seq));
    }

    /// <summary>Declared lost: nothing is missing any more.</summary>
    internal void Lost(int ordinal, long epoch, SeqRange range)
    {
        Cover(ref _stored, ordinal, epoch, range);
        Cover(ref _assigned, ordinal, epoch, range);
    }

    internal long NextChunk() => ++LastChunk;

    internal ImmutableArray<SeqSet> Snapshot() => [.. _stored];

    private static void Cover(ref SeqSet[] sets, int ordinal, long epoch, SeqRange range)
    {
        Grow(ref sets, ordinal);
        // What remains of an epoch that is over no longer matters to any mark.
        if (epoch >= sets[ordinal].Epoch) sets[ordinal] = sets[ordinal].AddRange(epoch, range.From, range.To);
    }

    private static void Grow(ref SeqSet[] sets, int ordinal)
    {
        if (ordinal < sets.Length) return;
        var before = sets.Length;
        Array.Resize(ref sets, ordinal + 1);
        Array.Fill(sets, SeqSet.Empty, before, sets.Length - before);
    }
}
