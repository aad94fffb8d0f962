using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Governance.Node.Replay;

namespace Governance.Node.Commands;

/// <summary>Which recording, and under which limits: the same options wherever recordings are played.</summary>
internal static class RecordingOptions
{
    private static readonly Argument<string[]> Files = new("files") { Description = "CSV or ARFF, plain or gzip", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> NoHeader = new("--no-header") { Description = "columns are called by their numbers from 1" };
    private static readonly Option<string> Skip = new("--skip") { Description = "rows that begin so are no readings", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Delimiter = new("--delimiter") { Description = "of CSV, e.g. ';', tab, space; found out when left out", DefaultValueFactory = _ => "" };
    private static readonly Option<string> TimeColumn = new("--time") { Description = "column with the time", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Step = new("--step") { Description = "for recordings without times, e.g. 30s", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Period = new("--period") { Description = "sampling period (default: --step, or 60s)", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Column = new("--column") { Description = "columns to replay, comma between them", Required = true };
    private static readonly Option<double?> High = new("--high"), HighHigh = new("--high-high"), HighHighHigh = new("--high-high-high"), Low = new("--low"), LowLow = new("--low-low");
    private static readonly Option<double?> Deadband = new("--deadband");
    private static readonly Option<string> OnDelay = new("--on-delay") { Description = "of level 1, e.g. 90s", DefaultValueFactory = _ => "" };
    private static readonly Option<string> OffDelay = new("--off-delay") { Description = "e.g. 5m", DefaultValueFactory = _ => "" };
    private static readonly Option<int> OnDelaySamples = new("--on-delay-samples") { Description = "of level 1" };
    private static readonly Option<string> LimitsFile = new("--limits") { Description = "JSON file with the options of the limits by their names", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Source = new("--source") { Description = "drill source to commission", DefaultValueFactory = _ => "HS-REPLAY" };
    private static readonly Option<string> Kind = new("--kind") { Description = "what the columns measure, e.g. combustible-gas", DefaultValueFactory = _ => "combustible-gas" };

    internal static void AddTo(Command command)
    {
        command.Add(Files);
        foreach (var option in (System.CommandLine.Option[])[Delimiter, NoHeader, Skip, TimeColumn, Step, Period, Column, High, HighHigh, HighHighHigh, Low, LowLow, Deadband, OnDelay, OffDelay, OnDelaySamples, LimitsFile, Source, Kind]) command.Add(option);
    }

    /// <summary>The files, how to read them, and the drill source that they belong to.</summary>
    internal static (string[] Files, RecordingFormat Format, RegisterDetectorsRequest Source) Read(ParseResult parsed)
    {
        var (files, format) = Recording(parsed);
        return (files, format, Specification(parsed, format, parsed.GetValue(LimitsFile)!, alone: false));
    }

    /// <summary>The same source under the limits of another file.</summary>
    internal static RegisterDetectorsRequest Against(ParseResult parsed, string limitsFile) => Specification(parsed, Recording(parsed).Format, limitsFile, alone: true);

    internal static (string[] Files, RecordingFormat Format) Recording(ParseResult parsed)
    {
        var delimiter = parsed.GetValue(Delimiter)! switch { "" => (char?)null, "\\t" or "tab" => '\t', "space" => ' ', { Length: 1 } d => d[0], var d => throw new UsageException($"--delimiter: one character, tab or space, not '{d}'") };
        var step = Span(parsed.GetValue(Step)!, "--step");
        if (parsed.GetValue(TimeColumn)!.Length == 0 && step == TimeSpan.Zero) throw new UsageException("give --time COLUMN, or --step for a recording without times");
        var columns = parsed.GetValue(Column)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (parsed.GetValue(Files)!, new RecordingFormat(delimiter, parsed.GetValue(TimeColumn)!, step, columns) { HasNoHeader = parsed.GetValue(NoHeader), SkipPrefix = parsed.GetValue(Skip)! });
    }

    internal static TimeSpan PeriodOf(ParseResult parsed, RecordingFormat format) =>
        Span(parsed.GetValue(Period)!, "--period") is var p && p > TimeSpan.Zero ? p : format.Step > TimeSpan.Zero ? format.Step : TimeSpan.FromSeconds(60);

    private static RegisterDetectorsRequest Specification(ParseResult parsed, RecordingFormat format, string limitsFile, bool alone)
    {
        if (!System.Enum.TryParse<HazardKind>(parsed.GetValue(Kind)!.Replace("-", ""), ignoreCase: true, out var kind)) throw new UsageException($"--kind: one of {string.Join(", ", System.Enum.GetNames<HazardKind>().Skip(1))}");
        var file = limitsFile.Length > 0 ? LimitsJson.Read(limitsFile) : new LimitsJson();
        var period = PeriodOf(parsed, format);
        var request = new RegisterDetectorsRequest { CommandId = Guid.NewGuid().ToString(), SourceId = parsed.GetValue(Source)!, Name = "replay", Subdistrict = "410803001", Enterprise = "replay", Drill = true };
        foreach (var column in format.Columns)
        {
            var limits = Limits(parsed, file.Detectors?.GetValueOrDefault(column) ?? file, alone);
            if (limits.Count == 0) throw new UsageException("no limit given: --high, --high-high, --high-high-high, --low, --low-low or --limits FILE");
            request.Detectors.Add(new DetectorSpec
            {
                DetectorId = RecordingFormat.DetectorOf(column), Kind = kind, Unit = "1", Period = Duration.FromTimeSpan(period), RangeBottom = -1e9, RangeTop = 1e9, Point = column, Limits = { limits },
            });
        }
        return request;
    }

    private static List<LimitSpec> Limits(ParseResult parsed, LimitsJson file, bool alone)
    {
        var (deadband, samples) = (file.Deadband ?? Given(Deadband) ?? 0, file.OnDelaySamples ?? (alone ? 0 : parsed.GetValue(OnDelaySamples)));
        var (onDelay, offDelay) = (Span(file.OnDelay ?? (alone ? "" : parsed.GetValue(OnDelay)!), "--on-delay"), Span(file.OffDelay ?? (alone ? "" : parsed.GetValue(OffDelay)!), "--off-delay"));
        var limits = new List<LimitSpec>();
        Add(LimitDirection.High, AlarmLevel._1, file.High ?? Given(High));
        Add(LimitDirection.High, AlarmLevel._2, file.HighHigh ?? Given(HighHigh));
        Add(LimitDirection.High, AlarmLevel._3, file.HighHighHigh ?? Given(HighHighHigh));
        Add(LimitDirection.Low, AlarmLevel._1, file.Low ?? Given(Low));
        Add(LimitDirection.Low, AlarmLevel._2, file.LowLow ?? Given(LowLow));
        return limits;

        // A second limit set stands alone: nothing of the command line's joins it.
        double? Given(Option<double?> option) => alone ? null : parsed.GetValue(option);

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
