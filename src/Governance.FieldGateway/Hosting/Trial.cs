using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Governance.Edge.V1;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Modbus;
using Governance.FieldGateway.Telemetry;
using Governance.Gateway;

namespace Governance.FieldGateway.Hosting;

/// <param name="Check">What was tried: <c>token</c>, <c>buffer</c>, <c>node ADDRESS</c>, <c>hj212 ADDRESS</c>, <c>device NAME</c>, <c>point SOURCE/DETECTOR</c>.</param>
internal sealed record Finding(string Check, bool IsWell, string Detail);

/// <summary>Tries once what a configuration names.</summary>
internal static class Trial
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(3);

    internal static async IAsyncEnumerable<Finding> RunAsync(GatewayConfig config, FieldLog log, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return Try("token", () => System.IO.File.ReadAllText(config.TokenFile).Trim().Length > 0 ? config.TokenFile : throw new IOException($"{config.TokenFile} is empty"));
        yield return Try("buffer", () => Writable(config.BufferFolder));
        foreach (var node in config.Nodes) yield return await NodeAsync(new Uri(node), cancel);
        if (config.Hj212 is { } loggers) yield return Try($"hj212 {loggers.Address}:{loggers.Port}", () => Listens(loggers));
        foreach (var device in config.Devices)
            foreach (var finding in await Task.Run(() => Device(device, log), cancel))
                yield return finding;
    }

    private static Finding Try(string check, Func<string> attempt)
    {
        try { return new Finding(check, true, attempt()); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException) { return new Finding(check, false, e.Message); }
    }

    private static string Writable(string folder)
    {
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, $"check-{Environment.ProcessId}");
        System.IO.File.WriteAllText(probe, "");
        System.IO.File.Delete(probe);
        return folder;
    }

    private static string Listens(Hj212Config loggers)
    {
        var at = new IPEndPoint(IPAddress.Parse(loggers.Address), loggers.Port);
        using var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(at);
        return $"free; {loggers.Stations.Count} stations";
    }

    /// <summary>Whether it can be reached; whether it takes this gateway is shown by its first stream.</summary>
    private static async Task<Finding> NodeAsync(Uri node, CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(ConnectWithin);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(node.Host, node.Port, within.Token);
            return new Finding($"node {node.Host}:{node.Port}", true, "reached");
        }
        catch (SocketException e) { return new Finding($"node {node.Host}:{node.Port}", false, e.Message); }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { return new Finding($"node {node.Host}:{node.Port}", false, $"no answer within {ConnectWithin.TotalSeconds} s"); }
    }

    private static List<Finding> Device(DeviceConfig device, FieldLog log)
    {
        var name = $"device {device.Name}";
        try
        {
            using var link = new ModbusLink(device);
            if (link.Connect() is { End: not ReadEnd.Answered } failed) return [new Finding(name, false, $"{device.Host}:{device.Port}: {failed.Detail}")];
            var samples = new Sample[device.Points.Count];
            var reader = new DeviceReader(device, link, log, new Meter("device", device.Name));
            var answers = reader.Read(samples);
            return
            [
                new Finding(name, answers, $"{device.Host}:{device.Port}, {device.Points.Count} points in {reader.Plan.Count} requests"),
                .. samples.Select((s, i) => new Finding($"point {device.Points[i].Place.Name}", !double.IsNaN(s.Value), string.Create(CultureInfo.InvariantCulture, $"{s.Value} {NameOf(s.Quality)}"))),
            ];
        }
        catch (Exception e) when (e is LibraryMissingException or InvalidOperationException) { return [new Finding(name, false, e.Message)]; }
    }

    private static string NameOf(Quality quality) => Hj212ConfigReader.Qualities.First(q => q.Value == quality).Key;
}
