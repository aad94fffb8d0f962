using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Governance.Node.Hosting;
using Grpc.Core;
using Grpc.Net.Client;

namespace Governance.Edge.Tests.Dispatch;

/// <summary>A whole node that sends to receivers on loopback, with quick retries.</summary>
internal sealed class DeskNode : IAsyncDisposable
{
    internal const string Secret = "a secret of the duty app, long enough";
    private readonly string _folder = Directory.CreateTempSubdirectory("desk-").FullName;
    private NodeHost _node = null!;
    private GrpcChannel _channel = null!;

    internal WebhookReceiver Webhook { get; } = new();
    internal MailReceiver Mail { get; } = new();
    internal V1.Dispatch.DispatchClient Dispatch => new(_channel);
    internal GrpcChannel Channel => _channel;
    internal Uri Http => _node.Http;
    internal string Folder => _folder;

    internal static async Task<DeskNode> StartAsync(string retrySeconds = "1,1,1")
    {
        var desk = new DeskNode();
        var district = Directory.CreateDirectory(Path.Combine(desk._folder, "config", "district")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(NodeOptions.ShippedConfig, "district"))) File.Copy(file, Path.Combine(district, Path.GetFileName(file)));
        var notifications = Path.Combine(district, "notifications.psv");
        await File.WriteAllTextAsync(notifications, (await File.ReadAllTextAsync(notifications)).Replace("RETRY_SECONDS|2,5,15,60,300,900,3600", $"RETRY_SECONDS|{retrySeconds}"));
        await File.WriteAllTextAsync(Path.Combine(desk._folder, "duty-app.secret"), Secret + "\n");
        var config = Path.Combine(desk._folder, "notify.json");
        await File.WriteAllTextAsync(config, $$"""
            { "patience_s": 5, "webhooks": { "duty-app": { "url": "http://127.0.0.1:{{desk.Webhook.Port}}/n", "secret_file": "duty-app.secret" } },
              "mail": { "host": "127.0.0.1", "port": {{desk.Mail.Port}}, "security": "none", "from": "dispatch@district.invalid" } }
            """);
        desk._node = await NodeHost.StartAsync(NodeOptions.Embedded(Path.Combine(desk._folder, "data")) with { ConfigDir = Path.Combine(desk._folder, "config"), NotifyFile = config }, CancellationToken.None);
        desk._channel = GrpcChannel.ForAddress(desk._node.Grpc);
        return desk;
    }

    internal string Token(string role, string org = "DISPATCH", string subject = "tester") => _node.Token(subject, org, role);

    internal CallOptions As(string role, string org = "DISPATCH", string subject = "tester") => new(new Metadata { { "authorization", $"Bearer {Token(role, org, subject)}" } }, DateTime.UtcNow.AddSeconds(30));

    internal async Task<NotificationView> TestPageAsync(string organisation = "YJ") =>
        await Dispatch.TestPageAsync(new TestPageRequest { CommandId = Guid.NewGuid().ToString(), Organisation = organisation }, As(Roles.Operator));

    /// <summary>Asks until the notification is as wanted.</summary>
    internal async Task<NotificationView> UntilAsync(string id, Func<NotificationView, bool> wanted)
    {
        for (var until = DateTime.UtcNow.AddSeconds(20); ; await Task.Delay(20))
        {
            var view = await Dispatch.GetNotificationAsync(new GetNotificationRequest { NotificationId = id }, As(Roles.Operator));
            if (wanted(view)) return view;
            Assert.True(DateTime.UtcNow < until, $"never became so: {view}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _node.DisposeAsync();
        await Webhook.DisposeAsync();
        await Mail.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
