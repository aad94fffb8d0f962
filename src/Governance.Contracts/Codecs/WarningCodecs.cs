using System.Collections.Immutable;
using Governance.Domain.Kernel;
using Governance.Domain.Warnings;
using static Governance.Domain.Warnings.AreaWarningEvent;
using C = Governance.Cluster.V1;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored and wire forms of area warnings (<c>journal/v1/warnings.proto</c>).</summary>
public static class WarningCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of("warnings.Taken.1", J.AreaWarningTaken.Parser, (WarningTaken e) => new J.AreaWarningTaken { AtUs = Wire.Us(e.At), Warning = To(e.Warning) },
            w => new WarningTaken(Wire.At(w.AtUs), From(w.Warning))),
        Codec.Of("warnings.Replaced.1", J.AreaWarningReplaced.Parser,
            (WarningReplaced e) => new J.AreaWarningReplaced { AtUs = Wire.Us(e.At), Warning = To(e.Warning), Replaced = { e.Replaced } },
            w => new WarningReplaced(Wire.At(w.AtUs), From(w.Warning), [.. w.Replaced])),
        Codec.Of("warnings.Ended.1", J.AreaWarningEnded.Parser,
            (WarningEnded e) => new J.AreaWarningEnded { AtUs = Wire.Us(e.At), Identity = e.Identity, Why = (int)e.Why, LateByUs = Wire.Us(e.LateBy) },
            w => new WarningEnded(Wire.At(w.AtUs), w.Identity, Wire.Known<WarningEnd>(w.Why), Wire.Span(w.LateByUs))),
        Codec.Of("warnings.State.1", J.AreaWarningsState.Parser,
            (AreaWarningsState s) => new J.AreaWarningsState { District = s.District, Live = { s.Live.Values.Select(To) }, Seen = { s.Seen } },
            w => new AreaWarningsState(w.District, w.Live.Select(From).ToImmutableSortedDictionary(l => l.Identity, l => l, StringComparer.Ordinal), [.. w.Seen])),
    ];

    public static IEnumerable<Codec> Commands =>
    [
        Codec.Of("cmd.warnings.TakeAreaWarning.1", C.TakeAreaWarning.Parser,
            (TakeAreaWarning c) => new C.TakeAreaWarning { Warning = To(c.Warning), References = { c.References }, Cancels = c.Cancels },
            w => new TakeAreaWarning(From(w.Warning), [.. w.References], w.Cancels)),
    ];

    private static J.AreaWarning To(AreaWarning a) => new()
    {
        Identity = a.Identity, Key = a.Key, Sender = a.Sender, Event = a.Event, Level = (int)a.Level, Table = a.Table, Headline = a.Headline, Area = a.Area,
        SentUs = Wire.Us(a.Sent), ExpiresUs = Wire.UsOrZero(a.Expires), Drill = a.Drill,
    };

    private static AreaWarning From(J.AreaWarning w) => new(
        w.Identity, w.Key, w.Sender, w.Event, Wire.Known<AlarmLevel>(w.Level), w.Table, w.Headline, w.Area, Wire.At(w.SentUs), Wire.AtOrNone(w.ExpiresUs), w.Drill);
}
