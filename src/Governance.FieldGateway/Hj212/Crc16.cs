namespace Governance.FieldGateway.Hj212;

/// <summary>
/// The checksum of HJ 212-2017, appendix A. The polynomial of Modbus (A001), but each byte meets the high byte of the
/// register moved down, not the low one: the two agree on no frame.
/// </summary>
internal static class Crc16
{
    private const ushort Polynomial = 0xA001;

    internal static ushort Of(ReadOnlySpan<byte> bytes)
    {
        ushort register = 0xFFFF;
        foreach (var b in bytes)
        {
            register = (ushort)((register >> 8) ^ b);
            for (var bit = 0; bit < 8; bit++) register = (ushort)((register & 1) != 0 ? (register >> 1) ^ Polynomial : register >> 1);
        }
        return register;
    }
}
