using Governance.Domain.Dispatch;
using static Governance.Domain.Dispatch.DepartmentEvent;

namespace Governance.Actors.Inspection;

/// <summary>What happens at a desk, in one readable line.</summary>
internal static class DeskEventText
{
    internal static string By(DepartmentEvent happened) => happened switch
    {
        NotificationConfirmed e => e.By,
        NotificationOpened { By.Length: > 0 } e => e.By,
        SendingBegun { By.Length: > 0 } e => e.By,
        DutyChanged e => e.Change.By,
        _ => "system",
    };

    internal static string Of(DepartmentEvent happened) => happened switch
    {
        TaskReceived e => $"{e.Task.Case} {e.Task.Category} {e.Task.Level}: {e.Task.Text}",
        TaskEnded e => $"{e.Case}",
        NotificationOpened e => $"{e.Notification} {e.Kind} {e.Level}: {e.Text}",
        PersonPaged e => $"{e.Notification} round {e.Round}: {(e.Person.Length > 0 ? e.Person : "nobody")}{(e.OnDuty ? "" : ", not on duty")}, until {e.Due:u}{(e.Withheld ? ", withheld" : "")}",
        ReceiptMissed e => $"{e.Notification}: {e.Person}, late by {e.LateBy.TotalSeconds:0.###} s",
        ChainExhausted e => $"{e.Notification} round {e.Round}",
        NotificationConfirmed e => e.Notification,
        NotificationEnded e => $"{e.Notification}: {e.Why}",
        SendingBegun e => $"{e.Notification}.{e.Sending}",
        SendingEnded e => $"{e.Notification}.{e.Sending} {e.Phase} {e.Note}",
        SendingFailed e => $"{e.Notification}.{e.Sending}: {e.Error}, {(e.NextAt is { } next ? $"again at {next:u}" : "a dead letter")}",
        DutyChanged e => $"{e.Change.Person} {e.Change.Duty} until {e.Change.Until:u}: {e.Change.Reason}",
        _ => "",
    };
}
