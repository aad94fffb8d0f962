using Governance.Edge.V1;

namespace Governance.FieldGateway.Config;

/// <summary>The four tables of a Modbus device, by what one would ask.</summary>
internal enum ModbusTable
{
    /// <summary>Function 3.</summary>
    Holding = 0,
    /// <summary>Function 4.</summary>
    Input = 1,
    /// <summary>Function 1.</summary>
    Coil = 2,
    /// <summary>Function 2.</summary>
    Discrete = 3,
}

/// <summary>How registers are a number.</summary>
internal enum RegisterType
{
    Bit = 0,
    Int16 = 1,
    UInt16 = 2,
    Int32 = 3,
    UInt32 = 4,
    Float32 = 5,
    Float64 = 6,
}

/// <summary>One device that is polled.</summary>
/// <param name="Name">For people and counters.</param>
/// <param name="Host">Name or address.</param>
/// <param name="UnitId">Unit identifier, 0 to 255; for devices behind a serial bridge their address there.</param>
/// <param name="Period">From the beginning of one poll to the next.</param>
/// <param name="Timeout">For connecting and for each answer.</param>
/// <param name="ReconnectLimit">The longest pause between attempts to connect.</param>
/// <param name="GapRegisters">Registers that nobody asked for and that may be read along, so that two requests become one.</param>
internal sealed record DeviceConfig(
    string Name, string Host, int Port, int UnitId, TimeSpan Period, TimeSpan Timeout, TimeSpan ReconnectLimit, int GapRegisters, IReadOnlyList<PointConfig> Points);

/// <summary>One value of a device, and the detector that it is.</summary>
/// <param name="Address">From 0, as on the wire (register 40001 of the manuals is holding 0).</param>
/// <param name="IsWordLittle">The least significant register comes first.</param>
/// <param name="IsByteLittle">The least significant byte of a register comes first.</param>
/// <param name="Scale">Detector's unit = value × scale + offset.</param>
/// <param name="Status">Null: an answered point is good.</param>
internal sealed record PointConfig(
    Place Place, ModbusTable Table, int Address, RegisterType Type, bool IsWordLittle, bool IsByteLittle, double Scale, double Offset, StatusConfig? Status)
{
    internal int Length => Type switch { RegisterType.Int32 or RegisterType.UInt32 or RegisterType.Float32 => 2, RegisterType.Float64 => 4, _ => 1 };
}

/// <summary>Where a device says that a value is not what it seems.</summary>
/// <param name="Bit">Bit of the register, 0 the least significant; 0 for a coil or discrete input.</param>
/// <param name="When">The state of the bit that means it.</param>
/// <param name="Quality">What it means.</param>
internal sealed record StatusConfig(ModbusTable Table, int Address, int Bit, bool When, Quality Quality);
