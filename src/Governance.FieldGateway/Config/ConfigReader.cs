using System.Text.Json;
using Governance.Edge.V1;

namespace Governance.FieldGateway.Config;

/// <summary>Reads the configuration file, whole or not at all.</summary>
internal static class ConfigReader
{
    private const int FileLimitBytes = 4 << 20, SourcesLimit = 1_000, DetectorsLimit = 4_000, NodesLimit = 16;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="ConfigRejectedException">With every fault.</exception>
    internal static GatewayConfig Read(string file)
    {
        string text;
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > FileLimitBytes }) throw new IOException($"larger than {FileLimitBytes} bytes");
            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new ConfigRejectedException(file, [new ConfigFault("", ConfigReasons.Unreadable, e.Message)]); }
        return Parse(text, file);
    }

    /// <inheritdoc cref="Read"/>
    /// <param name="folder">Relative paths in the file are meant from its own folder.</param>
    internal static GatewayConfig Parse(string text, string file = "config")
    {
        var faults = new List<ConfigFault>();
        JsonDocument document;
        try { document = JsonDocument.Parse(text, Strict); }
        catch (JsonException e) { throw new ConfigRejectedException(file, [new ConfigFault("", ConfigReasons.NotJson, e.Message)]); }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new ConfigRejectedException(file, [new ConfigFault("", ConfigReasons.WrongType, "an object")]);
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            var config = Root(new JsonFields(document.RootElement, "", faults), folder);
            return faults.Count == 0 ? config : throw new ConfigRejectedException(file, faults);
        }
    }

    private static GatewayConfig Root(JsonFields root, string folder)
    {
        var id = root.Text("gateway_id");
        var nodes = Nodes(root);
        var token = Path.Combine(folder, root.Text("token_file", limitChars: 4_096));
        var buffer = root.Object("buffer", isNeeded: true);
        var (path, limitMib) = (buffer?.Text("folder", limitChars: 4_096) ?? "", buffer?.Integer("limit_mebibytes", 1, 1 << 20, 256) ?? 1);
        buffer?.Done();
        long? epoch = root.Integer("epoch", 0, long.MaxValue, 0) is > 0 and var e ? e : null;
        var drain = Seconds(root, "drain_within_s", 0, 600, 10);
        var status = Seconds(root, "status_every_s", 0, 86_400, 60);
        var declared = Sources(root);
        var places = new Places(declared);
        var loggers = root.Object("hj212") is { } h ? Hj212ConfigReader.Read(h, places) : null;
        IReadOnlyList<DeviceConfig> devices = root.Object("modbus") is { } m ? DeviceConfigReader.Read(m, places) : [];
        places.Done(root);
        root.Done();
        return new GatewayConfig(id, nodes, token, Path.Combine(folder, path), limitMib << 20, epoch, drain, status, declared, loggers, devices);
    }

    internal static TimeSpan Seconds(JsonFields from, string key, int least, int most, int fallback) => TimeSpan.FromSeconds(from.Integer(key, least, most, fallback));

    private static IReadOnlyList<string> Nodes(JsonFields root)
    {
        var nodes = root.Texts("nodes", 1, NodesLimit);
        foreach (var node in nodes)
            if (!Uri.TryCreate(node, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
                root.Fault("nodes", ConfigReasons.BadEndpoint, $"{node}: http://HOST:PORT or https://HOST:PORT");
        return nodes;
    }

    private static List<SourceDeclaration> Sources(JsonFields root)
    {
        // One set over all sources: a log line that says HS/1/A must mean one detector.
        var (sources, seen, names, detectors) = (new List<SourceDeclaration>(), new HashSet<string>(), new HashSet<string>(), 0);
        foreach (var source in root.Objects("sources", 1, SourcesLimit))
        {
            var declared = new SourceDeclaration { SourceId = source.Text("id") };
            if (!seen.Add(declared.SourceId)) source.Fault("id", ConfigReasons.Duplicate, declared.SourceId);
            foreach (var detector in source.Objects("detectors", 1, DetectorsLimit))
            {
                var (name, unit) = (detector.Text("id"), detector.Text("unit", limitChars: 32));
                if (!names.Add($"{declared.SourceId}/{name}")) detector.Fault("id", ConfigReasons.Duplicate, $"{declared.SourceId}/{name}");
                declared.Detectors.Add(new DetectorDeclaration { DetectorId = name, Unit = unit });
                detector.Done();
                detectors++;
            }
            source.Done();
            sources.Add(declared);
        }
        if (detectors > DetectorsLimit) root.Fault("sources", ConfigReasons.OutOfRange, $"{DetectorsLimit} detectors at most, not {detectors}");
        return sources;
    }
}
