using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Governance.Contracts.Messages;
using Governance.Edge.V1;

namespace Governance.Edge.Gateway;

/// <summary>
/// The marks of one source on one stream, conflated: what moved since the gateway was last told. Guarded by the gate of
/// its <see cref="StreamBook"/>.
/// </summary>
/// <param name="position">Of the source among all that the stream declared.</param>
internal sealed class SourceMarkBook(uint position, string sourceId, ImmutableArray<DeclaredDetector> detectors)
{
    private readonly Mark[] _marks = new Mark[detectors.Length];
    private readonly bool[] _isMoved = new bool[detectors.Length];
    /// <summary>Ordinal to position in the declaration, −1 where this stream does not speak of it.</summary>
    private int[] _positions = [];
    private int _moved;

    internal string SourceId => sourceId;

    /// <summary>The source answered a declaration: its ordinal of each declared detector, −1 when refused.</summary>
    internal void Declare(ImmutableArray<int> ordinals)
    {
        _positions = new int[ordinals.IsDefaultOrEmpty ? 0 : Math.Max(0, ordinals.Max() + 1)];
        Array.Fill(_positions, -1);
        for (var i = 0; i < ordinals.Length; i++)
            if (ordinals[i] >= 0) _positions[ordinals[i]] = i;
    }

    /// <summary>True when there was nothing to tell before, and now there is.</summary>
    internal bool Move(ImmutableArray<Mark> marks)
    {
        var before = _moved;
        foreach (var mark in marks)
        {
            var at = mark.Detector < _positions.Length ? _positions[mark.Detector] : -1;
            if (at < 0) continue;
            _marks[at] = mark;
            if (_isMoved[at]) continue;
            _isMoved[at] = true;
            _moved++;
        }
        return before == 0 && _moved > 0;
    }

    internal void Take(RepeatedField<DurableMark> into)
    {
        for (var i = 0; i < _marks.Length; i++)
            if (_isMoved[i]) into.Add(new DurableMark { SourceId = sourceId, DetectorId = detectors[i].DetectorId, Epoch = _marks[i].Epoch, Through = _marks[i].Through });
        Told();
    }

    /// <summary>One entry per epoch, which is one but for the first moments of a new epoch.</summary>
    internal void TakeColumns(RepeatedField<SourceMarks> into)
    {
        for (var first = Array.IndexOf(_isMoved, true); first >= 0; first = Array.IndexOf(_isMoved, true))
        {
            var columns = new SourceMarks { Source = position, Epoch = _marks[first].Epoch };
            for (var i = first; i < _marks.Length; i++)
            {
                if (!_isMoved[i] || _marks[i].Epoch != columns.Epoch) continue;
                columns.Detector.Add((uint)i);
                columns.Through.Add(_marks[i].Through);
                _isMoved[i] = false;
            }
            if (columns.Through.Count == _marks.Length) columns.Detector.Clear();
            into.Add(columns);
        }
        Told();
    }

    private void Told()
    {
        Array.Clear(_isMoved);
        _moved = 0;
    }
}
