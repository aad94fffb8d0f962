using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Governance.Actors.Dispatch;
using Governance.Domain.Dispatch;

namespace Governance.Node.Notify;

/// <summary>
/// Posts a notification as JSON to an endpoint. Signed: <c>Governance-Signature: t=SECONDS,v1=HEX</c> is the HMAC-SHA256 of
/// <c>SECONDS.BODY</c> with the endpoint's secret; <c>Governance-Notification-Id</c> is the same however often it is sent.
/// </summary>
public sealed class WebhookNotifier : INotifier, IDisposable
{
    public const string IdHeader = "Governance-Notification-Id", SignatureHeader = "Governance-Signature", AttemptHeader = "Governance-Attempt";
    /// <summary>Of the text; the whole body stays below 16 KiB.</summary>
    private const int TextLimitCharacters = 2000;
    private const int AnswerLimitBytes = 4 * 1024;
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IReadOnlyDictionary<string, WebhookEndpoint> _endpoints;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookNotifier(NotifyConfig config, TimeProvider time)
    {
        (_endpoints, _time) = (config.Webhooks, time);
        // An endpoint that sends us elsewhere is not the one that the district named.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = config.Patience, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            // How many are under way at once is the queues' to say: here a yellow one would hold the connection that a red one needs.
            Timeout = config.Patience, MaxResponseContentBufferSize = AnswerLimitBytes,
        };
    }

    public string Channel => "webhook";

    public bool CanReach(string target) => _endpoints.ContainsKey(target);

    public string EndpointOf(string target) => target;

    public async Task SendAsync(Notice notice, CancellationToken cancel)
    {
        var endpoint = _endpoints[notice.Target];
        var body = Body(notice);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } } };
        request.Headers.Add(IdHeader, notice.Notification);
        request.Headers.Add(AttemptHeader, notice.Attempt.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(SignatureHeader, Signature(_time.GetUtcNow().ToUnixTimeSeconds(), body, endpoint.Secret));
        // Only the status counts: a long answer is not read.
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"HTTP {(int)answer.StatusCode} from {endpoint.Url.Host}");
    }

    /// <summary>What a receiver computes too.</summary>
    public static string Signature(long seconds, ReadOnlySpan<byte> body, byte[] secret)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")));
        hash.AppendData(body);
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    public void Dispose() => _http.Dispose();

    private static byte[] Body(Notice n) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        NotificationId = n.Notification, n.Sending, n.Attempt, Organisation = n.Desk, n.Person, Kind = n.Kind == NotificationKind.Test ? "TEST" : "TASK", CaseId = n.Case, Level = n.Level.ToString().ToUpperInvariant(),
        n.Category, Text = n.Text.Length > TextLimitCharacters ? n.Text[..TextLimitCharacters] + "…" : n.Text, n.Drill, OpenedAt = n.OpenedAt.UtcDateTime, ConfirmBy = n.ConfirmBy.UtcDateTime,
        Confirm = $"/v1/notifications/{n.Notification}:confirm",
    }, Json);
}
