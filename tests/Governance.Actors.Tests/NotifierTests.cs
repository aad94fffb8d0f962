using Governance.Actors.Dispatch;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;

namespace Governance.Actors.Tests;

/// <summary>Whatever a provider does, an attempt ends, and no more are under way than are allowed.</summary>
public sealed class NotifierTests
{
    [Fact]
    public async Task No_more_are_under_way_at_once_than_are_allowed()
    {
        var provider = new Provider();
        using var notifiers = new Notifiers([provider], 2, TimeSpan.FromSeconds(30));
        var sending = Enumerable.Range(1, 5).Select(n => notifiers.SendAsync(Notice(n))).ToList();
        while (true)
        {
            await EngineUnderTest.EventuallyAsync(() => Task.FromResult(provider.Waiting > 0 || sending.TrueForAll(s => s.IsCompleted)), "somebody waits for the provider");
            if (provider.Waiting == 0) break;
            Assert.InRange(provider.Waiting, 1, 2);
            provider.Answer();
        }
        Assert.All(sending, s => Assert.Equal(SendingPhase.Sent, s.Result.Phase));
        Assert.Equal(2, provider.Most);
    }

    [Fact]
    public async Task A_provider_that_never_answers_uses_up_its_own_time_only()
    {
        using var notifiers = new Notifiers([new Provider()], 1, TimeSpan.FromMilliseconds(50));
        var results = await Task.WhenAll(notifiers.SendAsync(Notice(1)), notifiers.SendAsync(Notice(2)));
        Assert.All(results, r => Assert.Equal((SendingPhase.Dead, "no answer within 0.1 s"), (r.Phase, r.Note)));
    }

    /// <summary>Yellow pages to an endpoint that hangs fill its queue; a red one goes out beside them, there and elsewhere.</summary>
    [Fact]
    public async Task An_endpoint_that_hangs_holds_up_neither_others_nor_a_higher_level()
    {
        var provider = new Provider();
        using var notifiers = new Notifiers([provider], 1, TimeSpan.FromSeconds(30));
        var yellow = Enumerable.Range(1, 3).Select(n => notifiers.SendAsync(Notice(n, "hangs", Colour.Yellow))).ToList();
        var (elsewhere, red) = (notifiers.SendAsync(Notice(4, "well", Colour.Yellow)), notifiers.SendAsync(Notice(5, "hangs")));
        await EngineUnderTest.EventuallyAsync(() => Task.FromResult(provider.Waiting == 3), "one yellow, one elsewhere and the red one are under way");
        Assert.Equal([1, 4, 5], provider.Asked.Order());
        while (!yellow.TrueForAll(y => y.IsCompleted) || !elsewhere.IsCompleted || !red.IsCompleted)
        {
            await EngineUnderTest.EventuallyAsync(() => Task.FromResult(provider.Waiting > 0 || yellow.TrueForAll(y => y.IsCompleted)), "the next one is under way");
            if (provider.Waiting > 0) provider.Answer();
        }
        Assert.Equal([1, 2, 3, 4, 5], provider.Asked.Order());
    }

    [Fact]
    public async Task Whatever_a_provider_throws_is_a_failed_attempt_with_a_short_reason()
    {
        using var notifiers = new Notifiers([new Provider { Fails = new InvalidDataException(new string('x', 5000)) }], 1, TimeSpan.FromSeconds(5));
        var result = await notifiers.SendAsync(Notice(1));
        Assert.Equal((SendingPhase.Dead, 300), (result.Phase, result.Note.Length));
    }

    [Fact]
    public void What_is_not_configured_is_said_before_it_is_tried()
    {
        using var notifiers = new Notifiers([new Provider()], 1, TimeSpan.FromSeconds(5));
        Assert.Null(notifiers.Unconfigured("sms", "1"));
        Assert.Contains("'unknown' is not configured", notifiers.Unconfigured("sms", "unknown"));
        Assert.Contains("nothing sends over phone", notifiers.Unconfigured("phone", "1"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Notifiers([], 0, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Notifiers([], 1, TimeSpan.Zero));
    }

    private static Notice Notice(int sending, string target = "1", Colour level = Colour.Red) => new("YJ-1", sending, 1, "YJ", "wang", "sms", target, NotificationKind.Task, "C1", level, "0101", "text", false, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    /// <summary>Somebody's SMS provider; answers when it is told to.</summary>
    private sealed class Provider : INotifier
    {
        private readonly Lock _gate = new();
        private readonly Queue<TaskCompletionSource> _waiting = [];

        private readonly List<int> _asked = [];

        internal Exception? Fails { get; init; }
        internal int[] Asked { get { lock (_gate) return [.. _asked]; } }
        internal int Most { get; private set; }
        internal int Waiting { get { lock (_gate) return _waiting.Count; } }
        public string Channel => "sms";
        public bool CanReach(string target) => target != "unknown";
        public string EndpointOf(string target) => target;

        public Task SendAsync(Notice notice, CancellationToken cancel)
        {
            if (Fails is not null) throw Fails;
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _asked.Add(notice.Sending);
                _waiting.Enqueue(answer);
                Most = Math.Max(Most, _waiting.Count);
            }
            return answer.Task;
        }

        internal void Answer()
        {
            lock (_gate) _waiting.Dequeue().SetResult();
        }
    }
}
