using System.Collections.Immutable;
using Governance.Contracts.Codecs;
using Governance.Contracts.Messages;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Contracts.Tests;

/// <summary>What outgrows a message between nodes is dropped, and who asked waits in vain: the largest answers fit.</summary>
public sealed class LargeAnswerTests
{
    /// <summary>maximum-frame-size of engine.conf, less what an envelope takes.</summary>
    private const int FrameBytes = 1024 * 1024 - 4096;
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 14, 0, 0, TimeSpan.Zero);
    private static readonly EntityAddress Desk = new(EntityKinds.Department, "YJ");

    [Fact]
    public void A_desk_in_a_storm_answers()
    {
        var state = Storm();
        Assert.True(JournalRegistry.Codecs.For(state).Encode(state).Length > FrameBytes, "the state alone outgrows a frame");
        var (command, query) = (new CommandReply(Desk, "confirm", 7, null, state), new StateReply(Desk, 7, Start, state));
        foreach (object reply in (object[])[command, query])
        {
            var codec = ClusterRegistry.Codecs.For(reply);
            var bytes = codec.Encode(reply);
            Assert.InRange(bytes.Length, 1, FrameBytes);
            var back = (DepartmentState)(codec.Decode(bytes) is CommandReply r ? r.State : ((StateReply)codec.Decode(bytes)).State);
            Assert.Equal(JournalRegistry.Codecs.For(state).Encode(state), JournalRegistry.Codecs.For(back).Encode(back));
        }
    }

    [Fact]
    public void The_longest_agenda_answers()
    {
        var items = Enumerable.Range(0, MeetingState.ItemLimit).Select(i => new AgendaItem(
            $"case/C{Hash(i)}", AgendaSection.BreachedOrStale, ["BREACHED"], $"410803-20261128-EM-{i:00000}-7", "a deadline was missed", Colour.Yellow, $"41080300{i % 9}", 2000 + i * 0.37, false, 0, i < 30)).ToImmutableList();
        var state = MeetingState.New("daily/2026-11-28") with { Phase = MeetingPhase.AgendaFixed, Items = items, Seen = [.. items.Select(i => i.Key)], Hash = Hash(0) };
        var reply = new StateReply(new EntityAddress(EntityKinds.Meeting, state.Id), 3, Start, state);
        var bytes = ClusterRegistry.Codecs.For(reply).Encode(reply);
        Assert.InRange(bytes.Length, 1, FrameBytes);
        Assert.Equal(items, ((MeetingState)((StateReply)ClusterRegistry.Codecs.For(reply).Decode(bytes)).State).Items, (a, b) => a.Key == b.Key && a.Priority == b.Priority);
    }

    [Fact]
    public void A_small_state_travels_as_it_is_stored()
    {
        var state = DepartmentState.New("YJ");
        var reply = new StateReply(Desk, 1, Start, state);
        var wire = Governance.Cluster.V1.StateReply.Parser.ParseFrom(ClusterRegistry.Codecs.For(reply).Encode(reply));
        Assert.Equal("dept.State.1", wire.State.Manifest);
    }

    /// <summary>As many unconfirmed notifications as a desk may have and as many that are over, each with all the pages that are kept, to three addresses that fail.</summary>
    private static DepartmentState Storm()
    {
        var persons = Enumerable.Range(1, 12).Select(n => $"SYN-YJ-PERSON-{n:00}").ToArray();
        var all = Enumerable.Range(1, DepartmentState.CallingLimit + DepartmentState.OverLimit).Select(n => Called(n, persons)).ToList();
        return DepartmentState.New("YJ") with
        {
            Open = all.Select(n => new DeskTask(new CaseKey(n.Case), true, "0101", Colour.Red, $"储罐区 {n.Id}", $"chlorine above level 2 at detector GT-{n.Id}", false, n.OpenedAt)).ToImmutableSortedDictionary(t => t.Case.Value, t => t, StringComparer.Ordinal),
            Notifications = all.ToImmutableDictionary(n => n.Id, StringComparer.Ordinal), Ended = [.. all.Where(n => n.Phase != NotificationPhase.Calling).Select(n => n.Id)], Opened = all.Count,
        };
    }

    private static Notification Called(int number, string[] persons)
    {
        var opened = Start.AddMilliseconds(number * 7919L);
        var over = number > DepartmentState.CallingLimit;
        var pages = Enumerable.Range(0, over ? Notification.OverPageLimit : Notification.PageLimit).Select(p => new Page(1 + p / 12, persons[(p + number) % 12], true, opened.AddSeconds(60 * p + p * 0.013), [.. new[] { "webhook", "mail", "sms" }.Select((channel, i) =>
            new Sending(p * 3 + i + 1, channel, channel == "mail" ? $"{persons[(p + number) % 12].ToLowerInvariant()}@duty.example.invalid" : "duty-app", SendingPhase.Waiting, 1 + p % 7, opened.AddSeconds(60 * p + i * 5.017 + number), null, "no answer within 10 s", ""))])).ToImmutableList();
        return new Notification($"YJ-{number}", NotificationKind.Task, $"C{Hash(number)[..24]}", Colour.Red, "0101", $"储罐区 {number}: chlorine above level 2 at detector GT-{number}", false, "", opened,
            over ? NotificationPhase.Over : NotificationPhase.Calling, 5, over ? null : opened.AddHours(1), pages, pages.Count * 3, "", over ? opened.AddHours(1) : null, over ? "the case is over" : "", "desk");
    }

    /// <summary>As random as a key is.</summary>
    private static string Hash(int number) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)));
}
