using Google.Protobuf.WellKnownTypes;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Governance.Gateway;
using Grpc.Core;
using Grpc.Net.Client;
using Kernel = Governance.Domain.Kernel;

namespace Governance.Node.Drills;

/// <summary>
/// The time of a drill: a gateway of its own with one detector that measures nothing of interest. Its recorded clock stands
/// where its last acknowledged reading stands, on every node; so days of a case pass in seconds, and every deadline fires.
/// </summary>
internal sealed class DrillClock : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);
    private readonly GatewayClient _gateway;
    private readonly double _speed;
    private long _last;

    private DrillClock(GatewayClient gateway, string gatewayId, DateTimeOffset begins, double speed) => (_gateway, GatewayId, Now, _speed) = (gateway, gatewayId, begins, speed);

    internal string GatewayId { get; }
    internal DateTimeOffset Now { get; private set; }

    /// <param name="name">Unique: a drill that is run again is another one.</param>
    /// <param name="speed">Recorded seconds per second at most; infinite: as fast as it is durable.</param>
    internal static async Task<DrillClock> StartAsync(GrpcChannel channel, TokenIssuer issuer, string name, string area, DateTimeOffset begins, double speed, CancellationToken cancel)
    {
        var source = new RegisterDetectorsRequest
        {
            CommandId = Guid.NewGuid().ToString(), SourceId = $"HS-{name}", Name = $"Clock of drill {name}", Subdistrict = area, Enterprise = "", Drill = true, Zones = { new ZoneSpec { Zone = "clock", HealthyMin = 1 } },
            Detectors =
            {
                new DetectorSpec
                {
                    DetectorId = "CLOCK", Kind = HazardKind.Temperature, Unit = "Cel", Period = Duration.FromTimeSpan(Step), RangeBottom = -50, RangeTop = 200, ZeroDrift = 1, Zone = "clock", Point = "drill clock",
                    Limits = { new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 150, Deadband = 1, OffDelay = Duration.FromTimeSpan(TimeSpan.Zero) } },
                },
            },
        };
        await new Commissioning.CommissioningClient(channel).RegisterDetectorsAsync(source, new Metadata { { "authorization", $"Bearer {issuer.For("drill-admin", "", Kernel.Roles.Admin)}" } }, cancellationToken: cancel);
        var token = issuer.Issue(name, "", [Kernel.Roles.Gateway], name, TimeSpan.FromHours(12));
        var declared = new SourceDeclaration { SourceId = source.SourceId, Detectors = { new DetectorDeclaration { DetectorId = "CLOCK", Unit = "Cel" } } };
        var clock = new DrillClock(new GatewayClient(new GatewayOptions { Nodes = [channel], Token = () => token, GatewayId = name, Epoch = 1, Clock = Clock.Recorded }, [declared]), name, begins, speed);
        await clock.SendAsync(begins, cancel);
        return clock;
    }

    /// <summary>Time passes, in steps that the detector can keep; returns when it stands at <paramref name="to"/> everywhere.</summary>
    internal async Task AdvanceAsync(DateTimeOffset to, CancellationToken cancel)
    {
        while (Now < to)
        {
            var next = Now + Step < to ? Now + Step : to;
            if (!double.IsPositiveInfinity(_speed)) await Task.Delay((next - Now) / _speed, cancel);
            await SendAsync(next, cancel);
            Now = next;
        }
    }

    private async Task SendAsync(DateTimeOffset at, CancellationToken cancel)
    {
        _last = await _gateway.SendAsync(at, new[] { new Sample(0, 0, at, 20) }, cancel);
        await _gateway.WaitUntilAcknowledgedAsync(_last, cancel);
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();
}
