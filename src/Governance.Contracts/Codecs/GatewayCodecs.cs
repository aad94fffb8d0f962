using System.Collections.Immutable;
using Google.Protobuf;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Gateways.GatewayEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of a gateway, and of what sources tell it and it tells cases (<c>journal/v1/gateways.proto</c>).</summary>
public static class GatewayCodecs
{
    public static IEnumerable<Codec> All => [.. Sessions, .. Faults, .. Messages];

    private static IEnumerable<Codec> Sessions =>
    [
        Codec.Of("gw.SessionOpened.1", J.GatewaySession.Parser, (SessionOpened e) => Session(e.At, e.Session, e.Epoch, e.Node),
            w => new SessionOpened(Wire.At(w.AtUs), Id(w.Session), w.Epoch, w.Node)),
        Codec.Of("gw.SessionEnded.1", J.GatewaySession.Parser, (SessionEnded e) => Session(e.At, e.Session), w => new SessionEnded(Wire.At(w.AtUs), Id(w.Session))),
        Codec.Of("gw.SessionDoubted.1", J.GatewaySession.Parser, (SessionDoubted e) => Session(e.At, e.Session, e.Epoch, e.Node),
            w => new SessionDoubted(Wire.At(w.AtUs), Id(w.Session), w.Epoch, w.Node)),
        Codec.Of("gw.SessionsContended.1", J.GatewaySession.Parser, (SessionsContended e) => Session(e.At, e.Session, node: e.Node), w => new SessionsContended(Wire.At(w.AtUs), Id(w.Session), w.Node)),
        Codec.Of("gw.SkewChanged.1", J.SkewChanged.Parser, (SkewChanged e) => new J.SkewChanged { AtUs = Wire.Us(e.At), SkewUs = Wire.Us(e.Skew), Class = (int)e.Class },
            w => new SkewChanged(Wire.At(w.AtUs), Wire.Span(w.SkewUs), Wire.Known<SkewClass>(w.Class))),
        Codec.Of("gw.State.1", J.GatewayState.Parser, (GatewayState s) => To(s), From),
    ];

    private static IEnumerable<Codec> Faults =>
    [
        Codec.Of("gw.SourceNoted.1", J.SourceNoted.Parser, (SourceNoted e) => new J.SourceNoted { AtUs = Wire.Us(e.At), Feed = To(e.Feed) },
            w => new SourceNoted(Wire.At(w.AtUs), From(w.Feed))),
        Codec.Of("gw.Lost.1", J.GatewayLost.Parser, (GatewayLost e) => new J.GatewayLost
        {
            AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value, CaseKey = e.Case.Value, LastHeardUs = Wire.Us(e.LastHeardAt), LateByUs = Wire.Us(e.LateBy),
        }, w => new GatewayLost(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence), new CaseKey(w.CaseKey), Wire.At(w.LastHeardUs), Wire.Span(w.LateByUs))),
        Codec.Of("gw.Returned.1", J.GatewayReturned.Parser, (GatewayReturned e) => new J.GatewayReturned { AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value },
            w => new GatewayReturned(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence))),
        Codec.Of("gw.MaintenanceOrdered.1", J.Maintenance.Parser, (MaintenanceOrdered e) => new J.Maintenance
        {
            AtUs = Wire.Us(e.At), Source = e.Source.Value, CaseKey = e.Case.Value, Faults = { e.Faults.Select(To) }, LateByUs = Wire.Us(e.LateBy),
        }, w => new MaintenanceOrdered(Wire.At(w.AtUs), new HazardSourceId(w.Source), new CaseKey(w.CaseKey), [.. w.Faults.Select(From)], Wire.Span(w.LateByUs))),
        Codec.Of("gw.MaintenanceEnded.1", J.Maintenance.Parser,
            (MaintenanceEnded e) => new J.Maintenance { AtUs = Wire.Us(e.At), Source = e.Source.Value, Faults = { e.Faults.Select(To) } },
            w => new MaintenanceEnded(Wire.At(w.AtUs), new HazardSourceId(w.Source), [.. w.Faults.Select(From)])),
        Codec.Of("gw.FaultMoved.1", J.FaultMoved.Parser, (FaultMoved e) => new J.FaultMoved { AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value, From = e.From.Value, To = e.To.Value },
            w => new FaultMoved(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence), new CaseKey(w.From), new CaseKey(w.To))),
    ];

    private static IEnumerable<Codec> Messages =>
    [
        Codec.Of("msg.SourceFed.1", J.SourceFed.Parser, (SourceFed m) => To(m), From),
        Codec.Of("msg.MonitoringFaultRaised.1", J.MonitoringFaultRaised.Parser, (MonitoringFaultRaised m) => new J.MonitoringFaultRaised
        {
            Occurrence = m.Occurrence.Value, Gateway = m.Gateway, Source = m.Source?.Value ?? "", Name = m.Name, Enterprise = m.Enterprise, Area = m.Area.Value, Detector = m.Detector,
            AtUs = Wire.Us(m.At), Text = m.Text,
        }, w => new MonitoringFaultRaised(new OccurrenceId(w.Occurrence), w.Gateway, w.Source.Length == 0 ? null : new HazardSourceId(w.Source), w.Name, w.Enterprise, new AreaCode(w.Area),
            w.Detector, Wire.At(w.AtUs), w.Text)),
    ];

    private static J.GatewaySession Session(DateTimeOffset at, Guid session, long epoch = 0, string node = "") => new() { AtUs = Wire.Us(at), Session = Id(session), Epoch = epoch, Node = node };

    internal static ByteString Id(Guid id) => ByteString.CopyFrom(id.ToByteArray());
    internal static Guid Id(ByteString id) => new(id.Span);

    private static J.OrderedFault To(OrderedFault f) => new() { Detector = f.Detector, Occurrence = f.Occurrence.Value };
    private static OrderedFault From(J.OrderedFault w) => new(w.Detector, new OccurrenceId(w.Occurrence));

    private static J.SourceFed To(SourceFed m) => new()
    {
        Source = m.Source.Value, Name = m.Name, Enterprise = m.Enterprise, Area = m.Area.Value, Detectors = m.Detectors, PeriodUs = Wire.Us(m.Period), AtUs = Wire.Us(m.At),
        Faults = { m.Faults.Select(f => new J.DetectorFault { Detector = f.Detector, Health = (int)f.Health, SinceUs = Wire.Us(f.Since) }) },
    };

    private static SourceFed From(J.SourceFed w) => new(new HazardSourceId(w.Source), w.Name, w.Enterprise, new AreaCode(w.Area), w.Detectors, Wire.Span(w.PeriodUs),
        [.. w.Faults.Select(f => new DetectorFault(f.Detector, (Health)f.Health, Wire.At(f.SinceUs)))], Wire.At(w.AtUs));

    private static J.GatewayState To(GatewayState s) => new()
    {
        Id = s.Id, Epoch = s.Epoch, SkewUs = Wire.Us(s.Skew), SkewClass = (int)s.SkewClass, HeardAtUs = Wire.Us(s.HeardAt), Over = { s.Over.Select(Id) },
        Session = s.Session is not { } n ? null : new J.GatewaySession { Session = Id(n.Id), Epoch = n.Epoch, Node = n.Node, OpenedAtUs = Wire.Us(n.OpenedAt), EndedAtUs = Wire.UsOrZero(n.EndedAt) },
        Sources = { s.Sources.Values.Select(To) },
        Outage = s.Outage is not { } o ? null : new J.GatewayLost { AtUs = Wire.Us(o.Since), Occurrence = o.Occurrence.Value, CaseKey = o.Case.Value },
        OutageEndedUs = Wire.UsOrZero(s.Outage?.EndedAt), DoubtToldUs = Wire.UsOrZero(s.DoubtToldAt),
    };

    private static J.FedSource To(FedSource s) => new()
    {
        Feed = To(s.Feed), LastCase = s.LastCase?.Value ?? "", QuietSinceUs = Wire.UsOrZero(s.QuietSince), UnjudgedSinceUs = Wire.UsOrZero(s.UnjudgedSince),
        Ordered = { s.Ordered.Select(o => new J.OrderedFault { Detector = o.Key, Occurrence = o.Value.Occurrence.Value, CaseKey = o.Value.Case.Value }) },
    };

    private static FedSource From(J.FedSource w) => new(
        From(w.Feed), w.Ordered.ToImmutableSortedDictionary(o => o.Detector, o => new FaultCase(new OccurrenceId(o.Occurrence), new CaseKey(o.CaseKey)), StringComparer.Ordinal),
        w.LastCase.Length == 0 ? null : new CaseKey(w.LastCase), Wire.AtOrNone(w.QuietSinceUs), Wire.AtOrNone(w.UnjudgedSinceUs));

    private static GatewayState From(J.GatewayState w)
    {
        var sources = w.Sources.Select(From).ToImmutableSortedDictionary(s => s.Feed.Source.Value, s => s, StringComparer.Ordinal);
        return GatewayState.New(w.Id) with
        {
            Epoch = w.Epoch, Skew = Wire.Span(w.SkewUs), SkewClass = Wire.Known<SkewClass>(w.SkewClass), HeardAt = Wire.At(w.HeardAtUs), Over = [.. w.Over.Select(Id)],
            Session = w.Session is not { } n ? null : new GatewaySession(Id(n.Session), n.Epoch, n.Node, Wire.At(n.OpenedAtUs), Wire.AtOrNone(n.EndedAtUs)),
            Sources = sources, DoubtToldAt = Wire.AtOrNone(w.DoubtToldUs),
            UnjudgedSources = [.. sources.Values.Where(s => s.Unjudged.Any()).Select(s => s.Feed.Source.Value)],
            ShortestPeriod = sources.IsEmpty ? TimeSpan.Zero : sources.Values.Min(s => s.Feed.Period),
            Outage = w.Outage is not { } o ? null : new GatewayOutage(new OccurrenceId(o.Occurrence), new CaseKey(o.CaseKey), Wire.At(o.AtUs), Wire.AtOrNone(w.OutageEndedUs)),
        };
    }
}
