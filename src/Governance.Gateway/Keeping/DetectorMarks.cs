namespace Governance.Gateway.Keeping;

/// <summary>What is known of one detector's numbers, all inclusive.</summary>
internal struct DetectorMarks
{
    /// <summary>The last number that was given to a sample.</summary>
    internal long Taken;
    /// <summary>The highest number that any stream has carried: no honest mark lies above it.</summary>
    internal long Sent;
    /// <summary>Everything up to here is durable, finally refused or declared lost, says the edge.</summary>
    internal long Through;
}
