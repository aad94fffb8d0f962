using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of feeds and the roster (<c>journal/v1/alerts.proto</c>).</summary>
public static class AlertCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of("msg.AlertPublished.1", J.AlertPublished.Parser, (AlertPublished m) => new J.AlertPublished { Alert = To(m.Alert) }, w => new AlertPublished(From(w.Alert))),
        Codec.Of("feed.AlertAppended.1", J.AlertAppended.Parser,
            (AlertAppended e) => new J.AlertAppended { AtUs = Wire.Us(e.At), Position = e.Position, Alert = To(e.Alert) },
            w => new AlertAppended(Wire.At(w.AtUs), w.Position, From(w.Alert))),
        Codec.Of("feed.State.1", J.AlertFeedState.Parser,
            (AlertFeedState s) => new J.AlertFeedState
            {
                Area = s.Area, Head = s.Head, Recent = { s.Recent.Select(To) }, Live = { s.Live.Values.OrderBy(e => e.Position).Select(To) },
                RaisedUs = { s.Flood.Raised.Select(Wire.Us) }, FloodSinceUs = Wire.UsOrZero(s.Flood.Running), FloodHeads = { s.Flood.Heads }, FloodFolded = s.Flood.Folded,
            },
            w => new AlertFeedState(w.Area, w.Head, [.. w.Recent.Select(From)], w.Live.Select(From).Aggregate(AlertFeedState.New(w.Area).Live, (live, entry) => AlertFeedRules.Fold(w.Area, live, entry)))
            {
                Flood = new Flood([.. w.RaisedUs.Select(Wire.At)], Wire.AtOrNone(w.FloodSinceUs), Flood.Calm.Heads.Union(w.FloodHeads), w.FloodFolded),
            }),
        Codec.Of("roster.SourceListed.1", J.SourceListed.Parser,
            (SourceListed e) => new J.SourceListed { AtUs = Wire.Us(e.At), Source = To(e.Source) }, w => new SourceListed(Wire.At(w.AtUs), From(w.Source))),
        Codec.Of("roster.State.1", J.RosterState.Parser,
            (RosterState s) => new J.RosterState { District = s.District, Sources = { s.Sources.Values.Select(To) } },
            w => new RosterState(w.District, w.Sources.Select(From).ToImmutableSortedDictionary(s => s.Id.Value, s => s, StringComparer.Ordinal))),
    ];

    public static J.FeedEntry To(FeedEntry entry) => new() { Position = entry.Position, Alert = To(entry.Alert) };
    public static FeedEntry From(J.FeedEntry wire) => new(wire.Position, From(wire.Alert));

    public static J.Alert To(Alert a) => new()
    {
        Id = a.Id, Kind = (int)a.Kind, Area = a.Area.Value, AtUs = Wire.Us(a.At), Source = a.Source, Detector = a.Detector, Occurrence = a.Occurrence,
        Level = (int)a.Level, Colour = (int)a.Colour, HazardKind = (int)(a.HazardKind ?? 0), Value = a.Value, Limit = a.Limit, Unit = a.Unit,
        CaseKey = a.CaseKey, CaseNumber = a.CaseNumber, Departments = { a.Departments }, Category = a.Category, Drill = a.Drill, Text = a.Text, Folded = a.Folded, Zone = a.Zone,
    };

    public static Alert From(J.Alert w) => new(
        w.Id, Wire.Known<AlertKind>(w.Kind), new AreaCode(w.Area), Wire.At(w.AtUs), w.Source, w.Detector, w.Occurrence, Wire.Known<AlarmLevel>(w.Level),
        Wire.Known<Colour>(w.Colour), w.HazardKind == 0 ? null : Wire.Known<HazardKind>(w.HazardKind), w.Value, w.Limit, w.Unit, w.CaseKey, w.CaseNumber,
        [.. w.Departments], w.Category, w.Drill, w.Text, w.Folded, w.Zone);

    private static J.EnrolledSource To(EnrolledSource s) => new() { Source = s.Id.Value, Area = s.Area.Value, Name = s.Name, Drill = s.Drill, AtUs = Wire.Us(s.At) };

    private static EnrolledSource From(J.EnrolledSource w) => new(new HazardSourceId(w.Source), new AreaCode(w.Area), w.Name, w.Drill, Wire.At(w.AtUs));
}
