using System.Globalization;
using System.Net;
using System.Text.Json;
using MailKit.Security;

namespace Governance.Node.Notify;

/// <summary>The file with the endpoints cannot be used; every reason at once.</summary>
public sealed class NotifyRefusedException(string file, IReadOnlyList<string> holes) : Exception($"{file} is refused:\n  {string.Join("\n  ", holes)}")
{
    public IReadOnlyList<string> Holes { get; } = holes;
}

/// <summary>An endpoint of a department's own system (对接系统).</summary>
/// <param name="Secret">Signs what is sent; from a file, never from the configuration.</param>
public sealed record WebhookEndpoint(Uri Url, byte[] Secret);

/// <summary>The mail server.</summary>
/// <param name="Password">Empty: no sign-in.</param>
public sealed record MailServer(string Host, int Port, SecureSocketOptions Security, string From, string User, string Password);

/// <summary>How a node sends to persons: endpoints by the names that the roster uses, the mail server, and limits.</summary>
/// <param name="AtOnce">Messages of one level under way at once to one endpoint.</param>
/// <param name="Patience">Of one attempt.</param>
public sealed record NotifyConfig(IReadOnlyDictionary<string, WebhookEndpoint> Webhooks, MailServer? Mail, int AtOnce, TimeSpan Patience)
{
    private const int AtOnceLimit = 64, PatienceLimitSeconds = 60, LeastSecretBytes = 16, FileLimitBytes = 1024 * 1024;

    /// <summary>Reads a JSON file; names of secret files are relative to it.</summary>
    /// <exception cref="NotifyRefusedException">Names everything that is wrong.</exception>
    public static NotifyConfig Read(string file)
    {
        var holes = new List<string>();
        try
        {
            if (new FileInfo(file).Length > FileLimitBytes) throw new NotifyRefusedException(file, [$"more than {FileLimitBytes} bytes"]);
            using var document = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var reader = new Reader(Path.GetDirectoryName(Path.GetFullPath(file))!, holes);
            var config = reader.Config(document.RootElement);
            return holes.Count == 0 ? config : throw new NotifyRefusedException(file, holes);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException) { throw new NotifyRefusedException(file, [e.Message]); }
    }

    private sealed class Reader(string folder, List<string> holes)
    {
        internal NotifyConfig Config(JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Object) { holes.Add("one JSON object expected"); return new NotifyConfig(new Dictionary<string, WebhookEndpoint>(), null, 1, TimeSpan.FromSeconds(1)); }
            foreach (var unknown in root.EnumerateObject().Where(p => p.Name is not ("webhooks" or "mail" or "at_once" or "patience_s"))) holes.Add($"'{unknown.Name}' is none of webhooks, mail, at_once, patience_s");
            var webhooks = new Dictionary<string, WebhookEndpoint>();
            if (root.TryGetProperty("webhooks", out var list) && list.ValueKind == JsonValueKind.Object)
                foreach (var endpoint in list.EnumerateObject())
                    if (Webhook(endpoint.Name, endpoint.Value) is { } webhook) webhooks[endpoint.Name] = webhook;
            return new NotifyConfig(webhooks, root.TryGetProperty("mail", out var mail) ? Mail(mail) : null, Number(root, "at_once", 8, AtOnceLimit), TimeSpan.FromSeconds(Number(root, "patience_s", 10, PatienceLimitSeconds)));
        }

        private WebhookEndpoint? Webhook(string name, JsonElement value)
        {
            var secret = Secret(value, "secret_file", $"webhooks.{name}");
            if (secret.Length is > 0 and < LeastSecretBytes) holes.Add($"webhooks.{name}.secret_file: a secret has at least {LeastSecretBytes} bytes");
            if (secret.Length == 0) holes.Add($"webhooks.{name}.secret_file: the file of a secret is mandatory: the receiver must know that it is us");
            if (!Uri.TryCreate(Text(value, "url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) { holes.Add($"webhooks.{name}.url: an address with http or https"); return null; }
            // Who is called for which danger is nobody else's business.
            if (url.Scheme == "http" && !url.IsLoopback && Text(value, "allow_http") != "true") holes.Add($"webhooks.{name}.url: http leaves this machine readable; use https, or say \"allow_http\": true within a closed network");
            return new WebhookEndpoint(url, secret);
        }

        private MailServer? Mail(JsonElement value)
        {
            var security = Text(value, "security") switch { "starttls" or "" => SecureSocketOptions.StartTls, "tls" => SecureSocketOptions.SslOnConnect, "none" => SecureSocketOptions.None, _ => (SecureSocketOptions?)null };
            if (security is null) holes.Add("mail.security: starttls, tls or none");
            var (host, from, user) = (Text(value, "host"), Text(value, "from"), Text(value, "user"));
            if (host.Length == 0) holes.Add("mail.host: is mandatory");
            if (!MimeKit.MailboxAddress.TryParse(from, out _)) holes.Add($"mail.from: '{from}' is no address");
            var password = user.Length > 0 ? System.Text.Encoding.UTF8.GetString(Secret(value, "password_file", "mail")) : "";
            if (user.Length > 0 && security == SecureSocketOptions.None && !IsLoopback(host)) holes.Add("mail.security: a password is not sent in the clear");
            return new MailServer(host, Number(value, "port", 587, IPEndPoint.MaxPort), security ?? SecureSocketOptions.StartTls, from, user, password);
        }

        private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

        private byte[] Secret(JsonElement value, string field, string where)
        {
            if (Text(value, field) is not { Length: > 0 } file) return [];
            try { return System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(folder, file)).Trim()); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                holes.Add($"{where}.{field}: {e.Message}");
                return [];
            }
        }

        private int Number(JsonElement value, string field, int fallback, int most)
        {
            if (Text(value, field) is not { Length: > 0 } text) return fallback;
            if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most) return number;
            holes.Add($"{field}: a whole number from 1 to {most}, not {text}");
            return fallback;
        }

        private static string Text(JsonElement value, string field) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(field, out var found)
            ? found.ValueKind switch { JsonValueKind.String => found.GetString()!, JsonValueKind.True => "true", JsonValueKind.Number => found.GetRawText(), _ => "" } : "";
    }
}
