using System.Globalization;
using System.Text;
using Governance.Domain.Kernel;
using Governance.Edge.V1;
using Governance.Node.Notify;

namespace Governance.Edge.Tests.Dispatch;

/// <summary>Real HTTP and real SMTP: signed, tried again, known again by the id, and told when it could not be sent.</summary>
public sealed class SendingTests
{
    [Fact]
    public async Task A_message_is_tried_again_until_it_is_taken_and_is_signed_each_time()
    {
        await using var desk = await DeskNode.StartAsync();
        desk.Webhook.FailNext(2);
        var page = await desk.TestPageAsync();
        var view = await desk.UntilAsync(page.NotificationId, n => n.Calls[0].Sendings.Where(s => s.Channel is "webhook" or "mail").All(s => s.State == "SENT"));
        var webhook = view.Calls[0].Sendings.Single(s => s.Channel == "webhook");
        Assert.Equal(3, webhook.Attempts);
        Assert.Equal("SKIPPED", view.Calls[0].Sendings.Single(s => s.Channel is "sms" or "phone").State);
        var posts = desk.Webhook.Requests.ToList();
        Assert.Equal(["1", "2", "3"], posts.Select(p => p.Attempt));
        Assert.All(posts, p =>
        {
            Assert.Equal(page.NotificationId, p.Id);
            var seconds = long.Parse(p.Signature.Split(',')[0][2..], CultureInfo.InvariantCulture);
            Assert.InRange(Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds), 0, 60);
            // As a receiver computes it, from the specification and not from our code.
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{seconds}."), .. p.Body];
            var expected = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(DeskNode.Secret), signed);
            Assert.Equal($"t={seconds},v1={Convert.ToHexStringLower(expected)}", p.Signature);
            Assert.Equal(("TEST", "YJ", "RED", true), (p.Json.GetProperty("kind").GetString(), p.Json.GetProperty("organisation").GetString(), p.Json.GetProperty("level").GetString(), p.Json.GetProperty("drill").GetBoolean()));
        });
        var (to, text) = Assert.Single(desk.Mail.Mails);
        Assert.Contains("@duty.example.invalid", to);
        Assert.Contains($"Governance-Notification-Id: {page.NotificationId}\n", text);
        Assert.Matches($"Message-Id: <{page.NotificationId}\\.\\d+@governance>", text);
        Assert.Contains($"/v1/notifications/{page.NotificationId}:confirm", text.Replace("=\n", ""));
    }

    [Fact]
    public async Task What_could_not_be_sent_is_a_dead_letter_that_can_be_sent_again()
    {
        await using var desk = await DeskNode.StartAsync(retrySeconds: "1");
        desk.Webhook.FailNext(2);
        var page = await desk.TestPageAsync();
        await desk.UntilAsync(page.NotificationId, n => n.Calls[0].Sendings[0].State == "DEAD");
        var dead = Assert.Single((await desk.Dispatch.ListDeadLettersAsync(new ListDeadLettersRequest(), desk.As(Roles.Operator))).DeadLetters);
        Assert.Equal((page.NotificationId, "webhook", 2), (dead.NotificationId, dead.Sending.Channel, dead.Sending.Attempts));
        Assert.Contains("HTTP 503", dead.Sending.Error);
        await desk.Dispatch.RetryDeadLetterAsync(new RetryDeadLetterRequest { CommandId = "again", NotificationId = page.NotificationId, Sending = dead.Sending.Sending }, desk.As(Roles.Operator));
        await desk.UntilAsync(page.NotificationId, n => n.Calls[0].Sendings[0].State == "SENT");
        Assert.Empty((await desk.Dispatch.ListDeadLettersAsync(new ListDeadLettersRequest { Organisation = "YJ" }, desk.As(Roles.Operator))).DeadLetters);
        Assert.Equal(3, desk.Webhook.Requests.Count);
    }

    [Fact]
    public void A_file_of_endpoints_that_cannot_be_trusted_is_refused_with_every_reason()
    {
        var folder = Directory.CreateTempSubdirectory("notify-").FullName;
        var file = Path.Combine(folder, "notify.json");
        File.WriteAllText(Path.Combine(folder, "short"), "short");
        File.WriteAllText(file, """{ "pigeons": {}, "at_once": 0, "webhooks": { "a": { "url": "http://10.0.0.1/x", "secret_file": "short" }, "b": { "url": "ftp://x" } }, "mail": { "host": "", "from": "", "user": "u", "password_file": "none", "security": "maybe" } }""");
        var holes = Assert.Throws<NotifyRefusedException>(() => NotifyConfig.Read(file)).Holes;
        Assert.All((string[])["'pigeons'", "at_once", "a.secret_file: a secret has", "a.url: http leaves", "b.secret_file", "b.url", "mail.host", "mail.from", "mail.security", "mail.password_file"], w => Assert.Contains(holes, h => h.Contains(w)));
        File.WriteAllText(file, "{");
        Assert.Throws<NotifyRefusedException>(() => NotifyConfig.Read(file));
        Assert.Throws<NotifyRefusedException>(() => NotifyConfig.Read(Path.Combine(folder, "absent")));
        Directory.Delete(folder, recursive: true);
    }
}
