namespace Governance.Edge.Gateway;

/// <summary>What waits on a lane.</summary>
internal abstract record LaneItem
{
    private LaneItem() { }

    /// <summary>Opens the lane, or asks anew where it stands: nothing but the declaration.</summary>
    internal sealed record Declare : LaneItem;

    /// <param name="Columns">As they came; empty once they are read.</param>
    internal sealed record Part(long Frame, V1.SourceReadings? Columns, int Count, DateTimeOffset ReceivedAt, DateTimeOffset SentAt, bool Historical) : LaneItem
    {
        internal Part(long frame, V1.SourceReadings columns, DateTimeOffset receivedAt, DateTimeOffset sentAt, bool historical)
            : this(frame, columns, columns.Detector.Count, receivedAt, sentAt, historical) { }

        /// <summary>Null until the columns are read.</summary>
        internal Governance.Domain.HazardSources.ReadingSegment? Segment { get; init; }
    }

    internal sealed record Skip(string DetectorId, long From, long To, string Reason) : LaneItem;
}
