namespace Governance.Gateway.Sending;

/// <summary>Frames of the stream of now that the edge has not answered: credit counts their readings.</summary>
internal sealed class Flight
{
    private readonly Queue<(int Readings, bool IsBacklog)> _frames = new();

    /// <summary>Number of the last frame sent; 0 before the first.</summary>
    internal long Sent { get; private set; }
    /// <summary>All frames up to this one are answered.</summary>
    internal long Answered { get; private set; }
    internal int Readings { get; private set; }
    internal int BacklogFrames { get; private set; }

    internal void Begin()
    {
        _frames.Clear();
        (Sent, Answered, Readings, BacklogFrames) = (0, 0, 0, 0);
    }

    internal void Add(int readings, bool isBacklog)
    {
        Sent++;
        Readings += readings;
        if (isBacklog) BacklogFrames++;
        _frames.Enqueue((readings, isBacklog));
    }

    /// <summary>The edge has answered so far. What it says of frames that were never sent means nothing.</summary>
    internal void AnsweredThrough(long frame)
    {
        while (Answered < frame && _frames.TryDequeue(out var answered))
        {
            Answered++;
            Readings -= answered.Readings;
            if (answered.IsBacklog) BacklogFrames--;
        }
    }
}
