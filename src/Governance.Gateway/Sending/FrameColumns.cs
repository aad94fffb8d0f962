using Governance.Gateway.Keeping;

namespace Governance.Gateway.Sending;

/// <summary>
/// A frame's readings on their way to the wire: copied out of the blocks, so that an answer that arrives while they are
/// being written can free the blocks. One instance per stream, used for every frame.
/// </summary>
internal sealed class FrameColumns(int capacity)
{
    internal readonly int[] Detector = new int[capacity];
    internal readonly long[] Seq = new long[capacity];
    internal readonly long[] SampledUs = new long[capacity];
    internal readonly long[] TakenUs = new long[capacity];
    internal readonly double[] Value = new double[capacity];
    internal readonly byte[] Quality = new byte[capacity];

    internal int Capacity => Detector.Length;
    internal int Count { get; private set; }
    /// <summary>Contiguous from 1 per stream.</summary>
    internal long Frame { get; private set; }
    /// <summary>Gateway clock at sending; for a recorded clock the recording's. Microseconds since 1970.</summary>
    internal long SentAtUs { get; set; }

    internal void Begin(long frame, long sentAtUs) => (Frame, SentAtUs, Count) = (frame, sentAtUs, 0);

    /// <param name="takenUs">Gateway clock when it got the sample; the sampled time where that says it all.</param>
    internal void Add(Block block, int i, long takenUs)
    {
        var to = Count++;
        Detector[to] = block.Detector[i];
        Seq[to] = block.Seq[i];
        SampledUs[to] = block.SampledUs[i];
        TakenUs[to] = takenUs;
        Value[to] = block.Value[i];
        Quality[to] = block.Quality[i];
    }
}
