using System.Threading.Channels;

namespace Governance.FieldGateway.Telemetry;

/// <summary>
/// Lines on their way to a terminal or a pipe. Whoever reads them may stand still; readings may not wait for that: what
/// does not fit is left out, and the next line that fits says how many.
/// </summary>
internal sealed class LineQueue : IDisposable
{
    private const int LimitLines = 4_096;
    private static readonly TimeSpan LastLinesWithin = TimeSpan.FromSeconds(2);
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(LimitLines) { SingleReader = true });
    private readonly TextWriter _to;
    private readonly Task _writing;
    private long _leftOut;

    internal LineQueue(TextWriter to)
    {
        _to = to;
        _writing = Task.Factory.StartNew(Write, TaskCreationOptions.LongRunning);
    }

    /// <summary>Lines that did not fit and were not told of yet.</summary>
    internal long LeftOut => Interlocked.Read(ref _leftOut);

    internal void Add(string line)
    {
        if (!_lines.Writer.TryWrite(line)) Interlocked.Increment(ref _leftOut);
    }

    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writing.Wait(LastLinesWithin);
    }

    private void Write()
    {
        while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_lines.Reader.TryRead(out var line))
            {
                if (!TryWrite(() => _to.WriteLine(line))) continue;
                if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var count) Console.Error.WriteLine($"governance-gateway: {count} lines were left out, nobody read them in time");
            }
            TryWrite(_to.Flush);
        }
    }

    /// <summary>Lines that nobody can take must not stop the gateway, nor those after them.</summary>
    private bool TryWrite(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (IOException)
        {
            Interlocked.Increment(ref _leftOut);
            return false;
        }
    }
}
