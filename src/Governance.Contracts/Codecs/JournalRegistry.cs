namespace Governance.Contracts.Codecs;

/// <summary>Every stored type.</summary>
public static class JournalRegistry
{
    public static readonly KernelCodecs Kernel = new(() => Codecs!);

    public static readonly CodecRegistry Codecs = new("journal", [.. Kernel.All, .. HazardSourceCodecs.All, .. AlertCodecs.All, .. CaseCodecs.All, .. DispatchCodecs.All, .. WarningCodecs.All, .. GatewayCodecs.All, .. SlipMessageCodecs.All, .. SlipCodecs.All, .. MeetingCodecs.All, .. AuditCodecs.All, .. AccountabilityCodecs.All]);
}
