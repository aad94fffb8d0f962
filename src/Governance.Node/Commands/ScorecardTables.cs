using System.CommandLine;
using System.Globalization;
using Governance.Domain.Accountability;
using Governance.Domain.Kernel;
using Governance.Edge.V1;

namespace Governance.Node.Commands;

/// <summary><c>governance report scorecards</c> and <c>governance report year</c>.</summary>
internal static class ScorecardTables
{
    internal static Command Scorecards()
    {
        var (dataDir, endpoint, token, json) = (Options.DataDir(Options.DefaultDataDir), Options.Endpoint(Options.LocalEndpoint), Options.Token(), Options.Json());
        var month = new Option<string>("--month") { Description = "yyyyMM, e.g. 202508 (default: the month that is under way)", DefaultValueFactory = _ => Month.Of(DateTimeOffset.UtcNow).ToString() };
        var list = new Option<string>("--list") { Description = "only one list: ADVANCED, IMPROVED, TO_RECTIFY, TO_GOVERN", DefaultValueFactory = _ => "" };
        var idle = new Option<bool>("--idle") { Description = "organisations to which nothing was offered, too" };
        var command = new Command("scorecards", "points of a month, by organisation and indicator") { month, list, idle, dataDir, endpoint, token, json };
        command.SetAction(async (parsed, cancel) =>
        {
            try { _ = Month.Parse(parsed.GetValue(month)!); }
            catch (MalformedIdException malformed) { throw new UsageException($"--month: {malformed.Message}"); }
            using var channel = Options.Channel(parsed.GetValue(endpoint)!);
            var reply = await new Edge.V1.Accountability.AccountabilityClient(channel).ListScorecardsAsync(
                new ListScorecardsRequest { Month = parsed.GetValue(month)!, List = parsed.GetValue(list)! }, Options.Bearer(parsed.GetValue(token)!, parsed.GetValue(dataDir)!), cancellationToken: cancel);
            Options.Show(parsed.GetValue(json), reply, r => Print(r, parsed.GetValue(idle)));
            return 0;
        });
        return command;
    }

    internal static Command Year()
    {
        var (dataDir, endpoint, token) = (Options.DataDir(Options.DefaultDataDir), Options.Endpoint(Options.LocalEndpoint), Options.Token());
        var year = new Option<int>("--year") { Description = "e.g. 2025", Required = true };
        var output = new Option<string>("--out") { Description = "file to write (default: to the terminal)", DefaultValueFactory = _ => "" };
        var command = new Command("year", "the signed table of a year for the appraisal office, as CSV") { year, output, dataDir, endpoint, token };
        command.SetAction(async (parsed, cancel) =>
        {
            using var channel = Options.Channel(parsed.GetValue(endpoint)!);
            var reply = await new Edge.V1.Accountability.AccountabilityClient(channel).ExportYearAsync(
                new ExportYearRequest { Year = parsed.GetValue(year) }, Options.Bearer(parsed.GetValue(token)!, parsed.GetValue(dataDir)!), cancellationToken: cancel);
            if (parsed.GetValue(output) is { Length: > 0 } file)
            {
                await File.WriteAllTextAsync(file, reply.Csv, cancel);
                Console.WriteLine($"{file}: SHA-256 {reply.Sha256}");
            }
            else Console.Write(reply.Csv);
            return 0;
        });
        return command;
    }

    private static void Print(ListScorecardsReply reply, bool idle)
    {
        Console.WriteLine($"{"organisation",-14} {"rank",4} {"points",7} {"cases",5}  {"response",9} {"contact",9} {"on time",9} {"resolved",9} {"satisfied",9} {"quality",9}  more");
        foreach (var card in reply.Scorecards.Where(c => idle || c.Cases > 0))
        {
            var more = card.Modifiers.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Name} {m.Points:+0.0;-0.0}")).Concat(card.Lists).Concat(card.ExclusionAlarm ? ["EXCLUSION_ALARM"] : Array.Empty<string>());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{card.Organisation,-14} {(card.Rank > 0 ? $"{card.Rank}" : "-"),4} {card.Points,7:0.00} {card.Cases,5}  {string.Join(' ', card.Indicators.Select(i => $"{Cell(i),9}"))}  {string.Join(", ", more)}"));
        }
        Console.WriteLine($"as of {reply.AsOf.ToDateTimeOffset().ToLocalTime():yyyy-MM-dd HH:mm:ss}; rate=points, ! is below the red line; '-' has too few cases to be ranked");
    }

    private static string Cell(ScorecardIndicator i) => i.HasRatePercent ? string.Create(CultureInfo.InvariantCulture, $"{i.RatePercent:0}%{(i.BelowRedLine ? "!" : "")}={i.Points:0.0}") : "-";
}
