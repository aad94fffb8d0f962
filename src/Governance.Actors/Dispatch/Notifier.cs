using System.Collections.Concurrent;
using System.Collections.Immutable;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;

namespace Governance.Actors.Dispatch;

/// <summary>One message to one address of one person.</summary>
/// <param name="Notification">Stable id: a message may be sent more than once, and whoever gets it knows it again by this.</param>
/// <param name="Sending">Number of the message within the notification.</param>
/// <param name="Attempt">From 1.</param>
public sealed record Notice(
    string Notification, int Sending, int Attempt, string Desk, string Person, string Channel, string Target, NotificationKind Kind, string Case, Colour Level, string Category, string Text, bool Drill,
    DateTimeOffset OpenedAt, DateTimeOffset ConfirmBy);

/// <summary>Sends over one channel. Providers of SMS and telephone calls are further implementations.</summary>
public interface INotifier
{
    /// <summary>webhook, mail, sms or phone.</summary>
    string Channel { get; }

    /// <summary>False where this target is not configured: the message is skipped, not dead.</summary>
    bool CanReach(string target);

    /// <summary>Whose answer a message to this target waits for, e.g. the name of an endpoint or of the mail server; as many as the configuration names.</summary>
    string EndpointOf(string target);

    /// <summary>Returns when the receiver has taken it; throws when not. Ends in bounded time.</summary>
    Task SendAsync(Notice notice, CancellationToken cancel);
}

/// <summary>
/// The notifiers of a node, and how much they do at once. Each endpoint has a queue per level: one that does not answer keeps nobody
/// waiting who is called elsewhere, and what is yellow never stands before what is red.
/// </summary>
public sealed class Notifiers : IDisposable
{
    private const int ErrorLimitCharacters = 300;
    private readonly ImmutableSortedDictionary<string, INotifier> _byChannel;
    private readonly ConcurrentDictionary<(string Channel, string Endpoint, Colour Level), SemaphoreSlim> _queues = new();
    private readonly int _atOnce;
    private readonly TimeSpan _patience;

    /// <param name="atOnce">Messages of one level under way at once to one endpoint.</param>
    /// <param name="patience">Of one attempt, whatever the notifier does.</param>
    public Notifiers(IEnumerable<INotifier> notifiers, int atOnce, TimeSpan patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(patience, TimeSpan.Zero);
        (_byChannel, _atOnce, _patience) = (notifiers.ToImmutableSortedDictionary(n => n.Channel, n => n, StringComparer.Ordinal), atOnce, patience);
    }

    /// <summary>Nothing is sent; desks show their notifications through the API.</summary>
    public static Notifiers None => new([], 1, TimeSpan.FromSeconds(1));

    /// <summary>Null when it can be sent; else why not.</summary>
    public string? Unconfigured(string channel, string target) =>
        !_byChannel.TryGetValue(channel, out var notifier) ? $"nothing sends over {channel} here" : notifier.CanReach(target) ? null : $"{channel} '{target}' is not configured here";

    /// <summary>Never throws: how it ended is the result.</summary>
    public async Task<SendingResult> SendAsync(Notice notice)
    {
        var notifier = _byChannel[notice.Channel];
        var queue = _queues.GetOrAdd((notice.Channel, notifier.EndpointOf(notice.Target), notice.Level), _ => new SemaphoreSlim(_atOnce));
        // Without the wait for others: a slow endpoint must not use up the time of the rest.
        await queue.WaitAsync();
        using var ending = new CancellationTokenSource(_patience);
        try
        {
            await notifier.SendAsync(notice, ending.Token).WaitAsync(ending.Token);
            return new SendingResult(notice.Notification, notice.Sending, SendingPhase.Sent, "");
        }
        catch (OperationCanceledException) { return Failed(notice, $"no answer within {_patience.TotalSeconds:0.#} s"); }
        // Whatever a provider's library throws is a failed attempt: the desk decides what becomes of it.
        catch (Exception e) when (e is not OutOfMemoryException) { return Failed(notice, e.Message); }
        finally { queue.Release(); }
    }

    /// <summary>Attempts under way end in their own time.</summary>
    public void Dispose()
    {
        foreach (var notifier in _byChannel.Values.OfType<IDisposable>()) notifier.Dispose();
    }

    private static SendingResult Failed(Notice notice, string why) =>
        new(notice.Notification, notice.Sending, SendingPhase.Dead, why.Length > ErrorLimitCharacters ? why[..ErrorLimitCharacters] : why);
}
