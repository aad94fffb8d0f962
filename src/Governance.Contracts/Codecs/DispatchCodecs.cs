using System.Collections.Immutable;
using Governance.Domain.Dispatch;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of departments, and of what sources tell cases and cases tell departments.</summary>
public static class DispatchCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of("msg.OccurrenceRaised.1", J.OccurrenceRaised.Parser, (OccurrenceRaised m) => new J.OccurrenceRaised
        {
            Occurrence = m.Occurrence.Value, Witness = (int)m.Witness, Source = m.Source.Value, SourceName = m.SourceName, Enterprise = m.Enterprise, Area = m.Area.Value,
            Detector = m.Detector, Kind = (int)m.Kind, Level = (int)m.Level, Colour = (int)m.Colour, Value = m.Value, Limit = m.Limit, Unit = m.Unit, Drill = m.Drill,
            Clock = m.Clock.Value, AtUs = Wire.Us(m.At), Text = m.Text,
        }, w => new OccurrenceRaised(new OccurrenceId(w.Occurrence), Wire.Known<Witness>(w.Witness), new HazardSourceId(w.Source), w.SourceName, w.Enterprise, new AreaCode(w.Area),
            w.Detector, Wire.Known<HazardKind>(w.Kind), Wire.Known<AlarmLevel>(w.Level), Wire.Known<Colour>(w.Colour), w.Value, w.Limit, w.Unit, w.Drill, new ClockId(w.Clock), Wire.At(w.AtUs), w.Text)),
        Codec.Of("msg.OccurrenceChanged.1", J.OccurrenceChanged.Parser, (OccurrenceChanged m) => new J.OccurrenceChanged
        {
            Occurrence = m.Occurrence.Value, Level = (int)m.Level, Peak = (int)m.Peak, Colour = (int)m.Colour, Value = m.Value, AtUs = Wire.Us(m.At), Text = m.Text,
        }, w => new OccurrenceChanged(new OccurrenceId(w.Occurrence), Wire.Known<AlarmLevel>(w.Level), Wire.Known<AlarmLevel>(w.Peak), Wire.Known<Colour>(w.Colour), w.Value, Wire.At(w.AtUs), w.Text)),
        Codec.Of("msg.OccurrenceCleared.1", J.OccurrenceNote.Parser, (OccurrenceCleared m) => new J.OccurrenceNote { Occurrence = m.Occurrence.Value, AtUs = Wire.Us(m.At) },
            w => new OccurrenceCleared(new OccurrenceId(w.Occurrence), Wire.At(w.AtUs))),
        Codec.Of("msg.OccurrenceDataLost.1", J.OccurrenceNote.Parser,
            (OccurrenceDataLost m) => new J.OccurrenceNote { Occurrence = m.Occurrence.Value, Unwatched = m.Unwatched, AtUs = Wire.Us(m.At) },
            w => new OccurrenceDataLost(new OccurrenceId(w.Occurrence), w.Unwatched, Wire.At(w.AtUs))),
        Codec.Of("msg.OccurrenceDataRestored.1", J.OccurrenceNote.Parser,
            (OccurrenceDataRestored m) => new J.OccurrenceNote { Occurrence = m.Occurrence.Value, AtUs = Wire.Us(m.At) },
            w => new OccurrenceDataRestored(new OccurrenceId(w.Occurrence), Wire.At(w.AtUs))),
        Codec.Of("msg.TaskOffered.1", J.TaskOffered.Parser, (TaskOffered m) => new J.TaskOffered
        {
            CaseKey = m.Case.Value, Organisation = m.Organisation, Lead = m.Lead, Category = m.Category, Level = (int)m.Level, SourceName = m.SourceName, Text = m.Text, Drill = m.Drill, AtUs = Wire.Us(m.At), Person = m.Person, Called = { m.Called },
        }, w => new TaskOffered(new CaseKey(w.CaseKey), w.Organisation, w.Lead, w.Category, Wire.Known<Colour>(w.Level), w.SourceName, w.Text, w.Drill, Wire.At(w.AtUs)) { Person = w.Person, Called = [.. w.Called] }),
        Codec.Of("msg.TaskClosed.1", J.TaskClosed.Parser, (TaskClosed m) => new J.TaskClosed { CaseKey = m.Case.Value, AtUs = Wire.Us(m.At) },
            w => new TaskClosed(new CaseKey(w.CaseKey), Wire.At(w.AtUs))),
        Codec.Of("msg.TaskSigned.1", J.TaskSigned.Parser, (TaskSigned m) => new J.TaskSigned { CaseKey = m.Case.Value, By = m.By, AtUs = Wire.Us(m.At) },
            w => new TaskSigned(new CaseKey(w.CaseKey), w.By, Wire.At(w.AtUs))),
        Codec.Of("dept.TaskReceived.1", J.DepartmentTaskReceived.Parser, (DepartmentEvent.TaskReceived e) => new J.DepartmentTaskReceived { AtUs = Wire.Us(e.At), Task = To(e.Task) },
            w => new DepartmentEvent.TaskReceived(Wire.At(w.AtUs), From(w.Task))),
        Codec.Of("dept.TaskEnded.1", J.DepartmentTaskEnded.Parser, (DepartmentEvent.TaskEnded e) => new J.DepartmentTaskEnded { AtUs = Wire.Us(e.At), CaseKey = e.Case.Value },
            w => new DepartmentEvent.TaskEnded(Wire.At(w.AtUs), new CaseKey(w.CaseKey))),
        .. NotificationCodecs.All,
        Codec.Of("dept.State.1", J.DepartmentState.Parser, (DepartmentState s) => new J.DepartmentState
        {
            Code = s.Code, Open = { s.Open.Values.Select(To) }, Notifications = { s.Notifications.Values.OrderBy(n => n.Id, StringComparer.Ordinal).Select(NotificationCodecs.To) }, Ended = { s.Ended },
            Duties = { s.Duties.Values.Select(NotificationCodecs.To) }, Opened = s.Opened,
        }, w => new DepartmentState(w.Code, w.Open.Select(From).ToImmutableSortedDictionary(t => t.Case.Value, t => t, StringComparer.Ordinal))
        {
            Notifications = w.Notifications.Select(NotificationCodecs.From).ToImmutableDictionary(n => n.Id, n => n, StringComparer.Ordinal), Ended = [.. w.Ended],
            Duties = w.Duties.Select(NotificationCodecs.From).ToImmutableSortedDictionary(d => d.Person, d => d, StringComparer.Ordinal), Opened = w.Opened,
        }),
    ];

    private static J.TaskOffered To(DeskTask t) => new()
    {
        CaseKey = t.Case.Value, Lead = t.Lead, Category = t.Category, Level = (int)t.Level, SourceName = t.SourceName, Text = t.Text, Drill = t.Drill, AtUs = Wire.Us(t.At),
    };

    private static DeskTask From(J.TaskOffered w) => new(new CaseKey(w.CaseKey), w.Lead, w.Category, Wire.Known<Colour>(w.Level), w.SourceName, w.Text, w.Drill, Wire.At(w.AtUs));
}
