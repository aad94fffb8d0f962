using System.Text.Json;
using Governance.Edge.Tests.Dispatch;

namespace Governance.Node.Tests;

/// <summary>Notifications of a real node in a process of its own.</summary>
public sealed class DispatchTests
{
    /// <summary>
    /// Two desks are called, one message may be under way at once, and the receiver does not answer: of the first the event is
    /// durable and the attempt has not ended, of the second nothing was sent at all. Then the node dies without a word.
    /// </summary>
    [Fact]
    public async Task What_a_killed_node_had_not_sent_is_sent_after_its_restart()
    {
        await using var receiver = new WebhookReceiver { Holds = true };
        await using var node = new NodeProcess();
        var config = Config(node, receiver.Port);
        await node.StartAsync(config);
        string[] at = ["--json", "--endpoint", node.Endpoint, "--data-dir", node.DataDir];
        var first = Text(await JsonAsync(["dispatch", "test-page", "YJ", .. at]), "notificationId");
        await UntilAsync(() => Task.FromResult(receiver.Requests.Count == 1), "the first message to be under way");
        var second = Text(await JsonAsync(["dispatch", "test-page", "PA", .. at]), "notificationId");
        await node.KillAsync();
        Assert.Equal([first], receiver.Requests.Select(r => r.Id));

        receiver.Holds = false;
        await node.StartAsync(config);
        await UntilAsync(() => Task.FromResult(receiver.Requests.Skip(1).Select(r => r.Id).ToHashSet().SetEquals([first, second])), "both to be sent");
        await UntilAsync(async () => (await SendingsAsync("PA")).Concat(await SendingsAsync("YJ")).All(s => s is ("webhook", "SENT") or not ("webhook", _)), "both to be settled");
        Assert.Empty((await JsonAsync(["dispatch", "dead-letters", .. at])).GetProperty("deadLetters").EnumerateArray());

        async Task<List<(string, string)>> SendingsAsync(string desk) =>
            [.. (await JsonAsync(["dispatch", "desk", desk, .. at])).GetProperty("notifications")[0].GetProperty("calls")[0].GetProperty("sendings").EnumerateArray().Select(s => (Text(s, "channel"), Text(s, "state")))];
    }

    [Fact]
    public async Task The_doctor_says_whom_the_roster_names_and_nobody_can_reach()
    {
        using var patient = new Patient();
        var silent = (await patient.ExamineAsync()).Of("notifications");
        Assert.Equal("warn", silent.Status);
        await using var node = new NodeProcess();
        var reached = (await patient.ExamineAsync(Config(node, 9))).Of("notifications");
        Assert.Equal(("warn", true), (reached.Status, reached.Detail.EndsWith(": mail, phone, sms", StringComparison.Ordinal)));
        var (exit, _, errors) = await NodeProcess.RunAsync("serve", "--notify", Path.Combine(node.DataDir, "absent.json"), "--data-dir", node.DataDir);
        Assert.Equal(1, exit);
        Assert.Contains("absent.json is refused", errors);
    }

    private static Dictionary<string, string> Config(NodeProcess node, int port)
    {
        var file = Path.Combine(node.DataDir, "notify.json");
        File.WriteAllText(Path.Combine(node.DataDir, "duty-app.secret"), "a secret that is long enough");
        File.WriteAllText(file, $$"""{ "at_once": 1, "patience_s": 30, "webhooks": { "duty-app": { "url": "http://127.0.0.1:{{port}}/", "secret_file": "duty-app.secret" } } }""");
        return new Dictionary<string, string> { ["GOVERNANCE_NOTIFY"] = file };
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static async Task UntilAsync(Func<Task<bool>> fact, string what)
    {
        for (var until = DateTime.UtcNow.AddSeconds(20); !await fact(); await Task.Delay(20)) Assert.True(DateTime.UtcNow < until, $"waited for {what}");
    }

    private static async Task<JsonElement> JsonAsync(string[] arguments)
    {
        var (exit, output, errors) = await NodeProcess.RunAsync(arguments);
        Assert.True(exit == 0, errors);
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
    }
}
