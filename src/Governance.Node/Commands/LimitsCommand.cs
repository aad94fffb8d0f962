using System.CommandLine;
using System.Globalization;
using Governance.Domain.Backtests;
using Governance.Domain.HazardSources;
using Governance.Node.Replay;

namespace Governance.Node.Commands;

/// <summary>Proposes limits from a normal period, with the nuisance rate that they would have had in it. It proposes, a person decides.</summary>
internal static class LimitsCommand
{
    private static readonly Option<int> Normal = new("--normal") { Description = "rows from the beginning in which nothing was wrong", DefaultValueFactory = _ => 400 };
    private static readonly Option<double> Deviations = new("--deviations") { Description = "mean ± so many standard deviations", DefaultValueFactory = _ => 4 };
    private static readonly Option<double> Percentile = new("--percentile") { Description = "instead: the value that so many percent stay below, and its mirror" };
    private static readonly Option<int> InARow = new("--in-a-row") { Description = "samples in a row that make an alarm", DefaultValueFactory = _ => 3 };
    private static readonly Option<string> Out = new("--out") { Description = "limits file to write, for --limits and --against", DefaultValueFactory = _ => "" };

    internal static Command Create()
    {
        var propose = new Command("propose", "limits from a normal period of a recording; it proposes, a person decides") { Normal, Deviations, Percentile, InARow, Out };
        RecordingOptions.AddTo(propose);
        propose.SetAction(Run);
        return new Command("limits", "alarm limits") { propose };
    }

    private static int Run(ParseResult parsed)
    {
        var (files, format) = RecordingOptions.Recording(parsed);
        var rows = files.SelectMany(f => Recording.Read(f, format)).Take(Math.Max(2, parsed.GetValue(Normal))).ToList();
        if (rows.Count < 2) throw new RecordingException("a normal period has at least two rows");
        var (method, factor) = parsed.GetValue(Percentile) is > 0 and var percent ? (ProposalMethod.Percentile, percent) : (ProposalMethod.Deviation, parsed.GetValue(Deviations));
        var proposals = new List<LimitProposal>();
        for (var c = 0; c < format.Columns.Count; c++)
        {
            var column = c;
            try { proposals.Add(LimitProposal.Of(format.Columns[c], rows.Select(r => r.Values[column]), method, factor, parsed.GetValue(InARow))); }
            catch (ArgumentException e) { throw new UsageException(e.Message); }
        }
        // Drawn from the first half, tried on the second: what it promises for days it has not seen.
        foreach (var (p, i) in proposals.Select((p, i) => (p, i)))
        {
            var half = LimitProposal.Of(p.Detector, rows.Take(rows.Count / 2).Select(r => r.Values[i]), method, factor, parsed.GetValue(InARow));
            var nuisance = Alarms(parsed, format, half, rows.Skip(rows.Count / 2), i);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{p.Detector,-24} low {p.Low,12:0.####} high {p.High,12:0.####}  mean {p.Mean:0.####} sd {p.Deviation:0.####} from {p.Samples} samples; nuisance alarms: {Alarms(parsed, format, p, rows, i).Occurrences.Count} in the period, held out {nuisance.Occurrences.Count} in {nuisance.Days * 24:0.##} h"));
        }
        var text = new LimitsJson { Detectors = proposals.ToDictionary(p => p.Detector, p => new LimitsJson { High = p.High, Low = p.Low, OnDelaySamples = parsed.GetValue(InARow) }) }.ToText();
        if (parsed.GetValue(Out)! is { Length: > 0 } path) File.WriteAllText(path, text + "\n");
        else Console.WriteLine(text);
        Console.Error.WriteLine("A proposal: a person looks at it, tries it with `governance backtest`, and signs what comes into force.");
        return 0;
    }

    private static BacktestResult Alarms(ParseResult parsed, RecordingFormat format, LimitProposal proposal, IEnumerable<Row> rows, int column)
    {
        var source = SourceOf(proposal, RecordingOptions.PeriodOf(parsed, format));
        var backtest = (Backtest?)null;
        foreach (var segment in RecordedSegments.Of(rows.Select(r => r with { Values = [r.Values[column]] })))
        {
            backtest ??= new Backtest(source, segment.ReceivedAt);
            backtest.Add(segment);
        }
        return backtest!.Result();
    }

    internal static SourceConfig SourceOf(LimitProposal proposal, TimeSpan period) => new(
        new Domain.Kernel.HazardSourceId("HS-PROPOSAL"), "proposal", "", new Domain.Kernel.AreaCode("410803001"), true,
        [new DetectorConfig(new Domain.Kernel.DetectorId(RecordingFormat.DetectorOf(proposal.Detector)), Domain.Kernel.HazardKind.Pressure, "1", period, -1e9, 1e9, 0, "", "", proposal.Limits)], []);
}
