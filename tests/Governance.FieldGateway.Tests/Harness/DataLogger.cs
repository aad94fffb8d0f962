using System.Net;
using System.Net.Sockets;
using System.Text;
using Governance.FieldGateway.Hj212;

namespace Governance.FieldGateway.Tests.Harness;

/// <summary>A data logger (数采仪) on a real socket.</summary>
internal sealed class DataLogger : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<byte> _received = [];

    internal static async Task<DataLogger> ConnectAsync(int port)
    {
        var logger = new DataLogger();
        await logger._socket.ConnectAsync(IPAddress.Loopback, port);
        return logger;
    }

    /// <summary>A real-time upload of 2017 that wants an answer.</summary>
    internal static string Upload(string qn, string content, string mn = "MN-1", string pw = "123456", string cn = "2011", int flag = 5, string split = "") =>
        $"QN={qn};ST=31;CN={cn};PW={pw};MN={mn};Flag={flag};{split}CP=&&{content}&&";

    internal static string Chlorine(string value, string flag = "N", string time = "20250803141000") => $"DataTime={time};a21022-Rtd={value},a21022-Flag={flag}";

    internal Task SendAsync(string segment) => SendRawAsync(Frames.Of(segment));

    internal async Task SendRawAsync(params byte[][] parts)
    {
        foreach (var part in parts)
            for (var sent = 0; sent < part.Length;) sent += await _socket.SendAsync(part.AsMemory(sent));
    }

    /// <summary>The next answer's data segment; null when the gateway closed the connection.</summary>
    internal async Task<string?> AnswerAsync(TimeSpan? within = null)
    {
        using var patience = new CancellationTokenSource(within ?? Wait.Patience);
        var bytes = new byte[4_096];
        while (true)
        {
            var (splitter, pieces) = (new FrameSplitter(1_024), new List<Piece>());
            splitter.Feed([.. _received], pieces);
            if (pieces.Count > 0)
            {
                Assert.Equal(PieceKind.Frame, pieces[0].Kind);
                _received.RemoveRange(0, pieces[0].Bytes);
                return pieces[0].Segment;
            }
            int count;
            try { count = await _socket.ReceiveAsync(bytes, patience.Token); }
            catch (SocketException) { return null; }
            if (count == 0) return null;
            _received.AddRange(bytes.AsSpan(0, count));
        }
    }

    /// <summary>Sends, and waits for the acknowledgement of this very upload.</summary>
    internal async Task AcknowledgedAsync(string segment)
    {
        await SendAsync(segment);
        var answer = await AnswerAsync();
        Assert.NotNull(answer);
        Assert.Contains("CN=9014;", answer);
        Assert.Contains($"QN={DataSegment.Parse(segment, out _)!.Qn};", answer + ";");
    }

    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public void Dispose() => _socket.Dispose();
}
