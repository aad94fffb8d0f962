using Governance.Domain.Registry;
using Governance.Domain.Routing;
using Governance.Node.Hosting;

namespace Governance.Node.Doctor;

/// <summary>The district's policy files cover every case. Every hole at once, by file.</summary>
internal sealed class PolicyCheck : ICheck
{
    public string Name => "policy";

    public Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel) => Task.FromResult(Run(node.ConfigDir));

    private IReadOnlyList<Finding> Run(string folder)
    {
        if (PolicyFolder.Missing(folder) is { Count: > 0 } missing)
            return [.. missing.Select(f => Finding.Fail(Name, $"{f} is missing", "give the folder that holds district/*.psv with --config; the build brings one in cluster-config"))];
        try
        {
            var (policy, areas, _) = PolicyFiles.Read(PolicyFolder.Read(folder));
            return [Finding.Ok(Name, $"district {policy.District}, {areas.Count} areas, {policy.RunCards.Count} categories, no holes; routing rules version {policy.Router.Version}, {RoutingActivation.LookupsOf(policy.Router)} lookups tried")];
        }
        catch (PolicyRefusedException refused)
        {
            return [.. refused.Holes.GroupBy(h => PolicyFolder.FileOf(folder, h))
                .Select(file => Finding.Fail(Name, $"{file.Key}: {string.Join("; ", file)}", "correct this file and run the doctor again: a node does not start on policies with holes"))];
        }
    }
}
