using Governance.Edge.V1;
using Governance.FieldGateway.Telemetry;
using Governance.FieldGateway.Tests.Harness;
using Governance.Gateway;
using static Governance.FieldGateway.Tests.Harness.DataLogger;

namespace Governance.FieldGateway.Tests;

/// <summary>Data loggers on real sockets: what becomes a reading, and when an upload is answered.</summary>
public sealed class UploadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("field-upload-").FullName;
    private readonly FakeKeeper _keeper = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_real_time_upload_becomes_readings_in_china_time_and_is_answered()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.SendAsync(Upload("20250803141001000", "DataTime=20250803141000;a21022-Rtd=1.25,a21022-Flag=N;a21028-SampleTime=20250803140930,a21028-Rtd=2500,a21028-Flag=T"));
        Assert.Equal("QN=20250803141001000;ST=91;CN=9014;PW=123456;MN=MN-1;Flag=4;CP=&&&&", await logger.AnswerAsync());
        Assert.Equal(
        [
            new Sample(0, 0, new DateTimeOffset(2025, 8, 3, 6, 10, 0, TimeSpan.Zero), 1.25),
            new Sample(0, 1, new DateTimeOffset(2025, 8, 3, 6, 9, 30, TimeSpan.Zero), 2.5, Quality.Saturated),
        ], _keeper.Taken);
        // Counted once it is sent, which the logger may see earlier.
        await Wait.UntilAsync(() => port.Station(0).Answers == 1, () => port.Lines);
        Assert.Equal((1, 2), (port.Station(0).Frames, port.Station(0).Readings));
        Assert.NotNull(port.Station(0).LastHeard);
    }

    [Theory]
    [InlineData("N", Quality.Good), InlineData("F", Quality.OutOfService), InlineData("M", Quality.Maintenance), InlineData("S", Quality.Manual)]
    [InlineData("D", Quality.Bad), InlineData("C", Quality.Calibration), InlineData("T", Quality.Saturated), InlineData("B", Quality.Communication)]
    public async Task Every_letter_is_a_quality(string letter, Quality quality)
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.AcknowledgedAsync(Upload("1", Chlorine("3", letter)));
        Assert.Equal(quality, Assert.Single(_keeper.Taken).Quality);
    }

    [Fact]
    public async Task A_station_may_have_letters_of_its_own()
    {
        await using var port = new StationPort(_folder, _keeper, station: """ "flags": { "G": "GOOD", "S": "SATURATED" }, """);
        using var logger = await ConnectAsync(port.Port);
        await logger.AcknowledgedAsync(Upload("1", Chlorine("3", "G")));
        await logger.AcknowledgedAsync(Upload("2", Chlorine("3", "S")));
        Assert.Equal([Quality.Good, Quality.Saturated], _keeper.Taken.Select(s => s.Quality));
    }

    /// <summary>The data logger forgets what is answered; so nothing is answered that a power cut could take.</summary>
    [Fact]
    public async Task No_answer_before_the_readings_are_kept()
    {
        await using var port = new StationPort(_folder, _keeper, "\"keep_within_s\": 1,");
        using var logger = await ConnectAsync(port.Port);
        _keeper.DiskIsAway();
        await logger.SendAsync(Upload("1", Chlorine("3")));
        await Wait.UntilAsync(() => _keeper.Taken.Count == 1, () => port.Lines);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => logger.AnswerAsync(TimeSpan.FromMilliseconds(300)));
        await port.RefusedAsync(Reasons.NotKept);
        // The logger sends again, twice; the disk comes back: one reading, and an answer now.
        await logger.SendAsync(Upload("1", Chlorine("3")));
        await port.RefusedAsync(Reasons.NotKept, 2);
        _keeper.DiskIsBack();
        await logger.AcknowledgedAsync(Upload("1", Chlorine("3")));
        Assert.Single(_keeper.Taken);
    }

    [Fact]
    public async Task A_repeated_upload_is_answered_again_and_makes_no_second_reading()
    {
        await using (var port = new StationPort(_folder, _keeper))
        {
            using (var logger = await ConnectAsync(port.Port)) await logger.SendAsync(Upload("20250803141001000", Chlorine("3")));
            // The answer was lost with the connection.
            await Wait.UntilAsync(() => port.Station(0).Answers > 0 || port.Count(Reasons.AnswerNotRead) > 0, () => port.Lines);
            using var again = await ConnectAsync(port.Port);
            for (var i = 0; i < 3; i++) await again.AcknowledgedAsync(Upload("20250803141001000", Chlorine("3")));
            Assert.Equal(3, port.Count(Reasons.Repeated));
        }
        // The gateway remembers it over a restart.
        await using var next = new StationPort(_folder, _keeper);
        using var later = await ConnectAsync(next.Port);
        await later.AcknowledgedAsync(Upload("20250803141001000", Chlorine("3")));
        Assert.Equal((1, 1), (_keeper.Taken.Count, next.Count(Reasons.Repeated)));
    }

    [Fact]
    public async Task The_same_number_with_other_content_is_another_upload()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.AcknowledgedAsync(Upload("1", Chlorine("3")));
        await logger.AcknowledgedAsync(Upload("1", Chlorine("9")));
        Assert.Equal([3, 9], _keeper.Taken.Select(s => s.Value));
        Assert.Equal(1, port.Count(Reasons.RequestNumberReused));
    }

    /// <summary>HJ/T 212-2005 uploads need no QN: then their time tells them apart, and nobody can be answered.</summary>
    [Fact]
    public async Task Without_a_number_the_time_tells_uploads_apart()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        foreach (var time in new[] { "20250803141000", "20250803141000", "20250803141030" })
            await logger.SendAsync($"ST=31;CN=2011;PW=123456;MN=MN-1;CP=&&{Chlorine("3", time: time)}&&");
        await logger.SendAsync($"ST=31;CN=2011;PW=123456;MN=MN-1;Flag=1;CP=&&{Chlorine("3", time: "20250803141100")}&&");
        await port.RefusedAsync(Reasons.NoRequestNumber);
        Assert.Equal((3, 1), (_keeper.Taken.Count, port.Count(Reasons.Repeated)));
    }

    [Fact]
    public async Task Nothing_is_answered_that_nobody_asked_to_be_answered()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.SendAsync(Upload("1", Chlorine("3"), flag: 4));
        await logger.AcknowledgedAsync(Upload("2", Chlorine("4", time: "20250803141030")));
        Assert.Equal(2, _keeper.Taken.Count);
    }

    /// <summary>Minute, hour and day values are acknowledged, so that the logger goes on; only what is configured becomes a reading.</summary>
    [Theory, InlineData("2051", 1), InlineData("2061", 0), InlineData("2031", 0)]
    public async Task Means_are_answered_and_become_readings_where_configured(string command, int readings)
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.AcknowledgedAsync(Upload("1", "DataTime=20250803141000;a21022-Min=1,a21022-Avg=2,a21022-Max=3,a21022-Flag=N", cn: command));
        Assert.Equal(readings, _keeper.Taken.Count);
        if (readings > 0) Assert.Equal((2, 2.0), (_keeper.Taken[0].Detector, _keeper.Taken[0].Value));
    }

    [Fact]
    public async Task Split_packets_become_one_upload_in_any_order_and_are_answered_when_all_are_kept()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        string Packet(int number, string content) => Upload("20250803141001000", content, flag: 7, split: $"PNUM=2;PNO={number};");
        await logger.SendAsync(Packet(2, "a21028-Rtd=2000,a21028-Flag=N"));
        await logger.SendAsync(Packet(2, "a21028-Rtd=2000,a21028-Flag=N"));
        await logger.AcknowledgedAsync(Packet(1, "DataTime=20250803141000;a21022-Rtd=3,a21022-Flag=N"));
        Assert.Equal([3, 2], _keeper.Taken.Select(s => s.Value));
        // The answer was lost, and the logger repeats the last packet, or all of them.
        await logger.AcknowledgedAsync(Packet(1, "DataTime=20250803141000;a21022-Rtd=3,a21022-Flag=N"));
        await logger.AcknowledgedAsync(Packet(2, "a21028-Rtd=2000,a21028-Flag=N"));
        Assert.Equal(2, _keeper.Taken.Count);
    }

    [Fact]
    public async Task A_split_upload_that_is_not_completed_gives_way()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.SendAsync(Upload("1", "DataTime=20250803141000;a21022-Rtd=3", flag: 7, split: "PNUM=2;PNO=1;"));
        await logger.SendAsync(Upload("2", "DataTime=20250803141030;a21022-Rtd=4", flag: 7, split: "PNUM=2;PNO=1;"));
        await logger.AcknowledgedAsync(Upload("2", "a21028-Rtd=1", flag: 7, split: "PNUM=2;PNO=2;"));
        Assert.Equal(1, port.Count(Reasons.SplitIncomplete));
        Assert.Equal(4, _keeper.Taken[0].Value);
        await logger.SendAsync(Upload("3", Chlorine("1"), flag: 7, split: "PNUM=65;PNO=1;"));
        await logger.SendAsync(Upload("3", Chlorine("1"), flag: 7, split: "PNUM=3;PNO=4;"));
        await logger.SendAsync(Upload("3", Chlorine("1"), flag: 7, split: "PNUM=1;PNO=1;"));
        await port.RefusedAsync(Reasons.SplitInvalid, 3);
        Assert.Equal(2, _keeper.Taken.Count);
    }

    /// <summary>QN and DataTime are of one clock: what was sent long after it was sampled is told as old, where the station is known to do so.</summary>
    [Fact]
    public async Task A_late_upload_is_told_as_taken_long_ago_where_it_is_configured()
    {
        await using var port = new StationPort(_folder, _keeper, station: "\"late_after_s\": 120,");
        using var logger = await ConnectAsync(port.Port);
        await logger.AcknowledgedAsync(Upload("20250803141030000", Chlorine("3", time: "20250803141000")));
        await logger.AcknowledgedAsync(Upload("20250803151000000", Chlorine("3", time: "20250803141030")));
        Assert.InRange(DateTimeOffset.UtcNow - _keeper.TakenAt[0], TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
        Assert.InRange(DateTimeOffset.UtcNow - _keeper.TakenAt[1], TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        Assert.Equal(1, port.Count(Reasons.Late));
    }

    [Fact]
    public async Task No_room_means_no_reading_no_answer_and_room_later_means_one()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        _keeper.IsFull = true;
        await logger.SendAsync(Upload("1", Chlorine("3")));
        await port.RefusedAsync(Reasons.BufferFull);
        _keeper.IsFull = false;
        // Another one gets the number that the first would have had.
        await logger.AcknowledgedAsync(Upload("2", Chlorine("4", time: "20250803141030")));
        await logger.AcknowledgedAsync(Upload("1", Chlorine("3")));
        Assert.Equal([4, 3], _keeper.Taken.Select(s => s.Value));
        _keeper.Fenced = "OLD_EPOCH";
        await logger.SendAsync(Upload("3", Chlorine("3", time: "20250803141100")));
        await port.RefusedAsync(Reasons.Fenced);
    }

    [Fact]
    public async Task Many_loggers_at_once_each_get_their_own_answers()
    {
        await using var port = new StationPort(_folder, _keeper);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var (mn, pw) = i % 2 == 0 ? ("MN-1", "123456") : ("MN-2", "654321");
            using var logger = await ConnectAsync(port.Port);
            for (var n = 0; n < 20; n++) await logger.AcknowledgedAsync(Upload($"{i:00}{n:000}", Chlorine($"{i}.{n}"), mn, pw));
        }));
        Assert.Equal(160, _keeper.Taken.Count);
    }
}
