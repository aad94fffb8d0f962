using System.Globalization;
using System.Text;

namespace Governance.FieldGateway.Hj212;

/// <summary>What came out of the stream of bytes.</summary>
internal enum PieceKind
{
    /// <summary>A frame that is whole and right.</summary>
    Frame = 0,
    /// <summary>Bytes that belong to no frame.</summary>
    Garbage = 1,
    /// <summary>A beginning whose length is no number, or whose end is not where it says.</summary>
    WrongLength = 2,
    /// <summary>A beginning whose length is above the limit.</summary>
    TooLarge = 3,
    BadCrc = 4,
}

/// <param name="Segment">The data segment of a frame, a byte a character; empty otherwise.</param>
/// <param name="Bytes">Bytes that it took of the stream.</param>
internal readonly record struct Piece(PieceKind Kind, string Segment, int Bytes);

/// <summary>
/// Finds frames in a stream of bytes, however it is cut: <c>##</c>, four digits of length, the segment, four hexadecimal
/// digits of checksum, CR LF. After a fault it looks on right behind the <c>##</c>, so that a wrong length swallows no
/// frame that follows. Memory is one frame of the longest kind. Pure: no socket, no clock.
/// </summary>
internal sealed class FrameSplitter(int segmentLimitBytes)
{
    private const int HeadBytes = 6, TailBytes = 6, MarkBytes = 2;
    private readonly byte[] _buffer = new byte[HeadBytes + segmentLimitBytes + TailBytes];
    private int _start, _end;
    private bool _isAfterFault;

    /// <summary>Bytes without a frame among them, since the last frame.</summary>
    internal long LostBytes { get; private set; }

    /// <summary>A frame has begun and not ended.</summary>
    internal bool IsInFrame => _end > _start;

    /// <summary>Takes bytes of the stream and tells what is in them, in order.</summary>
    internal void Feed(ReadOnlySpan<byte> bytes, ICollection<Piece> into)
    {
        while (bytes.Length > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            // There is room: Cut never leaves a full buffer, because the longest frame fits and anything longer is refused.
            var part = bytes[..Math.Min(bytes.Length, _buffer.Length - _end)];
            part.CopyTo(_buffer.AsSpan(_end));
            _end += part.Length;
            bytes = bytes[part.Length..];
            Cut(into);
        }
    }

    /// <summary>The frame that has begun will not end: looks for others in what came since.</summary>
    internal void GiveUpFrame(ICollection<Piece> into)
    {
        if (!IsInFrame) return;
        Fault(PieceKind.WrongLength, Math.Min(MarkBytes, _end - _start), into);
        Cut(into);
    }

    private void Cut(ICollection<Piece> into)
    {
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var at = rest.IndexOf("##"u8);
            if (at < 0)
            {
                // A single # at the end may be the beginning of a frame.
                PassOver(rest.Length - (rest.Length > 0 && rest[^1] == '#' ? 1 : 0), into);
                return;
            }
            PassOver(at, into);
            _isAfterFault = false;
            if (!CutHead(rest[at..], into)) return;
        }
    }

    /// <summary>False: more bytes are needed.</summary>
    private bool CutHead(ReadOnlySpan<byte> head, ICollection<Piece> into)
    {
        if (head.Length < HeadBytes) return false;
        if (!TryDigits(head[MarkBytes..HeadBytes], out var length) || length == 0) return Fault(PieceKind.WrongLength, 1, into);
        if (length > segmentLimitBytes) return Fault(PieceKind.TooLarge, MarkBytes, into);
        var whole = HeadBytes + length + TailBytes;
        if (head.Length < whole) return false;
        var segment = head.Slice(HeadBytes, length);
        var tail = head.Slice(HeadBytes + length, TailBytes);
        if (tail[4] != '\r' || tail[5] != '\n') return Fault(PieceKind.WrongLength, MarkBytes, into);
        if (!ushort.TryParse(tail[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var told) || told != Crc16.Of(segment)) return Fault(PieceKind.BadCrc, MarkBytes, into);
        into.Add(new Piece(PieceKind.Frame, Encoding.Latin1.GetString(segment), whole));
        _start += whole;
        LostBytes = 0;
        return true;
    }

    private bool Fault(PieceKind kind, int bytes, ICollection<Piece> into)
    {
        into.Add(new Piece(kind, "", bytes));
        _start += bytes;
        LostBytes += bytes;
        _isAfterFault = true;
        return true;
    }

    private void PassOver(int bytes, ICollection<Piece> into)
    {
        if (bytes == 0) return;
        // What follows a fault belongs to it; line ends between frames are a habit of many loggers.
        if (!_isAfterFault && _buffer.AsSpan(_start, bytes).ContainsAnyExcept((byte)'\r', (byte)'\n')) into.Add(new Piece(PieceKind.Garbage, "", bytes));
        _start += bytes;
        LostBytes += bytes;
    }

    private static bool TryDigits(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            number = number * 10 + digit - '0';
        }
        return true;
    }
}
