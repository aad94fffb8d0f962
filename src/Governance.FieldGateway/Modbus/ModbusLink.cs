using System.Globalization;
using System.Runtime.InteropServices;
using Governance.FieldGateway.Config;

namespace Governance.FieldGateway.Modbus;

/// <summary>How a read ended.</summary>
internal enum ReadEnd
{
    Answered = 0,
    /// <summary>The device answered that it will not: what was asked for is wrong, the connection is well.</summary>
    Exception = 1,
    /// <summary>Nothing came in time.</summary>
    NoAnswer = 2,
    /// <summary>The connection is broken, or the answer was none.</summary>
    LinkDown = 3,
    /// <summary>A bridge answered that the device behind it does not (exceptions 10 and 11): the connection is well.</summary>
    TargetSilent = 4,
}

/// <param name="Detail">For people; empty when it was answered.</param>
internal readonly record struct ReadResult(ReadEnd End, string Detail);

/// <summary>
/// A connection to one device. Blocks: for one thread of its own. After every failure but an exception it is closed, so
/// that an answer that comes late can never be taken for the answer to the next question.
/// </summary>
internal sealed class ModbusLink : IDisposable
{
    /// <summary>Numbers of the system: ETIMEDOUT, and EINPROGRESS, which libmodbus leaves when a connection was not made in time.</summary>
    private const int TimedOutError = 110, InProgressError = 115;
    private readonly byte[] _bits = new byte[ReadPlan.BitsLimit];
    private nint _context;

    /// <exception cref="LibraryMissingException">libmodbus is not installed.</exception>
    /// <exception cref="InvalidOperationException">libmodbus does not take the device's settings.</exception>
    internal ModbusLink(DeviceConfig device)
    {
        LibModbus.Require();
        _context = LibModbus.New(device.Host, device.Port.ToString(CultureInfo.InvariantCulture));
        if (_context == 0) throw new InvalidOperationException($"{device.Name}: {LibModbus.Describe(Marshal.GetLastPInvokeError())}");
        var (seconds, micros) = ((uint)device.Timeout.TotalSeconds, (uint)(device.Timeout.TotalMicroseconds % 1_000_000));
        // Between the bytes of an answer too, so that a device that trickles holds the thread no longer.
        if (LibModbus.SetUnit(_context, device.UnitId) == 0 && LibModbus.SetResponseTimeout(_context, seconds, micros) == 0 && LibModbus.SetByteTimeout(_context, seconds, micros) == 0) return;
        var why = LibModbus.Describe(Marshal.GetLastPInvokeError());
        Dispose();
        throw new InvalidOperationException($"{device.Name}: {why}");
    }

    internal bool IsConnected { get; private set; }

    internal ReadResult Connect()
    {
        if (IsConnected) return default;
        if (LibModbus.Connect(_context) != 0) return Failed();
        IsConnected = true;
        return default;
    }

    /// <summary>Reads a block into the beginning of <paramref name="into"/>; of bits, one in each.</summary>
    internal ReadResult Read(ReadBlock block, ushort[] into)
    {
        var count = block.Table switch
        {
            ModbusTable.Holding => LibModbus.ReadHolding(_context, block.Address, block.Count, into),
            ModbusTable.Input => LibModbus.ReadInput(_context, block.Address, block.Count, into),
            ModbusTable.Coil => LibModbus.ReadCoils(_context, block.Address, block.Count, _bits),
            _ => LibModbus.ReadDiscrete(_context, block.Address, block.Count, _bits),
        };
        if (count != block.Count) return Failed();
        if (block.Table is ModbusTable.Coil or ModbusTable.Discrete)
            for (var i = 0; i < count; i++) into[i] = _bits[i];
        return default;
    }

    internal void Close()
    {
        if (IsConnected) LibModbus.Close(_context);
        IsConnected = false;
    }

    public void Dispose()
    {
        Close();
        if (_context != 0) LibModbus.Free(_context);
        _context = 0;
    }

    private ReadResult Failed()
    {
        var error = Marshal.GetLastPInvokeError() is var told && told == InProgressError ? TimedOutError : told;
        var detail = LibModbus.Describe(error);
        if (error - LibModbus.ErrorBase is >= 1 and <= LibModbus.ExceptionLimit and var exception)
            return new ReadResult(exception >= LibModbus.FirstBridgeException ? ReadEnd.TargetSilent : ReadEnd.Exception, $"exception {exception}: {detail}");
        var wasConnected = IsConnected;
        Close();
        return new ReadResult(error == TimedOutError && wasConnected ? ReadEnd.NoAnswer : ReadEnd.LinkDown, detail);
    }
}
