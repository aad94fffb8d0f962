using System.CommandLine;
using System.Globalization;
using Governance.Edge.V1;

namespace Governance.Node.Commands;

/// <summary>Why a case or an occurrence is what it is, who was told, and what would end it (alarms.md §7).</summary>
internal static class ExplainCommand
{
    internal static Command Create()
    {
        var (dataDir, endpoint, token, json) = (Options.DataDir(Options.DefaultDataDir), Options.Endpoint(Options.LocalEndpoint), Options.Token(), Options.Json());
        var of = new Argument<string>("case or source") { Description = "case number or key; or a source id, with an occurrence" };
        var occurrence = new Argument<string>("occurrence") { Description = "id of an occurrence of that source", DefaultValueFactory = _ => "" };
        var command = new Command("explain", "why a case or an occurrence is what it is, who was told, and what would end it") { of, occurrence, dataDir, endpoint, token, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var bearer = Options.Bearer(parsed.GetValue(token)!, parsed.GetValue(dataDir)!);
            using var channel = Options.Channel(parsed.GetValue(endpoint)!);
            var inspection = new Inspection.InspectionClient(channel);
            var (what, id) = (parsed.GetValue(of)!, parsed.GetValue(occurrence)!);
            if (id.Length > 0)
            {
                var found = await inspection.ExplainOccurrenceAsync(new ExplainOccurrenceRequest { SourceId = what, OccurrenceId = id }, bearer, cancellationToken: cancel);
                Options.Show(parsed.GetValue(json), found, Print);
                return 0;
            }
            if (what.StartsWith("HS-", StringComparison.Ordinal)) throw new UsageException($"which occurrence of {what}? `governance inspect source {what}` lists them");
            var explained = await inspection.ExplainCaseAsync(new InspectCaseRequest { CaseId = what }, bearer, cancellationToken: cancel);
            Options.Show(parsed.GetValue(json), explained, Print);
            return explained.EqualsJournal ? 0 : throw new UsageException("the live case differs from what its journal says: report this case");
        });
        return command;
    }

    private static void Print(OccurrenceExplanation e)
    {
        Console.WriteLine($"{e.OccurrenceId}: detector {e.DetectorId}{(e.GatewayId.Length > 0 ? $" behind gateway {e.GatewayId}" : "")}, {(e.Phase.Length > 0 ? e.Phase : "over")}, level {e.Level}, peak {e.Peak}");
        if (e.Cause is { } cause)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  cause       {cause.Value} at {cause.SampledAt?.ToDateTimeOffset():u} reached {e.Limit}{(e.ClockOffS == 0 ? "" : $"; the gateway's clock was off by {e.ClockOffS:0.#} s")}, limit set {e.LimitSet}"));
        List("limit", e.Limits);
        List("next", e.Deadlines.Select(Text));
        List("clears", [e.Clears]);
        List("operator", [e.Operator]);
        List("suppression", [e.Suppression]);
        List("told", [e.Told]);
        List("colour", [e.Colour]);
        List("unconfirmed", e.Unconfirmed);
        List("event", e.Events);
    }

    private static void Print(CaseExplanation e)
    {
        Console.WriteLine($"case {e.CaseNumber} ({e.CaseId}): {e.State}, {e.Level}; {e.Opened}");
        List("occurrence", e.Occurrences);
        List("told", e.Told);
        List("unconfirmed", e.Unconfirmed);
        List("next", e.Deadlines.Select(Text));
        List("missed", e.Missed);
        List("to close", e.Closes);
        List("allowed", e.Allowed.Select(a => $"{(a.Organisation.Length > 0 ? a.Organisation : "desk, verifier")}: {string.Join(", ", a.Commands)}"));
        List("event", e.Events);
        Console.WriteLine(e.EqualsJournal ? "  recomputed from the journal it is the same" : "  RECOMPUTED FROM THE JOURNAL IT DIFFERS");
    }

    private static string Text(ArmedDeadline d) => string.Create(CultureInfo.InvariantCulture, $"{d.Kind} at {d.Due.ToDateTimeOffset():u}, in {d.SecondsLeft:0} s");

    private static void List(string name, IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(l => l.Length > 0)) Console.WriteLine($"  {name,-11} {line}");
    }
}
