using System.Diagnostics;
using System.Net.Sockets;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Telemetry;

namespace Governance.FieldGateway.Hj212;

/// <summary>One connection of a data logger, frame after frame. It owns the socket while it runs.</summary>
internal sealed class StationConnection(Socket socket, Hj212Config config, Uploads uploads, FieldLog log, Meter meter)
{
    private const int ReadBytes = 4_096;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private readonly FrameSplitter _splitter = new(config.SegmentLimitBytes);
    private readonly List<Piece> _pieces = [];
    private readonly string _peer = PeerOf(socket);
    private long _frameSince;

    /// <summary>Returns when the connection is over, for whatever reason; throws nothing but that it was told to stop.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var bytes = new byte[ReadBytes];
        while (true)
        {
            var count = await ReadAsync(bytes, stopping);
            if (count is { } some)
            {
                if (some == 0)
                {
                    if (_splitter.IsInFrame) log.Refuse(meter, Reasons.FrameCut, "the connection ended in the middle of a frame");
                    return;
                }
                var wasInFrame = _splitter.IsInFrame;
                _splitter.Feed(bytes.AsSpan(0, some), _pieces);
                // A frame's time runs from its first byte; it does not begin anew with every byte that trickles in.
                if (!wasInFrame || _pieces.Count > 0) _frameSince = Stopwatch.GetTimestamp();
            }
            else if (!_splitter.IsInFrame)
            {
                log.Refuse(meter, Reasons.Idle, $"nothing for {config.IdleLimit.TotalSeconds} s");
                return;
            }
            else if (!GiveUpFrame()) return;
            if (!await HandleAsync(stopping)) return;
        }
    }

    /// <summary>Null when the time is over.</summary>
    private async Task<int?> ReadAsync(byte[] into, CancellationToken stopping)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var left = _splitter.IsInFrame ? config.FrameWithin - Stopwatch.GetElapsedTime(_frameSince) : config.IdleLimit;
        if (left <= TimeSpan.Zero) return null;
        within.CancelAfter(left);
        try { return await socket.ReceiveAsync(into, within.Token); }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { return null; }
        catch (SocketException) { return 0; }
    }

    /// <summary>A wrong length may have swallowed frames that followed. False when there are none.</summary>
    private bool GiveUpFrame()
    {
        log.Refuse(meter, Reasons.FrameTimeout, $"no end within {config.FrameWithin.TotalSeconds} s");
        _splitter.GiveUpFrame(_pieces);
        _frameSince = Stopwatch.GetTimestamp();
        return _pieces.Exists(p => p.Kind == PieceKind.Frame);
    }

    /// <summary>False when the connection is over.</summary>
    private async Task<bool> HandleAsync(CancellationToken stopping)
    {
        foreach (var piece in _pieces)
        {
            if (piece.Kind != PieceKind.Frame)
            {
                log.Refuse(meter, NameOf(piece.Kind), $"{_peer}: {piece.Bytes} bytes passed over");
                continue;
            }
            if (await uploads.TakeAsync(piece.Segment, stopping) is not { } answer) continue;
            if (!await AnswerAsync(answer.Frame, stopping)) return false;
            answer.Meter.Answered();
        }
        _pieces.Clear();
        if (_splitter.LostBytes <= config.GarbageLimitBytes) return true;
        log.Refuse(meter, Reasons.Hopeless, $"{_peer}: {_splitter.LostBytes} bytes without a frame");
        return false;
    }

    private async Task<bool> AnswerAsync(byte[] answer, CancellationToken stopping)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        within.CancelAfter(AnswerWithin);
        try
        {
            for (var sent = 0; sent < answer.Length;) sent += await socket.SendAsync(answer.AsMemory(sent), within.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            log.Refuse(meter, Reasons.AnswerNotRead, e is SocketException ? e.Message : $"not within {AnswerWithin.TotalSeconds} s");
            return false;
        }
    }

    /// <summary>The other end, for people. It may be gone already.</summary>
    internal static string PeerOf(Socket socket)
    {
        try { return socket.RemoteEndPoint?.ToString() ?? "?"; }
        catch (SocketException) { return "?"; }
    }

    private static string NameOf(PieceKind kind) => kind switch
    {
        PieceKind.Garbage => Reasons.Garbage,
        PieceKind.WrongLength => Reasons.WrongLength,
        PieceKind.TooLarge => Reasons.FrameTooLarge,
        PieceKind.BadCrc => Reasons.BadCrc,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a fault"),
    };
}
