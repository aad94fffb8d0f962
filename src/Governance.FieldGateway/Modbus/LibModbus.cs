using System.Runtime.InteropServices;

namespace Governance.FieldGateway.Modbus;

/// <summary>The functions of libmodbus 3.1 that are used. See its manual pages; nothing is added here.</summary>
internal static partial class LibModbus
{
    private const string Library = "libmodbus.so.5";
    /// <summary>MODBUS_ENOBASE of modbus.h: exception codes of a device are numbers above it.</summary>
    internal const int ErrorBase = 112_345_678;
    /// <summary>Exceptions of the standard, 1 (illegal function) to 11 (gateway target failed to respond).</summary>
    internal const int ExceptionLimit = 11;
    /// <summary>Gateway path unavailable; the next one is that the target did not respond.</summary>
    internal const int FirstBridgeException = 10;

    /// <summary>Tries to load it.</summary>
    /// <exception cref="LibraryMissingException">It is not installed.</exception>
    internal static void Require()
    {
        if (!NativeLibrary.TryLoad(Library, out _)) throw new LibraryMissingException();
    }

    [LibraryImport(Library, EntryPoint = "modbus_new_tcp_pi", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint New(string node, string service);

    [LibraryImport(Library, EntryPoint = "modbus_free")]
    internal static partial void Free(nint context);

    [LibraryImport(Library, EntryPoint = "modbus_set_slave", SetLastError = true)]
    internal static partial int SetUnit(nint context, int unit);

    [LibraryImport(Library, EntryPoint = "modbus_set_response_timeout", SetLastError = true)]
    internal static partial int SetResponseTimeout(nint context, uint seconds, uint microseconds);

    [LibraryImport(Library, EntryPoint = "modbus_set_byte_timeout", SetLastError = true)]
    internal static partial int SetByteTimeout(nint context, uint seconds, uint microseconds);

    [LibraryImport(Library, EntryPoint = "modbus_connect", SetLastError = true)]
    internal static partial int Connect(nint context);

    [LibraryImport(Library, EntryPoint = "modbus_close")]
    internal static partial void Close(nint context);

    [LibraryImport(Library, EntryPoint = "modbus_read_registers", SetLastError = true)]
    internal static partial int ReadHolding(nint context, int address, int count, [Out] ushort[] into);

    [LibraryImport(Library, EntryPoint = "modbus_read_input_registers", SetLastError = true)]
    internal static partial int ReadInput(nint context, int address, int count, [Out] ushort[] into);

    [LibraryImport(Library, EntryPoint = "modbus_read_bits", SetLastError = true)]
    internal static partial int ReadCoils(nint context, int address, int count, [Out] byte[] into);

    [LibraryImport(Library, EntryPoint = "modbus_read_input_bits", SetLastError = true)]
    internal static partial int ReadDiscrete(nint context, int address, int count, [Out] byte[] into);

    [LibraryImport(Library, EntryPoint = "modbus_strerror")]
    private static partial nint ErrorText(int error);

    /// <summary>What libmodbus says of an error number, its own and the system's.</summary>
    internal static string Describe(int error) => Marshal.PtrToStringUTF8(ErrorText(error)) ?? $"error {error}";
}

/// <summary>libmodbus is not installed on this machine.</summary>
internal sealed class LibraryMissingException() : Exception("LIBMODBUS_MISSING: libmodbus.so.5 cannot be loaded; apt-get install libmodbus5");
