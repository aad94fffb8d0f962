using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Calendars;
using Governance.Domain.Registry;
using Governance.Edge.V1;

namespace Governance.Node.Commands;

/// <summary><c>governance whatif</c>: recorded cases of a running node under other policy files, side by side.</summary>
internal static class WhatIfCommand
{
    private const int DaysAtMost = 366;

    internal static Command Create()
    {
        var (dataDir, endpoint, token, json) = (Options.DataDir(Options.DefaultDataDir), Options.Endpoint(Options.LocalEndpoint), Options.Token(), Options.Json());
        var files = new Argument<string[]>("files") { Description = $"policy files to try, by their names: {string.Join(", ", PolicyTexts.Changeable.Select(n => n + ".psv"))}", Arity = ArgumentArity.OneOrMore };
        var days = new Option<int>("--days") { Description = "cases received in so many days up to now", DefaultValueFactory = _ => 31 };
        var from = new Option<string>("--from") { Description = "first day (yyyy-MM-dd), in place of --days", DefaultValueFactory = _ => "" };
        var list = new Option<int>("--list") { Description = "cases to list, 1 to 1000", DefaultValueFactory = _ => 20 };
        var command = new Command("whatif", "let recorded cases happen again under other limits, rules or another calendar, without touching live state") { files, days, from, list, dataDir, endpoint, token, json };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(list) is not (>= 1 and <= 1000)) throw new UsageException($"--list: 1 to 1000, not {parsed.GetValue(list)}");
            var request = new WhatIfRequest { From = Begin(parsed.GetValue(from)!, parsed.GetValue(days)), Limit = parsed.GetValue(list) };
            foreach (var file in parsed.GetValue(files)!)
            {
                var name = Path.GetFileNameWithoutExtension(file);
                if (!PolicyTexts.Changeable.Contains(name)) throw new UsageException($"{file}: named as the policy file that it replaces, one of {string.Join(", ", PolicyTexts.Changeable)}");
                request.PolicyFiles[name] = await File.ReadAllTextAsync(file, cancel);
            }
            using var channel = Options.Channel(parsed.GetValue(endpoint)!);
            var reply = await new Edge.V1.Accountability.AccountabilityClient(channel).WhatIfAsync(request, Options.Bearer(parsed.GetValue(token)!, parsed.GetValue(dataDir)!), cancellationToken: cancel);
            Options.Show(parsed.GetValue(json), reply, Print);
            return 0;
        });
        return command;
    }

    private static Timestamp Begin(string from, int days)
    {
        if (from.Length == 0) return days is >= 1 and <= DaysAtMost ? Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddDays(-days)) : throw new UsageException($"--days: 1 to {DaysAtMost}, not {days}");
        return DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Timestamp.FromDateTimeOffset(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Local)) : throw new UsageException($"--from: a day like 2025-08-01, not '{from}'");
    }

    private static void Print(WhatIfReply r)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Replayed} recorded cases once more in {r.Seconds:0.0} s: {r.Differing} differ, {r.Impossible} steps can no longer happen"));
        Console.WriteLine($"deadlines missed {r.MissedRecorded} -> {r.MissedReplayed}, escalations {r.EscalationsRecorded} -> {r.EscalationsReplayed}");
        foreach (var c in r.Cases)
        {
            Console.WriteLine($"{(c.Number.Length > 0 ? c.Number : c.CaseId),-26} {c.Category} {c.Level,-7} {Course(c.Recorded)}  ->  {Course(c.Replayed)}");
            foreach (var i in c.Impossible) Console.WriteLine($"    {Local(i.At)} {i.What} by {i.By}: {i.Refusal}");
        }
        foreach (var s in r.Scores.Where(s => Math.Abs(s.Recorded - s.Replayed) >= 0.005)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.Month} {s.Organisation,-14} {s.Recorded,7:0.00} -> {s.Replayed,7:0.00} points"));
    }

    private static string Course(WhatIfCourse c) => $"{c.Lead} due {(c.Due is null ? "-" : Local(c.Due))}{(c.DueMissed ? " MISSED" : "")}, {c.Escalations} escalations";
    private static string Local(Timestamp at) => at.ToDateTimeOffset().ToOffset(WorkCalendar.Local).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
}
