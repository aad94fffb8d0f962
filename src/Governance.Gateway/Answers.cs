using Governance.Edge.V1;
using Governance.Gateway.Keeping;
using Governance.Gateway.Sending;
using Dispatch = Governance.Gateway.Sending.Dispatch;

namespace Governance.Gateway;

/// <summary>
/// Understands the edge: marks by name and as columns, refusals, what it misses. What makes no sense (a source that was
/// never declared, columns of unequal length) is passed over and counted: nothing is forgotten for it.
/// </summary>
internal sealed class Answers(Book book, Dispatch sending, SourceTable table, long epoch)
{
    /// <summary>Parts of answers that made no sense.</summary>
    internal long NotUnderstood { get; private set; }

    internal Verdict Apply(EdgeFrame frame, List<RefusedReadings> refused)
    {
        switch (frame.FrameCase)
        {
            case EdgeFrame.FrameOneofCase.Welcome:
                sending.Welcome(frame.Welcome.Credit);
                return Verdict.GoOn;
            case EdgeFrame.FrameOneofCase.Ack:
                return Apply(frame.Ack, refused);
            case EdgeFrame.FrameOneofCase.Resend:
                if (frame.Resend is { FromSeq: >= 1 } resend && resend.Epoch == epoch && table.FlatNamed(resend.SourceId, resend.DetectorId) is >= 0 and var flat) sending.Again.Ask(flat, resend.FromSeq, resend.ToSeq);
                else NotUnderstood++;
                return Verdict.GoOn;
            case EdgeFrame.FrameOneofCase.Fenced:
                // Superseded: a stream of ours that was thought alive, or another device with our name. Readings must not stop for it.
                return frame.Fenced.Reason is "DRAINING" or "SUPERSEDED" ? Verdict.Elsewhere : Verdict.Fenced;
            default:
                NotUnderstood++;
                return Verdict.GoOn;
        }
    }

    private Verdict Apply(Ack ack, List<RefusedReadings> refused)
    {
        // Refusals first: a mark covers what was finally refused, and that is not acknowledged.
        if (ack.Refusals.Count > 0) Refuse(ack, refused);
        var honest = true;
        foreach (var mark in ack.DurableThrough)
            if (mark.Epoch != epoch) continue;
            else if (table.FlatNamed(mark.SourceId, mark.DetectorId) is >= 0 and var flat) honest &= book.Durable(flat, mark.Through);
            else NotUnderstood++;
        foreach (var marks in ack.Marks) honest &= Durable(marks);
        book.Settle();
        sending.Answered(ack.Frame, ack.Credit);
        return honest ? Verdict.GoOn : Verdict.EpochUsed;
    }

    private bool Durable(SourceMarks marks)
    {
        var (honest, through) = (true, marks.Through);
        // Before the first reading of this epoch the edge tells the marks of the last one.
        if (marks.Epoch != epoch) return true;
        if (marks.Source >= (uint)table.Sources) { NotUnderstood++; return true; }
        var (first, detectors) = (table.First[(int)marks.Source], table.DetectorsOf((int)marks.Source));
        if (marks.Detector.Count == 0)
        {
            if (through.Count != detectors) { NotUnderstood++; return true; }
            for (var d = 0; d < through.Count; d++) honest &= book.Durable(first + d, through[d]);
            return honest;
        }
        if (marks.Detector.Count != through.Count) { NotUnderstood++; return true; }
        for (var i = 0; i < through.Count; i++)
            if (marks.Detector[i] < (uint)detectors) honest &= book.Durable(first + (int)marks.Detector[i], through[i]);
            else NotUnderstood++;
        return honest;
    }

    /// <summary>Final ones end readings, the others bring them back; the book is looked through once for all.</summary>
    private void Refuse(Ack ack, List<RefusedReadings> refused)
    {
        var final = new Selection();
        for (var tag = 0; tag < ack.Refusals.Count; tag++)
        {
            var refusal = ack.Refusals[tag];
            // The whole session is meant, not these readings: a fence follows, and the next epoch brings them.
            if (refusal.Reason == "OLD_EPOCH") continue;
            var (source, flat) = (table.SourceNamed(refusal.SourceId), refusal.DetectorId.Length == 0 ? -1 : table.FlatNamed(refusal.SourceId, refusal.DetectorId));
            if (source < 0 || (flat < 0 && refusal.DetectorId.Length > 0) || refusal.Frame > int.MaxValue) { NotUnderstood++; continue; }
            var named = new Selection();
            if (refusal.FromSeq == 0) named.AddAll(table, source, flat, (int)refusal.Frame, tag);
            else if (flat >= 0) named.Add(flat, new Named(refusal.FromSeq, refusal.ToSeq, Selection.AnyFrame, tag));
            foreach (var (detector, ranges) in named.ByDetector)
                foreach (var range in ranges)
                    if (refusal.Retry) sending.Again.Refused(detector, range);
                    else final.Add(detector, range);
        }
        Span<int> ended = ack.Refusals.Count <= 256 ? stackalloc int[ack.Refusals.Count] : new int[ack.Refusals.Count];
        if (!final.IsEmpty) book.Close(final, refused: true, ended);
        for (var tag = 0; tag < ended.Length; tag++)
            if (ack.Refusals[tag] is { Retry: false } r && (ended[tag] > 0 || r.FromSeq == 0))
                refused.Add(new RefusedReadings(r.SourceId, r.DetectorId, r.FromSeq, r.ToSeq, r.Reason, r.Detail, ended[tag]));
    }
}
