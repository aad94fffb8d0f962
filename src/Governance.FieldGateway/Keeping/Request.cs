namespace Governance.FieldGateway.Keeping;

/// <summary>Names an upload of a station: its command and QN, or its DataTime where there is no QN (2005).</summary>
/// <param name="Digest">Of the content: the same QN with other content is another upload.</param>
internal sealed record RequestName(string Mn, string Key, string Digest);

/// <summary>The number that a reading of an upload was going to get.</summary>
/// <param name="Detector">Name of the place, which outlives a change of the configuration.</param>
internal sealed record Intended(string Detector, long Number);

/// <summary>An upload that is remembered.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Epoch">Of the numbers.</param>
/// <param name="Numbers">Readings that were about to be taken when this was written.</param>
/// <param name="IsRest">Other readings of the same upload had been taken before.</param>
internal sealed record Request(RequestName Name, long Epoch, IReadOnlyList<Intended> Numbers, bool IsRest)
{
    /// <summary>Gone once it is kept: many uploads are remembered, and nothing else is asked of them.</summary>
    internal IReadOnlyList<Intended> Numbers { get; private set; } = Numbers;
    /// <summary>All its readings outlive the process: it may be answered.</summary>
    internal bool IsKept { get; private set; }
    /// <summary>The kit's batch in this life of the process; 0 while it is not taken.</summary>
    internal long Batch { get; set; }
    /// <summary>Readings that are still to be taken: a crash came between. Null: not known to be in pieces.</summary>
    internal IReadOnlySet<string>? Missing { get; set; }

    internal void Keep() => (IsKept, Missing, Numbers) = (true, null, []);
}
