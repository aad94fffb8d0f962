using System.Diagnostics;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Node.Gateway;
using Grpc.Core;
using Grpc.Net.Client;
using Kernel = Governance.Domain.Kernel;
using MeetingsClient = Governance.Edge.V1.Meetings.MeetingsClient;

namespace Governance.Node.Drills;

/// <summary>A step of a script: when it should be, what it is, and what shows that it happened.</summary>
/// <param name="State">State of the case afterwards.</param>
internal sealed record DrillLeg(string What, DateTimeOffset Planned, DateTimeOffset Happened, string State, string Facts);

/// <summary>What a drill came to.</summary>
internal sealed record DrillResult(string Scenario, CaseView Case, IReadOnlyList<DrillLeg> Legs, double DeskMs, IReadOnlyList<SlipView> Slips, IReadOnlyList<string> Unmet);

/// <summary>
/// Where a script is played: a node, the people of the script with tokens of their own, and recorded time. Everything goes
/// through the public API.
/// </summary>
internal sealed class DrillStage(GrpcChannel channel, TokenIssuer issuer, DrillClock clock, AlertReader alerts, Action<DrillLeg> tell)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Cases.CasesClient _cases = new(channel);
    private readonly List<DrillLeg> _legs = [];
    private readonly List<string> _unmet = [];
    private readonly string _viewer = issuer.For("drill-viewer", "DISPATCH", Kernel.Roles.Operator);

    internal Cases.CasesClient Cases => _cases;
    internal MeetingsClient Meetings { get; } = new(channel);
    internal string CaseId { get; set; } = "";
    internal DrillClock Clock => clock;
    internal double DeskMs { get; set; }

    internal Metadata As(string subject, string organisation, params string[] roles) => new() { { "authorization", $"Bearer {issuer.For(subject, organisation, roles)}" } };

    internal static string Id() => Guid.NewGuid().ToString();

    internal TaskCommand Note(string text = "") => new() { CommandId = Id(), CaseId = CaseId, Note = text };

    internal async Task<CaseView> CaseAsync(CancellationToken cancel) =>
        await _cases.GetCaseAsync(new GetCaseRequest { CaseId = CaseId }, new Metadata { { "authorization", $"Bearer {_viewer}" } }, cancellationToken: cancel);

    /// <summary>One step at its time of the script.</summary>
    internal async Task StepAsync(DateTimeOffset at, string what, Func<CancellationToken, Task<string>> act, CancellationToken cancel)
    {
        await clock.AdvanceAsync(at, cancel);
        var facts = await act(cancel);
        var state = CaseId.Length > 0 ? await CaseAsync(cancel) : null;
        var leg = new DrillLeg(what, at, clock.Now, state?.State ?? "", facts);
        _legs.Add(leg);
        tell(leg);
    }

    internal Task StepAsync(DateTimeOffset at, string what, Func<CancellationToken, Task> act, CancellationToken cancel) => StepAsync(at, what, async c =>
    {
        await act(c);
        return "";
    }, cancel);

    /// <summary>A promise of the script; the drill goes on and says at its end what was not kept.</summary>
    internal void Wants(bool kept, string promise)
    {
        if (!kept) _unmet.Add(promise);
    }

    /// <summary>Registers the case and waits until the lead's desk holds it.</summary>
    internal async Task<string> RegisterAsync(RegisterCaseRequest request, Metadata who, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var reply = await _cases.RegisterCaseAsync(request, who, cancellationToken: cancel);
        CaseId = reply.CaseId;
        await alerts.WaitForAsync(a => a.Kind == AlertKind.CaseDispatched && a.CaseId == CaseId, cancel).WaitAsync(Patience, cancel);
        DeskMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var view = await UntilAsync(v => v.CaseNumber.Length > 0, cancel);
        return $"{view.CaseNumber}: lead {view.Tasks.First(t => t.Lead).Organisation}, co {string.Join(",", view.Tasks.Where(t => !t.Lead).Select(t => t.Organisation))} by {view.Rule}; on the desk after {DeskMs:0} ms";
    }

    /// <summary>What entities tell one another takes a moment.</summary>
    internal async Task<CaseView> UntilAsync(Func<CaseView, bool> holds, CancellationToken cancel)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            var view = await CaseAsync(cancel);
            if (holds(view)) return view;
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"case {view.CaseNumber} is {view.State} and does not come to what the script says");
            await Task.Delay(20, cancel);
        }
    }

    internal async Task<SlipView> SlipAsync(string slip, CancellationToken cancel) =>
        await Meetings.GetSlipAsync(new GetSlipRequest { SlipId = slip }, new Metadata { { "authorization", $"Bearer {_viewer}" } }, cancellationToken: cancel);

    internal async Task<DrillResult> EndAsync(string scenario, CancellationToken cancel)
    {
        var view = await CaseAsync(cancel);
        Wants(view.State == "CLOSED", "the case is closed");
        Wants(Math.Abs(view.Ledger.Legs.Sum(l => l.Seconds) - view.Ledger.TotalS) < 0.001, "the legs of the time ledger sum to its total");
        Wants(view.Clocks.All(c => c.State != "BREACHED"), $"no clock ran out ({string.Join(", ", view.Clocks.Where(c => c.State == "BREACHED").Select(c => c.Clock))})");
        var slips = new List<SlipView>();
        foreach (var slip in view.Slips) slips.Add(await SlipAsync(slip.SlipId, cancel));
        return new DrillResult(scenario, view, _legs, DeskMs, slips, _unmet);
    }
}
