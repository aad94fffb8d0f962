using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Cases;

/// <summary>The way of a command: known case, table, role, text lengths, then the room that decides it.</summary>
internal static class CaseHandling
{
    internal const int TextLimitCharacters = 4000, ListLimit = 50, EntryLimitCharacters = 500;
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    internal static Decision<CaseEvent> Decide(CaseState state, CasePolicy policy, CaseCommand command, Caller caller, DateTimeOffset now)
    {
        var refusal = Admitted(state, command, caller);
        if (refusal is not null) return Decision<CaseEvent>.Nothing with { Refusal = refusal };
        var fold = new CaseFold(state, policy, command is RegisterCase { Gateway.Length: > 0, RecordedAt: { } recorded } ? recorded : now);
        refusal = Room(fold, command, caller);
        return refusal is null ? fold.Decision : Decision<CaseEvent>.Nothing with { Refusal = refusal };
    }

    private static Refusal? Admitted(CaseState state, CaseCommand command, Caller caller)
    {
        var row = CaseTable.Rows[command.GetType().Name];
        // Registering what is registered is a repeat of the other system's, whatever became of the case.
        if (command is not RegisterCase)
        {
            if (state.Phase == CasePhase.NotOpened) return new Refusal("UNKNOWN_CASE", $"there is no case {state.Key}", RefusalKind.NotFound);
            var allowed = CaseTable.AllowedIn(state);
            if (!allowed.Contains(row.Name)) return Illegal(row.Name, Names.StateOf(state), allowed);
        }
        if (!row.Who.Any(caller.Is)) return new Refusal("ROLE_REQUIRED", $"{row.Name} needs one of: {string.Join(", ", row.Who)}", RefusalKind.Denied).With("roles", string.Join(",", row.Who));
        return TooLong(command);
    }

    private static Refusal? Room(CaseFold fold, CaseCommand command, Caller caller) => command switch
    {
        RegisterCase c => CaseIntake.Register(fold, c),
        AttachReport c => CaseIntake.Attach(fold, c, caller),
        DetachReport c => CaseIntake.Detach(fold, c, caller),
        Judge c => CaseIntake.Judge(fold, c, caller),
        RejectIntake c => CaseIntake.Reject(fold, c, caller),
        VoidCase c => CaseIntake.Void(fold, c, caller),
        Correct c => CaseIntake.Correct(fold, c, caller),
        MoveToGrid c => CaseIntake.Move(fold, c, caller),
        AskReporter c => CaseDelays.AskReporter(fold, c, caller),
        AnswerQuestion c => CaseDelays.Answer(fold, c, caller),
        MergeInto c => CaseMerging.Begin(fold, c, caller),
        Unmerge c => CaseMerging.Leave(fold, c, caller),
        Assign c => CaseAssignment.Assign(fold, c, caller),
        ForceAssign c => CaseAssignment.Force(fold, c, caller),
        WaiveTask c => CaseAssignment.Drop(fold, c.Organisation, TaskPhase.Waived, c.Reason, caller),
        WithdrawTask c => CaseAssignment.Drop(fold, c.Organisation, TaskPhase.Withdrawn, c.Reason, caller),
        Verify c => CaseConclusion.Verify(fold, c, caller),
        RecordCallback c => CaseConclusion.Callback(fold, c, caller),
        CancelOff c => CaseConclusion.Close(fold, c, caller),
        Reopen c => CaseConclusion.Reopen(fold, c, caller),
        Archive => CaseConclusion.Archive(fold, caller.Subject, fold.Now),
        DecideExtension c => CaseDelays.Decide(fold, c, caller),
        Suspend c => CaseDelays.Suspend(fold, c, caller),
        Resume c => CaseDelays.Resume(fold, c, caller),
        Urge c => CaseDelays.Urge(fold, c, caller),
        RaiseLevel c => CaseLevels.Raise(fold, c, caller),
        LowerLevel c => CaseLevels.Lower(fold, c, caller),
        IssueReminder c => CaseSlips.Ask(fold, Meetings.SlipKind.Reminder, c.Reason, caller),
        IssueSupervision c => CaseSlips.Ask(fold, Meetings.SlipKind.Supervision, c.Reason, caller),
        EscalateCrisis c => CaseSlips.ToCrisis(fold, c.Reason, caller),
        Unmask c => CasePrivacy.Unmask(fold, c, caller),
        ForgetReporter c => CasePrivacy.Forget(fold, c, caller),
        _ => CaseField.OfTask(fold, command, caller),
    };

    /// <summary>What may be done now: by the organisations with a task, and, under the empty name, by others.</summary>
    internal static ImmutableSortedDictionary<string, ImmutableList<string>> AllowedNow(CaseState state)
    {
        var phase = CaseTable.AllowedIn(state);
        return state.Tasks.Select(t => KeyValuePair.Create(t.Organisation, CaseField.AllowedFor(t, state).Where(phase.Contains).ToImmutableList()))
            .Append(KeyValuePair.Create("", phase.Where(c => !CaseTable.Rows[c].OfTask).Where(c => c switch
            {
                nameof(CaseCommand.Verify) => !state.Verified,
                nameof(CancelOff) => state.Verified,
                nameof(DecideExtension) => state.Asked is not null,
                nameof(AskReporter) => state.HasReachableReporter && state.Level < Colour.Orange,
                nameof(DetachReport) => !state.Reports.IsEmpty,
                _ => true,
            }).ToImmutableList()))
            .Where(a => !a.Value.IsEmpty).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    internal static Refusal Illegal(string command, string state, IEnumerable<string> allowed) =>
        new Refusal("ILLEGAL_TRANSITION", $"{command} is not allowed in {state}").With("state", state).With("command", command).With("allowed", string.Join(",", allowed));

    /// <summary>The duty desk of the district, who leads it, or the system on their behalf; not a community's desk.</summary>
    internal static bool IsDutyDesk(Caller caller) => caller.Is(Roles.Operator) || caller.Is(Roles.Leader) || caller.Is(Roles.System);

    /// <summary>Null where the caller reported it himself.</summary>
    /// <param name="may">What only who reported it does.</param>
    internal static Refusal? NotYourReport(CaseState state, Caller caller, string may) =>
        state.Reports.Exists(r => r.Reporter == caller.Subject) ? null : new Refusal("NOT_YOUR_REPORT", $"who reported it {may}", RefusalKind.Denied);

    internal static Refusal Missing(string field) => new Refusal(field == "reason" ? "REASON_MISSING" : "TEXT_MISSING", $"{field} is mandatory", RefusalKind.Invalid).With("field", field);

    internal static Refusal Live(CaseState state) =>
        new Refusal("OCCURRENCE_LIVE", "an occurrence of this case has not returned to normal").With("occurrences", string.Join(",", state.Occurrences.Where(o => o.Phase != OccurrencePhase.Cleared).Select(o => o.Id.Value)));

    /// <summary>Texts, lists, their entries and places of a command have one limit each.</summary>
    private static Refusal? TooLong(CaseCommand command)
    {
        foreach (var property in Properties.GetOrAdd(command.GetType(), t => t.GetProperties()))
        {
            var (text, list, limit) = property.GetValue(command) switch
            {
                string s => (s.Length, 0, TextLimitCharacters),
                IReadOnlyCollection<string> all => (all.Select(s => s.Length).DefaultIfEmpty(0).Max(), all.Count, EntryLimitCharacters),
                Place p => (new[] { p.Community, p.Grid, p.Address, p.Asset }.Max(s => s.Length), 0, EntryLimitCharacters),
                _ => (0, 0, TextLimitCharacters),
            };
            if (text > limit) return new Refusal("TEXT_TOO_LONG", $"{Field(property)} is longer than {limit} characters", RefusalKind.Invalid).With("field", Field(property));
            if (list > ListLimit) return new Refusal("LIST_TOO_LONG", $"{Field(property)} has more than {ListLimit} entries", RefusalKind.Invalid).With("field", Field(property));
        }
        return null;
    }

    private static string Field(PropertyInfo property) => string.Concat(property.Name.Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
