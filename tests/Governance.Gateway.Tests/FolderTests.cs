using Governance.Edge.V1;
using Governance.Gateway.Disk;
using Governance.Gateway.Tests.Edge;

namespace Governance.Gateway.Tests;

/// <summary>The buffer's files: what a start gives back from whole, torn, corrupt and lost ones; and the room they take.</summary>
public sealed class FolderTests : IAsyncLifetime
{
    private const int Sources = 2, Detectors = 3, Sweep = Sources * Detectors;
    private readonly EdgeModel _model = new();
    private readonly string _root = Directory.CreateTempSubdirectory("gateway-folder-").FullName;
    private EdgeNode _edge = null!, _away = null!;
    private int _copies;

    public async Task InitializeAsync()
    {
        (_edge, _away) = (await EdgeNode.StartAsync(_model), await EdgeNode.StartAsync(_model));
        _away.Script = stream => Task.Delay(Timeout.Infinite, stream.Ended);
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _away.DisposeAsync();
        Directory.Delete(_root, recursive: true);
        Assert.Empty(_edge.Faults);
    }

    private string Home => Path.Combine(_root, "home");

    private GatewayOptions Options(EdgeNode node, string? folder = null) => Field.Options(node) with { Epoch = null, BufferFolder = folder ?? Home, BufferBytes = 1 << 20 };

    private static GatewayClient Gateway(GatewayOptions options, int sources = Sources) => new(options, Field.Sources(sources, Detectors));

    private static async Task<long> TakeAsync(GatewayClient gateway, long from, long to)
    {
        var last = 0L;
        for (var seq = from; seq <= to; seq++) last = await gateway.SendAsync(DateTimeOffset.UtcNow, Field.Sweep(Sources, Detectors, seq, DateTimeOffset.UtcNow));
        return last;
    }

    /// <summary>The files as they are at this moment: what kill −9 would leave.</summary>
    private string Killed(string? folder = null)
    {
        var copy = Directory.CreateDirectory(Path.Combine(_root, $"killed-{++_copies}")).FullName;
        foreach (var file in Directory.EnumerateFiles(folder ?? Home).Where(f => Path.GetFileName(f) != "lock")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private static string Youngest(string folder) => Directory.EnumerateFiles(folder, "*.seg").Order().Last();

    [Fact]
    public async Task A_start_gives_back_what_is_not_durable_and_goes_on_numbering()
    {
        long epoch;
        await using (var first = Gateway(Options(_away)))
        {
            epoch = first.Epoch;
            await TakeAsync(first, 1, 40);
        }
        // In peace, and once more without a word.
        await using (var second = Gateway(Options(_away)))
        {
            Assert.Equal((40 * Sweep, 40L * Sweep, 40L * Sweep), (second.RestoredReadings, second.Sent, second.OpenReadings));
            await TakeAsync(second, 41, 60);
        }
        await using var third = Gateway(Options(_edge, Killed()));
        await third.WaitUntilAcknowledgedAsync(await TakeAsync(third, 61, 70)).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, third, Sources, Detectors, 70);
        Assert.Equal((epoch, 60 * Sweep, 0), (third.Epoch, third.RestoredReadings, third.BufferDamage.Count));
        Assert.Null(third.EpochRose);
        Assert.Equal((0, 0), (_model.MostGaps, _model.Repeated));
    }

    [Fact]
    public async Task What_is_durable_is_not_given_back_and_its_files_go()
    {
        await using (var first = Gateway(Options(_edge)))
        {
            await first.WaitUntilAcknowledgedAsync(await TakeAsync(first, 1, 1_500)).AsTask().WaitAsync(Field.Patience);
            await Field.UntilAsync(() => Directory.GetFiles(Home, "*.seg").Length == 1, "old files deleted", first);
            Assert.InRange(first.BufferedBytes, 1, 1 << 17);
        }
        await using var second = Gateway(Options(_edge));
        Assert.Equal((0, 0L), (second.RestoredReadings, second.OpenReadings));
        await second.WaitUntilAcknowledgedAsync(await TakeAsync(second, 1_501, 1_510)).AsTask().WaitAsync(Field.Patience);
        Assert.Equal(1_510, _model.ThroughOf("HS-01", "D2", second.Epoch));
        Assert.Empty(_model.Reused);
    }

    [Fact]
    public async Task A_torn_last_record_is_cut_off_wherever_it_was_torn()
    {
        var sizes = new List<long>();
        await using (var first = Gateway(Options(_away)))
            for (var seq = 1; seq <= 12; seq++)
            {
                await TakeAsync(first, seq, seq);
                sizes.Add(new FileInfo(Youngest(Home)).Length);
                if (seq == 12) Killed();
            }
        var whole = Path.Combine(_root, "killed-1");
        var random = new Random(7);
        for (var n = 0; n < 40; n++)
        {
            var torn = Killed(whole);
            var length = random.NextInt64(sizes[5], sizes[11]);
            using (var file = File.OpenWrite(Youngest(torn))) file.SetLength(length);
            await using var gateway = Gateway(Options(_away, torn));
            Assert.Equal(sizes.Count(s => s <= length) * Sweep, gateway.RestoredReadings);
            Assert.Equal((0, null), (gateway.BufferDamage.Count, gateway.EpochRose));
        }
        // And it works: what was cut off was never sent, its numbers are free.
        var last = Killed(whole);
        using (var file = File.OpenWrite(Youngest(last))) file.SetLength(sizes[11] - 1);
        await using var again = Gateway(Options(_edge, last));
        await again.WaitUntilAcknowledgedAsync(await TakeAsync(again, 12, 20)).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, again, Sources, Detectors, 20);
    }

    [Fact]
    public async Task A_corrupt_middle_is_named_and_what_the_edge_then_misses_is_declared()
    {
        var sizes = new List<long>();
        await using (var first = Gateway(Options(_away)))
            for (var seq = 1; seq <= 9; seq++)
            {
                await TakeAsync(first, seq, seq);
                sizes.Add(new FileInfo(Youngest(Home)).Length);
                if (seq == 9) Killed();
            }
        var folder = Path.Combine(_root, "killed-1");
        var file = Path.GetFileName(Youngest(folder));
        Flip(Youngest(folder), sizes[3] + 40);
        var declared = new List<Skipped>();
        _edge.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                if (frame.Skipped is { } skipped) declared.Add(skipped);
                await stream.AnswerAsync(frame);
                if (frame.Batch is null) continue;
                for (var s = 0; s < Sources; s++)
                    for (var d = 0; d < Detectors; d++)
                        if (_model.FirstGapOf($"HS-{s:00}", $"D{d}") is { } gap)
                            await stream.WriteAsync(new EdgeFrame { Resend = new Resend { SourceId = $"HS-{s:00}", DetectorId = $"D{d}", Epoch = stream.Hello.Epoch, FromSeq = gap.From, ToSeq = gap.To } });
            }
        };
        await using var gateway = Gateway(Options(_edge, folder));
        var damage = Assert.Single(gateway.BufferDamage);
        Assert.Equal((file, sizes[3], sizes[4] - sizes[3]), (damage.File, damage.Offset, damage.Bytes));
        Assert.Equal((8 * Sweep, null), (gateway.RestoredReadings, gateway.EpochRose));
        await gateway.WaitUntilAcknowledgedAsync(await TakeAsync(gateway, 10, 12)).AsTask().WaitAsync(Field.Patience);
        await Field.UntilAsync(() => declared.Count == Sweep, "the loss declared", gateway);
        Assert.All(declared, d => Assert.Equal((5L, 5L), (d.FromSeq, d.ToSeq)));
        for (var d = 0; d < Detectors; d++) Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12], _model.StoredOf("HS-01", $"D{d}").OrderBy(s => s.Key).Select(s => s.Value - Field.Value(1, d, 0)));
    }

    public static TheoryData<string> Untrusted => ["last record", "head", "epoch file", "epoch file is garbage", "youngest file", "table"];

    [Theory, MemberData(nameof(Untrusted))]
    public async Task Counters_that_cannot_be_believed_raise_the_epoch_and_what_is_there_is_sent(string what)
    {
        long epoch;
        await using (var first = Gateway(Options(_away) with { Epoch = 2_000_000_000 }))
        {
            epoch = first.Epoch;
            await TakeAsync(first, 1, 400);
            Assert.True(Directory.GetFiles(Home, "*.seg").Length >= 2, "one file only: nothing is shown");
            Killed();
        }
        var folder = Path.Combine(_root, "killed-1");
        switch (what)
        {
            case "last record": Flip(Youngest(folder), new FileInfo(Youngest(folder)).Length - 3); break;
            case "head": Flip(Youngest(folder), 20); break;
            case "epoch file": File.Delete(Path.Combine(folder, "epoch.txt")); break;
            case "epoch file is garbage": File.WriteAllText(Path.Combine(folder, "epoch.txt"), "epoch 1\nsegment 1\ntrusted\n0000000000000000\n"); break;
            case "youngest file": File.Delete(Youngest(folder)); break;
            case "table": foreach (var table in Directory.GetFiles(folder, "*.table")) File.Delete(table); break;
        }
        await using var gateway = Gateway(Options(_edge, folder));
        Assert.True(gateway.Epoch > epoch, $"{gateway.Epoch}");
        Assert.NotNull(gateway.EpochRose);
        var restored = gateway.RestoredReadings / Sweep;
        Assert.InRange(restored, what == "table" ? 0 : 150, 400);
        Assert.Equal(what is "last record" or "head" or "table", gateway.BufferDamage.Count > 0);
        await gateway.WaitUntilAcknowledgedAsync(await TakeAsync(gateway, 401, 410)).AsTask().WaitAsync(Field.Patience);
        // Numbered anew from 1 without a gap, the order of taking kept.
        for (var d = 0; d < Detectors; d++)
        {
            var stored = _model.StoredOf("HS-00", $"D{d}").OrderBy(s => s.Key).ToList();
            Assert.Equal(Enumerable.Range(1, restored + 10).Select(n => (long)n), stored.Select(s => s.Key));
            Assert.Equal(stored.Select(s => s.Value).Order(), stored.Select(s => s.Value));
        }
        Assert.Equal((0, 0L), (_model.MostGaps, gateway.OpenReadings));
    }

    [Fact]
    public async Task A_lost_folder_begins_with_the_time_and_a_rise_that_was_cut_short_is_done_again()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await using (var first = Gateway(Options(_away)))
        {
            Assert.InRange(first.Epoch, now, now + 60);
            Assert.Null(first.EpochRose);
            await TakeAsync(first, 1, 100);
            Killed();
        }
        // The new epoch stands in its file, and the process died before anything was numbered anew.
        var folder = Path.Combine(_root, "killed-1");
        new EpochFile(now + 1_000, EpochFile.Read(folder)!.Segment, true).Write(folder);
        await using (var second = Gateway(Options(_away, folder))) Assert.Equal((now + 1_001, 100 * Sweep), (second.Epoch, second.RestoredReadings));
        // A second segment of the old epoch beside the new one: its readings are those that were numbered anew already.
        File.Copy(Directory.GetFiles(Home, "*.seg").Order().First(), Path.Combine(folder, "readings-0000000001.seg"), overwrite: true);
        foreach (var table in Directory.GetFiles(Home, "*.table")) File.Copy(table, Path.Combine(folder, Path.GetFileName(table)), overwrite: true);
        await using var third = Gateway(Options(_edge, folder));
        Assert.Equal((now + 1_001, 100 * Sweep, null), (third.Epoch, third.RestoredReadings, third.EpochRose));
        await third.WaitUntilAcknowledgedAsync(await TakeAsync(third, 101, 110)).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, third, Sources, Detectors, 110);
    }

    [Fact]
    public async Task What_was_written_and_not_synced_is_believed_in_the_same_run_of_the_machine_only()
    {
        await using (var gateway = Gateway(Options(_away) with { SyncWithin = TimeSpan.FromMinutes(1) }))
        {
            await TakeAsync(gateway, 1, 5);
            Killed();
        }
        await using (var gateway = Gateway(Options(_away, Path.Combine(_root, "synced"))))
        {
            await TakeAsync(gateway, 1, 5);
            Killed(Path.Combine(_root, "synced"));
        }
        var (late, synced) = (Path.Combine(_root, "killed-1"), Path.Combine(_root, "killed-2"));
        Assert.True(new SegmentReader(late, StableFiles.Boot()).Read().IsTrusted || StableFiles.Boot().Length == 0);
        Assert.False(new SegmentReader(late, "another run").Read().IsTrusted);
        Assert.True(new SegmentReader(synced, "another run").Read().IsTrusted);
        // Ended in peace: believed whatever happened to the machine since.
        Assert.True(new SegmentReader(Home, "another run").Read().IsTrusted);
    }

    [Fact]
    public async Task A_full_folder_makes_the_taking_wait_or_refuses_it_by_name()
    {
        var there = new TaskCompletionSource();
        _edge.Script = async stream =>
        {
            await there.Task.WaitAsync(stream.Ended);
            await stream.ServeAsync();
        };
        await using (var refusing = Gateway(Options(_away, Path.Combine(_root, "refusing")) with { WhenFull = WhenFull.Refuse }))
        {
            var seq = 0L;
            await Assert.ThrowsAsync<GatewayBufferFullException>(async () => { while (true) await TakeAsync(refusing, ++seq, seq); });
            Assert.Equal((seq - 1) * Sweep, refusing.Sent);
            Assert.InRange(refusing.BufferedBytes, 900_000, (1 << 20) + 10_000);
        }
        await using var gateway = Gateway(Options(_edge));
        var sweeps = 0L;
        Task<long> waiting;
        while ((waiting = TakeAsync(gateway, ++sweeps, sweeps)) is { } taking && await Task.WhenAny(taking, Task.Delay(1_000)) == taking) await taking;
        Assert.True(sweeps > 3_000, $"full after {sweeps} sweeps");
        there.SetResult();
        await waiting.WaitAsync(Field.Patience);
        await gateway.WaitUntilAcknowledgedAsync(await TakeAsync(gateway, sweeps + 1, sweeps + 50)).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, gateway, Sources, Detectors, sweeps + 50);
    }

    [Fact]
    public async Task One_silent_detector_does_not_hold_the_room_of_the_others()
    {
        var speak = false;
        _edge.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                stream.Take(frame.Batch!);
                var ack = stream.AckOf(frame.Batch!);
                if (!Volatile.Read(ref speak)) foreach (var marks in ack.Marks.Where(m => m.Source == 0)) marks.Through[0] = 0;
                await stream.TellAsync(ack);
            }
        };
        await using var gateway = Gateway(Options(_edge) with { BufferReadings = 12_000 });
        // Three times what the folder and the memory hold; one detector's readings stay open all the time.
        for (var seq = 1L; seq <= 1_500; seq++) await TakeAsync(gateway, seq, seq).WaitAsync(Field.Patience);
        Assert.Equal(1_500L * Sweep, gateway.Sent);
        await Field.UntilAsync(() => gateway.OpenReadings == 1_500, "all but one detector", gateway);
        Volatile.Write(ref speak, true);
        await gateway.WaitUntilAcknowledgedAsync(await TakeAsync(gateway, 1_501, 1_501)).AsTask().WaitAsync(Field.Patience);
        Field.AllStored(_model, gateway, Sources, Detectors, 1_501);
    }

    [Fact]
    public async Task A_disk_that_fails_does_not_stop_the_readings_and_gets_them_when_it_is_back()
    {
        var there = new TaskCompletionSource();
        _edge.Script = async stream =>
        {
            await stream.WelcomeAsync();
            while (await stream.ReadAsync() is { } frame)
            {
                if (frame.Batch!.Sources.Any(s => s.Seq.Any(q => q > 600))) await there.Task.WaitAsync(stream.Ended);
                await stream.AnswerAsync(frame);
            }
        };
        await using (var gateway = Gateway(Options(_edge)))
        {
            var failed = new TaskCompletionSource<string>();
            gateway.BufferFailed += failed.SetResult;
            await TakeAsync(gateway, 1, 10);
            Directory.Delete(Home, recursive: true);
            // At the latest when the next file is due it is noticed.
            var last = await TakeAsync(gateway, 11, 600);
            await failed.Task.WaitAsync(Field.Patience);
            await gateway.WaitUntilAcknowledgedAsync(last).AsTask().WaitAsync(Field.Patience);
            Assert.Equal(600L * Sweep, gateway.Acknowledged);
            await TakeAsync(gateway, 601, 620);
            Directory.CreateDirectory(Home);
            await Field.UntilAsync(() => gateway.BufferFault is null, "the disk is used again", gateway);
            await TakeAsync(gateway, 621, 630);
            Killed();
        }
        there.SetResult();
        await using var next = Gateway(Options(_edge, Path.Combine(_root, "killed-1")));
        await next.WaitUntilAcknowledgedAsync(await TakeAsync(next, 631, 640)).AsTask().WaitAsync(Field.Patience);
        Assert.Equal((30 * Sweep, null), (next.RestoredReadings, next.EpochRose));
        Assert.Empty(_model.Reused);
        for (var d = 0; d < Detectors; d++) Assert.Equal(640, _model.StoredOf("HS-01", $"D{d}").Count);
    }

    [Fact]
    public async Task Detectors_that_are_declared_no_more_still_deliver_what_they_had()
    {
        long epoch;
        await using (var first = Gateway(Options(_away)))
        {
            epoch = first.Epoch;
            await TakeAsync(first, 1, 10);
        }
        await using (var second = Gateway(Options(_edge), sources: 1))
        {
            await Field.UntilAsync(() => second.OpenReadings == 0, "everything delivered", second);
            Assert.Equal((epoch, 10, 10), (second.Epoch, _model.StoredOf("HS-01", "D2").Count, _model.StoredOf("HS-00", "D2").Count));
        }
        // Nothing of it is left to send, and its counter would be forgotten: a later declaration must not number from 1 again.
        await using (var third = Gateway(Options(_edge), sources: 1)) Assert.True(third.Epoch > epoch, third.EpochRose);
        await using var fourth = Gateway(Options(_edge));
        await fourth.WaitUntilAcknowledgedAsync(await TakeAsync(fourth, 1, 3)).AsTask().WaitAsync(Field.Patience);
        Assert.Empty(_model.Reused);
    }

    [Fact]
    public async Task One_process_has_the_folder()
    {
        await using var first = Gateway(Options(_away));
        Assert.Contains("in use", Assert.Throws<IOException>(() => Gateway(Options(_away))).Message);
    }

    [Fact]
    public async Task What_was_given_up_stays_given_up_after_a_start()
    {
        await using (var first = Gateway(Options(_away)))
        {
            await TakeAsync(first, 1, 10);
            Assert.Equal(4, first.Skip(1, 1, 3, 6, "flooded"));
        }
        await using var second = Gateway(Options(_edge));
        await Field.UntilAsync(() => second.OpenReadings == 0, "the rest", second);
        Assert.Equal(10 * Sweep - 4, second.RestoredReadings);
        Assert.Equal([1L, 2, 7, 8, 9, 10], _model.StoredOf("HS-01", "D1").Keys.Order());
    }

    private static void Flip(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        var was = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(was ^ 0x20));
    }
}
