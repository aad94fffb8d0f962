using System.Net;
using Governance.Edge.V1;

namespace Governance.FieldGateway.Config;

/// <summary>Reads the part of the configuration about data loggers.</summary>
internal static class Hj212ConfigReader
{
    private const int StationsLimit = 1_000, FactorsLimit = 500, RememberedLimit = 2_000_000;
    /// <summary>HJ 212-2017, 6.3.1: a data segment has up to 1,024 bytes. Loggers exceed it; four digits of length allow this.</summary>
    private const int SegmentLimitBytes = 9_999;

    private static readonly Dictionary<string, string> Commands = new() { ["2011"] = "Rtd", ["2051"] = "Avg", ["2061"] = "Avg", ["2031"] = "Avg" };

    internal static readonly Dictionary<string, Quality> Qualities = new()
    {
        ["GOOD"] = Quality.Good, ["SATURATED"] = Quality.Saturated, ["BAD"] = Quality.Bad, ["CALIBRATION"] = Quality.Calibration, ["MAINTENANCE"] = Quality.Maintenance,
        ["MANUAL"] = Quality.Manual, ["OUT_OF_SERVICE"] = Quality.OutOfService, ["COMMUNICATION"] = Quality.Communication,
    };

    /// <summary>HJ 212-2017, data flags of air pollution sources; alarms.md §4.</summary>
    private static readonly Dictionary<char, Quality> Flags = new()
    {
        ['N'] = Quality.Good, ['F'] = Quality.OutOfService, ['M'] = Quality.Maintenance, ['S'] = Quality.Manual, ['D'] = Quality.Bad, ['C'] = Quality.Calibration, ['T'] = Quality.Saturated, ['B'] = Quality.Communication,
    };

    internal static Hj212Config Read(JsonFields from, Places places)
    {
        var (address, port) = Listen(from);
        var config = new Hj212Config(address, port,
            (int)from.Integer("segment_limit_bytes", 1_024, SegmentLimitBytes, 1_024), (int)from.Integer("connections_limit", 1, 10_000, 256),
            ConfigReader.Seconds(from, "idle_limit_s", 1, 86_400, 600), ConfigReader.Seconds(from, "frame_within_s", 1, 600, 30), (int)from.Integer("garbage_limit_bytes", 1_024, 1 << 20, 65_536),
            (int)from.Integer("split_limit_packets", 2, 999, 64), ConfigReader.Seconds(from, "split_within_s", 1, 3_600, 120),
            ConfigReader.Seconds(from, "keep_within_s", 1, 600, 20), (int)from.Integer("remembered_requests", 16, 100_000, 1_024), Stations(from, places));
        if ((long)config.RememberedRequests * config.Stations.Count > RememberedLimit) from.Fault("remembered_requests", ConfigReasons.OutOfRange, $"{RememberedLimit} of all stations together at most");
        from.Done();
        return config;
    }

    private static (string Address, int Port) Listen(JsonFields from)
    {
        var listen = from.Text("listen");
        if (IPEndPoint.TryParse(listen, out var at) && listen.EndsWith($":{at.Port}", StringComparison.Ordinal)) return (at.Address.ToString(), at.Port);
        if (listen.Length > 0) from.Fault("listen", ConfigReasons.BadListenAddress, "ADDRESS:PORT, for all addresses 0.0.0.0:PORT");
        return ("127.0.0.1", 0);
    }

    private static List<StationConfig> Stations(JsonFields from, Places places)
    {
        var (stations, seen) = (new List<StationConfig>(), new HashSet<string>());
        foreach (var station in from.Objects("stations", 1, StationsLimit))
        {
            var (mn, password) = (station.Text("mn", limitChars: 32), station.Text("pw", limitChars: 16));
            if (!seen.Add(mn)) station.Fault("mn", ConfigReasons.Duplicate, mn);
            Plain(station, "mn", mn);
            Plain(station, "pw", password);
            var late = (int)station.Integer("late_after_s", 0, 86_400, 0);
            stations.Add(new StationConfig(mn, password, late == 0 ? null : TimeSpan.FromSeconds(late), Factors(station, places), FlagsOf(station)));
            station.Done();
        }
        return stations;
    }

    private static Dictionary<(string, string), FactorConfig> Factors(JsonFields station, Places places)
    {
        var factors = new Dictionary<(string, string), FactorConfig>();
        foreach (var factor in station.Objects("factors", 1, FactorsLimit))
        {
            var code = factor.Text("code", limitChars: 16);
            Plain(factor, "code", code);
            var command = factor.Word("command", Commands.Keys.ToDictionary(c => c, c => c), "2011");
            var field = factor.Text("field", Commands[command], 16);
            var mapped = new FactorConfig(code, field, places.Of(factor), factor.Number("scale", 1), factor.Number("offset", 0));
            if (!factors.TryAdd((command, code), mapped)) factor.Fault("code", ConfigReasons.Duplicate, $"{code} of command {command}");
            factor.Done();
        }
        return factors;
    }

    private static Dictionary<char, Quality> FlagsOf(JsonFields station)
    {
        var flags = new Dictionary<char, Quality>(Flags);
        if (station.Object("flags") is not { } own) return flags;
        foreach (var letter in own.Keys)
        {
            if (letter.Length != 1) own.Fault(letter, ConfigReasons.BadName, "one letter");
            else flags[letter[0]] = own.Word(letter, Qualities);
        }
        return flags;
    }

    /// <summary>What is written into a frame may not have a character that means something there.</summary>
    private static void Plain(JsonFields from, string key, string text)
    {
        if (text.Any(c => c is < '!' or > '~' or ';' or ',' or '=' or '&' or '#')) from.Fault(key, ConfigReasons.BadName, "printable ASCII without ; , = & #");
    }
}
