using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using static Governance.Domain.Cases.CaseEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of a case's clocks and of what moves them (<c>journal/v1/cases.proto</c>).</summary>
internal static class CaseClockCodecs
{
    internal static IEnumerable<Codec> All =>
    [
        Codec.Of("case.ClockStarted.1", J.ClockSet.Parser,
            (ClockStarted e) => Set(new J.ClockSet { AtUs = Wire.Us(e.At), Clock = (int)e.Clock, DueUs = Wire.Us(e.Due) }, e.Budget, e.Marks),
            w => new ClockStarted(Wire.At(w.AtUs), Wire.Known<ClockName>(w.Clock), Wire.At(w.DueUs), From(w), Marks(w))),
        Codec.Of("case.ClockMoved.1", J.ClockSet.Parser,
            (ClockMoved e) => Set(new J.ClockSet { AtUs = Wire.Us(e.At), Clock = (int)e.Clock, DueUs = Wire.Us(e.Due), SinceUs = Wire.UsOrZero(e.Since) }, e.Budget, e.Marks),
            w => new ClockMoved(Wire.At(w.AtUs), Wire.Known<ClockName>(w.Clock), Wire.At(w.DueUs), From(w), Wire.AtOrNone(w.SinceUs), Marks(w))),
        Codec.Of("case.ClockPaused.1", J.ClockMet.Parser, (ClockPaused e) => new J.ClockMet { AtUs = Wire.Us(e.At), Clock = (int)e.Clock }, w => new ClockPaused(Wire.At(w.AtUs), Wire.Known<ClockName>(w.Clock))),
        Codec.Of("case.ClockResumed.1", J.ClockSet.Parser, (ClockResumed e) => Set(new J.ClockSet { AtUs = Wire.Us(e.At), Clock = (int)e.Clock, DueUs = Wire.Us(e.Due) }, null, e.Marks),
            w => new ClockResumed(Wire.At(w.AtUs), Wire.Known<ClockName>(w.Clock), Wire.At(w.DueUs), [.. w.Marks.Select(From)])),
        Codec.Of("case.ClockMarked.1", J.ClockMarked.Parser, (ClockMarked e) => new J.ClockMarked { AtUs = Wire.Us(e.At), Clock = (int)e.Clock, Percent = e.Percent, LateByUs = Wire.Us(e.LateBy) },
            w => new ClockMarked(Wire.At(w.AtUs), Wire.Known<ClockName>(w.Clock), w.Percent, Wire.Span(w.LateByUs))),
        Codec.Of("case.CalendarApplied.1", J.CalendarApplied.Parser, (CalendarApplied e) => new J.CalendarApplied { AtUs = Wire.Us(e.At), Version = e.Version }, w => new CalendarApplied(Wire.At(w.AtUs), w.Version)),
        Codec.Of("case.Urged.1", J.CaseDelay.Parser, (CaseUrged e) => new J.CaseDelay { AtUs = Wire.Us(e.At), By = e.By, Reason = e.Reason, ByReporter = e.ByReporter },
            w => new CaseUrged(Wire.At(w.AtUs), w.By, w.Reason) { ByReporter = w.ByReporter }),
        Codec.Of("case.ClockDropped.1", J.ClockMet.Parser, (ClockDropped e) => new J.ClockMet { AtUs = Wire.Us(e.At), Clock = (int)e.Clock }, w => new ClockDropped(Wire.At(w.AtUs), Wire.Known<ClockName>(w.Clock))),
        Codec.Of("case.Suspended.1", J.CaseDelay.Parser,
            (CaseSuspended e) => new J.CaseDelay { AtUs = Wire.Us(e.At), More = e.Code, UntilUs = Wire.Us(e.Until), By = e.By, Reason = e.Reason },
            w => new CaseSuspended(Wire.At(w.AtUs), w.More, Wire.At(w.UntilUs), w.By, w.Reason)),
        Codec.Of("case.Resumed.1", J.CaseDelay.Parser, (CaseResumed e) => new J.CaseDelay { AtUs = Wire.Us(e.At), By = e.By, Reason = e.Reason, LateByUs = Wire.Us(e.LateBy) },
            w => new CaseResumed(Wire.At(w.AtUs), w.By, w.Reason, Wire.Span(w.LateByUs))),
        Codec.Of("case.ExtensionRequested.1", J.CaseDelay.Parser,
            (ExtensionRequested e) => new J.CaseDelay { AtUs = Wire.Us(e.At), By = e.By, Extra = To(e.Extra), Reason = e.Reason, More = e.Plan, UntilUs = Wire.Us(e.AnswerBy) },
            w => new ExtensionRequested(Wire.At(w.AtUs), w.By, From(w.Extra), w.Reason, w.More, Wire.At(w.UntilUs))),
        Codec.Of("case.ExtensionDecided.1", J.CaseDelay.Parser,
            (ExtensionDecided e) => new J.CaseDelay { AtUs = Wire.Us(e.At), Granted = e.Granted, By = e.By, Reason = e.Reason, LateByUs = Wire.Us(e.LateBy) },
            w => new ExtensionDecided(Wire.At(w.AtUs), w.Granted, w.By, w.Reason, Wire.Span(w.LateByUs))),
    ];

    internal static J.CaseClock To(CaseClock c) => new()
    {
        Name = (int)c.Name, Phase = (int)c.Phase, StartedAtUs = Wire.Us(c.StartedAt), DueUs = Wire.Us(c.Due), EndedAtUs = Wire.UsOrZero(c.EndedAt), LateByUs = Wire.Us(c.LateBy), Budget = To(c.Budget),
        Pauses = { c.Pauses.Select(p => new J.ClockPause { FromUs = Wire.Us(p.From), ToUs = Wire.UsOrZero(p.To) }) }, Marks = { c.Marks.Select(To) },
    };

    internal static CaseClock From(J.CaseClock w)
    {
        var clock = new CaseClock(Wire.Known<ClockName>(w.Name), Wire.Known<ClockPhase>(w.Phase), Wire.At(w.StartedAtUs), Wire.At(w.DueUs), Wire.AtOrNone(w.EndedAtUs), Wire.Span(w.LateByUs));
        return w.Budget is null ? clock
            : clock with { Budget = From(w.Budget), Pauses = [.. w.Pauses.Select(p => new Pause(Wire.At(p.FromUs), Wire.AtOrNone(p.ToUs)))], Marks = [.. w.Marks.Select(From)] };
    }

    internal static J.CaseDelay To(Suspension s) => new() { More = s.Code, UntilUs = Wire.Us(s.Until), By = s.By, Reason = s.Reason, AtUs = Wire.UsOrZero(s.Since) };
    internal static Suspension Suspension(J.CaseDelay w) => new(w.More, Wire.At(w.UntilUs), w.By, w.Reason, Wire.AtOrNone(w.AtUs));
    internal static J.CaseDelay To(AskedExtension a) => new() { Extra = To(a.Extra), By = a.By, Reason = a.Reason, More = a.Plan, UntilUs = Wire.Us(a.AnswerBy) };
    internal static AskedExtension Asked(J.CaseDelay w) => new(From(w.Extra), w.By, w.Reason, w.More, Wire.At(w.UntilUs));
    internal static J.Budget To(Budget b) => new() { Kind = (int)b.Kind, TimeUs = Wire.Us(b.Time), Days = b.Days };
    internal static Budget From(J.Budget w) => new(Wire.Known<BudgetKind>(w.Kind), Wire.Span(w.TimeUs), w.Days);

    private static J.ClockMark To(ClockMark m) => new() { Percent = m.Percent, AtUs = Wire.Us(m.At) };
    private static ClockMark From(J.ClockMark w) => new(w.Percent, Wire.At(w.AtUs));

    private static J.ClockSet Set(J.ClockSet set, Budget? budget, ImmutableArray<ClockMark> marks)
    {
        if (budget is { } known) set.Budget = To(known);
        if (!marks.IsDefault) set.Marks.AddRange(marks.Select(To));
        return set;
    }

    private static Budget? From(J.ClockSet w) => w.Budget is null ? null : From(w.Budget);
    private static ImmutableArray<ClockMark> Marks(J.ClockSet w) => w.Budget is null ? default : [.. w.Marks.Select(From)];
}
