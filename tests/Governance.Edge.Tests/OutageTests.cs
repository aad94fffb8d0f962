using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Governance.Gateway;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit.Abstractions;
using AlarmLevel = Governance.Edge.V1.AlarmLevel;

namespace Governance.Edge.Tests;

/// <summary>A gateway that was cut off, against a whole node (alarms.md P7, P9).</summary>
public sealed class OutageTests(EdgeUnderTest edge, ITestOutputHelper output) : IClassFixture<EdgeUnderTest>
{
    private const string Source = "HS-OUTAGE";
    private const int Detectors = 20, Sweeps = 5000;

    [Fact]
    public async Task P9_present_danger_goes_before_a_backlog_of_a_hundred_thousand_readings()
    {
        var spec = EdgeUnderTest.Source(Source);
        var one = spec.Detectors[0];
        spec.Detectors.Clear();
        for (var d = 0; d < Detectors; d++)
        {
            var detector = one.Clone();
            detector.DetectorId = $"D{d:00}";
            spec.Detectors.Add(detector);
        }
        await new Commissioning.CommissioningClient(edge.Channel).RegisterDetectorsAsync(spec, edge.As(Roles.Admin));
        using var alerts = new V1.Alerts.AlertsClient(edge.Channel).Subscribe(new SubscribeRequest { HeartbeatS = 1 }, edge.As(Roles.Viewer));
        Assert.True(await alerts.ResponseStream.MoveNext(CancellationToken.None));
        await using var line = new Line(edge.Node.Grpc.Port);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{line.Port}");
        var options = new GatewayOptions { Nodes = [channel], Token = () => edge.Token(Roles.Gateway), GatewayId = "gw-outage", Clock = Clock.Live };
        await using var gateway = new GatewayClient(options, [new SourceDeclaration { SourceId = Source, Detectors = { spec.Detectors.Select(d => new DetectorDeclaration { DetectorId = d.DetectorId, Unit = d.Unit }) } }]);
        // Half an hour without a line; at its end one detector is over level 2, and half-way through it was, too.
        var (now, last) = (DateTimeOffset.UtcNow, 0L);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var at = now - TimeSpan.FromMinutes(30) * (1 - (sweep + 1) / (double)Sweeps);
            var values = Enumerable.Range(0, Detectors).Select(d => new Sample(0, d, at, d == 7 && sweep is Sweeps / 2 or Sweeps - 1 && d == 7 ? 2.5 : 0.1)).ToArray();
            last = await gateway.SendAsync(at, values);
        }
        var begun = Stopwatch.GetTimestamp();
        line.Connect();
        var raised = await AlertAsync(alerts, AlertKind.OccurrenceRaised);
        var (after, acknowledged) = (Stopwatch.GetElapsedTime(begun), gateway.Acknowledged);
        Assert.Equal(("D07", AlarmLevel._2), (raised.DetectorId, raised.Level));
        output.WriteLine($"the alarm reached the subscriber {after.TotalMilliseconds:0} ms after the line was back, with {acknowledged} of {gateway.Sent} readings acknowledged");
        await gateway.WaitUntilAcknowledgedAsync(last, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((Detectors * (long)Sweeps, Detectors * (long)Sweeps, 0L), (gateway.Sent, gateway.Acknowledged, gateway.Refused));
        // The exceedance that nobody could see is found, and dispatched to nobody.
        var finding = await AlertAsync(alerts, AlertKind.RetrospectiveFinding);
        Assert.Equal(("D07", 2.5), (finding.DetectorId, finding.Value));
        var look = await new V1.Alarms.AlarmsClient(edge.Channel).GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = Source }, edge.As(Roles.Viewer));
        Assert.Single(look.Incidents);
    }

    private static async Task<Alert> AlertAsync(AsyncServerStreamingCall<AlertEnvelope> call, AlertKind kind)
    {
        while (true)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
            if (call.ResponseStream.Current.Alert is { } alert && alert.SourceId == Source && alert.Kind == kind) return alert;
        }
    }

    /// <summary>A line to the node that is dead until it is connected: whoever calls is hung up on.</summary>
    private sealed class Line : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _over = new();
        private readonly Task _running;
        private volatile bool _connected;

        internal Line(int node)
        {
            _listener.Start();
            _running = RunAsync(node);
        }

        internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        internal void Connect() => _connected = true;

        private async Task RunAsync(int node)
        {
            try
            {
                while (true)
                {
                    var caller = await _listener.AcceptTcpClientAsync(_over.Token);
                    if (_connected) _ = CarryAsync(caller, node);
                    else caller.Dispose();
                }
            }
            catch (OperationCanceledException) { }
        }

        private async Task CarryAsync(TcpClient caller, int node)
        {
            using var _ = caller;
            using var other = new TcpClient();
            await other.ConnectAsync(IPAddress.Loopback, node, _over.Token);
            var (a, b) = (caller.GetStream(), other.GetStream());
            try { await Task.WhenAny(a.CopyToAsync(b, _over.Token), b.CopyToAsync(a, _over.Token)); }
            catch (Exception e) when (e is IOException or OperationCanceledException) { }
        }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _running;
            _listener.Dispose();
            _over.Dispose();
        }
    }
}
