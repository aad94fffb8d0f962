using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored forms of notifications and duties of a desk (<c>journal/v1/dispatch.proto</c>).</summary>
public static class NotificationCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of("dept.NotificationOpened.1", J.NotificationOpened.Parser, (DepartmentEvent.NotificationOpened e) => new J.NotificationOpened
        {
            AtUs = Wire.Us(e.At), Notification = e.Notification, Kind = (int)e.Kind, CaseKey = e.Case, Level = (int)e.Level, Category = e.Category, Text = e.Text, Drill = e.Drill, By = e.By, Post = e.Post,
        }, w => new DepartmentEvent.NotificationOpened(Wire.At(w.AtUs), w.Notification, Wire.Known<NotificationKind>(w.Kind), w.CaseKey, Wire.Known<Colour>(w.Level), w.Category, w.Text, w.Drill, w.By, w.Post)),
        Codec.Of("dept.PersonPaged.1", J.PersonPaged.Parser, (DepartmentEvent.PersonPaged e) => new J.PersonPaged
        {
            AtUs = Wire.Us(e.At), Notification = e.Notification, Round = e.Round, Person = e.Person, OnDuty = e.OnDuty, DueUs = Wire.Us(e.Due), Addresses = { e.Addresses }, Withheld = e.Withheld,
        }, w => new DepartmentEvent.PersonPaged(Wire.At(w.AtUs), w.Notification, w.Round, w.Person, w.OnDuty, Wire.At(w.DueUs), [.. w.Addresses], w.Withheld)),
        Codec.Of("dept.ReceiptMissed.1", J.ReceiptMissed.Parser, (DepartmentEvent.ReceiptMissed e) => new J.ReceiptMissed { AtUs = Wire.Us(e.At), Notification = e.Notification, Person = e.Person, LateByUs = Wire.Us(e.LateBy) },
            w => new DepartmentEvent.ReceiptMissed(Wire.At(w.AtUs), w.Notification, w.Person, Wire.Span(w.LateByUs))),
        Codec.Of("dept.ChainExhausted.1", J.ChainExhausted.Parser, (DepartmentEvent.ChainExhausted e) => new J.ChainExhausted { AtUs = Wire.Us(e.At), Notification = e.Notification, Round = e.Round },
            w => new DepartmentEvent.ChainExhausted(Wire.At(w.AtUs), w.Notification, w.Round)),
        Codec.Of("dept.NotificationConfirmed.1", J.NotificationNote.Parser, (DepartmentEvent.NotificationConfirmed e) => new J.NotificationNote { AtUs = Wire.Us(e.At), Notification = e.Notification, Text = e.By },
            w => new DepartmentEvent.NotificationConfirmed(Wire.At(w.AtUs), w.Notification, w.Text)),
        Codec.Of("dept.NotificationEnded.1", J.NotificationNote.Parser, (DepartmentEvent.NotificationEnded e) => new J.NotificationNote { AtUs = Wire.Us(e.At), Notification = e.Notification, Text = e.Why },
            w => new DepartmentEvent.NotificationEnded(Wire.At(w.AtUs), w.Notification, w.Text)),
        Codec.Of("dept.SendingBegun.1", J.SendingNote.Parser, (DepartmentEvent.SendingBegun e) => new J.SendingNote { AtUs = Wire.Us(e.At), Notification = e.Notification, Sending = e.Sending, Text = e.By },
            w => new DepartmentEvent.SendingBegun(Wire.At(w.AtUs), w.Notification, w.Sending, w.Text)),
        Codec.Of("dept.SendingEnded.1", J.SendingNote.Parser, (DepartmentEvent.SendingEnded e) => new J.SendingNote { AtUs = Wire.Us(e.At), Notification = e.Notification, Sending = e.Sending, Phase = (int)e.Phase, Text = e.Note },
            w => new DepartmentEvent.SendingEnded(Wire.At(w.AtUs), w.Notification, w.Sending, Wire.Known<SendingPhase>(w.Phase), w.Text)),
        Codec.Of("dept.SendingFailed.1", J.SendingNote.Parser, (DepartmentEvent.SendingFailed e) => new J.SendingNote { AtUs = Wire.Us(e.At), Notification = e.Notification, Sending = e.Sending, Text = e.Error, NextUs = Wire.UsOrZero(e.NextAt) },
            w => new DepartmentEvent.SendingFailed(Wire.At(w.AtUs), w.Notification, w.Sending, w.Text, Wire.AtOrNone(w.NextUs))),
        Codec.Of("dept.DutyChanged.1", J.DutyChanged.Parser, (DepartmentEvent.DutyChanged e) => new J.DutyChanged { AtUs = Wire.Us(e.At), Change = To(e.Change) },
            w => new DepartmentEvent.DutyChanged(Wire.At(w.AtUs), From(w.Change))),
    ];

    internal static J.DutyChange To(DutyChange c) => new() { Person = c.Person, Duty = (int)c.Duty, UntilUs = Wire.Us(c.Until), Reason = c.Reason, By = c.By };
    internal static DutyChange From(J.DutyChange w) => new(w.Person, Wire.Known<Duty>(w.Duty), Wire.At(w.UntilUs), w.Reason, w.By);

    internal static J.DeskNotification To(Notification n) => new()
    {
        Id = n.Id, Kind = (int)n.Kind, CaseKey = n.Case, Level = (int)n.Level, Category = n.Category, Text = n.Text, Drill = n.Drill, By = n.By, OpenedUs = Wire.Us(n.OpenedAt), Phase = (int)n.Phase,
        Round = n.Round, DueUs = Wire.UsOrZero(n.Due), Pages = { n.Pages.Select(To) }, Sendings = n.Sendings, ConfirmedBy = n.ConfirmedBy, EndedUs = Wire.UsOrZero(n.EndedAt), Why = n.Why, Post = n.Post,
    };

    internal static Notification From(J.DeskNotification w) => new(
        w.Id, Wire.Known<NotificationKind>(w.Kind), w.CaseKey, Wire.Known<Colour>(w.Level), w.Category, w.Text, w.Drill, w.By, Wire.At(w.OpenedUs), Wire.Known<NotificationPhase>(w.Phase),
        w.Round, Wire.AtOrNone(w.DueUs), [.. w.Pages.Select(From)], w.Sendings, w.ConfirmedBy, Wire.AtOrNone(w.EndedUs), w.Why, w.Post);

    private static J.DeskPage To(Page p) => new()
    {
        Round = p.Round, Person = p.Person, OnDuty = p.OnDuty, AtUs = Wire.Us(p.At),
        Sendings =
        {
            p.Sendings.Select(s => new J.DeskSending
            {
                No = s.No, Channel = s.Channel, Target = s.Target, Phase = (int)s.Phase, Attempts = s.Attempts, NextUs = Wire.UsOrZero(s.NextAt), EndedUs = Wire.UsOrZero(s.EndedAt), Error = s.Error, RetriedBy = s.RetriedBy,
            }),
        },
    };

    private static Page From(J.DeskPage w) => new(w.Round, w.Person, w.OnDuty, Wire.At(w.AtUs), [.. w.Sendings.Select(s =>
        new Sending(s.No, s.Channel, s.Target, Wire.Known<SendingPhase>(s.Phase), s.Attempts, Wire.AtOrNone(s.NextUs), Wire.AtOrNone(s.EndedUs), s.Error, s.RetriedBy))]);
}
