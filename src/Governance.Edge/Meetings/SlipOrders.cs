using Governance.Contracts.Messages;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Edge.Cases;
using Governance.Edge.Errors;

namespace Governance.Edge.Meetings;

/// <summary>What a new slip is about, from the live state of the cases that it is to cover.</summary>
public sealed class SlipOrders(CaseLookup cases, SlipLookup slips, CasePolicy policy)
{
    /// <param name="replaces">The reminder slip whose place it takes; its cases are covered where none is named. Null for none.</param>
    /// <returns>With the time in which the cases live.</returns>
    public async Task<(SlipOrder Order, DateTimeOffset At)> OverAsync(SlipKind kind, IReadOnlyCollection<string> caseIds, SlipState? replaces, string reason, CancellationToken cancel)
    {
        if (caseIds.Count == 0 && replaces is not null) caseIds = [.. replaces.Held.Select(c => c.Case.Value)];
        if (caseIds.Count is 0 or > SlipState.CaseLimit) throw RefusedException.Invalid("case_ids", "CASES_INVALID", $"a slip covers 1 to {SlipState.CaseLimit} cases");
        var replies = new List<StateReply>();
        foreach (var id in caseIds) replies.Add(await cases.LiveAsync(id, cancel));
        var states = replies.ConvertAll(r => (CaseState)r.State);
        if (states.Find(s => !s.IsOpen) is { } over) throw new RefusedException(new Refusal("CASE_IS_OVER", $"case {over.Key} is {Names.StateOf(over)}").With("case", over.Key.Value));
        if (SlipDrafting.Mixed(states)) throw new RefusedException(new Refusal("DRILL_AND_LIVE_MIXED", "cases of drills and live ones, or of several recordings, share no slip"));
        var at = replies.Max(r => r.Now);
        var content = SlipDrafting.About(kind, states, replaces, Colour.Grey, reason, policy.Slips, policy.Calendar, at);
        return (new SlipOrder(content, [.. states.Select(s => new SlipCase(s.Key, s.Number))]), at);
    }

    /// <summary>The reminder slip that is to be replaced.</summary>
    public async Task<SlipState?> ReplacedAsync(SlipKind kind, string slipId, CancellationToken cancel)
    {
        if (slipId.Length == 0) return null;
        var state = (SlipState)(await slips.LiveAsync(slipId, "replaces_slip_id", cancel)).State;
        if (kind != SlipKind.Supervision || state.Content!.Kind != SlipKind.Reminder) throw RefusedException.Invalid("replaces_slip_id", "NOT_A_REMINDER", "a supervision slip replaces a reminder slip");
        return state.IsOpen ? state : throw new RefusedException(new Refusal("SLIP_IS_OVER", $"slip {slipId} is {state.StateName}").With("state", state.StateName));
    }

    /// <summary>What a meeting that issues a slip about this item issues; null where the item has no case.</summary>
    public async Task<SlipOrder?> AboutItemAsync(string item, SlipKind kind, string reason, CancellationToken cancel)
    {
        if (item.StartsWith("case/", StringComparison.Ordinal)) return (await OverAsync(kind, [item["case/".Length..]], null, reason, cancel)).Order;
        if (!item.StartsWith("slip/", StringComparison.Ordinal)) return null;
        var slip = (SlipState)(await slips.LiveAsync(item["slip/".Length..], "item", cancel)).State;
        var replaced = kind == SlipKind.Supervision && slip.Content!.Kind == SlipKind.Reminder && slip.IsOpen ? slip : null;
        return (await OverAsync(kind, [.. slip.Held.Select(c => c.Case.Value)], replaced, reason, cancel)).Order;
    }
}
