using System.Globalization;
using System.Text.Json;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Governance.FieldGateway.Hj212;
using Governance.FieldGateway.Telemetry;
using Governance.FieldGateway.Tests.Harness;
using Governance.Node.Gateway;
using Xunit.Abstractions;
using static Governance.FieldGateway.Tests.Harness.DataLogger;
using Quality = Governance.Edge.V1.Quality;

namespace Governance.FieldGateway.Tests;

/// <summary>The gateway as a process between real data loggers and a real node.</summary>
public sealed class ProcessTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Chlorine_above_its_limit_goes_from_the_logger_to_ledger_and_subscriber()
    {
        await using var plant = Plant.Create();
        await plant.StartNodeAsync();
        var token = plant.Token(Roles.Viewer);
        await using var subscriber = new AlertReader([plant.Channel], () => token, new SubscribeRequest());
        await subscriber.WaitUntilSubscribedAsync(new CancellationTokenSource(Wait.Patience).Token);
        await using var field = await FieldProcess.StartAsync(plant.ConfigFile);
        using var logger = await ConnectAsync(plant.LoggerPort);
        var at = DateTimeOffset.UtcNow;
        await logger.AcknowledgedAsync(Now(1, "0.3", at.AddSeconds(-30)));
        await logger.AcknowledgedAsync(Now(2, "2.6", at));
        var raised = await subscriber.WaitForAsync(a => a.SourceId == Plant.Source && a.Kind == AlertKind.OccurrenceRaised, new CancellationTokenSource(Wait.Patience).Token);
        Assert.Equal((2.6, "CL2"), (raised.Value, raised.DetectorId));
        await LedgerHasAsync(plant, field, 2);
        var ledger = await plant.LedgerAsync();
        Assert.Equal([0.3, 2.6], ledger.Select(r => r.Value));
        Assert.Equal(at.ToUnixTimeSeconds(), ledger[1].SampledAt.Seconds);
        await Wait.UntilAsync(() => field.Counter("gateway", "acknowledged") == 2, field.State);
        await Wait.UntilAsync(() => (field.Counter("station", "frames"), field.Counter("station", "readings"), field.Counter("station", "answers")) == (2, 2, 2), field.State);
        Assert.Equal(0, await field.StopAsync());
        Assert.Equal(0, field.Counter("gateway", "open"));
    }

    /// <summary>What a logger uploads an hour late is stored; nobody is sent out for it (alarms.md P7).</summary>
    [Fact]
    public async Task A_late_upload_is_stored_and_raises_nothing()
    {
        await using var plant = Plant.Create(station: "\"late_after_s\": 120,");
        await plant.StartNodeAsync();
        var token = plant.Token(Roles.Viewer);
        await using var subscriber = new AlertReader([plant.Channel], () => token, new SubscribeRequest());
        await subscriber.WaitUntilSubscribedAsync(new CancellationTokenSource(Wait.Patience).Token);
        await using var field = await FieldProcess.StartAsync(plant.ConfigFile);
        using var logger = await ConnectAsync(plant.LoggerPort);
        var now = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        await logger.AcknowledgedAsync(Upload(now.ToString("yyyyMMddHHmmss001", CultureInfo.InvariantCulture), Chlorine("2.6", time: now.AddHours(-1).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture))));
        await logger.AcknowledgedAsync(Upload(now.ToString("yyyyMMddHHmmss002", CultureInfo.InvariantCulture), Chlorine("2.7", time: now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture))));
        var raised = await subscriber.WaitForAsync(a => a.SourceId == Plant.Source && a.Kind == AlertKind.OccurrenceRaised, new CancellationTokenSource(Wait.Patience).Token);
        Assert.Equal(2.7, raised.Value);
        Assert.Equal([2.6, 2.7], (await plant.LedgerAsync()).Select(r => r.Value).Order());
    }

    /// <summary>Everything was answered while no node was there, and the gateway is killed: it comes, once.</summary>
    [Fact]
    public async Task Killed_between_the_answer_and_the_acknowledgement_everything_answered_arrives_once()
    {
        await using var plant = Plant.Create();
        var begin = DateTimeOffset.UtcNow;
        await using (var field = await FieldProcess.StartAsync(plant.ConfigFile))
        {
            using var logger = await ConnectAsync(plant.LoggerPort);
            for (var i = 1; i <= 50; i++) await logger.AcknowledgedAsync(Now(i, $"0.{i:00}", begin.AddSeconds(i - 60)));
            await field.KillAsync();
        }
        await plant.StartNodeAsync();
        await using var next = await FieldProcess.StartAsync(plant.ConfigFile);
        Assert.True(next.Has("RESTORED"), next.State());
        using var again = await ConnectAsync(plant.LoggerPort);
        // The answers of the last ones were lost on their way: the logger repeats them, and goes on.
        for (var i = 41; i <= 55; i++) await again.AcknowledgedAsync(Now(i, $"0.{i:00}", begin.AddSeconds(i - 60)));
        await LedgerHasAsync(plant, next, 55);
        Assert.Equal(Enumerable.Range(1, 55).Select(i => i / 100.0), (await plant.LedgerAsync()).Select(r => r.Value).Order());
        Assert.False(next.Has("EPOCH_ROSE"));
    }

    /// <summary>kill −9 at random moments under a logger that repeats whatever was not answered: every upload once, none missing, none twice.</summary>
    [Theory, InlineData(1), InlineData(2)]
    public async Task Killed_at_random_moments_every_upload_is_a_reading_once(int seed)
    {
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        await using var plant = Plant.Create();
        await plant.StartNodeAsync();
        var (begin, sent) = (DateTimeOffset.UtcNow, 0);
        for (var life = 0; life < 5; life++)
        {
            await using var field = await FieldProcess.StartAsync(plant.ConfigFile);
            using var logger = await ConnectAsync(plant.LoggerPort);
            // Counted from uploads, not from the start: on a slow machine as much happens in a life as on a quick one.
            var (until, killing) = (sent + random.Next(5, 40), (Task?)null);
            try
            {
                while (true)
                {
                    // One upload at a time, and the next only when it was answered: the first of a life may be a repetition.
                    await logger.SendAsync(Now(sent + 1, $"{(sent + 1) / 1_000.0}", begin));
                    if (await logger.AnswerAsync() is null) break;
                    if (++sent >= until) killing ??= Task.Delay(random.Next(20)).ContinueWith(_ => field.KillAsync(), TaskScheduler.Default).Unwrap();
                }
            }
            catch (System.Net.Sockets.SocketException) { /* killed */ }
            await killing!;
        }
        await using var last = await FieldProcess.StartAsync(plant.ConfigFile);
        using var rest = await ConnectAsync(plant.LoggerPort);
        await rest.AcknowledgedAsync(Now(sent + 1, $"{(sent + 1) / 1_000.0}", begin));
        sent++;
        await LedgerHasAsync(plant, last, sent);
        var ledger = await plant.LedgerAsync();
        Assert.Equal(Enumerable.Range(1, sent).Select(i => i / 1_000.0), ledger.Select(r => r.Value).Order());
        output.WriteLine($"{sent} uploads");
    }

    [Fact]
    public async Task Stopped_while_no_node_is_there_it_ends_in_time_and_keeps_everything()
    {
        await using var plant = Plant.Create();
        await using (var field = await FieldProcess.StartAsync(plant.ConfigFile))
        {
            using var logger = await ConnectAsync(plant.LoggerPort);
            for (var i = 1; i <= 5; i++) await logger.AcknowledgedAsync(Now(i, "0.5", DateTimeOffset.UtcNow.AddSeconds(i - 10)));
            Assert.Equal(0, await field.StopAsync());
            Assert.Equal(5, field.Counter("gateway", "open"));
        }
        await plant.StartNodeAsync();
        await using var next = await FieldProcess.StartAsync(plant.ConfigFile);
        await LedgerHasAsync(plant, next, 5);
    }

    /// <summary>A token that is no good is mended by a person; until then loggers and devices are served from the disk.</summary>
    [Fact]
    public async Task With_a_wrong_token_it_keeps_on_and_delivers_when_the_token_is_right()
    {
        await using var plant = Plant.Create();
        await plant.StartNodeAsync();
        var token = await File.ReadAllTextAsync(plant.TokenFile);
        await File.WriteAllTextAsync(plant.TokenFile, "stolen");
        await using var field = await FieldProcess.StartAsync(plant.ConfigFile);
        await Wait.UntilAsync(() => field.Status("gateway") is { } s && s.GetProperty("rejected").ValueKind == JsonValueKind.String, field.State);
        using var logger = await ConnectAsync(plant.LoggerPort);
        await logger.AcknowledgedAsync(Now(1, "0.5", DateTimeOffset.UtcNow));
        await File.WriteAllTextAsync(plant.TokenFile, token);
        await LedgerHasAsync(plant, field, 1);
    }

    [ModbusFact]
    public async Task A_device_goes_to_the_ledger_and_its_silence_too()
    {
        await using var server = new ModbusServer();
        await server.StartAsync();
        await server.SetAsync("hr", 0, 7);
        await using var plant = Plant.Create(server.Port);
        await plant.StartNodeAsync();
        var (exit, checkedOut, _) = await FieldProcess.RunAsync("check", "--config", plant.ConfigFile, "--json");
        Assert.Equal(0, exit);
        Assert.Contains("0.7000000000000001 GOOD", checkedOut);
        await using var field = await FieldProcess.StartAsync(plant.ConfigFile);
        await Wait.UntilAsync(async () => (await plant.LedgerAsync()).Any(r => r is { DetectorId: "H2S", Quality: Quality.Good, Value: > 0.69 and < 0.71 }), field.State);
        await server.KillAsync();
        await Wait.UntilAsync(async () => (await plant.LedgerAsync()).Any(r => r is { DetectorId: "H2S", Quality: Quality.Communication }), field.State);
        (exit, checkedOut, _) = await FieldProcess.RunAsync("check", "--config", plant.ConfigFile, "--json");
        Assert.Equal(1, exit);
        Assert.Contains("\"check\":\"device PLC-1\",\"ok\":false", checkedOut);
    }

    [Fact]
    public async Task A_wrong_configuration_is_refused_with_every_fault_and_an_exit_code()
    {
        await using var plant = Plant.Create();
        await File.WriteAllTextAsync(plant.ConfigFile, (await File.ReadAllTextAsync(plant.ConfigFile)).Replace("\"mn\"", "\"nm\"").Replace("\"GW-FIELD\"", "7"));
        foreach (var verb in new[] { "run", "check" })
        {
            var (exit, _, errors) = await FieldProcess.RunAsync(verb, "--config", plant.ConfigFile);
            Assert.Equal(2, exit);
            foreach (var fault in new[] { "gateway_id: WRONG_TYPE", "hj212.stations[0].mn: MISSING", "hj212.stations[0].nm: UNKNOWN_KEY" }) Assert.Contains(fault, errors);
        }
    }

    /// <summary>A second gateway of the name, with a higher epoch: the first is fenced, says so, ends, and keeps what it took.</summary>
    [Fact]
    public async Task A_newer_gateway_of_the_same_name_ends_the_older_one()
    {
        await using var plant = Plant.Create();
        await plant.StartNodeAsync();
        var (newer, port) = (Path.Combine(Path.GetDirectoryName(plant.ConfigFile)!, "newer.json"), Ports.Free());
        var text = await File.ReadAllTextAsync(plant.ConfigFile);
        await File.WriteAllTextAsync(newer, text.Replace("\"folder\": \"buffer\"", "\"folder\": \"newer\"").Replace($":{plant.LoggerPort}", $":{port}").Replace("\"nodes\"", "\"epoch\": 9999999999, \"nodes\""));
        await using var old = await FieldProcess.StartAsync(plant.ConfigFile);
        using var logger = await ConnectAsync(plant.LoggerPort);
        await logger.AcknowledgedAsync(Now(1, "0.1", DateTimeOffset.UtcNow));
        await LedgerHasAsync(plant, old, 1);
        await using var young = await FieldProcess.StartAsync(newer);
        using var second = await ConnectAsync(port);
        await second.AcknowledgedAsync(Now(2, "0.2", DateTimeOffset.UtcNow));
        await LedgerHasAsync(plant, young, 2);
        await logger.AcknowledgedAsync(Now(3, "0.3", DateTimeOffset.UtcNow));
        var (exit, errors) = await old.EndedAsync();
        Assert.Equal(3, exit);
        Assert.Contains("FENCED", errors);
        Assert.Contains("OLD_EPOCH", errors);
        Assert.Equal(1, old.Counter("gateway", "open"));
    }

    [Fact]
    public async Task Two_gateways_do_not_share_a_folder_or_a_port()
    {
        await using var plant = Plant.Create();
        await using var field = await FieldProcess.StartAsync(plant.ConfigFile);
        var (exit, _, errors) = await FieldProcess.RunAsync("run", "--config", plant.ConfigFile);
        Assert.Equal(1, exit);
        Assert.Contains("in use", errors);
    }

    private static string Now(int number, string value, DateTimeOffset at)
    {
        var local = at.ToOffset(TimeSpan.FromHours(8));
        return Upload($"{number:00000000000000000}", Chlorine(value, time: local.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)));
    }

    private static Task LedgerHasAsync(Plant plant, FieldProcess field, int readings) =>
        Wait.UntilAsync(async () => (await plant.LedgerAsync()).Count(r => r.DetectorId == "CL2") >= readings, field.State);
}
