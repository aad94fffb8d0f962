namespace Governance.Gateway.Keeping;

/// <summary>A place between readings: everything before it was passed.</summary>
internal sealed class Cursor
{
    /// <summary>Number of the block, counted from the first that ever was.</summary>
    internal long Block;
    /// <summary>Position inside the block.</summary>
    internal int At;

    internal void Set(Cursor other) => (Block, At) = (other.Block, other.At);

    internal bool IsBefore(Cursor other) => Block < other.Block || (Block == other.Block && At < other.At);
}

/// <summary>The blocks in the order of taking: added at the end, dropped at the beginning, used again.</summary>
internal sealed class Blocks
{
    private const int SpareLimitBlocks = 64;
    private readonly Stack<Block> _spare = new();
    private readonly List<Cursor> _cursors = [];
    private Block[] _ring = new Block[16];
    private int _head;
    private int _count;

    internal Blocks() => Add(0);

    /// <summary>Number of the oldest block.</summary>
    internal long FirstNo { get; private set; }
    internal long TailNo => FirstNo + _count - 1;
    internal Block Tail => this[TailNo];
    internal Block this[long no] => _ring[Slot(no)];

    /// <summary>A cursor that stays right when blocks are dropped or squeezed.</summary>
    internal Cursor NewCursor()
    {
        var cursor = new Cursor { Block = FirstNo };
        _cursors.Add(cursor);
        return cursor;
    }

    /// <summary>The block to write to next, with room for one reading at least.</summary>
    internal Block Room()
    {
        var tail = Tail;
        return tail.IsFull ? Add(tail.PositionOf(tail.Count - 1) + 1) : tail;
    }

    /// <summary>Begins a block at this position, whatever the last one holds.</summary>
    internal Block BeginAt(long position) => Add(position);

    /// <summary>Drops the oldest block; there must be a younger one.</summary>
    internal void DropFirst()
    {
        var block = _ring[_head];
        _ring[_head] = null!;
        _head = (_head + 1) % _ring.Length;
        _count--;
        FirstNo++;
        foreach (var cursor in _cursors)
            if (cursor.Block < FirstNo) (cursor.Block, cursor.At) = (FirstNo, 0);
        if (block.Capacity != Block.StandardReadings || _spare.Count >= SpareLimitBlocks) return;
        (block.Count, block.Positions) = (0, null);
        _spare.Push(block);
    }

    /// <summary>
    /// Moves what is still open together, so that a few readings that wait for long do not hold the room of many that are
    /// done. The youngest block stays as it is.
    /// </summary>
    /// <param name="isOpen">Whether the reading at this place must be kept.</param>
    /// <returns>Readings that are gone.</returns>
    internal int Squeeze(Func<Block, int, bool> isOpen)
    {
        var (gone, target, targetNo) = (0, (Block?)null, 0L);
        for (var no = FirstNo; no < TailNo; no++)
        {
            var block = this[no];
            if (target is null || target.Capacity - target.Count < block.Count) (target, targetNo) = (new Block(Block.StandardReadings) { Begin = block.Begin }, no);
            var before = target.Count;
            foreach (var cursor in _cursors)
                if (cursor.Block == no) (cursor.Block, cursor.At) = (targetNo, before + Kept(block, cursor.At, isOpen));
            for (var i = 0; i < block.Count; i++)
                if (isOpen(block, i)) target.Append(block, i);
                else gone++;
            _ring[Slot(no)] = Block.Empty;
            _ring[Slot(targetNo)] = target;
        }
        return gone;
    }

    private static int Kept(Block block, int before, Func<Block, int, bool> isOpen)
    {
        var kept = 0;
        for (var i = 0; i < before; i++)
            if (isOpen(block, i)) kept++;
        return kept;
    }

    private Block Add(long begin)
    {
        if (_count == _ring.Length)
        {
            var wider = new Block[_ring.Length * 2];
            for (var i = 0; i < _count; i++) wider[i] = _ring[(_head + i) % _ring.Length];
            (_ring, _head) = (wider, 0);
        }
        var block = _spare.TryPop(out var used) ? used : new Block(Block.StandardReadings);
        block.Begin = begin;
        _ring[(_head + _count++) % _ring.Length] = block;
        return block;
    }

    private int Slot(long no) => (_head + (int)(no - FirstNo)) % _ring.Length;
}
