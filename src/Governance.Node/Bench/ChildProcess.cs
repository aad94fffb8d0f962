using System.Diagnostics;
using System.Globalization;

namespace Governance.Node.Bench;

/// <summary>This very program as another process: what is measured never shares a heap with what measures it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int ClockTicksPerSecond = 100;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3), StopPatience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ChildProcess(Process process) => _process = process;

    internal int Pid => _process.Id;

    /// <summary>Starts <c>governance ARGUMENTS</c> and waits for the line "ready"; the lines before it say where it listens.</summary>
    internal static async Task<ChildProcess> StartAsync(IEnumerable<string> arguments, CancellationToken cancel, IReadOnlyDictionary<string, string>? environment = null)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("this process has no program file");
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, isHost ? [typeof(ChildProcess).Assembly.Location, .. arguments] : [.. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var child = new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException("the process did not start"));
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(StartPatience);
            while (await child._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (line == "ready") return child;
                child._lines.Add(line);
            }
            throw new IOException($"`governance {string.Join(' ', arguments)}` ended before it was ready");
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>What stands behind a word at the beginning of a line.</summary>
    internal string Told(string word) => _lines.First(l => l.StartsWith(word + " ", StringComparison.Ordinal))[word.Length..].Trim();

    /// <summary>Asks a child that answers every line on its standard input with one line, e.g. <see cref="ChildAnswers"/>.</summary>
    internal async Task<string> AskAsync(string question, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(question.AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
        return await _process.StandardOutput.ReadLineAsync(cancel) ?? throw new IOException($"the process ended instead of answering '{question}'");
    }

    /// <summary>User and system time so far.</summary>
    internal TimeSpan CpuTime
    {
        get
        {
            // proc(5): the name in parentheses may hold spaces; utime and stime are the 12th and 13th field behind it.
            var fields = File.ReadAllText($"/proc/{Pid}/stat").Split(") ", 2)[1].Split(' ');
            return TimeSpan.FromSeconds((double)(long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / ClockTicksPerSecond);
        }
    }

    /// <summary>Waits until it does next to nothing (a tenth of a core in every look of two seconds) for as long as <paramref name="over"/>, which is longer than any pause that its work makes; or for as long as <paramref name="atMost"/>.</summary>
    internal async Task QuietAsync(TimeSpan over, TimeSpan atMost, CancellationToken cancel)
    {
        var (begun, look, quiet) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(2), TimeSpan.Zero);
        while (quiet < over && Stopwatch.GetElapsedTime(begun) < atMost)
        {
            var before = CpuTime;
            await Task.Delay(look, cancel);
            quiet = CpuTime - before < look / 10 ? quiet + look : TimeSpan.Zero;
        }
    }

    /// <summary>Resident memory, now and at its highest.</summary>
    internal (long NowBytes, long PeakBytes) Memory
    {
        get
        {
            var lines = File.ReadAllLines($"/proc/{Pid}/status");
            return (Kib("VmRSS:") << 10, Kib("VmHWM:") << 10);

            long Kib(string name) => long.Parse(lines.First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it as an operator would, and waits for it.</summary>
    internal async Task StopAsync()
    {
        if (_process.HasExited) return;
        // Whoever waits for the next question learns that there is none.
        _process.StandardInput.Close();
        using (var terminate = Process.Start("kill", ["-TERM", Pid.ToString(CultureInfo.InvariantCulture)])) await terminate.WaitForExitAsync();
        using var patience = new CancellationTokenSource(StopPatience);
        await _process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }
}
