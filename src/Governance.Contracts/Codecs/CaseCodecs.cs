using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of a case and its register (<c>journal/v1/cases.proto</c>).</summary>
public static class CaseCodecs
{
    public static IEnumerable<Codec> All => [.. Life, .. Steps, .. Clocks, .. CaseClockCodecs.All, .. CaseNoteCodecs.All, .. CaseMergeCodecs.All, .. States];

    private static IEnumerable<Codec> Life =>
    [
        Codec.Of("case.CaseRegistered.1", J.CaseRegistered.Parser, (CaseRegistered e) => new J.CaseRegistered { AtUs = Wire.Us(e.At), Subject = To(e.Subject), Level = (int)e.Level },
            w => new CaseRegistered(Wire.At(w.AtUs), From(w.Subject)!, Wire.Known<Colour>(w.Level))),
        Codec.Of("case.OccurrenceLinked.1", J.OccurrenceLinked.Parser, (OccurrenceLinked e) => new J.OccurrenceLinked { AtUs = Wire.Us(e.At), Occurrence = To(e.Occurrence) },
            w => new OccurrenceLinked(Wire.At(w.AtUs), From(w.Occurrence))),
        Codec.Of("case.OccurrenceLevelNoted.1", J.OccurrenceLevelNoted.Parser,
            (OccurrenceLevelNoted e) => new J.OccurrenceLevelNoted { AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value, Level = (int)e.Level, Peak = (int)e.Peak },
            w => new OccurrenceLevelNoted(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence), Wire.Known<AlarmLevel>(w.Level), Wire.Known<AlarmLevel>(w.Peak))),
        Codec.Of("case.OccurrenceEnded.1", J.OccurrenceEnded.Parser, (OccurrenceEnded e) => new J.OccurrenceEnded { AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value },
            w => new OccurrenceEnded(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence))),
        Codec.Of("case.OccurrenceSilent.1", J.OccurrenceSilent.Parser,
            (OccurrenceSilent e) => new J.OccurrenceSilent { AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value, Unwatched = e.Unwatched },
            w => new OccurrenceSilent(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence), w.Unwatched)),
        Codec.Of("case.OccurrenceHeard.1", J.OccurrenceHeard.Parser, (OccurrenceHeard e) => new J.OccurrenceHeard { AtUs = Wire.Us(e.At), Occurrence = e.Occurrence.Value },
            w => new OccurrenceHeard(Wire.At(w.AtUs), new OccurrenceId(w.Occurrence))),
        Codec.Of("case.LevelChanged.1", J.CaseLevelChanged.Parser,
            (CaseEvent.LevelChanged e) => new J.CaseLevelChanged { AtUs = Wire.Us(e.At), From = (int)e.From, To = (int)e.To, Reason = e.Reason, By = e.By },
            w => new CaseEvent.LevelChanged(Wire.At(w.AtUs), Wire.Known<Colour>(w.From), Wire.Known<Colour>(w.To), w.Reason, w.By)),
        Codec.Of("case.CaseAssigned.1", J.CaseAssigned.Parser, (CaseAssigned e) => new J.CaseAssigned
        {
            AtUs = Wire.Us(e.At), Lead = e.Lead, Co = { e.Co }, Rule = e.Rule, Mandatory = { e.Mandatory }, Person = e.Person, RulesetVersion = e.RulesetVersion, Explain = { e.Explain }, By = e.By,
            Forced = e.Forced, SelfHandling = e.SelfHandling, Called = { e.Called },
        }, w => new CaseAssigned(Wire.At(w.AtUs), w.Lead, [.. w.Co], w.Rule)
        {
            Mandatory = [.. w.Mandatory], Person = w.Person, RulesetVersion = w.RulesetVersion, Explain = [.. w.Explain], By = w.By, Forced = w.Forced, SelfHandling = w.SelfHandling, Called = [.. w.Called],
        }),
        Codec.Of("case.NumberAssigned.1", J.NumberAssigned.Parser, (NumberAssigned e) => new J.NumberAssigned { AtUs = Wire.Us(e.At), Number = e.Number },
            w => new NumberAssigned(Wire.At(w.AtUs), w.Number)),
        Codec.Of("case.VerificationVoided.1", J.VerificationVoided.Parser, (VerificationVoided e) => new J.VerificationVoided { AtUs = Wire.Us(e.At), Reason = e.Reason, BackToScene = e.BackToScene },
            w => new VerificationVoided(Wire.At(w.AtUs), w.Reason, w.BackToScene)),
        Codec.Of("case.CaseClosed.1", J.CaseClosed.Parser, (CaseClosed e) => new J.CaseClosed { AtUs = Wire.Us(e.At), By = e.By, Outcome = e.Outcome, Note = e.Note },
            w => new CaseClosed(Wire.At(w.AtUs), w.By, w.Outcome, w.Note)),
    ];

    private static IEnumerable<Codec> Steps =>
    [
        Step("case.TaskNotified.1", (TaskNotified e) => Step(e.At, e.Organisation), w => new TaskNotified(Wire.At(w.AtUs), w.Organisation)),
        Step("case.TaskAccepted.1", (TaskAccepted e) => Step(e.At, e.Organisation, e.By), w => new TaskAccepted(Wire.At(w.AtUs), w.Organisation, w.By)),
        Step("case.TaskEnRoute.1", (TaskEnRoute e) => Step(e.At, e.Organisation, e.By), w => new TaskEnRoute(Wire.At(w.AtUs), w.Organisation, w.By)),
        Step("case.TaskOnScene.1", (TaskOnScene e) => Step(e.At, e.Organisation, e.By, e.Proof), w => new TaskOnScene(Wire.At(w.AtUs), w.Organisation, w.By, w.Text)),
        Step("case.ProgressReported.1", (ProgressReported e) => Step(e.At, e.Organisation, e.By, e.Text, e.Cause), w => new ProgressReported(Wire.At(w.AtUs), w.Organisation, w.By, w.Text, w.More)),
        Step("case.HazardControlled.1", (HazardControlled e) => Step(e.At, e.Organisation, e.By, e.Evidence), w => new HazardControlled(Wire.At(w.AtUs), w.Organisation, w.By, w.Text)),
        Step("case.TaskDone.1", (TaskDone e) => Step(e.At, e.Organisation, e.By, e.Outcome, e.Evidence, e.Kinds), w => new TaskDone(Wire.At(w.AtUs), w.Organisation, w.By, w.Text, w.More) { Kinds = [.. w.Kinds] }),
        Step("case.TaskFailed.1", (TaskFailed e) => Step(e.At, e.Organisation, e.By, e.Why), w => new TaskFailed(Wire.At(w.AtUs), w.Organisation, w.By, w.Text)),
        Codec.Of("case.FeedbackSubmitted.1", J.FeedbackSubmitted.Parser, (FeedbackSubmitted e) => new J.FeedbackSubmitted { AtUs = Wire.Us(e.At), By = e.By, Summary = e.Summary, PublicReply = e.PublicReply },
            w => new FeedbackSubmitted(Wire.At(w.AtUs), w.By, w.Summary) { PublicReply = w.PublicReply }),
        Codec.Of("case.Verified.1", J.VerificationGiven.Parser, (Verified e) => new J.VerificationGiven { AtUs = Wire.Us(e.At), By = e.By, Organisation = e.Organisation, Method = e.Method },
            w => new Verified(Wire.At(w.AtUs), w.By, w.Organisation, w.Method)),
        Codec.Of("case.ReworkOrdered.1", J.VerificationGiven.Parser, (ReworkOrdered e) => new J.VerificationGiven { AtUs = Wire.Us(e.At), By = e.By, Organisation = e.Organisation, Method = e.Method },
            w => new ReworkOrdered(Wire.At(w.AtUs), w.By, w.Organisation, w.Method)),
    ];

    private static IEnumerable<Codec> Clocks =>
    [
        Codec.Of("case.ClockMet.1", J.ClockMet.Parser, (ClockMet e) => new J.ClockMet { AtUs = Wire.Us(e.At), Clock = (int)e.Clock },
            w => new ClockMet(Wire.At(w.AtUs), Wire.Known<ClockName>(w.Clock))),
        Codec.Of("case.DeadlineBreached.1", J.DeadlineBreached.Parser,
            (DeadlineBreached e) => new J.DeadlineBreached { AtUs = Wire.Us(e.At), Clock = (int)e.Clock, DueUs = Wire.Us(e.Due), LateByUs = Wire.Us(e.LateBy) },
            w => new DeadlineBreached(Wire.At(w.AtUs), Wire.Known<ClockName>(w.Clock), Wire.At(w.DueUs), Wire.Span(w.LateByUs))),
        Codec.Of("case.Escalated.1", J.Escalated.Parser, (Escalated e) => new J.Escalated { AtUs = Wire.Us(e.At), To = (int)e.To, Told = e.Told, Clock = (int)e.Clock },
            w => new Escalated(Wire.At(w.AtUs), Wire.Known<Supervision>(w.To), w.Told, Wire.Known<ClockName>(w.Clock))),
    ];

    private static IEnumerable<Codec> States =>
    [
        Codec.Of("case.State.1", J.CaseState.Parser, (CaseState s) => CaseStateCodec.To(s), CaseStateCodec.From),
        Codec.Of("msg.NumberRequested.1", J.NumberRequested.Parser, (NumberRequested m) => new J.NumberRequested { CaseKey = m.Case.Value, Channel = m.Channel },
            w => new NumberRequested(new CaseKey(w.CaseKey), w.Channel)),
        Codec.Of("register.SerialGiven.1", J.SerialGiven.Parser,
            (SerialGiven e) => new J.SerialGiven { AtUs = Wire.Us(e.At), CaseKey = e.Case.Value, Serial = e.Serial, Number = e.Number },
            w => new SerialGiven(Wire.At(w.AtUs), new CaseKey(w.CaseKey), w.Serial, w.Number)),
        Codec.Of("register.State.1", J.CaseRegisterState.Parser,
            (CaseRegisterState s) => new J.CaseRegisterState { Id = s.Id, LastSerial = s.LastSerial, Given = { s.NumberOf.Select(n => new J.SerialGiven { CaseKey = n.Key, Number = n.Value }) } },
            w => new CaseRegisterState(w.Id, w.LastSerial, w.Given.ToImmutableSortedDictionary(g => g.CaseKey, g => g.Number, StringComparer.Ordinal),
                w.Given.ToImmutableSortedDictionary(g => g.Number, g => g.CaseKey, StringComparer.Ordinal))),
    ];

    private static Codec Step<T>(string manifest, Func<T, J.TaskStep> to, Func<J.TaskStep, T> from) where T : CaseEvent => Codec.Of(manifest, J.TaskStep.Parser, to, from);

    private static J.TaskStep Step(DateTimeOffset at, string organisation, string by = "", string text = "", string more = "", IEnumerable<string>? kinds = null) =>
        new() { AtUs = Wire.Us(at), Organisation = organisation, By = by, Text = text, More = more, Kinds = { kinds ?? [] } };

    internal static J.CaseSubject? To(CaseSubject? s) => s is null ? null : new J.CaseSubject
    {
        Source = s.SourceText, SourceName = s.SourceName, Enterprise = s.Enterprise, Area = s.Area.Value, Kind = (int?)s.Kind ?? 0, Category = s.Category, Drill = s.Drill,
        Clock = s.Clock.Value, Text = s.Text, Gateway = s.Gateway, Channel = s.Channel, Tags = { s.Tags },
        Place = s.Place == Place.Unknown ? null : new J.CasePlace { Community = s.Place.Community, Grid = s.Place.Grid, Address = s.Place.Address, Longitude = s.Place.Longitude, Latitude = s.Place.Latitude, Asset = s.Place.Asset },
    };

    internal static CaseSubject? From(J.CaseSubject? w) => w is null ? null : new CaseSubject(
        w.Source.Length == 0 ? null : new HazardSourceId(w.Source), w.SourceName, w.Enterprise, new AreaCode(w.Area), w.Kind == 0 ? null : Wire.Known<HazardKind>(w.Kind), w.Category, w.Drill,
        new ClockId(w.Clock), w.Text, w.Gateway)
    {
        Channel = w.Channel.Length == 0 ? "EM" : w.Channel, Tags = [.. w.Tags],
        Place = w.Place is null ? Place.Unknown : new Place(w.Place.Community, w.Place.Grid, w.Place.Address, w.Place.Longitude, w.Place.Latitude, w.Place.Asset),
    };

    internal static J.LinkedOccurrence To(LinkedOccurrence o) => new()
    {
        Id = o.Id.Value, Witness = (int)o.Witness, Detector = o.Detector, Level = (int)o.Level, Peak = (int)o.Peak, Phase = (int)o.Phase,
        RaisedAtUs = Wire.Us(o.RaisedAt), ClearedAtUs = Wire.UsOrZero(o.ClearedAt), Text = o.Text,
    };

    internal static LinkedOccurrence From(J.LinkedOccurrence w) => new(
        new OccurrenceId(w.Id), Wire.Known<Witness>(w.Witness), w.Detector, Wire.Known<AlarmLevel>(w.Level), Wire.Known<AlarmLevel>(w.Peak),
        Wire.Known<OccurrencePhase>(w.Phase), Wire.At(w.RaisedAtUs), Wire.AtOrNone(w.ClearedAtUs), w.Text);
}
