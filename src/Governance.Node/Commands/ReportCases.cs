using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Grpc.Core;
using static Governance.Node.Commands.ReportTables;

namespace Governance.Node.Commands;

/// <summary><c>report cases</c> and <c>report deadlines</c>: the lists of a running node, for people or as JSON.</summary>
internal static class ReportCases
{
    private const int ListLimit = 1000;
    private static readonly Option<string> DataDir = Options.DataDir(Options.DefaultDataDir), Endpoint = Options.Endpoint(Options.LocalEndpoint), Token = Options.Token();
    private static readonly Option<bool> AsJson = Options.Json(), Drills = new("--drill") { Description = "drills too" };
    private static readonly Option<int> Count = new("--list") { Description = "lines, 1 to 1000", DefaultValueFactory = _ => 50 };
    private static readonly Option<string> Organisation = Text("--organisation", "who has a task in it, e.g. ZJ"), Area = Text("--area", "code of a subdistrict");

    internal static Command Cases()
    {
        var (text, category, supervision) = (Text("--text", "holds this in its number, place, reports, cause or reply"), Text("--category", "four digits, several with commas between"), Text("--supervision", "NONE, URGED, REMINDED, SUPERVISED, CRISIS"));
        var (state, level, breached) = (Text("--state", "ASSIGNED, HANDLING, …, several with commas between"), Text("--level", "red, orange, yellow, blue, several with commas between"), new Option<bool>("--breached") { Description = "only what had a clock run out" });
        var command = new Command("cases", "cases by state, level, organisation, category and text, the newest first") { state, level, category, supervision, Organisation, Area, text, breached, Drills, Count, DataDir, Endpoint, Token, AsJson };
        command.SetAction((parsed, cancel) => RunAsync(parsed, new ListCasesRequest
        {
            States = { List(parsed.GetValue(state)!, s => s.ToUpperInvariant()) }, Levels = { List(parsed.GetValue(level)!, Level) }, Categories = { List(parsed.GetValue(category)!, c => c) },
            Supervision = { List(parsed.GetValue(supervision)!, s => s.ToUpperInvariant()) }, Text = parsed.GetValue(text)!, BreachedOnly = parsed.GetValue(breached),
        }, cancel));
        return command;
    }

    internal static Command Deadlines()
    {
        var within = new Option<string>("--within") { Description = "to be resolved within this time, e.g. 8h or 3d; overdue ones are in it", DefaultValueFactory = _ => "24h" };
        var command = new Command("deadlines", "what is to be resolved soon or should have been, the earliest first") { within, Organisation, Area, Drills, Count, DataDir, Endpoint, Token, AsJson };
        command.SetAction((parsed, cancel) =>
        {
            var ahead = ReportCommand.Ago(parsed.GetValue(within)!) ?? throw new UsageException($"--within: how long, like 8h or 3d, not '{parsed.GetValue(within)}'");
            return RunAsync(parsed, new ListCasesRequest { ByDue = true, DueBefore = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow + ahead) }, cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ListCasesRequest request, CancellationToken cancel)
    {
        if (parsed.GetValue(Count) is not (>= 1 and <= ListLimit)) throw new UsageException($"--list: 1 to {ListLimit}, not {parsed.GetValue(Count)}");
        (request.Organisation, request.Subdistrict, request.IncludeDrills, request.PageSize) = (parsed.GetValue(Organisation)!, parsed.GetValue(Area)!, parsed.GetValue(Drills), parsed.GetValue(Count));
        var bearer = Options.Bearer(parsed.GetValue(Token)!, parsed.GetValue(DataDir)!);
        using var channel = Options.Channel(parsed.GetValue(Endpoint)!);
        var reply = await new Cases.CasesClient(channel).ListCasesAsync(request, bearer, cancellationToken: cancel);
        Options.Show(parsed.GetValue(AsJson), reply, r => Print(r, DateTimeOffset.UtcNow));
        return 0;
    }

    private static void Print(ListCasesReply reply, DateTimeOffset now)
    {
        var console = Wide();
        if (reply.Cases.Count > 0)
            console.Write(Filled(Columns(["case", "state", "level", "category", "where", "lead", "received", "resolve by", "left", "supervision", "ran out"]), reply.Cases, c =>
                [c.CaseNumber.Length > 0 ? c.CaseNumber : c.CaseId, c.State, $"{c.Level}", c.Category, c.Title, c.Lead, At(c.ReceivedAt), At(c.Due), Left(c.Due, now), c.Supervision, c.Breached > 0 ? $"{c.Breached}" : ""]));
        Console.WriteLine(reply.NextPageToken.Length > 0 ? $"{reply.Cases.Count} cases shown, and there are more: --list" : $"{reply.Cases.Count} cases");
    }

    private static string Left(Timestamp? due, DateTimeOffset now) => due is null ? "" : due.ToDateTimeOffset() - now is var left && left < TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"OVERDUE {-left.TotalHours:0.0} h") : string.Create(CultureInfo.InvariantCulture, $"{left.TotalHours:0.0} h");

    private static IEnumerable<T> List<T>(string text, Func<string, T> of) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(of);

    private static Colour Level(string text) => System.Enum.TryParse<Colour>(text, ignoreCase: true, out var colour) && colour is >= Colour.Blue and <= Colour.Red
        ? colour : throw new UsageException($"--level: red, orange, yellow or blue, not '{text}'");

    private static Option<string> Text(string name, string description) => new(name) { Description = description, DefaultValueFactory = _ => "" };
}
