namespace Governance.Edge.Gateway;

/// <summary>What waits on a lane.</summary>
internal abstract record LaneItem
{
    private LaneItem() { }

    /// <summary>Opens the lane, or asks anew where it stands: nothing but the declaration.</summary>
    internal sealed record Declare : LaneItem;

    internal sealed record Part(long Frame, V1.SourceReadings Readings, DateTimeOffset ReceivedAt, DateTimeOffset SentAt, bool Historical) : LaneItem;

    internal sealed record Skip(string DetectorId, long From, long To, string Reason) : LaneItem;
}
