using System.Collections.Immutable;
using Akka.Actor;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;

namespace Governance.Actors.HazardSources;

/// <summary>A part of a stream on its way to durability.</summary>
internal sealed class Part(IActorRef replyTo, long number, Intake intake)
{
    internal IActorRef ReplyTo { get; } = replyTo;
    internal long Number { get; } = number;
    internal Intake Intake { get; } = intake;
    internal long ChunkNo { get; set; }
    internal bool IsJournaled { get; set; }
    internal bool IsStored { get; set; }
    /// <summary>Null while duplicates are being compared with the ledger.</summary>
    internal ImmutableArray<RangeNote>? Reused { get; set; }

    internal bool IsChecking { get; set; }
    internal bool IsDurable => IsJournaled && (IsStored || Intake.Fresh.Count == 0);
    internal bool IsDone => IsDurable && (Reused is not null || Intake.Duplicates.Count == 0);

    internal Ingested Answer(EntityAddress self, HazardSourceState state, StoredMarks marks)
    {
        var (through, missing) = (ImmutableArray.CreateBuilder<Mark>(Intake.Detectors.Count), ImmutableArray.CreateBuilder<RangeNote>());
        foreach (var ordinal in Intake.Detectors)
        {
            through.Add(Intake.MarkOf(state, marks, ordinal));
            Intake.Missing(state, marks, ordinal, missing);
        }
        return new Ingested(self, Number, through.DrainToImmutable(), Reused is { IsEmpty: false } reused ? [.. Intake.Refusals, .. reused] : Intake.Refusals, Intake.Weak, missing.DrainToImmutable());
    }
}

/// <summary>Gathers notes on single readings into ranges.</summary>
internal sealed class NoteCollector(HazardSourceState state)
{
    private List<RangeNote>? _refusals, _weak;

    internal ImmutableArray<RangeNote> Refusals => _refusals is null ? [] : [.. _refusals];
    internal ImmutableArray<RangeNote> WeakOnes => _weak is null ? [] : [.. _weak];

    internal void Refuse(in Reading reading, long epoch, string reason, bool retry) => Add(_refusals ??= [], reading, epoch, reason, retry);
    internal void Weak(in Reading reading, long epoch, string reason) => Add(_weak ??= [], reading, epoch, reason, false);

    private void Add(List<RangeNote> notes, in Reading reading, long epoch, string reason, bool retry)
    {
        var detector = state.Detectors[reading.Detector].Config.Id.Value;
        if (notes.Count > 0 && notes[^1] is var last && last.DetectorId == detector && last.Epoch == epoch && last.Reason == reason && last.ToSeq + 1 == reading.Seq)
            notes[^1] = last with { ToSeq = reading.Seq };
        else notes.Add(new RangeNote(detector, epoch, reading.Seq, reading.Seq, reason, retry, ""));
    }
}
