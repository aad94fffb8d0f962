using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Governance.Node.Bench;
using Governance.Node.Replay;

namespace Governance.Node.Commands;

/// <summary><c>governance bench history</c>.</summary>
internal static class BenchHistoryCommand
{
    internal static Command Create()
    {
        var detectors = BenchCommand.Number("--detectors", "detectors of the source, each once a second", 24);
        var hours = BenchCommand.Number("--hours", "length of the history", 7 * 24);
        var frame = BenchCommand.Number("--frame-rows", "scans of all detectors per frame", 1);
        var rounds = BenchCommand.Number("--rounds", "measured rounds, after one for warming up", 5);
        var recorded = new Option<string>("--recorded") { Description = "pack the readings of a recording instead, and draw nothing", DefaultValueFactory = _ => "" };
        var columns = new Option<string>("--column") { Description = "columns of the recording, separated by commas", DefaultValueFactory = _ => "" };
        var step = BenchCommand.Number("--step", "seconds between two rows of the recording", 1);
        var json = Options.Json();
        var command = new Command("history", "bytes per stored reading, and milliseconds to draw a week") { detectors, hours, frame, rounds, recorded, columns, step, json };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(recorded) is { Length: > 0 } file)
            {
                var format = new RecordingFormat(null, "", TimeSpan.FromSeconds(parsed.GetValue(step)), parsed.GetValue(columns)!.Split(','));
                var codec = HistoryCodec.Measure(HistoryLoad.Chunks(Recording.Read(file, format), parsed.GetValue(frame)), parsed.GetValue(rounds));
                Console.WriteLine(Text(codec));
                if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(new { bench = "history", machine = Machine.Name, codec = Told(codec) }));
                return 0;
            }
            var length = TimeSpan.FromHours(parsed.GetValue(hours));
            var result = await new HistoryBench(parsed.GetValue(detectors), length, parsed.GetValue(frame), parsed.GetValue(rounds), line => Console.Error.WriteLine(line)).RunAsync(cancel);
            Console.WriteLine(Text(result.Codec));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"merging the whole {result.MergeSeconds:0.0} s; blocks on disk {result.FileBytes:0.00} B per reading; {Machine.Name}"));
            foreach (var drawing in result.Drawings) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{drawing.What,-45}{drawing.Milliseconds,9:0.0} ms  {drawing.Answered,9:N0} answered"));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new
                {
                    bench = "history", machine = Machine.Name, detectors = parsed.GetValue(detectors), hours = parsed.GetValue(hours), codec = Told(result.Codec), fill_s = Figures.Of(result.FillSeconds), merge_s = Figures.Of(result.MergeSeconds),
                    disk_bytes_per_reading = Figures.Of(result.FileBytes), drawings = result.Drawings.Select(d => new { what = d.What, ms = Figures.Of(d.Milliseconds), answered = d.Answered }),
                }));
            return 0;
        });
        return command;
    }

    private static string Text(CodecFigures codec) => string.Create(CultureInfo.InvariantCulture,
        $"{codec.Readings:N0} readings in {codec.Blocks} blocks: {codec.PlainBytes:0.00} B per reading as payloads, {codec.BlockBytes:0.00} B as blocks ({codec.PlainBytes / codec.BlockBytes:0.0} x); packing {codec.PackNs:0} ns, unpacking {codec.UnpackNs:0} ns per reading");

    private static object Told(CodecFigures codec) => new
    {
        readings = codec.Readings, blocks = codec.Blocks, plain_bytes_per_reading = Figures.Of(codec.PlainBytes), block_bytes_per_reading = Figures.Of(codec.BlockBytes), pack_ns = Figures.Of(codec.PackNs), unpack_ns = Figures.Of(codec.UnpackNs),
    };
}
