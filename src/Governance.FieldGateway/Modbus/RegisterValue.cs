using System.Buffers.Binary;
using Governance.FieldGateway.Config;

namespace Governance.FieldGateway.Modbus;

/// <summary>Makes numbers of registers.</summary>
internal static class RegisterValue
{
    private const int BytesPerRegister = 2, MostRegisters = 4;

    /// <summary>The number as the device means it, before scale and offset; may be NaN.</summary>
    internal static double Of(PointConfig point, ReadOnlySpan<ushort> registers)
    {
        Span<byte> bytes = stackalloc byte[BytesPerRegister * MostRegisters];
        bytes = bytes[..(BytesPerRegister * point.Length)];
        for (var i = 0; i < point.Length; i++)
        {
            var register = registers[point.IsWordLittle ? point.Length - 1 - i : i];
            if (point.IsByteLittle) BinaryPrimitives.WriteUInt16LittleEndian(bytes[(BytesPerRegister * i)..], register);
            else BinaryPrimitives.WriteUInt16BigEndian(bytes[(BytesPerRegister * i)..], register);
        }
        return point.Type switch
        {
            RegisterType.Bit => registers[0] != 0 ? 1 : 0,
            RegisterType.Int16 => BinaryPrimitives.ReadInt16BigEndian(bytes),
            RegisterType.UInt16 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            RegisterType.Int32 => BinaryPrimitives.ReadInt32BigEndian(bytes),
            RegisterType.UInt32 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            RegisterType.Float32 => BinaryPrimitives.ReadSingleBigEndian(bytes),
            RegisterType.Float64 => BinaryPrimitives.ReadDoubleBigEndian(bytes),
            _ => throw new ArgumentOutOfRangeException(nameof(point), point.Type, "no such type"),
        };
    }
}
