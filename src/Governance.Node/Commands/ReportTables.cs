using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Calendars;
using Governance.Edge.V1;
using Spectre.Console;

namespace Governance.Node.Commands;

/// <summary>Load figures for people: each beside what the standards want of it.</summary>
internal static class ReportTables
{
    private const int WidthOfFiles = 160;

    internal static void Print(LoadReport r, int list)
    {
        var console = Wide();
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"alarm load of {(r.SourceId.Length > 0 ? r.SourceId : r.Area.Length > 0 ? r.Area : "the district")}{(r.Drill ? ", drills" : "")}, {At(r.From)} to {At(r.To)}; complete up to {At(r.AsOf)}, {r.AsOfAgeS:0.#} s ago"));
        var figures = Columns("figure", "value", "wanted (ISA-18.2, EEMUA 191)");
        Row(figures, "alarms", $"{r.Alarms}, and {r.SuppressedOccurrences} suppressed", "");
        Row(figures, "per 10 min", Number(r.AlarmsPer10Min), "about 1, at most 2");
        Row(figures, "peak in 10 min", r.PeakFrom is null ? "0" : $"{r.Peak10Min}, from {At(r.PeakFrom)}", "at most 10");
        Row(figures, "in flood", $"{Percent(r.FloodShare)}, {r.Floods} floods", "below 1 %");
        Row(figures, "levels", string.Join("  ", r.Levels.Select(l => $"{Level(l.Level)}: {l.Alarms} ({Percent(l.Share)})")), "80 / 15 / 5 %");
        Row(figures, "ten most frequent", Percent(r.MostFrequentShare), "at most 5 %");
        Row(figures, "chattering detectors", $"{r.ChatteringTotal}", "none");
        Row(figures, "stale (> 24 h)", $"{r.StaleTotal}", "fewer than 5");
        Row(figures, "bypassed hours", $"{Number(r.Bypassed.Total)}: shelved {Number(r.Bypassed.Shelved)}, out of service {Number(r.Bypassed.OutOfService)}, by design {Number(r.Bypassed.ByDesign)}", "");
        Row(figures, "grey hours", Number(r.GreyHours), "");
        console.Write(figures);

        var legs = Columns("from the alarm to", "alarms", "half within", "nine of ten within", "longest");
        foreach (var (name, leg) in new[] { ("dispatch", r.Dispatch), ("accept", r.Accept), ("arrive", r.Arrive), ("clear", r.Clear), ("close", r.Close) })
            Row(legs, name, $"{leg.Count}", Span(leg.Count, leg.P50S), Span(leg.Count, leg.P90S), Span(leg.Count, leg.MaxS));
        console.Write(legs);
        if (r.MostFrequent.Count > 0) console.Write(Filled(Columns("most frequent", "detector", "alarms", "share"), r.MostFrequent, f => [f.SourceId, Detector(f.DetectorId), $"{f.Alarms}", Percent(f.Share)]));
        if (r.Chattering.Count > 0) console.Write(Filled(Columns("chattering", "detector", "episodes", "alarms", "for"), r.Chattering, c => [c.SourceId, c.DetectorId, $"{c.Episodes}", $"{c.Alarms}", Span(1, c.Time.ToTimeSpan().TotalSeconds)]));
        if (r.Stale.Count > 0) console.Write(Filled(Columns("stale", "detector", "level", "since", "hours"), r.Stale, s => [s.SourceId, s.DetectorId, Level(s.Level), At(s.RaisedAt), Number(s.ActiveHours)]));
        if (list > 0 && r.Responses.Count > 0)
            console.Write(Filled(Columns("alarm", "source", "detector", "level", "case", "dispatch", "accept", "arrive", "clear", "close"), r.Responses, a =>
            [
                At(a.RaisedAt), a.SourceId, Detector(a.DetectorId), Level(a.Peak), a.CaseNumber.Length > 0 ? a.CaseNumber : a.CaseId, Leg(a.HasToDispatchS, a.ToDispatchS), Leg(a.HasToAcceptS, a.ToAcceptS),
                Leg(a.HasToArriveS, a.ToArriveS), Leg(a.HasToClearS, a.ToClearS), Leg(a.HasToCloseS, a.ToCloseS),
            ]));
        if (list > 0 && r.NextPageToken.Length > 0) console.WriteLine($"and more: the first {r.Responses.Count} are listed");
    }

    /// <summary>In a file or a pipe nothing is wrapped at 80 columns.</summary>
    internal static IAnsiConsole Wide()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = WidthOfFiles;
        return console;
    }

    internal static Table Columns(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)));
        return table;
    }

    /// <summary>Texts of people are texts, whatever brackets they hold.</summary>
    internal static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(c => new Text(c))]);

    internal static Table Filled<T>(Table table, IEnumerable<T> rows, Func<T, string[]> cells)
    {
        foreach (var row in rows) Row(table, cells(row));
        return table;
    }

    internal static string At(Timestamp? at) => at is null ? "" : at.ToDateTimeOffset().ToOffset(WorkCalendar.Local).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    /// <summary>Only a relayed warning is of no detector.</summary>
    private static string Detector(string id) => id.Length > 0 ? id : "(relayed)";
    internal static string Level(AlarmLevel level) => level >= AlarmLevel._1 ? $"{(int)level - 1}" : "";
    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");
    private static string Leg(bool reached, double seconds) => Span(reached ? 1 : 0, seconds);

    private static string Span(int count, double seconds) => count == 0 ? "" : TimeSpan.FromSeconds(seconds) is var t && t >= TimeSpan.FromHours(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)t.TotalHours} h {t.Minutes:00} min") : t >= TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{t.Minutes} min {t.Seconds:00} s") : string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0.#} s");
}
