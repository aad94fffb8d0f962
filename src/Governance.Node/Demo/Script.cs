using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Governance.Node.Gateway;
using Governance.Edge.Security;
using Grpc.Core;
using Grpc.Net.Client;
using static Governance.Node.Demo.Incident;
using Kernel = Governance.Domain.Kernel;

namespace Governance.Node.Demo;

/// <summary>What people did on 3 August, each step through the public API with the token of the one who did it.</summary>
internal sealed class Script(TokenIssuer issuer, GrpcChannel channel, AlertReader alerts, Action<DateTimeOffset, string> tell)
{
    private static readonly string Chlorine = PlantDistrict.SourceId(PlantDistrict.ChlorineSource);
    private readonly Cases.CasesClient _cases = new(channel);
    private readonly string _expert = issuer.For("chemistry-expert", "YJ", Kernel.Roles.Handler);
    private readonly string _officer = issuer.For("duty-officer", "DISPATCH", Kernel.Roles.Operator, Kernel.Roles.Viewer);
    private readonly string _leader = issuer.For("duty-leader", "DISPATCH", Kernel.Roles.Leader, Kernel.Roles.Operator);
    private readonly string _province = issuer.For("provincial-system", "", Kernel.Roles.Relay);

    /// <summary>The case; empty until the alarm has opened it.</summary>
    internal string CaseId { get; private set; } = "";

    /// <summary>Steps by their recorded second. The recording goes on when a step is done.</summary>
    internal Dictionary<DateTimeOffset, Func<CancellationToken, Task>> Steps => new()
    {
        [Warning] = WarnAsync,
        [At(14, 10, 40)] = c => DoAsync(At(14, 10, 40), "YJ signs and sends chemistry experts", () => _cases.AcceptTaskAsync(Task(), Auth(_expert), cancellationToken: c)),
        [At(14, 11, 30)] = c => DoAsync(At(14, 11, 30), "experts depart", () => _cases.DepartAsync(Task(), Auth(_expert), cancellationToken: c)),
        [At(14, 19, 0)] = c => DoAsync(At(14, 19, 0), "experts on scene", () => _cases.ArriveOnSceneAsync(new ArriveOnSceneRequest { CommandId = Id(), CaseId = CaseId, Proof = "QR" }, Auth(_expert), cancellationToken: c)),
        [At(14, 22, 0)] = c => DoAsync(At(14, 22, 0), "cause found: 液氯包装15号秤压力表垫片老化", () => _cases.ReportProgressAsync(
            new ReportProgressRequest { CommandId = Id(), CaseId = CaseId, Text = "gasket of the pressure gauge has aged and leaks", Cause = "液氯包装15号秤压力表垫片老化" }, Auth(_expert), cancellationToken: c)),
        [At(14, 25, 0)] = c => DoAsync(At(14, 25, 0), "gasket replaced", () => _cases.ReportProgressAsync(
            new ReportProgressRequest { CommandId = Id(), CaseId = CaseId, Text = "gasket replaced" }, Auth(_expert), cancellationToken: c)),
        [Cleared] = ClearAsync,
        [At(14, 31, 20)] = c => DoAsync(At(14, 31, 20), "hazard under control", () => _cases.DeclareControlledAsync(
            new DeclareControlledRequest { CommandId = Id(), CaseId = CaseId, Evidence = "5 min of good readings below the reset value" }, Auth(_expert), cancellationToken: c)),
        [At(14, 32, 0)] = c => DoAsync(At(14, 32, 0), "task done", () => _cases.CompleteTaskAsync(
            new CompleteTaskRequest { CommandId = Id(), CaseId = CaseId, Outcome = "gasket replaced", Evidence = "photo", Kinds = { "P" } }, Auth(_expert), cancellationToken: c)),
        [At(14, 33, 0)] = c => DoAsync(At(14, 33, 0), "feedback submitted", () => _cases.SubmitFeedbackAsync(
            new SubmitFeedbackRequest { CommandId = Id(), CaseId = CaseId, Summary = "aged gasket replaced, no one hurt" }, Auth(_expert), cancellationToken: c)),
        [At(14, 38, 0)] = c => DoAsync(At(14, 38, 0), "verified by the duty leader", () => _cases.VerifyAsync(
            new VerifyRequest { CommandId = Id(), CaseId = CaseId, Passed = true, Method = "video and readings" }, Auth(_leader), cancellationToken: c)),
        [At(14, 40, 0)] = CloseAsync,
    };

    internal async Task<CaseView> CaseAsync(CancellationToken cancel) => await _cases.GetCaseAsync(new GetCaseRequest { CaseId = CaseId }, Auth(_officer), cancellationToken: cancel);

    /// <summary>The province warns about its own point; the sensor saw the same: one case, two witnesses.</summary>
    private async Task WarnAsync(CancellationToken cancel)
    {
        var reply = await new DeviceGateway.DeviceGatewayClient(channel).RelayWarningAsync(Relay(cleared: false), Auth(_province), cancellationToken: cancel);
        CaseId = reply.CaseId;
        tell(Warning, $"provincial system warns: {reply.OccurrenceId}");
        await alerts.WaitForAsync(a => a.Kind == AlertKind.CaseDispatched && a.CaseId == CaseId, cancel);
        await alerts.WaitForAsync(a => a.SourceId == Chlorine && a.Kind == AlertKind.ColourChanged && a.Colour == Colour.Red, cancel);
        // The number follows the case; nobody waits for it but the printed line.
        while ((await CaseAsync(cancel)).CaseNumber.Length == 0) await System.Threading.Tasks.Task.Delay(5, cancel);
    }

    private async Task ClearAsync(CancellationToken cancel)
    {
        await new DeviceGateway.DeviceGatewayClient(channel).RelayWarningAsync(Relay(cleared: true), Auth(_province), cancellationToken: cancel);
        await alerts.WaitForAsync(a => a.Kind == AlertKind.CaseProgressed && a.CaseId == CaseId && a.AlertId.Contains("/all-clear/", StringComparison.Ordinal), cancel);
    }

    private async Task CloseAsync(CancellationToken cancel)
    {
        await DoAsync(At(14, 40, 0), "cancelled (销号)", () => _cases.CancelOffAsync(
            new CancelOffRequest { CommandId = Id(), CaseId = CaseId, Outcome = CloseOutcome.Resolved, Note = "closed loop complete" }, Auth(_leader), cancellationToken: cancel));
        await alerts.WaitForAsync(a => a.Kind == AlertKind.CaseClosed && a.CaseId == CaseId, cancel);
    }

    private async Task DoAsync(DateTimeOffset at, string what, Func<AsyncUnaryCall<CaseReply>> call)
    {
        var reply = await call();
        tell(at, $"{what} → {reply.State}");
    }

    private RelayWarningRequest Relay(bool cleared) => new()
    {
        CommandId = Id(), Sender = "henan.hazchem.early-warning", Identifier = "ZZ-20250803-0001", Sent = Timestamp.FromDateTimeOffset(Warning), SourceId = Chlorine,
        Point = "province point 15号秤", Kind = HazardKind.ToxicGas, Level = AlarmLevel._2, Value = 2.6, Threshold = 2, Unit = "mg/m3", ObservedAt = Timestamp.FromDateTimeOffset(Warning),
        Cleared = cleared, Text = cleared ? "warning lifted" : "chlorine over limit", Drill = true,
    };

    private TaskCommand Task() => new() { CommandId = Id(), CaseId = CaseId };
    private static string Id() => Guid.NewGuid().ToString();
    private static Metadata Auth(string token) => new() { { "authorization", $"Bearer {token}" } };
}
