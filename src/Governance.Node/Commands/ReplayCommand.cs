using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Governance.Edge.V1;
using Governance.Node.Hosting;
using Governance.Node.Replay;

namespace Governance.Node.Commands;

/// <summary>Streams recorded readings through the gateway protocol and lists the alarms.</summary>
internal static class ReplayCommand
{
    private static readonly Option<double> Speed = new("--speed") { Description = "ceiling; 0: as fast as it is durable" };
    private static readonly Option<bool> Json = Options.Json();
    private static readonly Option<string> Endpoint = Options.Endpoint(""), Token = Options.Token();
    private static readonly Option<string> DataDir = Options.DataDir("");

    internal static Command Create()
    {
        var command = new Command("replay", "stream recorded readings through the gateway protocol and list the alarms")
        {
            Speed, Json, Endpoint, Token, DataDir,
        };
        RecordingOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (files, format, source) = RecordingOptions.Read(parsed);
        var asJson = parsed.GetValue(Json);
        var speed = parsed.GetValue(Speed) is > 0 and var s ? s : double.PositiveInfinity;
        var endpoint = parsed.GetValue(Endpoint)!;
        var dataDir = parsed.GetValue(DataDir)! is { Length: > 0 } given ? given : endpoint.Length > 0 ? Options.DefaultDataDir : Options.FreshFolder();
        await using var node = endpoint.Length > 0 ? null : await NodeHost.StartAsync(NodeOptions.Embedded(dataDir), cancel);
        var token = Options.TokenOr(parsed.GetValue(Token)!, dataDir, [.. Options.OperatorRoles, Domain.Kernel.Roles.Gateway]);
        using var channel = Options.Channel(node?.Grpc.ToString() ?? endpoint);
        var result = await new Replayer(channel, () => token, source).RunAsync(files.SelectMany(f => Recording.Read(f, format)), speed,
            sent => { if (!asJson && sent % 1000 == 0) Console.Error.Write($"\r{sent} rows"); }, cancel);
        // A node that stops may still say so: what a program reads comes after it.
        if (node is not null) await node.DisposeAsync();
        if (node is not null && parsed.GetValue(DataDir)!.Length == 0) Directory.Delete(dataDir, recursive: true);
        if (!asJson)
        {
            Console.Error.WriteLine();
            foreach (var e in result.Episodes)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e.Detector,-12} {e.RaisedAt:u} → {e.ClearedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "still active"}  peak {e.Peak:0.###}"));
            Console.WriteLine($"{result.Readings} readings, {result.Acknowledged} acknowledged, {result.Refused} refused, {result.Occurrences} occurrences");
        }
        else
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                readings = result.Readings, acknowledged = result.Acknowledged, refused = result.Refused, occurrences = result.Occurrences, connections = result.Connections,
                episodes = result.Episodes.Select(e => new { detector = e.Detector, raised_at = e.RaisedAt, cleared_at = e.ClearedAt, peak = double.IsFinite(e.Peak) ? e.Peak : (double?)null }),
            }));
        return result.Acknowledged + result.Refused == result.Readings ? 0 : 1;
    }

}
