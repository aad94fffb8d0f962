using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;
using Xunit.Abstractions;
using AlarmLevel = Governance.Edge.V1.AlarmLevel;
using HazardKind = Governance.Edge.V1.HazardKind;

namespace Governance.Edge.Tests;

/// <summary>What operators and safety engineers do about alarms, over real sockets (alarms.md §2, §6b).</summary>
public sealed class AlarmHandlingTests(EdgeUnderTest edge, ITestOutputHelper output) : IClassFixture<EdgeUnderTest>
{
    private static readonly Timestamp Soon = Timestamp.FromDateTime(DateTime.UtcNow.AddHours(1));

    private V1.Alarms.AlarmsClient Desk => new(edge.Channel);
    private Commissioning.CommissioningClient Engineering => new(edge.Channel);

    [Fact]
    public async Task A_shift_acknowledges_confirms_and_resets()
    {
        const string source = "HS-HANDLE-1";
        var spec = EdgeUnderTest.Source(source);
        spec.Detectors[0].LatchFrom = AlarmLevel._2;
        await Engineering.RegisterDetectorsAsync(spec, edge.As(Roles.Admin));
        using var gateway = await edge.StreamAsync(source, gateway: "gw-handle-1");
        await gateway.SendAsync(source, (1, 2.6));
        await gateway.DurableAsync(1);
        var occurrence = (await LookAsync(source)).OccurrenceId;
        var confirm = new ConfirmRequest { CommandId = Id(), SourceId = source, OccurrenceId = occurrence, Action = "valve closed" };
        await RefusedAsync("NOT_ACKNOWLEDGED", () => Desk.ConfirmAsync(confirm, edge.As(Roles.Operator)).ResponseAsync);
        await Desk.AcknowledgeAsync(new AcknowledgeRequest { CommandId = Id(), SourceId = source, OccurrenceId = occurrence, Note = "seen" }, edge.As(Roles.Operator));
        confirm.CommandId = Id();
        await Desk.ConfirmAsync(confirm, edge.As(Roles.Operator));
        var look = await LookAsync(source);
        Assert.Equal(("CONFIRMED", AlarmLevel._2), (look.OperatorRegion, look.Latch.Peak));
        Assert.NotNull(look.AcknowledgementExpires);
        var explained = await new V1.Inspection.InspectionClient(edge.Channel).ExplainOccurrenceAsync(new ExplainOccurrenceRequest { SourceId = source, OccurrenceId = occurrence }, edge.As(Roles.Operator));
        Assert.Equal((2.6, 2.0, 1L, "active"), (explained.Cause.Value, explained.Limit, explained.Cause.Seq, explained.Phase));
        Assert.StartsWith("good samples below", explained.Clears, StringComparison.Ordinal);
        Assert.Contains("valve closed", explained.Operator, StringComparison.Ordinal);
        Assert.Contains(explained.Deadlines, d => d.Kind == "ACKNOWLEDGEMENT_EXPIRES" && d.SecondsLeft is > 500 and <= 600);
        Assert.Contains(explained.Events, e => e.Contains("OccurrenceActivated", StringComparison.Ordinal));
        var reset = new ResetLatchRequest { CommandId = Id(), SourceId = source, DetectorId = "A", Reason = "gasket replaced" };
        await RefusedAsync("CONDITION_STILL_TRUE", () => Desk.ResetLatchAsync(reset, edge.As(Roles.Operator)).ResponseAsync);
        await gateway.SendAsync(source, (2, 0.1));
        await gateway.DurableAsync(2);
        reset.CommandId = Id();
        await Desk.ResetLatchAsync(reset, edge.As(Roles.Operator));
        Assert.Null((await LookAsync(source)).Latch);
    }

    [Fact]
    public async Task A_shelf_is_told_withholds_and_breaks()
    {
        const string source = "HS-HANDLE-2";
        await edge.CommissionAsync(source);
        using var gateway = await edge.StreamAsync(source, gateway: "gw-handle-2");
        await gateway.SendAsync(source, (1, 0.1));
        await gateway.DurableAsync(1);
        var shelve = new ShelveRequest { CommandId = Id(), SourceId = source, DetectorId = "A", Until = Soon, Reason = "drifts", UpTo = AlarmLevel._2 };
        await RefusedAsync("TOXIC_LEVEL_NOT_SHELVABLE", () => Desk.ShelveAsync(shelve, edge.As(Roles.Operator)).ResponseAsync);
        (shelve.CommandId, shelve.UpTo) = (Id(), AlarmLevel.Unspecified);
        await Desk.ShelveAsync(shelve, edge.As(Roles.Operator));
        using var alerts = Subscribe(new SubscribeRequest { HeartbeatS = 1 });
        await StatementAsync(alerts);
        await gateway.SendAsync(source, (2, 1.4));
        await gateway.DurableAsync(2);
        Assert.Equal(("ACTIVE", "SHELVED"), await LookAsync(source) is var shelved ? (shelved.Process, shelved.Suppression.Kind) : default);
        await gateway.SendAsync(source, (3, 2.6));
        // The colour is told, the shelved alarm is not; the rise is, as a fresh activation.
        var raised = await AlertAsync(alerts, a => a.SourceId == source && a.Kind is AlertKind.OccurrenceRaised);
        Assert.Equal(AlarmLevel._2, raised.Level);
        Assert.Contains("active while suppressed since", raised.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Out_of_service_takes_a_permit_and_a_leader()
    {
        const string source = "HS-HANDLE-3";
        await edge.CommissionAsync(source);
        var take = new TakeOutOfServiceRequest { CommandId = Id(), SourceId = source, DetectorId = "A", PermitId = "PTW-7", Until = Soon, Reason = "calibration" };
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => Desk.TakeOutOfServiceAsync(take, edge.As(Roles.Operator)).ResponseAsync)).StatusCode);
        await RefusedAsync("PERMIT_REQUIRED", () => Desk.TakeOutOfServiceAsync(take, edge.As(Roles.Leader)).ResponseAsync);
        await Engineering.OpenPermitAsync(new OpenPermitRequest { CommandId = Id(), SourceId = source, PermitId = "PTW-7", DetectorIds = { "A" }, Until = Soon, Reason = "calibration" }, edge.As(Roles.Leader));
        take.CommandId = Id();
        await Desk.TakeOutOfServiceAsync(take, edge.As(Roles.Leader));
        var view = await Desk.GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = source }, edge.As(Roles.Viewer));
        Assert.Equal(("OUT_OF_SERVICE", "PTW-7", true), (view.Detectors[0].Suppression.Kind, view.Permits[0].PermitId, view.Permits[0].Open));
        await Engineering.ClosePermitAsync(new ClosePermitRequest { CommandId = Id(), SourceId = source, PermitId = "PTW-7", Note = "done" }, edge.As(Roles.Leader));
        Assert.Null((await LookAsync(source)).Suppression);
    }

    [Fact]
    public async Task Limits_are_proposed_and_wait_for_their_backtest()
    {
        const string source = "HS-HANDLE-4";
        await edge.CommissionAsync(source);
        var limit = new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 0.5 };
        var proposed = await Engineering.ProposeLimitsAsync(new ProposeLimitsRequest { CommandId = Id(), SourceId = source, Detectors = { new DetectorLimits { DetectorId = "A", Limits = { limit } } }, Reason = "lower" }, edge.As(Roles.Leader));
        Assert.Equal(2, proposed.Version);
        await RefusedAsync("NOT_BACKTESTED", () => Engineering.ActivateLimitsAsync(new ActivateLimitsRequest { CommandId = Id(), SourceId = source, Version = 2, Note = "signed" }, edge.As(Roles.Leader)).ResponseAsync);
        var sets = await Engineering.ListLimitSetsAsync(new ListLimitSetsRequest { SourceId = source }, edge.As(Roles.Viewer));
        Assert.Equal((1, 2, 0.5), (sets.InForce, sets.LimitSets[0].Version, sets.LimitSets[0].Detectors[0].Limits[0].Value));
        await RefusedAsync("UNKNOWN_SOURCE", () => Engineering.ListLimitSetsAsync(new ListLimitSetsRequest { SourceId = "HS-NOWHERE" }, edge.As(Roles.Viewer)).ResponseAsync);
    }

    [Fact]
    public async Task S11_limits_that_were_tried_on_stored_readings_come_into_force_for_the_next_activation()
    {
        const string source = "HS-HANDLE-5";
        await edge.CommissionAsync(source);
        using var gateway = await edge.StreamAsync(source, gateway: "gw-handle-5");
        var from = DateTime.UtcNow.AddMinutes(-1);
        for (var seq = 1; seq <= 6; seq++) await gateway.SendAsync(source, (seq, seq % 2 == 0 ? 0.1 : 0.7));
        await gateway.SendAsync(source, (7, 1.3));
        await gateway.DurableAsync(7);
        var lower = new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 0.5 };
        var request = new BacktestRequest
        {
            CommandId = Id(), SourceId = source, From = Timestamp.FromDateTime(from), To = Timestamp.FromDateTime(DateTime.UtcNow.AddMinutes(1)),
            LimitSet = (await Engineering.ProposeLimitsAsync(new ProposeLimitsRequest { CommandId = Id(), SourceId = source, Detectors = { new DetectorLimits { DetectorId = "A", Limits = { lower } } }, Reason = "lower" }, edge.As(Roles.Leader))).Version,
            Incidents = { new RecordedIncident { Name = "whiff", DetectorId = "A", From = Timestamp.FromDateTime(from), To = Timestamp.FromDateTime(DateTime.UtcNow.AddMinutes(1)) } },
        };
        var inspection = new V1.Inspection.InspectionClient(edge.Channel);
        var found = await inspection.BacktestAsync(request, edge.As(Roles.Leader));
        Assert.Equal((7L, 1, 4, 3, 0, true), (found.Readings, found.InForce.Alarms, found.Candidate.Alarms, found.Added.Count, found.Removed.Count, found.Recorded));
        Assert.Empty(found.Missed);
        await Engineering.ActivateLimitsAsync(new ActivateLimitsRequest { CommandId = Id(), SourceId = source, Version = 2, Note = "signed" }, edge.As(Roles.Leader));
        // The alarm that is active keeps its limits; the next one has the new ones.
        Assert.Equal((1, AlarmLevel._1), await LookAsync(source) is var running ? (running.LimitSet, running.Level) : default);
        await gateway.SendAsync(source, (8, 0.1));
        await gateway.SendAsync(source, (9, 0.7));
        await gateway.DurableAsync(9);
        Assert.Equal((2, AlarmLevel._1), await LookAsync(source) is var next ? (next.LimitSet, next.Level) : default);
        // Limits that would not have seen it are found out, and never come into force.
        (request.CommandId, request.LimitSet) = (Id(), 0);
        request.Candidate.Add(new DetectorLimits { DetectorId = "A", Limits = { new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 5 } } });
        Assert.Equal(["whiff"], (await inspection.BacktestAsync(request, edge.As(Roles.Leader))).Missed);
        request.CommandId = Id();
        request.Candidate.Clear();
        await RefusedAsync("CANDIDATE_UNCLEAR", () => inspection.BacktestAsync(request, edge.As(Roles.Leader)).ResponseAsync);
    }

    [Fact]
    public async Task S13_a_storm_of_a_thousand_alarms_hides_no_toxic_level_two()
    {
        const int sources = 40, detectors = 25;
        var hello = new Hello { GatewayId = "gw-storm", Epoch = 1, Clock = Clock.Live };
        var batch = new ReadingBatch { Frame = 1 };
        for (var s = 0; s < sources; s++)
        {
            var spec = EdgeUnderTest.Source($"HS-STORM-{s:00}");
            spec.Detectors.Clear();
            for (var d = 0; d < detectors; d++) spec.Detectors.Add(Combustible($"G{d:00}"));
            // Three of the sources have one detector more: chlorine.
            if (s is 11 or 23 or 37) spec.Detectors.Add(EdgeUnderTest.Source("HS-X").Detectors[0]);
            await Engineering.RegisterDetectorsAsync(spec, edge.As(Roles.Admin));
            hello.Sources.Add(new SourceDeclaration { SourceId = spec.SourceId, Detectors = { spec.Detectors.Select(d => new DetectorDeclaration { DetectorId = d.DetectorId, Unit = d.Unit }) } });
            var part = new SourceReadings { SourceId = spec.SourceId };
            for (var d = 0; d < spec.Detectors.Count; d++) (part.Detector, part.Seq, part.Value).Add((uint)d, 1, d < detectors ? 30 : 2.5);
            batch.Sources.Add(part);
        }
        using var desk = Subscribe(new SubscribeRequest { HeartbeatS = 1, OmitFolded = true, Kinds = { AlertKind.OccurrenceRaised, AlertKind.FloodBegan } });
        using var all = Subscribe(new SubscribeRequest { HeartbeatS = 1, Kinds = { AlertKind.OccurrenceRaised } });
        await StatementAsync(desk);
        await StatementAsync(all);
        using var wire = new GatewayWire(new DeviceGateway.DeviceGatewayClient(edge.Channel).StreamReadings(edge.As(Roles.Gateway)));
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame { Hello = hello });
        Assert.NotNull((await wire.NextAsync()).Welcome);
        batch.SentAt = Timestamp.FromDateTime(DateTime.UtcNow);
        var sent = Stopwatch.GetTimestamp();
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame { Batch = batch });
        var (toxic, told, flood) = (0, 0, false);
        while (toxic < 3)
        {
            var alert = await AlertAsync(desk, a => a.Kind == AlertKind.FloodBegan || a.SourceId.StartsWith("HS-STORM-", StringComparison.Ordinal));
            Assert.False(alert.Folded);
            flood |= alert.Kind == AlertKind.FloodBegan;
            told++;
            if (alert is { HazardKind: HazardKind.ToxicGas, Level: AlarmLevel._2 }) toxic++;
        }
        output.WriteLine($"three toxic level 2 among {sources * detectors} alarms at the desk after {Stopwatch.GetElapsedTime(sent).TotalMilliseconds:0} ms, {told} alerts shown");
        Assert.True(flood);
        // Nothing is lost for who asks for everything.
        var raised = new HashSet<string>();
        while (raised.Count < sources * detectors + 3) raised.Add((await AlertAsync(all, a => a.SourceId.StartsWith("HS-STORM-", StringComparison.Ordinal))).OccurrenceId);
        Assert.True(told < 100);
    }

    private static DetectorSpec Combustible(string id) => new()
    {
        DetectorId = id, Kind = HazardKind.CombustibleGas, Unit = "%LEL", Period = Duration.FromTimeSpan(TimeSpan.FromSeconds(20)), RangeTop = 100, ZeroDrift = 2, Point = id,
        Limits = { new LimitSpec { Direction = LimitDirection.High, Level = AlarmLevel._1, Value = 25, Deadband = 2 } },
    };

    private AsyncServerStreamingCall<AlertEnvelope> Subscribe(SubscribeRequest request) => new V1.Alerts.AlertsClient(edge.Channel).Subscribe(request, edge.As(Roles.Viewer));

    /// <summary>Reads past the snapshot.</summary>
    private static async Task StatementAsync(AsyncServerStreamingCall<AlertEnvelope> call)
    {
        var statement = (await NextAsync(call)).Statement;
        for (var left = statement.Snapshot; left > 0; left--) await NextAsync(call);
    }

    private static async Task<Alert> AlertAsync(AsyncServerStreamingCall<AlertEnvelope> call, Func<Alert, bool> wanted)
    {
        while (true)
            if ((await NextAsync(call)).Alert is { } alert && wanted(alert)) return alert;
    }

    private static async Task<AlertEnvelope> NextAsync(AsyncServerStreamingCall<AlertEnvelope> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
        return call.ResponseStream.Current;
    }

    private async Task<DetectorState> LookAsync(string source) => (await Desk.GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = source }, edge.As(Roles.Viewer))).Detectors[0];

    private static async Task RefusedAsync<T>(string reason, Func<Task<T>> call) =>
        Assert.Contains(reason, (await Assert.ThrowsAsync<RpcException>(call)).Status.Detail, StringComparison.Ordinal);

    private static string Id() => Guid.NewGuid().ToString();
}

internal static class ColumnExtensions
{
    /// <summary>One more reading in parallel columns.</summary>
    internal static void Add(this (Google.Protobuf.Collections.RepeatedField<uint> Detector, Google.Protobuf.Collections.RepeatedField<long> Seq, Google.Protobuf.Collections.RepeatedField<double> Value) columns,
        uint detector, long seq, double value)
    {
        columns.Detector.Add(detector);
        columns.Seq.Add(seq);
        columns.Value.Add(value);
    }
}
