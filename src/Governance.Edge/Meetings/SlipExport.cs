using System.Globalization;
using System.Text;
using Governance.Actors.Meetings;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Meetings;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Meetings;

/// <summary>The register of slips as CSV (RFC 4180), by number: date, organisation, limit, result.</summary>
internal static class SlipExport
{
    /// <summary>More is asked for in several periods.</summary>
    private const int RowLimit = 10_000;
    private const string Header = "number,kind,issued,organisation,level,limit,due,signed,overdue,result,ended,cases\r\n";

    internal static async Task<ExportSlipsReply> OfAsync(IViews views, SlipFilter filter, bool drills, CancellationToken cancel)
    {
        var rows = new List<SlipRow>();
        do
        {
            var page = await views.SlipsAsync(filter, cancel);
            rows.AddRange(page.Rows.Where(r => r.IssuedAt is not null && r.Drill == drills));
            if (rows.Count > RowLimit) throw RefusedException.Invalid("issued_to", "EXPORT_TOO_LARGE", $"more than {RowLimit} slips: ask for a shorter period");
            filter = filter with { After = page.Next };
        }
        while (filter.After.Length > 0);
        var text = new StringBuilder(Header);
        foreach (var row in rows.OrderBy(r => r.Number, StringComparer.Ordinal).ThenBy(r => r.Key, StringComparer.Ordinal)) text.AppendJoin(',', Of(row).Select(Field)).Append("\r\n");
        return new ExportSlipsReply { Csv = text.ToString(), Rows = rows.Count };
    }

    private static string[] Of(SlipRow row)
    {
        var s = SlipRows.Whole(row);
        var limit = s.Latest(SlipClockName.Limit);
        return
        [
            row.Number, Names.Of((Domain.Meetings.SlipKind)row.Kind), Time(row.IssuedAt), row.Lead, Names.Of((Domain.Kernel.Colour)row.Level), limit?.Budget.ToString() ?? "", Time(row.Due), s.IsDeemedSigned ? "DEEMED" : Time(s.SignedAt),
            row.Overdue ? "YES" : "NO", row.Result.Length > 0 ? row.Result : row.State, Time(row.EndedAt), string.Join(' ', s.Cases.Select(c => c.Number.Length > 0 ? c.Number : c.Case.Value)),
        ];
    }

    /// <summary>Local time: the register is read in offices.</summary>
    private static string Time(DateTimeOffset? at) => at is { } set ? set.ToOffset(WorkCalendar.Local).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) : "";

    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
