using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Gateway.Disk;

/// <summary>The highest epoch that was ever used, and whether the counters of the segments can be believed.</summary>
/// <param name="Segment">The youngest segment that was begun: if it is gone, counters are gone.</param>
/// <param name="IsTrusted">False after readings were sent that the disk did not take.</param>
internal sealed record EpochFile(long Epoch, long Segment, bool IsTrusted)
{
    internal const string Name = "epoch.txt";

    /// <summary>Null when there is none or it does not say what was written.</summary>
    internal static EpochFile? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return null;
        var lines = File.ReadAllLines(path);
        return lines.Length == 4 && lines[3] == Sum(lines.AsSpan(0, 3))
            && Number(lines[0], "epoch ") is { } epoch && Number(lines[1], "segment ") is { } segment ? new EpochFile(epoch, segment, lines[2] == "trusted") : null;
    }

    internal void Write(string folder)
    {
        string[] lines = [string.Create(CultureInfo.InvariantCulture, $"epoch {Epoch}"), string.Create(CultureInfo.InvariantCulture, $"segment {Segment}"), IsTrusted ? "trusted" : "not trusted"];
        StableFiles.Replace(Path.Combine(folder, Name), Encoding.ASCII.GetBytes(string.Join('\n', [.. lines, Sum(lines)]) + "\n"));
    }

    private static long? Number(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && long.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Sum(ReadOnlySpan<string> lines) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', lines!))))[..16];
}
