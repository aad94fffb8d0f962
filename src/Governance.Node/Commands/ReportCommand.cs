using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Calendars;
using Governance.Edge.V1;
using Grpc.Core;

namespace Governance.Node.Commands;

/// <summary>Reports of a running node: the load of its alarms, what one shift hands over to the next, and scorecards.</summary>
internal static class ReportCommand
{
    private static readonly Option<string> DataDir = Options.DataDir(Options.DefaultDataDir), Endpoint = Options.Endpoint(Options.LocalEndpoint), Token = Options.Token();
    private static readonly Option<bool> AsJson = Options.Json();
    private static readonly Option<string> Area = Text("--area", "code of a subdistrict; without it the whole district");

    internal static Command Create() => new("report", "load figures of alarms, the hand-over of a shift, cases and their deadlines, scorecards of a month and of a year")
    {
        Alarms(), Handover(), ReportCases.Cases(), ReportCases.Deadlines(), ScorecardTables.Scorecards(), ScorecardTables.Year(),
    };

    private static Command Alarms()
    {
        var (from, to, source) = (Text("--from", "begin: a time (+08:00 unless it says otherwise), or how long ago, e.g. 12h; without it 24 h before the end"), Text("--to", "end, likewise; without it now"), Text("--source", "one hazard source"));
        var drill = new Option<bool>("--drill") { Description = "drills in place of live sources, in the time of their recordings" };
        var list = new Option<int>("--list") { Description = "single alarms to list with the time to each leg, 0 to 1000", DefaultValueFactory = _ => 20 };
        var command = new Command("alarms", "alarms per 10 min, floods, chattering and stale alarms, bypassed and grey hours, and how long everything took") { from, to, Area, source, drill, list, DataDir, Endpoint, Token, AsJson };
        command.SetAction((parsed, cancel) => RunAsync(parsed, async (client, bearer) =>
        {
            if (parsed.GetValue(list) is not (>= 0 and <= 1000)) throw new UsageException($"--list: 0 to 1000, not {parsed.GetValue(list)}");
            var request = new ReportLoadRequest
            {
                From = Time(parsed, from), To = Time(parsed, to), Area = parsed.GetValue(Area)!, SourceId = parsed.GetValue(source)!, Drill = parsed.GetValue(drill), PageSize = Math.Max(1, parsed.GetValue(list)),
            };
            var report = await client.ReportLoadAsync(request, bearer, cancellationToken: cancel);
            Options.Show(parsed.GetValue(AsJson), report, r => ReportTables.Print(r, parsed.GetValue(list)));
        }));
        return command;
    }

    private static Command Handover()
    {
        var since = new Option<string>("--since") { Description = "when the shift began: how long ago, or a time", DefaultValueFactory = _ => "8h" };
        var command = new Command("handover", "what is active, shelved, out of service, grey and open, since when, and what changed in the shift") { Area, since, DataDir, Endpoint, Token, AsJson };
        command.SetAction((parsed, cancel) => RunAsync(parsed, async (client, bearer) =>
        {
            var handover = await client.GetShiftHandoverAsync(new GetShiftHandoverRequest { Area = parsed.GetValue(Area)!, Since = Time(parsed, since) }, bearer, cancellationToken: cancel);
            Options.Show(parsed.GetValue(AsJson), handover, HandoverTables.Print);
        }));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<Edge.V1.Alarms.AlarmsClient, Metadata, Task> report)
    {
        var bearer = Options.Bearer(parsed.GetValue(Token)!, parsed.GetValue(DataDir)!);
        using var channel = Options.Channel(parsed.GetValue(Endpoint)!);
        await report(new Edge.V1.Alarms.AlarmsClient(channel), bearer);
        return 0;
    }

    /// <summary>"8h", "30m", "2d" before now, or a time; empty: none.</summary>
    private static Timestamp? Time(ParseResult parsed, Option<string> option)
    {
        var text = parsed.GetValue(option)!.Trim();
        if (text.Length == 0) return null;
        if (Ago(text) is { } ago) return Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow - ago);
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at)) throw new UsageException($"{option.Name}: a time like 2026-08-03T14:00 or 2026-08-03T06:00Z, or how long ago like 8h, not '{text}'");
        // Without an offset the kind is unspecified: the district's own time.
        return Timestamp.FromDateTimeOffset(at.Kind == DateTimeKind.Utc ? new DateTimeOffset(at) : new DateTimeOffset(at, WorkCalendar.Local));
    }

    internal static TimeSpan? Ago(string text)
    {
        if (text.Length < 2 || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 100_000) return null;
        return text[^1] switch { 's' => TimeSpan.FromSeconds(number), 'm' => TimeSpan.FromMinutes(number), 'h' => TimeSpan.FromHours(number), 'd' => TimeSpan.FromDays(number), _ => null };
    }

    private static Option<string> Text(string name, string description) => new(name) { Description = description, DefaultValueFactory = _ => "" };
}
