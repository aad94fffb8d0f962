namespace Governance.Gateway.Keeping;

/// <summary>Readings as columns, in the order of taking. Written once at the end, read until every one of them is done.</summary>
internal sealed class Block(int capacity)
{
    /// <summary>Readings of an ordinary block: its columns stay inside the processor's cache.</summary>
    internal const int StandardReadings = 1024;
    /// <summary>The reading is over: finally refused, or declared lost.</summary>
    internal const int Closed = -1;
    /// <summary>Not sent on the stream of now.</summary>
    internal const int Unsent = 0;
    /// <summary>Not sent on the stream of now, and to go before everything else.</summary>
    internal const int First = -2;

    /// <summary>Stands where a block was whose readings moved together with others.</summary>
    internal static readonly Block Empty = new(0);

    internal readonly int[] Detector = new int[capacity];
    internal readonly long[] Seq = new long[capacity];
    /// <summary>Detector clock, microseconds since 1970.</summary>
    internal readonly long[] SampledUs = new long[capacity];
    /// <summary>Live: the gateway clock when it got the sample. Recorded: the time that its frame must carry.</summary>
    internal readonly long[] AtUs = new long[capacity];
    internal readonly double[] Value = new double[capacity];
    internal readonly byte[] Quality = new byte[capacity];
    /// <summary>Number of the frame that carried it on the stream of now, or one of the words above.</summary>
    internal readonly int[] Frame = new int[capacity];
    /// <summary>Positions of the readings; null while they are contiguous from <see cref="Begin"/>.</summary>
    internal long[]? Positions;

    internal int Capacity => Detector.Length;
    internal int Count { get; set; }
    /// <summary>Position of the first reading among all that were ever taken.</summary>
    internal long Begin { get; set; }

    internal bool IsFull => Count == Capacity;

    internal long PositionOf(int i) => Positions is { } positions ? positions[i] : Begin + i;

    /// <summary>Puts back a reading that a folder kept.</summary>
    internal void Restore(in KeptReading reading)
    {
        var to = Count++;
        Detector[to] = reading.Detector;
        Seq[to] = reading.Seq;
        SampledUs[to] = reading.SampledUs;
        AtUs[to] = reading.AtUs;
        Value[to] = reading.Value;
        Quality[to] = reading.Quality;
        Frame[to] = Unsent;
        (Positions ??= new long[Capacity])[to] = reading.Position;
    }

    /// <summary>Takes over one reading of another block.</summary>
    internal void Append(Block from, int i)
    {
        var to = Count++;
        Detector[to] = from.Detector[i];
        Seq[to] = from.Seq[i];
        SampledUs[to] = from.SampledUs[i];
        AtUs[to] = from.AtUs[i];
        Value[to] = from.Value[i];
        Quality[to] = from.Quality[i];
        Frame[to] = from.Frame[i];
        (Positions ??= new long[Capacity])[to] = from.PositionOf(i);
    }
}
