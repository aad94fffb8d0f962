using Governance.Edge.V1;

namespace Governance.FieldGateway.Config;

/// <summary>Reads the part of the configuration about Modbus devices.</summary>
internal static class DeviceConfigReader
{
    private const int DevicesLimit = 256, PointsLimit = 1_000, LastAddress = 65_535;
    /// <summary>Modbus Messaging on TCP/IP 1.0b, 4.4.2.2: units behind a bridge, and none.</summary>
    private const int LastUnit = 247, NoUnit = 255;
    private static readonly Dictionary<string, ModbusTable> Tables = new() { ["holding"] = ModbusTable.Holding, ["input"] = ModbusTable.Input, ["coil"] = ModbusTable.Coil, ["discrete"] = ModbusTable.Discrete };

    private static readonly Dictionary<string, RegisterType> Types = new()
    {
        ["bit"] = RegisterType.Bit, ["int16"] = RegisterType.Int16, ["uint16"] = RegisterType.UInt16, ["int32"] = RegisterType.Int32, ["uint32"] = RegisterType.UInt32, ["float32"] = RegisterType.Float32, ["float64"] = RegisterType.Float64,
    };

    private static readonly Dictionary<string, bool> Orders = new() { ["big"] = false, ["little"] = true };

    internal static IReadOnlyList<DeviceConfig> Read(JsonFields from, Places places)
    {
        var (devices, seen) = (new List<DeviceConfig>(), new HashSet<string>());
        foreach (var device in from.Objects("devices", 1, DevicesLimit))
        {
            var name = device.Text("name", limitChars: 64);
            if (!seen.Add(name)) device.Fault("name", ConfigReasons.Duplicate, name);
            var period = TimeSpan.FromMilliseconds(device.Integer("period_ms", 50, 3_600_000, 1_000));
            var timeout = TimeSpan.FromMilliseconds(device.Integer("timeout_ms", 10, 60_000, 500));
            var unit = (int)device.Integer("unit_id", 0, 255, 1);
            if (unit is > LastUnit and < NoUnit) device.Fault("unit_id", ConfigReasons.OutOfRange, $"0 to {LastUnit}, or {NoUnit}: the device itself");
            devices.Add(new DeviceConfig(name, device.Text("host"), (int)device.Integer("port", 1, 65_535, 502), unit, period, timeout,
                ConfigReader.Seconds(device, "reconnect_limit_s", 1, 600, 30), (int)device.Integer("gap_registers", 0, 100, 0), Points(device, places)));
            device.Done();
        }
        from.Done();
        return devices;
    }

    private static List<PointConfig> Points(JsonFields device, Places places)
    {
        var points = new List<PointConfig>();
        foreach (var point in device.Objects("points", 1, PointsLimit))
        {
            var table = point.Word("function", Tables);
            var isBit = IsBit(table);
            var type = point.Word("type", Types, isBit ? "bit" : "uint16");
            if (isBit != (type == RegisterType.Bit)) point.Fault("type", ConfigReasons.NotOneOf, isBit ? "a coil or discrete input is a bit" : "a register is a number; its bits are for status");
            var read = new PointConfig(places.Of(point), table, (int)point.Integer("address", 0, LastAddress), type, point.Word("word_order", Orders, "big"), point.Word("byte_order", Orders, "big"),
                point.Number("scale", 1), point.Number("offset", 0), Status(point));
            if (read.Address + read.Length - 1 > LastAddress) point.Fault("address", ConfigReasons.OutOfRange, $"{read.Length} registers end after {LastAddress}");
            point.Done();
            points.Add(read);
        }
        return points;
    }

    private static StatusConfig? Status(JsonFields point)
    {
        if (point.Object("status") is not { } status) return null;
        var table = status.Word("function", Tables);
        var read = new StatusConfig(table, (int)status.Integer("address", 0, LastAddress), (int)status.Integer("bit", 0, IsBit(table) ? 0 : 15, 0), status.YesNo("when", true),
            status.Word("quality", Hj212ConfigReader.Qualities, "BAD"));
        if (read.Quality == Quality.Good) status.Fault("quality", ConfigReasons.NotOneOf, "a status says that a value is not good");
        status.Done();
        return read;
    }

    private static bool IsBit(ModbusTable table) => table is ModbusTable.Coil or ModbusTable.Discrete;
}
