namespace Governance.FieldGateway.Config;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Path">Where, as in <c>modbus.devices[2].points[0].address</c>.</param>
/// <param name="Reason">A name of <see cref="ConfigReasons"/>.</param>
/// <param name="Detail">For the person who edits the file.</param>
internal sealed record ConfigFault(string Path, string Reason, string Detail)
{
    public override string ToString() => $"{Path}: {Reason}: {Detail}";
}

/// <summary>Names of faults in a configuration. Each is listed with its path, all of a file at once.</summary>
internal static class ConfigReasons
{
    /// <summary>The file cannot be read.</summary>
    internal const string Unreadable = "UNREADABLE";
    /// <summary>The file is not JSON.</summary>
    internal const string NotJson = "NOT_JSON";
    /// <summary>A key that means nothing here; most often a slip of the pen, which would otherwise go unnoticed.</summary>
    internal const string UnknownKey = "UNKNOWN_KEY";
    internal const string Missing = "MISSING";
    internal const string WrongType = "WRONG_TYPE";
    internal const string OutOfRange = "OUT_OF_RANGE";
    /// <summary>A word that is none of those that are possible.</summary>
    internal const string NotOneOf = "NOT_ONE_OF";
    /// <summary>A name, code or address that stands there twice.</summary>
    internal const string Duplicate = "DUPLICATE";
    internal const string BadEndpoint = "BAD_ENDPOINT";
    internal const string BadListenAddress = "BAD_LISTEN_ADDRESS";
    /// <summary>Input for a detector that no source declares.</summary>
    internal const string UnknownDetector = "UNKNOWN_DETECTOR";
    /// <summary>Two inputs for one detector: its readings would contradict each other.</summary>
    internal const string DetectorFedTwice = "DETECTOR_FED_TWICE";
    /// <summary>A declared detector without input: the dispatch centre would wait for it for ever.</summary>
    internal const string DetectorNotFed = "DETECTOR_NOT_FED";
    /// <summary>A name with characters that do not belong there.</summary>
    internal const string BadName = "BAD_NAME";

    /// <summary>All names, for documents and tests.</summary>
    internal static IEnumerable<string> All => typeof(ConfigReasons).GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!);
}

/// <summary>The configuration cannot be used.</summary>
internal sealed class ConfigRejectedException(string file, IReadOnlyList<ConfigFault> faults)
    : Exception($"{file}: {faults.Count} fault{(faults.Count == 1 ? "" : "s")} in the configuration")
{
    internal IReadOnlyList<ConfigFault> Faults { get; } = faults;
}
