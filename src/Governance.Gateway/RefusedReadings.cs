namespace Governance.Gateway;

/// <summary>
/// Readings that the edge will never store: told once, counted in <see cref="GatewayClient.Refused"/>, not sent again.
/// What is wrong is the configuration (unknown detector, wrong unit) or the sample; somebody has to look.
/// </summary>
/// <param name="SourceId">The source, as declared.</param>
/// <param name="DetectorId">Empty when the whole source is meant.</param>
/// <param name="FromSeq">First sequence number, 0 when the edge named no range.</param>
/// <param name="ToSeq">Last sequence number, inclusive.</param>
/// <param name="Reason">Name of the refusal: UNKNOWN_SOURCE, UNKNOWN_DETECTOR, UNIT_MISMATCH, SEQ_REUSED, ...</param>
/// <param name="Detail">For people; may be empty.</param>
/// <param name="Readings">Readings of this gateway that it ended.</param>
public sealed record RefusedReadings(string SourceId, string DetectorId, long FromSeq, long ToSeq, string Reason, string Detail, int Readings);
