using Governance.Actors.Dispatch;
using MailKit.Net.Smtp;
using MimeKit;
using MimeKit.Text;

namespace Governance.Node.Notify;

/// <summary>Sends a notification as a mail; its Message-Id is the same however often it is sent, so mail servers know it again.</summary>
public sealed class MailNotifier(MailServer server, TimeSpan patience) : INotifier
{
    private const int SubjectLimitCharacters = 120;

    public string Channel => "mail";

    public bool CanReach(string target) => MailboxAddress.TryParse(target, out _);

    public string EndpointOf(string target) => server.Host;

    public async Task SendAsync(Notice notice, CancellationToken cancel)
    {
        using var client = new SmtpClient { Timeout = (int)patience.TotalMilliseconds };
        await client.ConnectAsync(server.Host, server.Port, server.Security, cancel);
        if (server.User.Length > 0) await client.AuthenticateAsync(server.User, server.Password, cancel);
        using var message = Message(notice);
        await client.SendAsync(message, cancel);
        // Taken by now; a server that says no good-bye must not make it a failure.
        try { await client.DisconnectAsync(quit: true, cancel); }
        catch (Exception e) when (e is IOException or SmtpProtocolException or SmtpCommandException) { _ = e; }
    }

    private MimeMessage Message(Notice n)
    {
        var subject = $"{(n.Drill ? "[DRILL 演练] " : "")}[{n.Level.ToString().ToUpperInvariant()}] {n.Notification}: {n.Text.ReplaceLineEndings(" ")}";
        var message = new MimeMessage
        {
            Subject = subject.Length > SubjectLimitCharacters ? subject[..SubjectLimitCharacters] + "…" : subject,
            MessageId = $"{n.Notification}.{n.Sending}@governance",
            Body = new TextPart(TextFormat.Plain)
            {
                Text = $"{n.Text}\n\nNotification {n.Notification} for {n.Desk}, {n.Person}\nLevel {n.Level}{(n.Case.Length > 0 ? $", case {n.Case}, category {n.Category}" : "")}\nOpened {n.OpenedAt:O}\nConfirm by {n.ConfirmBy:O}: POST /v1/notifications/{n.Notification}:confirm\n",
            },
        };
        message.From.Add(MailboxAddress.Parse(server.From));
        message.To.Add(MailboxAddress.Parse(n.Target));
        message.Headers.Add(WebhookNotifier.IdHeader, n.Notification);
        return message;
    }
}
