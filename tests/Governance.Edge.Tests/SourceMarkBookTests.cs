using Governance.Contracts.Messages;
using Governance.Edge.Gateway;
using Governance.Edge.V1;
using Google.Protobuf.Collections;

namespace Governance.Edge.Tests;

/// <summary>What a gateway is told of one source: the newest mark of each detector that moved, once.</summary>
public sealed class SourceMarkBookTests
{
    private readonly SourceMarkBook _book = new(7, "HS-1", [new DeclaredDetector("A", "mg/m3"), new DeclaredDetector("B", "mg/m3"), new DeclaredDetector("C", "mg/m3")]);

    /// <summary>The source knows C as 0, A as 2, and refused B.</summary>
    public SourceMarkBookTests() => _book.Declare([2, -1, 0]);

    [Fact]
    public void Only_the_newest_mark_is_told_and_only_once()
    {
        Assert.True(_book.Move([new Mark(2, 1, 5)]));
        Assert.False(_book.Move([new Mark(2, 1, 9)]));
        Assert.Equal(["A 1/9"], Named());
        Assert.Empty(Named());
        Assert.True(_book.Move([new Mark(0, 1, 3)]));
        Assert.Equal(["C 1/3"], Named());
    }

    [Fact]
    public void A_detector_that_was_refused_or_never_declared_has_no_mark()
    {
        Assert.False(_book.Move([new Mark(1, 1, 5), new Mark(99, 1, 5)]));
        Assert.Empty(Named());
    }

    [Fact]
    public void Columns_name_detectors_by_position_and_part_at_epochs()
    {
        _book.Move([new Mark(2, 1, 5), new Mark(0, 2, 6)]);
        var columns = Columns();
        Assert.Equal([(7u, 1L, "0", "5"), (7u, 2L, "2", "6")], columns.Select(c => (c.Source, c.Epoch, string.Join(',', c.Detector), string.Join(',', c.Through))));
        Assert.Empty(Columns());
    }

    [Fact]
    public void When_every_detector_moved_their_positions_go_without_saying()
    {
        var book = new SourceMarkBook(0, "HS-2", [new DeclaredDetector("A", "mg/m3"), new DeclaredDetector("B", "mg/m3")]);
        book.Declare([0, 1]);
        book.Move([new Mark(1, 4, 20), new Mark(0, 4, 10)]);
        var into = new RepeatedField<SourceMarks>();
        book.TakeColumns(into);
        Assert.Equal(("", "10,20"), (string.Join(',', into.Single().Detector), string.Join(',', into.Single().Through)));
    }

    private IEnumerable<string> Named()
    {
        var into = new RepeatedField<DurableMark>();
        _book.Take(into);
        return [.. into.Select(m => $"{m.DetectorId} {m.Epoch}/{m.Through}")];
    }

    private RepeatedField<SourceMarks> Columns()
    {
        var into = new RepeatedField<SourceMarks>();
        _book.TakeColumns(into);
        return into;
    }
}
