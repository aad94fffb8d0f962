using System.Text;
using Governance.Edge.V1;
using Governance.FieldGateway.Hj212;
using Governance.FieldGateway.Telemetry;
using Governance.FieldGateway.Tests.Harness;
using static Governance.FieldGateway.Tests.Harness.DataLogger;

namespace Governance.FieldGateway.Tests;

/// <summary>Everything that is wrong with a data logger has a name, is counted, and costs no other frame.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("field-refusal-").FullName;
    private readonly FakeKeeper _keeper = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Wrong => new()
    {
        { Reasons.BadCrc, "##0012QN=1;CP=&&&&0000\r\n" },
        { Reasons.WrongLength, "##abcd" },
        { Reasons.FrameTooLarge, "##1025" },
        { Reasons.Garbage, "GET / HTTP/1.1\r\n\r\n" },
        { Reasons.BadSegment, Framed("this is no data segment") },
        { Reasons.UnknownStation, Framed(Upload("1", Chlorine("3"), mn: "MN-X")) },
        { Reasons.WrongPassword, Framed(Upload("1", Chlorine("3"), pw: "000000")) },
        { Reasons.UnknownCommand, Framed(Upload("1", "", cn: "3020")) },
        { Reasons.BadRequestNumber, Framed(Upload("987654321098765432109", Chlorine("3"))) },
        { Reasons.BadTime, Framed(Upload("1", "DataTime=yesterday;a21022-Rtd=3")) },
        { Reasons.BadSegment, Framed(Upload("1", Chlorine("3") + ",4")) },
        { Reasons.SplitInvalid, Framed(Upload("1", Chlorine("3"), flag: 7, split: "PNUM=2;PNO=0;")) },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_wrong_frame_is_refused_by_name_gets_no_answer_and_costs_no_other(string reason, string bytes)
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.SendRawAsync(Bytes(bytes));
        // The first answer is that of the good frame behind it.
        await logger.AcknowledgedAsync(Upload("9", Chlorine("7")));
        Assert.Equal(7, Assert.Single(_keeper.Taken).Value);
        Assert.Equal(1, port.Count(reason));
        Assert.Contains(reason, port.Lines);
        Assert.DoesNotContain("123456", port.Lines);
    }

    public static TheoryData<string, string, double, Quality> Doubtful => new()
    {
        { Reasons.NotANumber, "a21022-Rtd=abc,a21022-Flag=N", double.NaN, Quality.Bad },
        { Reasons.NotANumber, "a21022-Rtd=1e999,a21022-Flag=N", double.NaN, Quality.Bad },
        { Reasons.NotANumber, "a21022-Rtd=NaN,a21022-Flag=N", double.NaN, Quality.Bad },
        { Reasons.NotANumber, "a21022-Rtd=---,a21022-Flag=B", double.NaN, Quality.Communication },
        { Reasons.NoValue, "a21022-Flag=N", double.NaN, Quality.Bad },
        { Reasons.UnknownFlag, "a21022-Rtd=3,a21022-Flag=Q", 3, Quality.Bad },
        { Reasons.UnknownFactor, "a21022-Rtd=3,a21022-Flag=N;a99999-Rtd=1", 3, Quality.Good },
    };

    /// <summary>A value that cannot be believed is a reading all the same: silence would be no sign of anything.</summary>
    [Theory, MemberData(nameof(Doubtful))]
    public async Task A_doubtful_value_is_a_reading_of_its_quality(string reason, string content, double value, Quality quality)
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.AcknowledgedAsync(Upload("1", $"DataTime=20250803141000;{content}"));
        var taken = Assert.Single(_keeper.Taken);
        Assert.Equal((value, quality), (taken.Value, taken.Quality));
        Assert.Equal(1, port.Count(reason));
    }

    [Fact]
    public async Task A_detector_that_is_out_of_order_needs_no_value()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        await logger.AcknowledgedAsync(Upload("1", "DataTime=20250803141000;a21022-Flag=D"));
        Assert.Equal((Quality.Bad, 0), (_keeper.Taken[0].Quality, port.Count(Reasons.NoValue)));
    }

    [Fact]
    public async Task Frames_in_pieces_and_many_in_one_piece_are_all_taken()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        var frames = Enumerable.Range(0, 20).Select(i => Frames.Of(Upload($"{i}", Chlorine($"{i}")))).ToList();
        await logger.SendRawAsync([.. frames.Take(10).SelectMany(f => f)]);
        foreach (var part in frames.Skip(10).SelectMany(f => f).Chunk(7)) await logger.SendRawAsync(part);
        for (var i = 0; i < 20; i++) Assert.StartsWith($"QN={i};", await logger.AnswerAsync());
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (double)i), _keeper.Taken.Select(s => s.Value));
    }

    [Fact]
    public async Task Nothing_but_noise_closes_the_connection()
    {
        await using var port = new StationPort(_folder, _keeper, "\"garbage_limit_bytes\": 2000,");
        using var logger = await ConnectAsync(port.Port);
        await logger.SendRawAsync(new byte[3_000]);
        Assert.Null(await logger.AnswerAsync());
        Assert.Equal(1, port.Count(Reasons.Hopeless));
    }

    /// <summary>Slow-loris: bytes that trickle in hold a place no longer than a frame may take.</summary>
    [Fact]
    public async Task A_frame_that_does_not_end_closes_the_connection()
    {
        await using var port = new StationPort(_folder, _keeper, "\"frame_within_s\": 1,");
        using var logger = await ConnectAsync(port.Port);
        var frame = Frames.Of(Upload("1", Chlorine("3")));
        var closed = logger.AnswerAsync();
        for (var at = 0; at < frame.Length && !closed.IsCompleted; at++)
        {
            try { await logger.SendRawAsync([frame[at]]); }
            catch (System.Net.Sockets.SocketException) { break; }
            await Task.WhenAny(closed, Task.Delay(50));
        }
        Assert.Null(await closed);
        Assert.Equal(1, port.Count(Reasons.FrameTimeout));
        Assert.Empty(_keeper.Taken);
    }

    [Fact]
    public async Task A_length_that_reaches_too_far_does_not_cost_the_frames_that_it_covers()
    {
        await using var port = new StationPort(_folder, _keeper, "\"frame_within_s\": 1,");
        using var logger = await ConnectAsync(port.Port);
        await logger.SendRawAsync(Bytes("##1000QN="), Frames.Of(Upload("1", Chlorine("3"))));
        Assert.StartsWith("QN=1;", await logger.AnswerAsync());
        await logger.AcknowledgedAsync(Upload("2", Chlorine("4")));
        Assert.Equal(1, port.Count(Reasons.FrameTimeout));
    }

    [Fact]
    public async Task A_silent_connection_a_cut_frame_and_one_connection_too_many_have_their_names()
    {
        await using var port = new StationPort(_folder, _keeper, "\"idle_limit_s\": 1, \"connections_limit\": 1,");
        using (var silent = await ConnectAsync(port.Port))
        {
            await silent.AcknowledgedAsync(Upload("1", Chlorine("3")));
            using var second = await ConnectAsync(port.Port);
            Assert.Null(await second.AnswerAsync());
            Assert.Equal(1, port.Count(Reasons.TooManyConnections));
            Assert.Null(await silent.AnswerAsync());
            Assert.Equal(1, port.Count(Reasons.Idle));
        }
        await Wait.UntilAsync(() => port.Connections == 0, () => port.Lines);
        using (var cut = await ConnectAsync(port.Port)) await cut.SendRawAsync(Frames.Of(Upload("2", Chlorine("3")))[..40]);
        await port.RefusedAsync(Reasons.FrameCut);
    }

    /// <summary>What is hostile is told once with its number, not a line each.</summary>
    [Fact]
    public async Task A_thousand_faults_are_counted_and_told_in_few_lines()
    {
        await using var port = new StationPort(_folder, _keeper);
        using var logger = await ConnectAsync(port.Port);
        for (var i = 0; i < 1_000; i++) await logger.SendAsync(Upload($"{i}", Chlorine("3"), pw: "guess"));
        await port.RefusedAsync(Reasons.WrongPassword, 1_000);
        Assert.InRange(port.Lines.Split('\n').Length, 2, 10);
    }

    private static string Framed(string segment) => Encoding.Latin1.GetString(Frames.Of(segment));
}
