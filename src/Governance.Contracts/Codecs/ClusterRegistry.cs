namespace Governance.Contracts.Codecs;

/// <summary>Everything that travels between nodes, and the commands inside its envelopes.</summary>
public static class ClusterRegistry
{
    public static readonly CodecRegistry Commands = new("commands",
        [.. HazardSourceCommandCodecs.All, .. CaseCommandCodecs.All, .. WarningCodecs.Commands, .. MeetingCommandCodecs.All, .. DepartmentCommandCodecs.All, .. AuditCodecs.Commands, .. AccountabilityCodecs.Commands]);

    public static readonly CodecRegistry Codecs = new("cluster", [.. EnvelopeCodecs.All]);
}
