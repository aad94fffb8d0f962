using System.Collections.Immutable;
using Governance.Contracts.Messages;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Actors.Tests;

/// <summary>A feed is ordered, durable, and takes every alert once.</summary>
public sealed class FeedTests : IDisposable
{
    private const int Alerts = 1500;
    private static readonly EntityAddress Feed = new(EntityKinds.AlertFeed, "410803002"), Sender = new(EntityKinds.HazardSource, "HS-F-1");
    private readonly string _folder = Directory.CreateTempSubdirectory("feed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_alert_is_read_once_and_in_order_from_memory_and_journal_before_and_after_a_crash()
    {
        List<string> before;
        await using (var engine = await EngineUnderTest.StartAsync(_folder))
        {
            for (var first = 1; first <= Alerts; first += EntityMemory.DeliveryWindowMessages) await DeliverAsync(engine, first);
            // A sender that was not answered says it again: taken once, answered the same.
            var again = await DeliverAsync(engine, Alerts - Alerts % EntityMemory.DeliveryWindowMessages + 1);
            Assert.Equal(Alerts, again.Through);
            before = await ReadAllAsync(engine);
            await engine.CrashAsync();
        }
        Assert.Equal(Enumerable.Range(1, Alerts).Select(n => $"alert-{n}"), before);
        await using var restarted = await EngineUnderTest.StartAsync(_folder);
        Assert.Equal(before, await ReadAllAsync(restarted));
    }

    [Fact]
    public async Task A_reader_that_is_up_to_date_waits_and_gets_the_next_alert()
    {
        await using var engine = await EngineUnderTest.StartAsync(_folder);
        var waiting = engine.AskAsync<FeedPage>(new ReadFeed(Feed, 0, 10, TimeSpan.FromSeconds(10)));
        await engine.AskAsync<DeliverReply>(new Deliver(Feed, Sender, 1, [new AlertPublished(Numbered(1))]));
        Assert.Equal("alert-1", Assert.Single((await waiting).Entries).Alert.Id);
        var heartbeat = await engine.AskAsync<FeedPage>(new ReadFeed(Feed, 1, 10, TimeSpan.FromMilliseconds(50)));
        Assert.Equal((0, 1L), (heartbeat.Entries.Count, heartbeat.Head));
    }

    [Fact]
    public async Task A_gap_in_a_senders_numbers_is_not_taken()
    {
        await using var engine = await EngineUnderTest.StartAsync(_folder);
        var reply = await engine.AskAsync<DeliverReply>(new Deliver(Feed, Sender, 5, [new AlertPublished(Numbered(5))]));
        Assert.Equal(0, reply.Through);
        Assert.Empty(await ReadAllAsync(engine));
    }

    private static Task<DeliverReply> DeliverAsync(EngineUnderTest engine, int first) => engine.AskAsync<DeliverReply>(new Deliver(Feed, Sender, first,
        [.. Enumerable.Range(first, Math.Min(EntityMemory.DeliveryWindowMessages, Alerts - first + 1)).Select(n => (IEntityMessage)new AlertPublished(Numbered(n)))]));

    private static async Task<List<string>> ReadAllAsync(EngineUnderTest engine)
    {
        var (ids, after) = (new List<string>(), 0L);
        while (true)
        {
            var page = await engine.AskAsync<FeedPage>(new ReadFeed(Feed, after, 200, TimeSpan.Zero), 30);
            if (page.Entries.IsEmpty) return ids;
            Assert.Equal(after + 1, page.Entries[0].Position);
            ids.AddRange(page.Entries.Select(e => e.Alert.Id));
            after = page.Entries[^1].Position;
        }
    }

    private static Alert Numbered(int n) => new(
        $"alert-{n}", AlertKind.LevelRaised, new AreaCode("410803002"), new DateTimeOffset(2025, 8, 3, 6, 0, 0, TimeSpan.Zero), "HS-F-1", "A", $"o-{n % 7}", AlarmLevel.One,
        Colour.Yellow, HazardKind.ToxicGas, 1, 1, "mg/m3", "", "", [], "", false, "text");
}
