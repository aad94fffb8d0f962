using System.Globalization;
using Governance.Domain.Backtests;

namespace Governance.Node.Replay;

/// <summary>Recorded incidents, a line each: <c>detector,from,to,name</c>; the detector may be empty. A first line of names is skipped.</summary>
internal static class IncidentsFile
{
    private const int Limit = 10_000;

    internal static List<RecordedIncident> Read(string path)
    {
        if (!File.Exists(path)) throw new RecordingException($"{path} does not exist");
        var incidents = new List<RecordedIncident>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || (number == 1 && line.StartsWith("detector", StringComparison.OrdinalIgnoreCase))) continue;
            var fields = CsvLine.Split(line, ',');
            if (fields.Count < 3 || Time(fields[1]) is not { } from || Time(fields[2]) is not { } to || to < from)
                throw new RecordingException($"{path}, line {number}: detector,from,to,name expected, with times such as 2014-01-07T02:55:00");
            incidents.Add(new RecordedIncident(fields.Count > 3 && fields[3].Length > 0 ? fields[3] : $"line {number}", fields[0].Length > 0 ? RecordingFormat.DetectorOf(fields[0]) : "", from, to));
            if (incidents.Count > Limit) throw new RecordingException($"{path}: more than {Limit} incidents");
        }
        return incidents;
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
