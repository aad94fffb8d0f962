using System.Net;

namespace Governance.Node.Doctor;

/// <summary>The ports of the API are free, on an address that this machine has.</summary>
internal sealed class PortsCheck : ICheck
{
    public string Name => "ports";

    public Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel) => Task.FromResult(Run(node));

    private IReadOnlyList<Finding> Run(DoctorSettings node)
    {
        if (!IPAddress.TryParse(node.Listen, out var address)) return [Finding.Fail(Name, $"--listen '{node.Listen}' is no IP address", "--listen: one of the addresses that `ip address` shows, or 0.0.0.0 for all")];
        (string Name, int Port, string Option)[] ports = [("grpc port", node.GrpcPort, "--grpc-port"), ("http port", node.HttpPort, "--http-port")];
        var findings = ports.Select(p => Sockets.Listening(p.Name, address, p.Port, p.Option)).ToList();
        var used = node.Clustered ? [.. ports, ("cluster port", node.ClusterPort, "--cluster-port")] : ports;
        findings.AddRange(used.Where(p => p.Port != 0).GroupBy(p => p.Port).Where(g => g.Count() > 1)
            .Select(g => Finding.Fail(Name, $"{string.Join(" and ", g.Select(p => p.Option))} are both {g.Key}", "give each a port of its own")));
        return findings;
    }
}
