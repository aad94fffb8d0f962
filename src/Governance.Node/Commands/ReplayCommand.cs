using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Governance.Node.Hosting;
using Governance.Node.Replay;

namespace Governance.Node.Commands;

/// <summary>Streams recorded readings through the gateway protocol and lists the alarms.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string[]> Files = new("files") { Description = "CSV or ARFF, plain or gzip", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Delimiter = new("--delimiter") { Description = "of CSV; found out when left out", DefaultValueFactory = _ => "" };
    private static readonly Option<string> TimeColumn = new("--time") { Description = "column with the time", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Step = new("--step") { Description = "for recordings without times, e.g. 30s", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Period = new("--period") { Description = "sampling period (default: --step, or 60s)", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Column = new("--column") { Description = "columns to replay, comma between them", Required = true };
    private static readonly Option<double?> High = new("--high"), HighHigh = new("--high-high"), HighHighHigh = new("--high-high-high"), Low = new("--low"), LowLow = new("--low-low");
    private static readonly Option<double> Deadband = new("--deadband");
    private static readonly Option<string> OnDelay = new("--on-delay") { Description = "of level 1, e.g. 90s", DefaultValueFactory = _ => "" };
    private static readonly Option<string> OffDelay = new("--off-delay") { Description = "e.g. 5m", DefaultValueFactory = _ => "" };
    private static readonly Option<int> OnDelaySamples = new("--on-delay-samples") { Description = "of level 1" };
    private static readonly Option<string> LimitsFile = new("--limits") { Description = "JSON file with the options of the limits by their names", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Source = new("--source") { Description = "drill source to commission", DefaultValueFactory = _ => "HS-REPLAY" };
    private static readonly Option<string> Kind = new("--kind") { Description = "what the columns measure, e.g. combustible-gas", DefaultValueFactory = _ => "combustible-gas" };
    private static readonly Option<double> Speed = new("--speed") { Description = "ceiling; 0: as fast as it is durable" };
    private static readonly Option<bool> Json = Options.Json();
    private static readonly Option<string> Endpoint = Options.Endpoint(""), Token = Options.Token();
    private static readonly Option<string> DataDir = Options.DataDir("");

    internal static Command Create()
    {
        var command = new Command("replay", "stream recorded readings through the gateway protocol and list the alarms")
        {
            Files, Delimiter, TimeColumn, Step, Period, Column, High, HighHigh, HighHighHigh, Low, LowLow, Deadband, OnDelay, OffDelay, OnDelaySamples, LimitsFile, Source, Kind, Speed, Json, Endpoint, Token, DataDir,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var delimiter = parsed.GetValue(Delimiter)! switch { "" => (char?)null, "\\t" or "tab" => '\t', { Length: 1 } d => d[0], var d => throw new UsageException($"--delimiter: one character, not '{d}'") };
        var step = Span(parsed.GetValue(Step)!, "--step");
        if (parsed.GetValue(TimeColumn)!.Length == 0 && step == TimeSpan.Zero) throw new UsageException("give --time COLUMN, or --step for a recording without times");
        var format = new RecordingFormat(delimiter, parsed.GetValue(TimeColumn)!, step, parsed.GetValue(Column)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var source = Specification(parsed, format.Columns, step);
        var files = parsed.GetValue(Files)!;
        var asJson = parsed.GetValue(Json);
        var speed = parsed.GetValue(Speed) is > 0 and var s ? s : double.PositiveInfinity;
        var endpoint = parsed.GetValue(Endpoint)!;
        var dataDir = parsed.GetValue(DataDir)! is { Length: > 0 } given ? given : endpoint.Length > 0 ? Options.DefaultDataDir : Options.FreshFolder();
        await using var node = endpoint.Length > 0 ? null : await NodeHost.StartAsync(NodeOptions.Embedded(dataDir), cancel);
        var token = Options.TokenOr(parsed.GetValue(Token)!, dataDir, [.. Options.OperatorRoles, Domain.Kernel.Roles.Gateway]);
        using var channel = Options.Channel(node?.Grpc.ToString() ?? endpoint);
        var result = await new Replayer(channel, () => token, source).RunAsync(files.SelectMany(f => Recording.Read(f, format)), speed,
            sent => { if (!asJson && sent % 1000 == 0) Console.Error.Write($"\r{sent} rows"); }, cancel);
        // A node that stops may still say so: what a program reads comes after it.
        if (node is not null) await node.DisposeAsync();
        if (node is not null && parsed.GetValue(DataDir)!.Length == 0) Directory.Delete(dataDir, recursive: true);
        if (!asJson)
        {
            Console.Error.WriteLine();
            foreach (var e in result.Episodes)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e.Detector,-12} {e.RaisedAt:u} → {e.ClearedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "still active"}  peak {e.Peak:0.###}"));
            Console.WriteLine($"{result.Readings} readings, {result.Acknowledged} acknowledged, {result.Refused} refused, {result.Occurrences} occurrences");
        }
        else
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                readings = result.Readings, acknowledged = result.Acknowledged, refused = result.Refused, occurrences = result.Occurrences, connections = result.Connections,
                episodes = result.Episodes.Select(e => new { detector = e.Detector, raised_at = e.RaisedAt, cleared_at = e.ClearedAt, peak = double.IsFinite(e.Peak) ? e.Peak : (double?)null }),
            }));
        return result.Acknowledged + result.Refused == result.Readings ? 0 : 1;
    }

    private static RegisterDetectorsRequest Specification(ParseResult parsed, IReadOnlyList<string> columns, TimeSpan step)
    {
        if (!System.Enum.TryParse<HazardKind>(parsed.GetValue(Kind)!.Replace("-", ""), ignoreCase: true, out var kind)) throw new UsageException($"--kind: one of {string.Join(", ", System.Enum.GetNames<HazardKind>().Skip(1))}");
        var limits = Limits(parsed);
        if (limits.Count == 0) throw new UsageException("no limit given: --high, --high-high, --high-high-high, --low, --low-low or --limits FILE");
        var period = Span(parsed.GetValue(Period)!, "--period") is var p && p > TimeSpan.Zero ? p : step > TimeSpan.Zero ? step : TimeSpan.FromSeconds(60);
        var request = new RegisterDetectorsRequest { CommandId = Guid.NewGuid().ToString(), SourceId = parsed.GetValue(Source)!, Name = "replay", Subdistrict = "410803001", Enterprise = "replay", Drill = true };
        foreach (var column in columns)
            request.Detectors.Add(new DetectorSpec
            {
                DetectorId = column, Kind = kind, Unit = "1", Period = Duration.FromTimeSpan(period), RangeBottom = -1e9, RangeTop = 1e9, Point = column, Limits = { limits.Select(l => l.Clone()) },
            });
        return request;
    }

    private static List<LimitSpec> Limits(ParseResult parsed)
    {
        var file = parsed.GetValue(LimitsFile)! is { Length: > 0 } path ? LimitsJson.Read(path) : new LimitsJson();
        var (deadband, samples) = (file.Deadband ?? parsed.GetValue(Deadband), file.OnDelaySamples ?? parsed.GetValue(OnDelaySamples));
        var (onDelay, offDelay) = (Span(file.OnDelay ?? parsed.GetValue(OnDelay)!, "--on-delay"), Span(file.OffDelay ?? parsed.GetValue(OffDelay)!, "--off-delay"));
        var limits = new List<LimitSpec>();
        Add(LimitDirection.High, AlarmLevel._1, file.High ?? parsed.GetValue(High));
        Add(LimitDirection.High, AlarmLevel._2, file.HighHigh ?? parsed.GetValue(HighHigh));
        Add(LimitDirection.High, AlarmLevel._3, file.HighHighHigh ?? parsed.GetValue(HighHighHigh));
        Add(LimitDirection.Low, AlarmLevel._1, file.Low ?? parsed.GetValue(Low));
        Add(LimitDirection.Low, AlarmLevel._2, file.LowLow ?? parsed.GetValue(LowLow));
        return limits;

        void Add(LimitDirection direction, AlarmLevel level, double? value)
        {
            if (value is not { } at) return;
            var limit = new LimitSpec { Direction = direction, Level = level, Value = at, Deadband = deadband, OffDelay = Duration.FromTimeSpan(offDelay) };
            if (level == AlarmLevel._1) (limit.OnDelay, limit.OnDelaySamples) = (Duration.FromTimeSpan(onDelay), samples);
            limits.Add(limit);
        }
    }

    /// <summary>"30s", "5m", "1h", "500ms"; empty is zero.</summary>
    private static TimeSpan Span(string text, string option)
    {
        if (text.Length == 0) return TimeSpan.Zero;
        var unit = new[] { ("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0) }.Where(u => text.EndsWith(u.Item1, StringComparison.Ordinal)).MaxBy(u => u.Item1.Length);
        return unit.Item1 is not null && double.TryParse(text[..^unit.Item1.Length], CultureInfo.InvariantCulture, out var number) && number >= 0
            ? TimeSpan.FromSeconds(number * unit.Item2) : throw new UsageException($"{option}: a time such as 30s, 5m or 500ms, not '{text}'");
    }
}
