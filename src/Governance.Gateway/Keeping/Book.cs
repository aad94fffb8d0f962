namespace Governance.Gateway.Keeping;

/// <summary>
/// What was taken and is not yet over. A mark moves a number per detector and costs nothing per reading; each reading is
/// looked at once more, when the oldest end of the book passes it. Not thread-safe: the outbox's gate guards it.
/// </summary>
internal sealed class Book
{
    /// <summary>The book is squeezed only when this part of the room is held by readings that are over.</summary>
    private const int SqueezeShare = 4;
    private readonly SourceTable _table;
    private readonly int _bufferReadings;
    private readonly DetectorMarks[] _marks;
    private readonly ClosedReadings _closed = new();
    private readonly Cursor _end;
    private Unkept? _unkept;

    internal Book(SourceTable table, int bufferReadings)
    {
        (_table, _bufferReadings, _marks, Blocks) = (table, bufferReadings, new DetectorMarks[table.Detectors], new Blocks());
        (Head, _end) = (Blocks.NewCursor(), Blocks.NewCursor());
    }

    internal Blocks Blocks { get; }
    internal ReadOnlySpan<DetectorMarks> Marks => _marks;
    internal ClosedReadings Closed => _closed;
    /// <summary>Before it everything is over.</summary>
    internal Cursor Head { get; }

    /// <summary>Samples taken, and readings that a folder gave back.</summary>
    internal long Taken { get; private set; }
    internal long Acknowledged { get; private set; }
    internal long Refused { get; private set; }
    internal long Skipped { get; private set; }
    internal long OpenReadings => Taken - Acknowledged - Refused - Skipped;
    /// <summary>Readings whose room is taken: the open ones, and those behind the first open one.</summary>
    internal long Held { get; private set; }
    /// <summary>Position that the next reading will have: how many were ever taken, by earlier runs of the gateway too.</summary>
    internal long EndPosition { get; private set; }

    /// <summary>Everything before this position is over.</summary>
    internal long DoneThrough => Held == 0 ? EndPosition : Blocks[Head.Block].PositionOf(Head.At);

    /// <summary>The part of the book that a disk must take before it may be sent; null when memory is enough.</summary>
    internal Unkept? Unkept { get; private set; }

    /// <summary>What may be sent ends here.</summary>
    internal Cursor End
    {
        get
        {
            if (Unkept is { } unkept) return unkept.Kept;
            (_end.Block, _end.At) = (Blocks.TailNo, Blocks.Tail.Count);
            return _end;
        }
    }

    internal bool HasRoom(int readings)
    {
        if (Held + readings <= _bufferReadings) return true;
        if (Held - OpenReadings >= Math.Max(_bufferReadings / SqueezeShare, 2 * Block.StandardReadings)) Squeeze();
        return Held + readings <= _bufferReadings;
    }

    /// <summary>Gives every sample its number. Returns the position after the last of them.</summary>
    /// <exception cref="ArgumentException">A sample of no declared detector: none of them was taken.</exception>
    internal long Take(ReadOnlySpan<Sample> samples, long atUs)
    {
        var first = _table.First;
        foreach (ref readonly var sample in samples)
            if ((uint)sample.Source >= (uint)_table.Sources || (uint)sample.Detector >= (uint)(first[sample.Source + 1] - first[sample.Source]) || (uint)sample.Quality > 127)
                throw new ArgumentException($"no such detector or quality: {sample}", nameof(samples));
        for (var done = 0; done < samples.Length;)
        {
            var block = Blocks.Room();
            var part = samples.Slice(done, Math.Min(samples.Length - done, block.Capacity - block.Count));
            Write(block, part, atUs);
            done += part.Length;
        }
        Taken += samples.Length;
        Held += samples.Length;
        return EndPosition += samples.Length;
    }

    private void Write(Block block, ReadOnlySpan<Sample> samples, long atUs)
    {
        var first = _table.First;
        var to = block.Count;
        for (var i = 0; i < samples.Length; i++, to++)
        {
            ref readonly var sample = ref samples[i];
            var flat = first[sample.Source] + sample.Detector;
            block.Detector[to] = flat;
            block.Seq[to] = ++_marks[flat].Taken;
            block.SampledUs[to] = Micros.Of(sample.SampledAt);
            block.AtUs[to] = atUs;
            block.Value[to] = sample.Value;
            block.Quality[to] = (byte)sample.Quality;
            block.Frame[to] = Block.Unsent;
        }
        block.Count = to;
    }

    internal bool IsOpen(Block block, int i) => block.Frame[i] != Block.Closed && block.Seq[i] > _marks[block.Detector[i]].Through;

    /// <summary>The frame carries it: from now on a mark may cover it.</summary>
    internal void Carry(Block block, int i, int frame)
    {
        block.Frame[i] = frame;
        ref var marks = ref _marks[block.Detector[i]];
        if (block.Seq[i] > marks.Sent) marks.Sent = block.Seq[i];
    }

    /// <summary>Durable through. False when the edge claims more than was ever sent: then nothing moves.</summary>
    internal bool Durable(int flat, long through)
    {
        ref var marks = ref _marks[flat];
        if (through > marks.Sent) return false;
        if (through <= marks.Through) return true;
        Acknowledged += through - marks.Through - (_closed.IsEmpty ? 0 : _closed.PassedBy(flat, through));
        marks.Through = through;
        return true;
    }

    /// <summary>Passes what is over at the oldest end and gives its room back.</summary>
    internal void Settle()
    {
        var head = Head;
        while (Held > 0)
        {
            var (block, end, at) = (Blocks[head.Block], End, head.At);
            var stop = head.Block == end.Block ? end.At : block.Count;
            while (at < stop && !IsOpen(block, at)) at++;
            Held -= at - head.At;
            head.At = at;
            // What the disk has not taken stays, even when it is over: its numbers must not be given again.
            if (at < stop || head.Block == end.Block) return;
            Blocks.DropFirst();
        }
    }

    /// <summary>Ends every open reading that matches; tells for each tag how many.</summary>
    internal void Close(Selection selection, bool refused, Span<int> endedByTag)
    {
        foreach (var (block, from) in FromHead())
            for (var i = from; i < block.Count; i++)
            {
                if (!IsOpen(block, i) || !selection.Matches(block, i, out var named)) continue;
                block.Frame[i] = Block.Closed;
                _closed.Add(block.Detector[i], block.Seq[i], block.Seq[i]);
                Unkept?.Closed.Add((block.Detector[i], block.Seq[i], refused));
                endedByTag[named.Tag]++;
                if (refused) Refused++;
                else Skipped++;
            }
        Settle();
    }

    /// <summary>Every block that holds something, with the first place that counts.</summary>
    internal IEnumerable<(Block Block, int From)> FromHead()
    {
        for (var no = Head.Block; no <= Blocks.TailNo; no++) yield return (Blocks[no], no == Head.Block ? Head.At : 0);
    }

    private void Squeeze()
    {
        Settle();
        var before = Head.Block == Blocks.TailNo ? 0 : Head.At;
        Held -= Blocks.Squeeze(MustStay) - before;
    }

    private bool MustStay(Block block, int i) => IsOpen(block, i) || (Unkept is { } unkept && block.PositionOf(i) >= unkept.KeptThrough);

    /// <summary>From now on a disk must take every reading before it is sent; what is there already it has, or will be given.</summary>
    internal Unkept KeepOnDisk()
    {
        _unkept ??= new Unkept(this);
        _unkept.Begin();
        return Unkept = _unkept;
    }

    /// <summary>The disk does not take anything: memory is enough again.</summary>
    internal void KeepInMemory() => Unkept = null;

    /// <summary>Puts back what a folder kept. Only into a book that has taken nothing.</summary>
    /// <param name="taken">Last number given, by detector.</param>
    /// <param name="through">Mark of the edge, by detector.</param>
    /// <param name="nextPosition">Position of the next reading taken.</param>
    internal void Restore(ReadOnlySpan<long> taken, ReadOnlySpan<long> through, IEnumerable<KeptReading> readings, long nextPosition)
    {
        var expected = new long[_marks.Length];
        // Any of them may have been sent: marks are believed up to the last number given.
        for (var flat = 0; flat < _marks.Length; flat++)
        {
            _marks[flat] = new DetectorMarks { Taken = taken[flat], Sent = taken[flat], Through = through[flat] };
            expected[flat] = through[flat] + 1;
        }
        foreach (var reading in readings)
        {
            var flat = reading.Detector;
            Blocks.Room().Restore(reading);
            if (reading.Seq > expected[flat]) _closed.Add(flat, expected[flat], reading.Seq - 1);
            expected[flat] = reading.Seq + 1;
            Taken++;
            Held++;
        }
        // Numbers that were given and are neither here nor below the mark: over, or lost with a damaged file. If the edge
        // asks for them, they are declared.
        for (var flat = 0; flat < _marks.Length; flat++)
            if (expected[flat] <= taken[flat]) _closed.Add(flat, expected[flat], taken[flat]);
        Blocks.BeginAt(EndPosition = nextPosition);
        Settle();
    }
}
