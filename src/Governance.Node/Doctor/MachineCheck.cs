using System.Globalization;

namespace Governance.Node.Doctor;

/// <summary>Memory and cores that this process may use, limits of containers and units included.</summary>
internal sealed class MachineCheck : ICheck
{
    private const long WarnBytes = 2L << 30;
    private const int WarnCores = 2;
    private const string Groups = "/sys/fs/cgroup";

    public string Name => "memory";

    public Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel)
    {
        var (bytes, cores) = (Math.Min(Installed(), Limit()), Environment.ProcessorCount);
        var memory = string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB");
        return Task.FromResult<IReadOnlyList<Finding>>(
        [
            bytes < WarnBytes ? Finding.Warn(Name, memory, "give the machine, container or unit 2 GiB or more") : Finding.Ok(Name, memory),
            cores < WarnCores ? Finding.Warn("cores", $"{cores}", "give it 2 cores or more: heartbeats that come late look like a dead node") : Finding.Ok("cores", $"{cores}"),
        ]);
    }

    private static long Installed()
    {
        if (!File.Exists("/proc/meminfo")) return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var total = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemTotal:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(total, CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>The smallest limit of the control groups that this process is in. Not what the runtime reports: that is three quarters of it.</summary>
    private static long Limit()
    {
        var smallest = long.MaxValue;
        if (!File.Exists("/proc/self/cgroup")) return smallest;
        var line = File.ReadLines("/proc/self/cgroup").FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal));
        for (var group = line?[3..]; group is { Length: > 0 }; group = Path.GetDirectoryName(group)) Take(Path.Join(Groups, group, "memory.max"));
        Take(Path.Join(Groups, "memory", "memory.limit_in_bytes")); // before control groups v2
        return smallest;

        void Take(string file)
        {
            if (File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var bytes)) smallest = Math.Min(smallest, bytes);
        }
    }
}
