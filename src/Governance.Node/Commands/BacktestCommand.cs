using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Governance.Domain.Backtests;
using Governance.Edge.Alarms;
using Governance.Edge.V1;
using Governance.Node.Replay;
using RecordedIncident = Governance.Domain.Backtests.RecordedIncident;

namespace Governance.Node.Commands;

/// <summary>Plays recorded readings through the live rules, without a node: what limits would have raised, and what others would change (alarms.md §9).</summary>
internal static class BacktestCommand
{
    /// <summary>Exit code of a candidate that would have missed a recorded incident.</summary>
    internal const int Refused = 3;

    private static readonly Option<string> AgainstFile = new("--against") { Description = "limits file of the candidate, compared with the limits given", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Incidents = new("--incidents") { Description = "file of what really happened: detector,from,to,name", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Json = Options.Json();

    internal static Command Create()
    {
        var command = new Command("backtest", "which alarms limits would have raised over recorded readings; with --against what others would change") { AgainstFile, Incidents, Json };
        RecordingOptions.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var (files, format, source) = RecordingOptions.Read(parsed);
        var incidents = parsed.GetValue(Incidents)! is { Length: > 0 } path ? IncidentsFile.Read(path) : [];
        var begun = Stopwatch.GetTimestamp();
        var before = Play(source, files, format);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var diff = parsed.GetValue(AgainstFile)! is { Length: > 0 } against ? BacktestDiff.Of(before, Play(RecordingOptions.Against(parsed, against), files, format), incidents) : null;
        var missed = diff?.Missed ?? BacktestDiff.Unseen(before, incidents);
        if (parsed.GetValue(Json)) Console.WriteLine(ToJson(before, diff, missed, before.Readings / seconds));
        else Show(before, diff, missed, before.Readings / seconds);
        return missed.Count > 0 ? Refused : 0;
    }

    internal static BacktestResult Play(RegisterDetectorsRequest source, IEnumerable<string> files, RecordingFormat format)
    {
        var rows = files.SelectMany(f => Recording.Read(f, format));
        var backtest = (Backtest?)null;
        foreach (var segment in RecordedSegments.Of(rows))
        {
            try { backtest ??= new Backtest(SourceForm.Of(source), segment.ReceivedAt); }
            catch (ArgumentException e) { throw new UsageException(e.Message); }
            backtest.Add(segment);
        }
        return backtest?.Result() ?? throw new RecordingException("the recording has no rows");
    }

    private static void Show(BacktestResult before, BacktestDiff? diff, IReadOnlyList<RecordedIncident> missed, double rate)
    {
        foreach (var one in (diff?.After ?? before).Occurrences) Console.WriteLine(Line(one));
        Console.WriteLine(Sum("limits given", before));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before.Readings} readings over {before.Days:0.#} days, {rate:0} a second"));
        if (diff is not null)
        {
            Console.WriteLine(Sum("candidate", diff.After));
            var (earlier, later) = (diff.Paired.Count(p => p.Earlier > TimeSpan.Zero), diff.Paired.Count(p => p.Earlier < TimeSpan.Zero));
            Console.WriteLine($"{diff.Added.Count} alarms added, {diff.Removed.Count} removed, {diff.Paired.Count} in both: {earlier} earlier, {later} later");
        }
        foreach (var incident in missed) Console.WriteLine($"MISSED {incident.Name}: {incident.From:u} to {incident.To:u}");
        if (missed.Count > 0) Console.WriteLine("INCIDENT_WOULD_BE_MISSED: these limits must not come into force");
    }

    private static string Sum(string name, BacktestResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}: {result.Occurrences.Count} alarms, {result.AlarmsPerDay:0.##} a day, {result.Occurrences.Count(o => o.Folded)} of them folded as chattering");

    private static string Line(BacktestOccurrence o) =>
        string.Create(CultureInfo.InvariantCulture, $"{o.Detector,-12} {o.RaisedAt:u} → {o.ClearedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "still active"}  peak {o.PeakValue:0.###} (level {(int)o.Peak})");

    private static string ToJson(BacktestResult before, BacktestDiff? diff, IEnumerable<RecordedIncident> missed, double rate) => JsonSerializer.Serialize(new
    {
        readings = before.Readings, days = before.Days, readings_per_second = rate, occurrences = before.Occurrences.Count, silent_spells = before.SilentSpells, samples_over = before.SamplesOver,
        episodes = before.Occurrences.Select(Told), candidate = diff is null ? null : new
        {
            occurrences = diff.After.Occurrences.Count, added = diff.Added.Select(Told), removed = diff.Removed.Select(Told),
            paired = diff.Paired.Select(p => new { detector = p.After.Detector, raised_at = p.After.RaisedAt, earlier_s = p.Earlier.TotalSeconds }),
        },
        missed = missed.Select(m => m.Name),
    });

    private static object Told(BacktestOccurrence o) => new
    {
        detector = o.Detector, raised_at = o.RaisedAt, cleared_at = o.ClearedAt, level = (int)o.First, peak_level = (int)o.Peak, peak = double.IsFinite(o.PeakValue) ? o.PeakValue : (double?)null,
    };
}
