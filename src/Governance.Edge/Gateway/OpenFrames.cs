namespace Governance.Edge.Gateway;

/// <summary>How many parts of each frame are not answered yet. Frames come in order and close in any; a ring, because there is one count per frame of every stream.</summary>
internal sealed class OpenFrames
{
    private const int FirstFrames = 256;
    private int[] _parts = new int[FirstFrames];

    /// <summary>The last frame that came.</summary>
    internal long Received { get; private set; }
    /// <summary>All frames up to this one are closed.</summary>
    internal long ClosedThrough { get; private set; }

    /// <summary>The next frame came.</summary>
    internal void Open(int parts)
    {
        if (Received - ClosedThrough >= _parts.Length) Grow();
        this[++Received] = parts;
        Advance();
    }

    /// <summary>One part of a frame is answered.</summary>
    internal void ClosePart(long frame)
    {
        this[frame]--;
        Advance();
    }

    private ref int this[long frame] => ref _parts[frame % _parts.Length];

    private void Advance()
    {
        while (ClosedThrough < Received && this[ClosedThrough + 1] == 0) ClosedThrough++;
    }

    private void Grow()
    {
        var larger = new int[_parts.Length * 2];
        for (var frame = ClosedThrough + 1; frame <= Received; frame++) larger[frame % larger.Length] = this[frame];
        _parts = larger;
    }
}
