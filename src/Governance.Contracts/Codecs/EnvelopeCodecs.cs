using System.Collections.Immutable;
using Governance.Contracts.Messages;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using C = Governance.Cluster.V1;
using J = Governance.Journal.V1;
using static Governance.Contracts.Codecs.KernelCodecs;

namespace Governance.Contracts.Codecs;

/// <summary>Wire forms of what travels between nodes (<c>cluster/v1/envelopes.proto</c>).</summary>
public static class EnvelopeCodecs
{
    private static KernelCodecs Kernel => JournalRegistry.Kernel;

    public static IEnumerable<Codec> All => [.. Requests, .. Replies, .. Streams];

    private static IEnumerable<Codec> Requests =>
    [
        Codec.Of("Command", C.Command.Parser, (Command m) => new C.Command
        {
            To = Address(m.To), CommandId = m.CommandId, ExpectedVersion = m.ExpectedVersion, Body = PackCommand(m.Body),
            Caller = new C.Caller { Subject = m.Caller.Subject, Organisation = m.Caller.Organisation, Roles = { m.Caller.Roles } },
        }, w => new Command(Address(w.To), w.CommandId, new Caller(w.Caller.Subject, w.Caller.Organisation, [.. w.Caller.Roles]), w.ExpectedVersion, UnpackCommand(w.Body))),
        Addressed("GetState", to => new GetState(to)),
        Addressed("Inspect", to => new Inspect(to)),
        Addressed("Wake", to => new Wake(to)),
        Addressed("Touch", to => new Touch(to)),
        Addressed("GetFeedSnapshot", to => new GetFeedSnapshot(to)),
        Codec.Of("ClockMoved", C.ClockMoved.Parser, (ClockMoved m) => new C.ClockMoved { Clock = m.Clock.Value, ToUs = Wire.Us(m.To) }, w => new ClockMoved(new ClockId(w.Clock), Wire.At(w.ToUs))),
        Codec.Of("Deliver", C.Deliver.Parser, (Deliver m) => new C.Deliver
        {
            To = Address(m.To), From = Address(m.From), FirstNumber = m.FirstNumber, Messages = { m.Messages.Select(Kernel.Pack) },
        }, w => new Deliver(Address(w.To), Address(w.From), w.FirstNumber, [.. w.Messages.Select(p => (IEntityMessage)Kernel.Unpack(p))])),
        Codec.Of("DeliverReply", C.DeliverReply.Parser, (DeliverReply m) => new C.DeliverReply
        {
            From = Address(m.From), To = Address(m.To), Through = m.Through, Outcomes = { m.Outcomes.Select(Outcome) },
        }, w => new DeliverReply(Address(w.From), Address(w.To), w.Through, [.. w.Outcomes.Select(Outcome)])),
    ];

    private static IEnumerable<Codec> Replies =>
    [
        Codec.Of("CommandReply", C.CommandReply.Parser, (CommandReply m) => new C.CommandReply
        {
            From = Address(m.From), CommandId = m.CommandId, Version = m.Version, Refusal = Refusal(m.Refusal), State = StatePacking.Pack(m.State),
        }, w => new CommandReply(Address(w.From), w.CommandId, w.Version, Refusal(w.Refusal), StatePacking.Unpack(w.State))),
        Codec.Of("StateReply", C.StateReply.Parser, (StateReply m) => new C.StateReply
        {
            From = Address(m.From), Version = m.Version, NowUs = Wire.Us(m.Now), State = StatePacking.Pack(m.State),
        }, w => new StateReply(Address(w.From), w.Version, Wire.At(w.NowUs), StatePacking.Unpack(w.State))),
        Codec.Of("InspectionReply", C.InspectionReply.Parser, (InspectionReply m) => new C.InspectionReply
        {
            From = Address(m.From), Memory = Kernel.Memory(m.Memory), State = StatePacking.Pack(m.State), NowUs = Wire.Us(m.Now),
            JournalSequence = m.JournalSequence, Node = m.Node, Shard = m.Shard, RecoveredAtUs = Wire.Us(m.RecoveredAt),
            Deadlines = { m.Deadlines.Select(d => new C.Deadline { Name = d.Name, DueUs = Wire.Us(d.Due) }) },
        }, w => new InspectionReply(Address(w.From), Kernel.Memory(w.Memory), StatePacking.Unpack(w.State),
            [.. w.Deadlines.Select(d => new Deadline(d.Name, Wire.At(d.DueUs)))], Wire.At(w.NowUs), w.JournalSequence, w.Node, w.Shard, Wire.At(w.RecoveredAtUs))),
    ];

    private static IEnumerable<Codec> Streams =>
    [
        Codec.Of("DeclareStream", C.DeclareStream.Parser, (DeclareStream m) => new C.DeclareStream
        {
            To = Address(m.To), Part = m.Part, Gateway = m.Gateway.Value, Epoch = m.Epoch, Clock = m.Clock.Value,
            Detectors = { m.Detectors.Select(d => new C.DeclaredDetector { Detector = d.DetectorId, Unit = d.Unit }) },
        }, w => new DeclareStream(Address(w.To), w.Part, new GatewayId(w.Gateway), w.Epoch, new ClockId(w.Clock), [.. w.Detectors.Select(d => new DeclaredDetector(d.Detector, d.Unit))])),
        Codec.Of("StreamDeclared", C.StreamDeclared.Parser, (StreamDeclared m) => new C.StreamDeclared
        {
            From = Address(m.From), Part = m.Part, Refusal = Refusal(m.Refusal), Ordinals = { m.Ordinals }, Marks = { m.Marks.Select(To) }, Refusals = { m.Refusals.Select(To) },
        }, w => new StreamDeclared(Address(w.From), w.Part, Refusal(w.Refusal), [.. w.Ordinals], Marks(w.Marks), Notes(w.Refusals))),
        Codec.Of("Ingest", C.Ingest.Parser, (Ingest m) => new C.Ingest { To = Address(m.To), Part = m.Part, Segments = { m.Segments.Select(ChunkPayload.To) } },
            w => new Ingest(Address(w.To), w.Part, [.. w.Segments.Select(ChunkPayload.From)])),
        Codec.Of("DeclareSkipped", C.DeclareSkipped.Parser, (DeclareSkipped m) => new C.DeclareSkipped
        {
            To = Address(m.To), Part = m.Part, Gateway = m.Gateway.Value, Epoch = m.Epoch, Detector = m.DetectorId, FromSeq = m.FromSeq, ToSeq = m.ToSeq, Reason = m.Reason,
        }, w => new DeclareSkipped(Address(w.To), w.Part, new GatewayId(w.Gateway), w.Epoch, w.Detector, w.FromSeq, w.ToSeq, w.Reason)),
        Codec.Of("Ingested", C.Ingested.Parser, (Ingested m) => new C.Ingested
        {
            From = Address(m.From), Part = m.Part, Marks = { m.Marks.Select(To) }, Refusals = { m.Refusals.Select(To) }, Weak = { m.Weak.Select(To) }, Missing = { m.Missing.Select(To) },
        }, w => new Ingested(Address(w.From), w.Part, Marks(w.Marks), Notes(w.Refusals), Notes(w.Weak), Notes(w.Missing))),
        Codec.Of("ReportSession", C.ReportSession.Parser, (ReportSession m) =>
        {
            var (r, wire) = (m.Report, new C.ReportSession { To = Address(m.To) });
            (wire.Session, wire.Epoch, wire.Node, wire.SilentForUs, wire.Ended) = (GatewayCodecs.Id(r.Session), r.Epoch, r.Node, Wire.Us(r.SilentFor), r.Ended);
            if (r.Skew is { } skew) wire.SkewUs = Wire.Us(skew);
            return wire;
        }, w => new ReportSession(Address(w.To), new SessionReport(GatewayCodecs.Id(w.Session), w.Epoch, w.Node, Wire.Span(w.SilentForUs), w.HasSkewUs ? Wire.Span(w.SkewUs) : null, w.Ended))),
        Codec.Of("SessionVerdict", C.SessionVerdict.Parser, (SessionVerdict m) => new C.SessionVerdict { From = Address(m.From), Session = GatewayCodecs.Id(m.Session), Fence = m.Fence },
            w => new SessionVerdict(Address(w.From), GatewayCodecs.Id(w.Session), w.Fence)),
        Codec.Of("ReadFeed", C.ReadFeed.Parser, (ReadFeed m) => new C.ReadFeed { To = Address(m.To), After = m.After, Max = m.Max, WaitUs = Wire.Us(m.Wait) },
            w => new ReadFeed(Address(w.To), w.After, w.Max, Wire.Span(w.WaitUs))),
        Codec.Of("FeedPage", C.FeedPage.Parser, (FeedPage m) => new C.FeedPage { From = Address(m.From), Entries = { m.Entries.Select(AlertCodecs.To) }, Head = m.Head },
            w => new FeedPage(Address(w.From), [.. w.Entries.Select(AlertCodecs.From)], w.Head)),
        Codec.Of("FeedSnapshot", C.FeedPage.Parser, (FeedSnapshot m) => new C.FeedPage { From = Address(m.From), Entries = { m.Live.Select(AlertCodecs.To) }, Head = m.Head },
            w => new FeedSnapshot(Address(w.From), [.. w.Entries.Select(AlertCodecs.From)], w.Head)),
    ];

    private static Codec Addressed<T>(string manifest, Func<EntityAddress, T> make) where T : IToEntity =>
        Codec.Of(manifest, C.Addressed.Parser, (T m) => new C.Addressed { To = Address(m.To) }, w => make(Address(w.To)));

    private static J.Payload PackCommand(ICommand command)
    {
        var codec = ClusterRegistry.Commands.For(command);
        return new J.Payload { Manifest = codec.Manifest, Body = Google.Protobuf.ByteString.CopyFrom(codec.Encode(command)) };
    }

    private static ICommand UnpackCommand(J.Payload wire) => (ICommand)ClusterRegistry.Commands.Named(wire.Manifest).Decode(wire.Body.ToByteArray());

    private static C.Mark To(Mark m) => new() { Detector = (uint)m.Detector, Epoch = m.Epoch, Through = m.Through };
    private static ImmutableArray<Mark> Marks(IEnumerable<C.Mark> wire) => [.. wire.Select(m => new Mark((int)m.Detector, m.Epoch, m.Through))];

    private static C.RangeNote To(RangeNote n) => new()
    {
        Detector = n.DetectorId, Epoch = n.Epoch, FromSeq = n.FromSeq, ToSeq = n.ToSeq, Reason = n.Reason, Retry = n.Retry, Detail = n.Detail,
    };

    private static ImmutableArray<RangeNote> Notes(IEnumerable<C.RangeNote> wire) =>
        [.. wire.Select(n => new RangeNote(n.Detector, n.Epoch, n.FromSeq, n.ToSeq, n.Reason, n.Retry, n.Detail))];
}
