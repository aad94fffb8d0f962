using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Grpc.Core;
using Colour = Governance.Edge.V1.Colour;

namespace Governance.Edge.Tests;

/// <summary>Subscriptions over real sockets: the first statement, the cursor, heartbeats, filters; and the case that an alarm opens.</summary>
public sealed class AlertStreamTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    [Fact]
    public async Task A_break_loses_nothing_and_repeats_nothing()
    {
        const string source = "HS-RESUME";
        await edge.CommissionAsync(source);
        using var gateway = await edge.StreamAsync(source, gateway: "gw-resume");
        await gateway.SendAsync(source, (1, 0.1));
        await gateway.DurableAsync(1);
        string cursor;
        var seen = new List<string>();
        using (var first = Subscribe(""))
        {
            var statement = await NextAsync(first);
            Assert.Equal(Statement.WhatOneofCase.Snapshot, statement.Statement.WhatCase);
            cursor = statement.Cursor;
            for (var left = statement.Statement.Snapshot; left > 0; left--) cursor = (await NextAsync(first)).Cursor;
            await gateway.SendAsync(source, (2, 2.6));
            var raised = await AlertAsync(first, a => a.SourceId == source && a.Kind == AlertKind.OccurrenceRaised);
            cursor = raised.Cursor;
            seen.Add(raised.Alert.AlertId);
        }
        // While nobody listens, the alarm rises and clears.
        await gateway.SendAsync(source, (3, 0.1));
        await gateway.DurableAsync(3);
        using var second = Subscribe(cursor);
        var again = (await NextAsync(second)).Statement;
        Assert.True(again.Replaying > 0 || again.NothingMissed);
        var cleared = await AlertAsync(second, a =>
        {
            Assert.DoesNotContain(a.AlertId, seen);
            seen.Add(a.AlertId);
            return a.SourceId == source && a.Kind == AlertKind.ReturnedToNormal;
        });
        Assert.Equal(2.6, cleared.Alert.Value);
    }

    [Fact]
    public async Task Heartbeats_confirm_every_head_and_name_no_area_as_stale()
    {
        using var call = Subscribe("");
        while (true)
            if ((await NextAsync(call)).Heartbeat is { } beat && beat.Heads.Count == 10)
            {
                Assert.Empty(beat.Stale);
                return;
            }
    }

    [Fact]
    public async Task What_leaves_the_filter_says_so()
    {
        const string source = "HS-FILTER";
        await edge.CommissionAsync(source);
        using var gateway = await edge.StreamAsync(source, gateway: "gw-filter");
        using var orange = Subscribe("", Colour.Orange);
        await NextAsync(orange);
        await gateway.SendAsync(source, (1, 2.6));
        var raised = await AlertAsync(orange, a => a.SourceId == source && a.Kind == AlertKind.OccurrenceRaised);
        await gateway.SendAsync(source, (2, 1.2));
        while ((await NextAsync(orange)).LeftFilter is not { } left || left.OccurrenceId != raised.Alert.OccurrenceId) { }
    }

    [Fact]
    public async Task An_alarm_opens_a_case_that_people_handle_and_operators_see_through()
    {
        const string source = "HS-CASE";
        await edge.CommissionAsync(source);
        using var gateway = await edge.StreamAsync(source, gateway: "gw-case");
        using var alerts = Subscribe("");
        await NextAsync(alerts);
        await gateway.SendAsync(source, (1, 2.6));
        var caseId = (await AlertAsync(alerts, a => a.SourceId == source && a.Kind == AlertKind.CaseDispatched)).Alert.CaseId;
        var cases = new V1.Cases.CasesClient(edge.Channel);
        var accept = new TaskCommand { CommandId = Guid.NewGuid().ToString(), CaseId = caseId };
        var wrong = await Assert.ThrowsAsync<RpcException>(async () => await cases.AcceptTaskAsync(accept.Clone(), edge.As(Roles.Handler, "WX")));
        Assert.Equal(StatusCode.PermissionDenied, wrong.StatusCode);
        accept.CommandId = Guid.NewGuid().ToString();
        var accepted = await cases.AcceptTaskAsync(accept, edge.As(Roles.Handler, "YJ"));
        Assert.Equal("HANDLING", accepted.State);
        // The same command again is the first answer again.
        Assert.Equal(accepted.Version, (await cases.AcceptTaskAsync(accept, edge.As(Roles.Handler, "YJ"))).Version);
        var conflict = new TaskCommand { CommandId = Guid.NewGuid().ToString(), CaseId = caseId, ExpectedVersion = 1 };
        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(async () => await cases.DepartAsync(conflict, edge.As(Roles.Handler, "YJ")))).StatusCode);
        var early = new DeclareControlledRequest { CommandId = Guid.NewGuid().ToString(), CaseId = caseId, Evidence = "x" };
        var illegal = await Assert.ThrowsAsync<RpcException>(async () => await cases.DeclareControlledAsync(early, edge.As(Roles.Handler, "YJ")));
        Assert.Contains("ILLEGAL_TRANSITION", illegal.Status.Detail);

        var inspection = await new V1.Inspection.InspectionClient(edge.Channel).InspectCaseAsync(new InspectCaseRequest { CaseId = caseId }, edge.As(Roles.Operator));
        Assert.Contains(inspection.Entity.Deadlines, d => d.Kind == "ON_SCENE" && d.SecondsLeft > 0);
        Assert.Contains(inspection.Entity.LastCommands, c => c.Answer == "ILLEGAL_TRANSITION");
        Assert.Contains(inspection.CauseChain, l => l.Contains("OccurrenceActivated", StringComparison.Ordinal));
        Assert.StartsWith("410803-", inspection.Case.CaseNumber);
        var explained = await new V1.Inspection.InspectionClient(edge.Channel).ExplainCaseAsync(new InspectCaseRequest { CaseId = caseId }, edge.As(Roles.Operator));
        Assert.True(explained.EqualsJournal);
        Assert.Contains(explained.Closes, c => c.EndsWith("returns to normal", StringComparison.Ordinal));
        Assert.Contains(explained.Told, t => t.StartsWith("YJ (lead)", StringComparison.Ordinal) && t.Contains("signed at", StringComparison.Ordinal));
        Assert.Contains("Depart", explained.Allowed.Single(a => a.Organisation == "YJ").Commands);
        Assert.Equal(caseId, (await cases.GetCaseAsync(new GetCaseRequest { CaseId = inspection.Case.CaseNumber }, edge.As(Roles.Viewer))).CaseId);
        using var watch = new V1.Inspection.InspectionClient(edge.Channel).WatchCase(new InspectCaseRequest { CaseId = caseId }, edge.As(Roles.Operator));
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        while (!(await cases.ListCasesAsync(new ListCasesRequest { SourceId = source }, edge.As(Roles.Viewer))).Cases.Any(c => c.CaseId == caseId && c.State == "HANDLING")) await Task.Delay(50);

        var state = await new V1.Alarms.AlarmsClient(edge.Channel).GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = source }, edge.As(Roles.Viewer));
        var acknowledge = new AcknowledgeRequest { CommandId = Guid.NewGuid().ToString(), SourceId = source, OccurrenceId = state.Detectors[0].OccurrenceId };
        await new V1.Alarms.AlarmsClient(edge.Channel).AcknowledgeAsync(acknowledge, edge.As(Roles.Operator));
        state = await new V1.Alarms.AlarmsClient(edge.Channel).GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = source }, edge.As(Roles.Viewer));
        Assert.Equal(("ACKNOWLEDGED", "ACTIVE", Colour.Orange), (state.Detectors[0].OperatorRegion, state.Detectors[0].Process, state.Colour));
        using var readings = new V1.Alarms.AlarmsClient(edge.Channel).QueryReadings(new QueryReadingsRequest { SourceId = source }, edge.As(Roles.Viewer));
        Assert.True(await readings.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(2.6, Assert.Single(readings.ResponseStream.Current.Readings).Value);
    }

    private AsyncServerStreamingCall<AlertEnvelope> Subscribe(string cursor, params Colour[] colours) =>
        new V1.Alerts.AlertsClient(edge.Channel).Subscribe(new SubscribeRequest { ResumeCursor = cursor, HeartbeatS = 1, Colours = { colours } }, edge.As(Roles.Viewer));

    private static async Task<AlertEnvelope> NextAsync(AsyncServerStreamingCall<AlertEnvelope> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
        return call.ResponseStream.Current;
    }

    private static async Task<AlertEnvelope> AlertAsync(AsyncServerStreamingCall<AlertEnvelope> call, Func<Alert, bool> match)
    {
        while (true)
            if (await NextAsync(call) is { Alert: { } alert } envelope && match(alert)) return envelope;
    }
}
