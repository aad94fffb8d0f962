using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Governance.Edge.Tests.Dispatch;

/// <summary>What an endpoint was posted.</summary>
internal sealed record Posted(string Id, string Signature, string Attempt, byte[] Body)
{
    internal JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A department's system on loopback: real HTTP, answers what the test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _running;
    private int _fail;
    private bool _holds;

    internal WebhookReceiver(int port = 0)
    {
        Port = port == 0 ? FreePort() : port;
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _running = Task.Run(RunAsync);
    }

    internal int Port { get; }
    internal ConcurrentQueue<Posted> Requests { get; } = [];

    /// <summary>Requests are read and not answered.</summary>
    internal bool Holds { get => Volatile.Read(ref _holds); set => Volatile.Write(ref _holds, value); }

    /// <summary>So many further requests get 503.</summary>
    internal void FailNext(int requests) => Volatile.Write(ref _fail, requests);

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try { context = await _listener.GetContextAsync(); }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Requests.Enqueue(new Posted(context.Request.Headers["Governance-Notification-Id"] ?? "", context.Request.Headers["Governance-Signature"] ?? "", context.Request.Headers["Governance-Attempt"] ?? "", body.ToArray()));
            if (Holds) continue;
            context.Response.StatusCode = Interlocked.Decrement(ref _fail) >= 0 ? 503 : 204;
            context.Response.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _running;
    }
}

/// <summary>A mail server on loopback: as much of SMTP as a client needs.</summary>
internal sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;

    internal MailReceiver()
    {
        _listener.Start();
        _running = Task.Run(RunAsync);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    /// <summary>Receiver and message.</summary>
    internal ConcurrentQueue<(string To, string Text)> Mails { get; } = [];

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                _ = TalkAsync(client);
            }
        }
        catch (OperationCanceledException) { /* the test is over */ }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 loopback ready");
            var to = "";
            while (await reader.ReadLineAsync(_ending.Token) is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "RCPT": to = line; await writer.WriteLineAsync("250 ok"); break;
                    case "DATA":
                        await writer.WriteLineAsync("354 go on");
                        var text = new StringBuilder();
                        while (await reader.ReadLineAsync(_ending.Token) is { } part && part != ".") text.Append(part).Append('\n');
                        Mails.Enqueue((to, text.ToString()));
                        await writer.WriteLineAsync("250 taken");
                        break;
                    case "QUIT": await writer.WriteLineAsync("221 bye"); return;
                    default: await writer.WriteLineAsync("250 ok"); break;
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _listener.Dispose();
        _ending.Dispose();
    }
}
