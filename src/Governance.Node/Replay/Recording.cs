using System.Globalization;
using System.IO.Compression;

namespace Governance.Node.Replay;

/// <summary>How to read a recording.</summary>
/// <param name="Delimiter">Null: found out from the first line.</param>
/// <param name="TimeColumn">Empty: row k has time zero + k × step.</param>
/// <param name="Columns">The columns that become detectors.</param>
public sealed record RecordingFormat(char? Delimiter, string TimeColumn, TimeSpan Step, IReadOnlyList<string> Columns)
{
    /// <summary>No line of names: columns are called by their numbers from 1.</summary>
    public bool HasNoHeader { get; init; }
    /// <summary>Rows that begin with this are no readings, e.g. the mark at the end of a frame; empty: none.</summary>
    public string SkipPrefix { get; init; } = "";

    /// <summary>A detector's name has no blanks, a column's may.</summary>
    public static string DetectorOf(string column) => string.Concat(column.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-'));

    public static readonly DateTimeOffset TimeZero = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>One row of a recording: its time and the value of each column; NaN where there is none.</summary>
public readonly record struct Row(DateTimeOffset At, double[] Values);

/// <summary>The file cannot be read as asked; says what to change.</summary>
public sealed class RecordingException(string message) : Exception(message);

/// <summary>Recorded readings from CSV or ARFF, plain or gzip (told by content).</summary>
public static class Recording
{
    public static IEnumerable<Row> Read(string path, RecordingFormat format)
    {
        using var reader = Open(path);
        var header = ArffReader.IsArff(path, reader) ? ArffReader.Header(reader) : null;
        var delimiter = header is null ? format.Delimiter : ',';
        if (header is null)
        {
            var line = (format.HasNoHeader ? First(path) : reader.ReadLine()) ?? throw new RecordingException($"{path} is empty");
            delimiter ??= CsvLine.Guess(line);
            header = CsvLine.Split(line, delimiter.Value);
            if (format.HasNoHeader) header = [.. Enumerable.Range(1, header.Count).Select(n => n.ToString(CultureInfo.InvariantCulture))];
        }
        var time = format.TimeColumn.Length == 0 ? -1 : IndexOf(header, format.TimeColumn, path);
        var columns = format.Columns.Select(c => IndexOf(header, c, path)).ToArray();
        var number = 0L;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '%' || (format.SkipPrefix.Length > 0 && line.StartsWith(format.SkipPrefix, StringComparison.Ordinal))) continue;
            var fields = CsvLine.Split(line, delimiter!.Value);
            if (fields.Count != header.Count) throw new RecordingException($"{path}, row {number + 1}: {header.Count} fields expected, {fields.Count} found; is --delimiter right?");
            var at = time < 0 ? RecordingFormat.TimeZero + format.Step * number : Time(fields[time], path, number);
            yield return new Row(at, [.. columns.Select(c => Value(fields[c], path, number))]);
            number++;
        }
    }

    private static string? First(string path)
    {
        using var reader = Open(path);
        return reader.ReadLine();
    }

    private static StreamReader Open(string path)
    {
        if (!File.Exists(path)) throw new RecordingException($"{path} does not exist");
        var file = File.OpenRead(path);
        var gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return new StreamReader(gzip ? new GZipStream(file, CompressionMode.Decompress) : file);
    }

    private static int IndexOf(IReadOnlyList<string> header, string column, string path)
    {
        for (var i = 0; i < header.Count; i++)
            if (header[i] == column) return i;
        throw new RecordingException($"{path} has no column '{column}'; it has: {string.Join(", ", header)}");
    }

    private static DateTimeOffset Time(string text, string path, long row) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at
        : double.TryParse(text, CultureInfo.InvariantCulture, out var unix) ? DateTimeOffset.UnixEpoch.AddSeconds(unix)
        : throw new RecordingException($"{path}, row {row + 1}: '{text}' is no time; use --step for a recording without times");

    private static double Value(string text, string path, long row) =>
        text is "" or "?" or "NaN" or "nan" or "NA" ? double.NaN
        : double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : throw new RecordingException($"{path}, row {row + 1}: '{text}' is no number");
}

/// <summary>Header of an ARFF file (Weka).</summary>
internal static class ArffReader
{
    internal static bool IsArff(string path, StreamReader reader) =>
        path.Replace(".gz", "", StringComparison.OrdinalIgnoreCase).EndsWith(".arff", StringComparison.OrdinalIgnoreCase) || reader.Peek() is '@' or '%';

    /// <summary>Attribute names; leaves the reader at the first row.</summary>
    internal static List<string> Header(StreamReader reader)
    {
        var names = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            var text = line.Trim();
            if (text.StartsWith("@data", StringComparison.OrdinalIgnoreCase)) return names;
            if (!text.StartsWith("@attribute", StringComparison.OrdinalIgnoreCase)) continue;
            var rest = text["@attribute".Length..].Trim();
            names.Add(rest[0] is '\'' or '"' ? rest[1..rest.IndexOf(rest[0], 1)] : rest.Split(' ', '\t')[0]);
        }
        throw new RecordingException("an ARFF file without @data");
    }
}

/// <summary>One line of delimited text, quoted fields included.</summary>
internal static class CsvLine
{
    internal static char Guess(string line) => new[] { ';', '\t', ',' }.MaxBy(d => line.Count(c => c == d));

    internal static List<string> Split(string line, char delimiter)
    {
        // Columns set with blanks: any number of them parts two fields.
        if (delimiter == ' ') return [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"') { field.Append('"'); i++; }
            else if (c == '"') quoted = !quoted;
            else if (c == delimiter && !quoted) { fields.Add(field.ToString().Trim()); field.Clear(); }
            else field.Append(c);
        }
        fields.Add(field.ToString().Trim());
        return fields;
    }
}
