using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Governance.Domain.Kernel;
using Governance.Edge.Security;
using Governance.Edge.V1;
using Grpc.Core;

namespace Governance.Edge.Tests;

/// <summary>Bad input at the edge: a named refusal, no cost to other streams, nothing lost.</summary>
public sealed class BadInputTests(EdgeUnderTest edge) : IClassFixture<EdgeUnderTest>
{
    /// <summary>A well-behaved gateway beside the bad one: it must go on as if nothing were.</summary>
    private async Task BesideAsync(Func<Task> bad)
    {
        var id = $"HS-GOOD-{Guid.NewGuid():n}"[..20];
        await edge.CommissionAsync(id);
        using var good = await edge.StreamAsync(id, gateway: id);
        await good.SendAsync(id, (1, 0.1));
        await good.DurableAsync(1);
        await bad();
        await good.SendAsync(id, (2, 0.1));
        await good.DurableAsync(2);
        Assert.Equal(2, await edge.Node.Ledger.CountReadingsAsync(id, default));
    }

    [Fact]
    public Task P12_an_unknown_source_is_refused_by_name() => BesideAsync(async () =>
    {
        using var stream = await edge.StreamAsync("HS-NOBODY");
        Assert.Equal("UNKNOWN_SOURCE", (await stream.RefusedAsync()).Reason);
        await stream.SendAsync("HS-NOBODY", (1, 0.1));
        var refusal = await stream.RefusedAsync();
        Assert.Equal(("UNKNOWN_SOURCE", false), (refusal.Reason, refusal.Retry));
    });

    [Fact]
    public Task P12_a_wrong_unit_is_refused_at_the_hello() => BesideAsync(async () =>
    {
        using var stream = await edge.StreamAsync(unit: "ppm");
        var refusal = await stream.RefusedAsync();
        Assert.Equal(("UNIT_MISMATCH", "A"), (refusal.Reason, refusal.DetectorId));
        await stream.SendAsync(EdgeUnderTest.Live, (1, 9.0));
        Assert.Equal("UNIT_MISMATCH", (await stream.RefusedAsync()).Reason);
    });

    [Fact]
    public Task P12_unequal_columns_are_refused_and_the_stream_goes_on() => BesideAsync(async () =>
    {
        await edge.CommissionAsync("HS-COLUMNS");
        using var stream = await edge.StreamAsync("HS-COLUMNS", gateway: "gw-columns");
        var batch = stream.Batch("HS-COLUMNS", (1, 0.1), (2, 0.2));
        batch.Sources[0].Value.RemoveAt(1);
        await stream.Call.RequestStream.WriteAsync(new GatewayFrame { Batch = batch });
        var refusal = await stream.RefusedAsync();
        Assert.Equal(("COLUMN_LENGTHS", 1L), (refusal.Reason, refusal.Frame));
        await stream.SendAsync("HS-COLUMNS", (1, 0.1), (2, 0.2));
        await stream.DurableAsync(2);
    });

    [Fact]
    public Task P12_a_bad_quality_is_refused_and_never_blocks_the_mark() => BesideAsync(async () =>
    {
        await edge.CommissionAsync("HS-QUALITY");
        using var stream = await edge.StreamAsync("HS-QUALITY", gateway: "gw-quality");
        var batch = stream.Batch("HS-QUALITY", (1, 0.1), (2, 0.2), (3, 0.3));
        batch.Sources[0].Quality.AddRange([V1.Quality.Good, (V1.Quality)77, V1.Quality.Good]);
        await stream.Call.RequestStream.WriteAsync(new GatewayFrame { Batch = batch });
        var refusal = await stream.RefusedAsync();
        Assert.Equal(("INVALID_QUALITY", 2L, false), (refusal.Reason, refusal.FromSeq, refusal.Retry));
        await stream.SendAsync("HS-QUALITY", (4, 0.4));
        await stream.DurableAsync(4);
    });

    [Fact]
    public Task A_message_of_5_MiB_is_too_large() => BesideAsync(async () =>
    {
        using var stream = await edge.StreamAsync();
        var batch = new ReadingBatch { Frame = 1, SentAt = Timestamp.FromDateTime(DateTime.UtcNow), Sources = { new SourceReadings { SourceId = new string('x', 5 << 20) } } };
        // The edge may cut the upload short; how it ended stands in the status.
        await Record.ExceptionAsync(() => stream.Call.RequestStream.WriteAsync(new GatewayFrame { Batch = batch }));
        Assert.Equal(Grpc.Core.StatusCode.ResourceExhausted, (await stream.EndedAsync()).StatusCode);
    });

    [Fact]
    public Task Garbage_bytes_are_an_invalid_argument() => BesideAsync(async () =>
    {
        using var http = new HttpClient();
        foreach (var method in new[] { "DeviceGateway/StreamReadings", "Cases/GetCase", "Alerts/Subscribe" })
        {
            byte[] garbage = [0, 0, 0, 0, 6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
            var role = method.StartsWith("Device", StringComparison.Ordinal) ? Roles.Gateway : Roles.Viewer;
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(edge.Node.Grpc, $"/governance.edge.v1.{method}")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(garbage) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", edge.Token(role));
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            var response = await http.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
            Assert.True(response.IsSuccessStatusCode, $"{method} {response}");
            var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing.First() : response.Headers.GetValues("grpc-status").First();
            Assert.Equal($"{method} {(int)Grpc.Core.StatusCode.InvalidArgument}", $"{method} {status}");
        }
    });

    [Fact]
    public Task A_half_closed_stream_gets_every_answer_first() => BesideAsync(async () =>
    {
        await edge.CommissionAsync("HS-HALF");
        using var stream = await edge.StreamAsync("HS-HALF", gateway: "gw-half");
        await stream.SendAsync("HS-HALF", (1, 0.1), (2, 0.2), (3, 0.3));
        await stream.Call.RequestStream.CompleteAsync();
        await stream.DurableAsync(3);
        while (await stream.Call.ResponseStream.MoveNext(CancellationToken.None)) { }
        Assert.Equal(Grpc.Core.StatusCode.OK, stream.Call.GetStatus().StatusCode);
    });

    [Fact]
    public Task P10_a_client_that_never_reads_loses_nothing_and_costs_nobody() => BesideAsync(async () =>
    {
        await edge.CommissionAsync("HS-DEAF");
        using var stream = await edge.StreamAsync("HS-DEAF", gateway: "gw-deaf");
        for (var seq = 1; seq <= 500; seq++) await stream.SendAsync("HS-DEAF", (seq, 0.1));
        while (await edge.Node.Ledger.CountReadingsAsync("HS-DEAF", default) < 500) await Task.Delay(10);
        await stream.DurableAsync(500);
    });

    [Fact]
    public Task P10_a_client_that_reads_no_answer_at_all_is_cut_off_by_name_and_loses_nothing() => BesideAsync(async () =>
    {
        await edge.CommissionAsync("HS-STONE");
        using var stream = await edge.StreamAsync("HS-STONE", gateway: "gw-stone");
        var sent = 0L;
        // Gaps everywhere: every frame is answered with what is missing, until nothing more fits and the edge stops reading.
        var stuck = await Record.ExceptionAsync(async () =>
        {
            while (true) await stream.SendAsync("HS-STONE", (++sent * 2, 0.1)).WaitAsync(TimeSpan.FromSeconds(4));
        });
        Assert.NotNull(stuck);
        // Only now does it listen, and hears why.
        var ended = await stream.EndedAsync();
        Assert.Equal(Grpc.Core.StatusCode.ResourceExhausted, ended.StatusCode);
        Assert.StartsWith("ANSWERS_NOT_READ", ended.Status.Detail);
        // What it had sent and was not told of, it sends again: the same readings, stored once.
        var stored = await edge.Node.Ledger.CountReadingsAsync("HS-STONE", default);
        Assert.InRange(stored, 1, sent);
        using var again = await edge.StreamAsync("HS-STONE", gateway: "gw-stone");
        await again.SendAsync("HS-STONE", (1, 0.1), (2, 0.1));
        await again.DurableAsync(2);
    });

    [Theory]
    [InlineData("", Grpc.Core.StatusCode.Unauthenticated)]
    [InlineData("not-a-token", Grpc.Core.StatusCode.Unauthenticated)]
    public async Task No_token_or_a_false_one(string token, Grpc.Core.StatusCode wanted)
    {
        var options = token.Length == 0 ? new CallOptions() : new CallOptions(new Metadata { { "authorization", $"Bearer {token}" } });
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new V1.Cases.CasesClient(edge.Channel).GetCaseAsync(new GetCaseRequest { CaseId = "x" }, options));
        Assert.Equal(wanted, refused.StatusCode);
    }

    [Fact]
    public async Task A_wrong_role_is_told_which_it_needs()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new Commissioning.CommissioningClient(edge.Channel).RegisterDetectorsAsync(EdgeUnderTest.Source("HS-X"), edge.As(Roles.Viewer)));
        Assert.Equal(Grpc.Core.StatusCode.PermissionDenied, refused.StatusCode);
        var info = refused.GetRpcStatus()!.GetDetail<ErrorInfo>();
        Assert.Equal(("ROLE_REQUIRED", "admin"), (info.Reason, info.Metadata["roles"]));
    }

    [Fact]
    public async Task A_gateway_token_speaks_for_its_own_gateway_only()
    {
        var token = edge.Node.Issuer.Issue("gw-1", "", [Roles.Gateway], "gw-1", TimeSpan.FromMinutes(5));
        using var wire = new GatewayWire(new DeviceGateway.DeviceGatewayClient(edge.Channel).StreamReadings(new Metadata { { "authorization", $"Bearer {token}" } }));
        await wire.Call.RequestStream.WriteAsync(new GatewayFrame { Hello = new Hello { GatewayId = "gw-2", Epoch = 1, Clock = Clock.Live } });
        Assert.Equal(Grpc.Core.StatusCode.PermissionDenied, (await wire.EndedAsync()).StatusCode);
    }

    [Fact]
    public async Task P5_a_zombie_gateway_of_an_old_epoch_is_fenced()
    {
        await edge.CommissionAsync("HS-EPOCH");
        using (var now = await edge.StreamAsync("HS-EPOCH", gateway: "gw-epoch", epoch: 5))
        {
            await now.SendAsync("HS-EPOCH", (1, 0.1));
            await now.DurableAsync(1);
        }
        using var zombie = await edge.StreamAsync("HS-EPOCH", gateway: "gw-epoch", epoch: 4);
        var fenced = false;
        await Assert.ThrowsAsync<RpcException>(async () => { while (true) fenced |= (await zombie.NextAsync()).Fenced?.Reason == "OLD_EPOCH"; });
        Assert.True(fenced);
    }

    [Theory]
    [InlineData("{\"case_id\":\"nonsense\"}", "MALFORMED")]
    public async Task Malformed_ids_are_invalid_arguments_with_the_field(string _, string reason)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new V1.Cases.CasesClient(edge.Channel).GetCaseAsync(new GetCaseRequest { CaseId = "nonsense" }, edge.As(Roles.Viewer)));
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(reason, refused.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
        Assert.Equal("case_id", refused.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations[0].Field);
        var source = await Assert.ThrowsAsync<RpcException>(async () => await new V1.Alarms.AlarmsClient(edge.Channel).GetHazardSourceAsync(new GetHazardSourceRequest { SourceId = "../etc" }, edge.As(Roles.Viewer)));
        Assert.Equal(("source_id", Grpc.Core.StatusCode.InvalidArgument), (source.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations[0].Field, source.StatusCode));
    }

    [Fact]
    public async Task A_cursor_of_another_world_is_refused()
    {
        foreach (var (cursor, status) in new[] { ("!!", Grpc.Core.StatusCode.InvalidArgument), (Convert.ToBase64String("410803=99999"u8), Grpc.Core.StatusCode.FailedPrecondition) })
        {
            using var call = new V1.Alerts.AlertsClient(edge.Channel).Subscribe(new SubscribeRequest { Areas = { "410803" }, ResumeCursor = cursor }, edge.As(Roles.Viewer));
            Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
        }
    }

    [Fact]
    public void Every_method_has_its_roles()
    {
        var methods = new[] { DeviceGateway.Descriptor, Commissioning.Descriptor, V1.Alarms.Descriptor, V1.Alerts.Descriptor, V1.Cases.Descriptor, V1.Accountability.Descriptor, V1.Meetings.Descriptor, V1.Dispatch.Descriptor, V1.Inspection.Descriptor }
            .SelectMany(s => s.Methods.Select(m => $"/{s.FullName}/{m.Name}")).Order().ToList();
        Assert.Equal(methods, RolePolicy.Methods.Order());
    }

    [Fact]
    public async Task Json_over_http_answers_the_same()
    {
        using var http = new HttpClient { BaseAddress = edge.Http };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync($"/v1/sources/{EdgeUnderTest.Live}")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", edge.Token(Roles.Viewer));
        Assert.Contains("\"sourceId\":\"HS-EDGE-1\"", (await http.GetStringAsync($"/v1/sources/{EdgeUnderTest.Live}")).Replace(" ", ""));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/sources/HS-NOBODY")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("/v1/cases/nonsense")).StatusCode);
    }
}
