using System.Diagnostics;
using System.Globalization;
using Governance.Gateway.Tests.Edge;
using Grpc.Core;
using Xunit.Abstractions;

namespace Governance.Gateway.Tests;

/// <summary>A gateway process with a folder, killed −9 at random moments again and again: what it said it keeps arrives, and no number twice.</summary>
public sealed class KillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Lives = 12, Sources = 3, Detectors = 4;
    private readonly EdgeModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-kill-").FullName;
    private EdgeNode _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeNode.StartAsync(_model);

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Assert.Empty(_edge.Faults);
    }

    [Theory, InlineData(1, 0), InlineData(2, 0), InlineData(3, 20)]
    public async Task Killed_at_random_moments_it_loses_nothing_that_it_said_it_keeps(int seed, int syncWithinMs)
    {
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        // The edge is slow at times, and its streams die too.
        _edge.Script = async stream =>
        {
            await stream.WelcomeAsync(credit: random.Next(50, 2_000));
            for (var left = random.Next(5, 400); left > 0 && await stream.ReadAsync() is { } frame; left--)
            {
                if (random.Next(50) == 0) await Task.Delay(random.Next(30), stream.Ended);
                await stream.AnswerAsync(frame, 2_000);
            }
            throw new RpcException(new Status(StatusCode.Internal, "the node died"));
        };
        var (kept, epochs) = (new Dictionary<int, long>(), new HashSet<string>());
        for (var life = 1; life <= Lives; life++) kept[life] = await LiveAsync(life, long.MaxValue, TimeSpan.FromMilliseconds(random.Next(150, 900)), syncWithinMs, epochs);
        _edge.Script = stream => stream.ServeAsync();
        kept[Lives + 1] = await LiveAsync(Lives + 1, 5, null, syncWithinMs, epochs);

        Assert.Empty(_model.Reused);
        Assert.Single(epochs);
        foreach (var (life, last) in kept)
            for (var s = 0; s < Sources; s++)
                for (var d = 0; d < Detectors; d++)
                {
                    var values = _model.StoredOf($"HS-{s:00}", $"D{d}").Values.Where(v => (long)v / 1_000_000 == life).Select(v => (long)v % 1_000_000).ToHashSet();
                    for (long sweep = 1; sweep <= last; sweep++) Assert.True(values.Contains(sweep), $"seed {seed}: sweep {sweep} of life {life} was kept (of {last}) and never arrived at HS-{s:00}/D{d}");
                    Assert.True(values.Count <= last + 1, $"seed {seed}: life {life} kept {last}, {values.Count} arrived");
                }
        // No value under two numbers, and no number missing: what a start gives back has the numbers it had.
        for (var d = 0; d < Detectors; d++)
        {
            var stored = _model.StoredOf("HS-01", $"D{d}");
            Assert.Equal(stored.Count, stored.Values.Distinct().Count());
            Assert.Equal(stored.Count, stored.Keys.Max());
        }
        Assert.True(kept.Values.Count(k => k > 0) > Lives / 2, "too few lives kept anything: nothing is shown");
        output.WriteLine($"kept {string.Join(", ", kept.Values)} sweeps, {_model.Repeated} readings came again");
    }

    /// <summary>One life of the process; returns the last sweep that it said it keeps.</summary>
    private async Task<long> LiveAsync(int life, long sweeps, TimeSpan? killAfter, int syncWithinMs, HashSet<string> epochs)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Governance.Gateway.Child.dll"), _edge.Address, _folder, $"{life}", $"{sweeps}", $"{syncWithinMs}" }) info.ArgumentList.Add(argument);
        using var process = Process.Start(info)!;
        var (kept, drained) = (0L, false);
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            if (line.StartsWith("epoch", StringComparison.Ordinal))
            {
                epochs.Add(line.Trim());
                // The clock runs from here: starting up is slow, and nothing happens in it.
                if (killAfter is { } after) _ = Task.Delay(after).ContinueWith(_ => process.Kill(), TaskScheduler.Default);
            }
            else if (line.StartsWith("kept", StringComparison.Ordinal)) kept = long.Parse(line.AsSpan(5), CultureInfo.InvariantCulture);
            else drained |= line == "drained";
        }
        await process.WaitForExitAsync();
        if (killAfter is null) Assert.True(drained && process.ExitCode == 0, await errors);
        else Assert.True(process.ExitCode == 137, $"exit {process.ExitCode}: {await errors}");
        return kept;
    }
}
