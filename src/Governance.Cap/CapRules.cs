namespace Governance.Cap;

/// <summary>What the standard demands and a schema cannot say (CAP 1.2 §3.2).</summary>
internal static class CapRules
{
    internal static void Check(CapAlert alert)
    {
        if (alert.Type is CapMessageType.Update or CapMessageType.Cancel or CapMessageType.Ack or CapMessageType.Error && alert.References.IsEmpty)
            throw new CapRefusedException("CAP_REFERENCES_MISSING", "alert/references", $"{alert.Type} says which earlier messages it is about");
        if (alert.References.Any(r => Same(r, alert.Identity))) throw new CapRefusedException("CAP_SELF_REFERENCE", "alert/references", "a message does not refer to itself");
        if (alert.Scope == CapScope.Restricted && alert.Restriction.Length == 0) throw new CapRefusedException("CAP_RESTRICTION_MISMATCH", "alert/restriction", "scope Restricted says whom it is restricted to");
        if (alert.Scope == CapScope.Private && alert.Addresses.IsEmpty) throw new CapRefusedException("CAP_ADDRESSES_MISSING", "alert/addresses", "scope Private says whom it is for");
        // A warning that says nothing warns of nothing; a Cancel, an Ack or an Error may stand alone, and so may what is no warning.
        if (alert.Type == CapMessageType.Update && alert.Infos.IsEmpty) throw new CapRefusedException("CAP_INFO_MISSING", "alert/info", "an Update says what holds now");
        for (var i = 0; i < alert.Infos.Count; i++) Check(alert.Infos[i], i == 0 ? "alert/info" : $"alert/info[{i + 1}]");
    }

    private static void Check(CapInfo info, string path)
    {
        if (info.Expires is { } expires && (info.Effective > expires || info.Onset > expires)) throw new CapRefusedException("CAP_TIMES_CONTRADICT", $"{path}/expires", "it expires before it begins");
        foreach (var area in info.Areas)
        {
            if (area.Ceiling is not null && area.Altitude is null) throw new CapRefusedException("CAP_CEILING_WITHOUT_ALTITUDE", $"{path}/area/ceiling", "a ceiling is the upper end of a range that begins at the altitude");
            if (area.Ceiling < area.Altitude) throw new CapRefusedException("CAP_CEILING_WITHOUT_ALTITUDE", $"{path}/area/ceiling", "the ceiling lies below the altitude");
        }
    }

    private static bool Same(CapIdentity a, CapIdentity b) => a.Sender == b.Sender && a.Identifier == b.Identifier && a.Sent == b.Sent;
}
