using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>From a signal to a judged case (cases.md, 1 to 3, 6, 7, 25, 33).</summary>
internal static class CaseIntake
{
    internal const string Unclassified = "9901", SelfHandle = "SELF_HANDLE", Agenda = "AGENDA", ToAssign = "ASSIGN";
    private static readonly string[] RejectCodes = ["NOT_DISTRICT_POWER", "PROCEDURE_UNDER_WAY", "SECRET", "NO_FACTS", Malicious];
    private static readonly string[] VoidCodes = [FalseAlarm, "DUPLICATE", "WITHDRAWN", "TEST"];
    private const string Malicious = "MALICIOUS", FalseAlarm = "FALSE_ALARM";

    internal static Refusal? Register(CaseFold fold, RegisterCase c)
    {
        // Seen already: the other system repeats itself.
        if (fold.State.Phase != CasePhase.NotOpened) return null;
        if (!Channels.Contains(c.Channel)) return new Refusal("CHANNEL_UNKNOWN", $"one of {string.Join(", ", Channels)}", RefusalKind.Invalid).With("field", "channel");
        if (c.Text.Length == 0) return CaseHandling.Missing("text");
        if (!double.IsFinite(c.Confidence) || c.Confidence is < 0 or > 1) return new Refusal("CONFIDENCE_INVALID", "confidence is 0 to 1", RefusalKind.Invalid).With("field", "confidence");
        var category = c.Category.Length == 0 ? Unclassified : c.Category;
        if (!fold.Policy.Categories.TryGetValue(category, out var card)) return UnknownCategory(category);
        if (c.Level != Colour.Grey && !CasePolicy.Levels.Contains(c.Level)) return new Refusal("LEVEL_INVALID", "blue, yellow, orange or red", RefusalKind.Invalid).With("field", "level");
        var level = c.Level == Colour.Grey ? card.Level : c.Level;
        var report = new CaseReport($"{c.Channel}/{c.SourceEventId}", c.Channel, c.Text, c.Reporter, c.Reachable, c.Media, fold.Now);
        if (c.Gateway.Length > 0 && !c.Drill) return new Refusal("RECORDED_TIME_IS_FOR_DRILLS", "a live case lives in the time of the wall", RefusalKind.Invalid).With("field", "gateway");
        var clock = c.Gateway.Length > 0 ? ClockId.Recorded(new GatewayId(c.Gateway).Value) : ClockId.Wall;
        var subject = new CaseSubject(null, Title(c.Text, c.Place), "", new AreaCode(c.Area), null, category, c.Drill, clock, c.Text) { Channel = c.Channel, Place = c.Place, Tags = c.Tags };
        Open(fold, subject, level, report, fold.Now, category != Unclassified && (c.Confidence * 100 >= fold.Policy.Limits.ConfidentFromPercent || level >= Colour.Orange)
            ? null : category == Unclassified ? "not classified" : string.Create(CultureInfo.InvariantCulture, $"classified with confidence {c.Confidence:0.00} only"));
        return null;
    }

    /// <param name="unsure">Why a person judges; null: a rule is sure, and it is assigned at once (秒派单).</param>
    internal static void Open(CaseFold fold, CaseSubject subject, Colour level, CaseReport report, DateTimeOffset at, string? unsure)
    {
        fold.Happen(new CaseRegistered(at, subject, level));
        fold.Happen(new ReportAttached(fold.Now, report, 1, "system"));
        fold.Alive();
        if (report is { Reachable: true, Reporter.Length: > 0 }) fold.Start(ClockName.Contact, fold.Now);
        Number(fold, at);
        if (unsure is null)
        {
            fold.Happen(new CaseJudged(fold.Now, level, subject.Category, subject.Tags, ToAssign, "system", "the rule is sure"));
            CaseAssignment.ByRule(fold, fold.Now);
        }
        else
        {
            fold.Happen(new JudgmentAwaited(fold.Now, unsure));
            fold.Start(ClockName.Judge, fold.Now);
            fold.Tell(AlertKind.CaseOpened, "opened", fold.Now, $"{fold.Policy.NameOf(subject.Category)}: {subject.SourceName}; to be judged, {unsure}");
        }
    }

    internal static void Number(CaseFold fold, DateTimeOffset at)
    {
        var subject = fold.State.Subject!;
        var register = $"{fold.Policy.District}-{at.ToOffset(WorkCalendar.Local):yyyyMMdd}";
        fold.Send(new EntityAddress(EntityKinds.CaseRegister, register), new NumberRequested(fold.State.Key, subject.Drill ? "DR" : subject.Channel));
    }

    internal static Refusal? Attach(CaseFold fold, AttachReport c, Caller caller)
    {
        var report = new CaseReport($"{c.Channel}/{c.SourceEventId}", c.Channel, c.Text, c.Reporter, c.Reachable, c.Media, fold.Now);
        if (!Channels.Contains(c.Channel)) return new Refusal("CHANNEL_UNKNOWN", $"one of {string.Join(", ", Channels)}", RefusalKind.Invalid).With("field", "channel");
        if (fold.State.Reports.Exists(r => r.Id == report.Id)) return null;
        if (!fold.State.HasRoomFor(report)) return new Refusal("CASE_FULL", $"{fold.State.Reports.Count} reports, and no room for this one: it is a case of its own", RefusalKind.Exhausted);
        var byRule = !caller.Is(Roles.Operator) && !caller.Is(Roles.Leader);
        var limits = fold.Policy.Limits;
        if (byRule && c.Score * 100 < limits.ProposeFromPercent) return new Refusal("NOT_ALIKE", string.Create(CultureInfo.InvariantCulture, $"score {c.Score:0.00}: this report is a case of its own"));
        // Disputes, petitions and persons are never joined by a rule: two people's trouble is not one because it reads alike.
        if (byRule && (c.Score * 100 < limits.AttachFromPercent || limits.AttachByDesk.Contains(Group(fold.State))))
        {
            // Who sent it is answered and forgets it. So it is a case at once, the one that registering it would open; the desk merges them.
            var own = CaseKey.Of(report.Id);
            HandOver(fold, own, report);
            fold.Tell(AlertKind.CaseProgressed, $"attach-proposed/{report.Id}", fold.Now, string.Create(CultureInfo.InvariantCulture, $"report {report.Id} may belong here, score {c.Score:0.00}: the duty desk decides, until then it is case {own}"));
            return null;
        }
        fold.Happen(new ReportAttached(fold.Now, report, c.Score, caller.Subject));
        fold.Tell(AlertKind.CaseProgressed, $"attached/{report.Id}", fold.Now, fold.State.Phase == CasePhase.Closed
            ? $"report {report.Id} about a case that is closed: reopen it or not" : $"report {report.Id} attached, {fold.State.Reports.Count} now");
        return null;
    }

    internal static Refusal? Detach(CaseFold fold, DetachReport c, Caller caller)
    {
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        if (fold.State.Reports.Find(r => r.Id == c.ReportId) is not { } report) return new Refusal("UNKNOWN_REPORT", $"report {c.ReportId} is not attached to this case", RefusalKind.NotFound).With("field", "report_id");
        if (fold.State is { Reports.Count: 1, Occurrences.IsEmpty: true }) return new Refusal("LAST_REPORT", "the only report of a case is not detached: void the case, or correct it");
        fold.Happen(new ReportDetached(fold.Now, report.Id, c.Reason, caller.Subject));
        // A report that came back and is detached again is another case: the first one may be over.
        HandOver(fold, CaseKey.Of($"detached/{fold.State.Key}/{report.Id}/{fold.State.Events}"), report);
        fold.Tell(AlertKind.CaseProgressed, $"detached/{report.Id}", fold.Now, $"report {report.Id} becomes a case of its own: {c.Reason}");
        return null;
    }

    private static void HandOver(CaseFold fold, CaseKey to, CaseReport report)
    {
        var subject = fold.State.Subject!;
        fold.Send(new EntityAddress(EntityKinds.Case, to.Value), new ReportHandedOver(fold.State.Key, subject with { Text = report.Text, Channel = report.Channel }, fold.Policy.LevelOf(subject.Category), report));
    }

    /// <summary>A report that was detached elsewhere, or may belong there, is a case of its own, and keeps when it was received.</summary>
    internal static Decision<CaseEvent> HandedOver(CaseState state, CasePolicy policy, ReportHandedOver m, DateTimeOffset now)
    {
        if (state.Phase != CasePhase.NotOpened) return Decision<CaseEvent>.Nothing;
        var fold = new CaseFold(state, policy, now);
        Open(fold, m.Subject with { Source = null, Kind = null, Gateway = "" }, m.Level, m.Report, m.Report.ReceivedAt, $"a report to case {m.From}");
        return fold.Decision;
    }

    internal static Refusal? Judge(CaseFold fold, Judge c, Caller caller)
    {
        var (state, policy) = (fold.State, fold.Policy);
        if (c.Decision is not (ToAssign or SelfHandle or Agenda)) return new Refusal("DECISION_INVALID", "ASSIGN, SELF_HANDLE or AGENDA; to refuse intake and to ask the reporter are commands of their own", RefusalKind.Invalid).With("field", "decision");
        var (level, category) = (c.Level == Colour.Grey ? state.Level : c.Level, c.Category.Length == 0 ? state.Subject!.Category : c.Category);
        if (!CasePolicy.Levels.Contains(level)) return new Refusal("LEVEL_INVALID", "blue, yellow, orange or red", RefusalKind.Invalid).With("field", "level");
        if (!policy.Categories.TryGetValue(category, out var card)) return UnknownCategory(category);
        if (!CaseHandling.IsDutyDesk(caller) && (level > Colour.Blue || state.Level > Colour.Blue)) return new Refusal("ABOVE_YOUR_LEVEL", "a community judges blue cases", RefusalKind.Denied);
        if (CaseAssignment.OutOfScope(state, caller)) return CaseAssignment.Elsewhere(caller, "judges");
        if (level < state.Level && state.Level >= Colour.Orange && !caller.Is(Roles.Leader)) return new Refusal("LEADER_ONLY", "a duty leader lowers red and orange", RefusalKind.Denied);
        if (c.Decision == SelfHandle && (level > Colour.Blue || !card.SelfHandling)) return new Refusal("NOT_SELF_HANDLED", $"category {category} at {level} is not for the grid alone");
        // Who is clear about it needs no answer any more.
        CaseClocks.EndQuestion(fold, $"judged by {caller.Subject}");
        fold.Meet(ClockName.Judge);
        fold.Happen(new CaseJudged(fold.Now, level, category, c.Tags.IsEmpty ? state.Subject!.Tags : c.Tags, c.Decision, caller.Subject, c.Reason));
        // What ran while nobody had judged, the first word to the reporter above all, has the time of the level that it has now.
        if (level > state.Level) CaseClocks.Shorten(fold, level);
        if (level < state.Level) CaseClocks.Lengthen(fold);
        if (c.Decision != Agenda || level >= Colour.Orange) CaseAssignment.ByRule(fold, fold.Now);
        else
        {
            fold.Start(ClockName.Assign, fold.Now);
            fold.Alive();
            fold.Tell(AlertKind.CaseProgressed, "agenda", fold.Now, $"judged {level}, for the daily meeting: {c.Reason}");
        }
        return null;
    }

    internal static Refusal? Reject(CaseFold fold, RejectIntake c, Caller caller)
    {
        if (!RejectCodes.Contains(c.Code)) return new Refusal("CODE_INVALID", $"one of {string.Join(", ", RejectCodes)}", RefusalKind.Invalid).With("field", "code");
        if (c.Basis.Length == 0) return CaseHandling.Missing("basis");
        if (c.WhereToGo.Length == 0) return CaseHandling.Missing("where_to_go");
        if (fold.State.IsLive) return CaseHandling.Live(fold.State);
        if (fold.State.HasOpenSlip) return CaseSlips.Open(fold.State);
        if (fold.State.Level >= Colour.Yellow) return new Refusal("LEVEL_NOT_REJECTABLE", $"a {fold.State.Level} case is taken in, whoever is in charge").With("level", fold.State.Level.ToString());
        if (c.Code == Malicious && fold.State.Rejecting is not { Code: Malicious })
        {
            fold.Happen(new RejectionProposed(fold.Now, c.Code, c.Basis, c.WhereToGo, caller.Subject));
            fold.Tell(AlertKind.CaseProgressed, "rejection-proposed", fold.Now, "not to be taken in as malicious: a second person decides");
            return null;
        }
        if (c.Code == Malicious && fold.State.Rejecting!.By == caller.Subject) return new Refusal("SECOND_PERSON_NEEDED", "malicious is said by two persons", RefusalKind.Denied);
        fold.Happen(new CaseRejected(fold.Now, c.Code, c.Basis, c.WhereToGo, caller.Subject));
        End(fold, AlertKind.CaseClosed, "rejected", $"not taken in, {c.Code}: {c.WhereToGo}");
        return null;
    }

    internal static Refusal? Void(CaseFold fold, VoidCase c, Caller caller)
    {
        var state = fold.State;
        if (!VoidCodes.Contains(c.Code)) return new Refusal("CODE_INVALID", $"one of {string.Join(", ", VoidCodes)}", RefusalKind.Invalid).With("field", "code");
        if (state.IsLive) return CaseHandling.Live(state);
        if (state.HasOpenSlip) return CaseSlips.Open(state);
        if (!caller.Is(Roles.Leader))
        {
            if (CaseHandling.NotYourReport(state, caller, "may withdraw it") is { } other) return other;
            if (c.Code != "WITHDRAWN" || state.Level > Colour.Blue || state.Reports.Count > 1 || state.Phase == CasePhase.Handling)
                return new Refusal("NOT_WITHDRAWABLE", "a reporter withdraws his own blue report while nobody works on it and nobody else reported it");
        }
        if (c.Code == FalseAlarm && c.Proof.Length == 0) return new Refusal("PROOF_MISSING", "a false alarm is proved on the scene or by the device", RefusalKind.Invalid).With("field", "proof");
        fold.Happen(new CaseVoided(fold.Now, caller.Subject, c.Code, c.Proof));
        End(fold, AlertKind.CaseClosed, "voided", $"void, {c.Code}{(c.Proof.Length > 0 ? $": {c.Proof}" : "")}");
        return null;
    }

    internal static Refusal? Correct(CaseFold fold, Correct c, Caller caller)
    {
        if (c.Field is not ("CATEGORY" or "ADDRESS" or "TAGS")) return new Refusal("FIELD_INVALID", "CATEGORY, ADDRESS or TAGS", RefusalKind.Invalid).With("field", "field");
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        if (c.Field == "CATEGORY" && !fold.Policy.Categories.ContainsKey(c.Value)) return UnknownCategory(c.Value);
        if (c.Field == "TAGS" && c.Value.Split(',').Length > CaseHandling.ListLimit) return new Refusal("LIST_TOO_LONG", $"at most {CaseHandling.ListLimit} tags", RefusalKind.Invalid).With("field", "value");
        var category = fold.State.Subject!.Category;
        fold.Happen(new CaseCorrected(fold.Now, c.Field, c.Value, c.Reason, caller.Subject));
        fold.Tell(AlertKind.CaseProgressed, $"corrected/{c.Field}", fold.Now, $"{c.Field} is {c.Value} now: {c.Reason}");
        if (c.Field != "CATEGORY") return null;
        if (c.Value != category) CaseClocks.Recount(fold);
        CaseAssignment.Anew(fold, caller);
        return null;
    }

    internal static Refusal? Move(CaseFold fold, MoveToGrid c, Caller caller)
    {
        if (c.Reason.Length == 0) return CaseHandling.Missing("reason");
        var left = fold.State.Subject!.Area;
        fold.Happen(new CaseMoved(fold.Now, new AreaCode(c.Area), c.Community, c.Grid, c.Reason, caller.Subject));
        fold.Tell(AlertKind.CaseProgressed, "moved", fold.Now, $"moved to {c.Area} {c.Community} {c.Grid}: {c.Reason}", left);
        CaseAssignment.Anew(fold, caller);
        return null;
    }

    /// <summary>Over without having been closed: nobody's clock runs, no desk has it.</summary>
    internal static void End(CaseFold fold, AlertKind kind, string cause, string text)
    {
        foreach (var clock in fold.State.Clocks.Where(k => k.Phase is ClockPhase.Running or ClockPhase.Paused).Select(k => k.Name).ToList()) fold.Happen(new ClockDropped(fold.Now, clock));
        fold.ToDesks(_ => new TaskClosed(fold.State.Key, fold.Now));
        fold.Tell(kind, cause, fold.Now, text);
    }

    private static string Group(CaseState state) => state.Subject!.Category.Length >= 2 ? state.Subject.Category[..2] : "";

    private static string Title(string text, Place place) => place.Address.Length > 0 ? place.Address : text.Length <= 40 ? text : text[..40] + "…";

    private static Refusal UnknownCategory(string category) =>
        new Refusal("CATEGORY_UNKNOWN", $"'{(category.Length > 20 ? category[..20] : category)}' is no category of this district", RefusalKind.Invalid).With("field", "category");
}

/// <summary>To a case that is to be: a report that came to another one is yours.</summary>
public sealed record ReportHandedOver(CaseKey From, CaseSubject Subject, Colour Level, CaseReport Report) : IEntityMessage;
