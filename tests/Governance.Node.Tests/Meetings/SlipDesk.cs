using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Grpc.Core;
using Grpc.Net.Client;
using AlarmLevel = Governance.Edge.V1.AlarmLevel;
using Colour = Governance.Edge.V1.Colour;
using HazardKind = Governance.Edge.V1.HazardKind;

namespace Governance.Node.Tests.Meetings;

/// <summary>Everybody who has to do with slips, at one node.</summary>
internal sealed class SlipDesk(NodeProcess node) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(node.Endpoint);

    internal Edge.V1.Meetings.MeetingsClient Slips => new(_channel);
    internal Cases.CasesClient Cases => new(_channel);

    internal CallOptions As(string who, string organisation, params string[] roles) => new(new Metadata
    {
        { "authorization", $"Bearer {new TokenIssuer(Path.Combine(node.DataDir, "keys"), TimeProvider.System).Issue(who, organisation, roles, "", TimeSpan.FromHours(1))}" },
    }, DateTime.UtcNow + Patience);

    internal CallOptions Viewer => As("viewer", "DC", Roles.Viewer);
    internal CallOptions Leader(int number = 1) => As($"leader-{number}", "DC", Roles.Leader);
    internal CallOptions Chair => As("chair", "ZF", Roles.WeeklyChair);

    /// <summary>A source of its own, and the case that its alarm opens.</summary>
    internal async Task<CaseView> CaseAsync(string source, bool red)
    {
        await new Commissioning.CommissioningClient(_channel).RegisterDetectorsAsync(new RegisterDetectorsRequest
        {
            CommandId = Guid.NewGuid().ToString(), SourceId = source, Name = source, Subdistrict = "410803006", Enterprise = "Works",
            Detectors =
            {
                new DetectorSpec
                {
                    DetectorId = "A", Kind = HazardKind.ToxicGas, Unit = "mg/m3", Period = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)), RangeTop = 30, ZeroDrift = 0.5, Point = "A",
                    Limits = { new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 1, Deadband = 0.2 }, new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._2, Value = 2, Deadband = 0.2 } },
                },
            },
        }, As("admin", "DC", Roles.Admin));
        using var call = new DeviceGateway.DeviceGatewayClient(_channel).StreamReadings(As($"gw-{source}", "", Roles.Gateway));
        var declared = new SourceDeclaration { SourceId = source, Detectors = { new DetectorDeclaration { DetectorId = "A", Unit = "mg/m3" } } };
        await call.RequestStream.WriteAsync(new GatewayFrame { Hello = new Hello { GatewayId = $"gw-{source}", Epoch = 1, Clock = Clock.Live, Sources = { declared } } });
        await call.RequestStream.WriteAsync(new GatewayFrame { Batch = new ReadingBatch { Frame = 1, SentAt = Timestamp.FromDateTime(DateTime.UtcNow), Sources = { new SourceReadings { SourceId = source, Detector = { 0 }, Seq = { 1 }, Value = { 2.6 } } } } });
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            if (call.ResponseStream.Current.Ack?.DurableThrough.Any(m => m.Through >= 1) == true) break;
        CaseSummary? listed = null;
        await EventuallyAsync(async () => (listed = (await Cases.ListCasesAsync(new ListCasesRequest { SourceId = source }, Viewer)).Cases.FirstOrDefault()) is { CaseNumber.Length: > 0 }, $"a case of {source}");
        if (red) await Cases.RaiseLevelAsync(new RaiseLevelRequest { CommandId = Guid.NewGuid().ToString(), CaseId = listed!.CaseId, Level = Colour.Red, Reason = "wind turned" }, Leader());
        return await Cases.GetCaseAsync(new GetCaseRequest { CaseId = listed!.CaseId }, Viewer);
    }

    internal Task<SlipView> SlipAsync(string id) => Slips.GetSlipAsync(new GetSlipRequest { SlipId = id }, Viewer).ResponseAsync;

    internal static async Task EventuallyAsync(Func<Task<bool>> fact, string what)
    {
        var until = DateTime.UtcNow.AddSeconds(30);
        while (!await fact())
        {
            Assert.True(DateTime.UtcNow < until, $"never became true: {what}");
            await Task.Delay(50);
        }
    }

    public void Dispose() => _channel.Dispose();
}
