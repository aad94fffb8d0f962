using Governance.Domain.Calendars;
using Governance.Domain.Registry;
using Governance.Domain.Routing;
using Governance.Node.Hosting;

namespace Governance.Node.Doctor;

/// <summary>The district's policy files cover every case. Every hole at once, by file.</summary>
internal sealed class PolicyCheck : ICheck
{
    /// <summary>The longest time limits of the district end within.</summary>
    private const int NoticeDays = 60;

    public string Name => "policy";

    public Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel) => Task.FromResult(Run(node.ConfigDir));

    /// <summary>Time limits that reach beyond the last official notice count Monday to Friday, and are computed anew when it comes.</summary>
    private static Finding Notices(WorkCalendar calendar, DateTimeOffset now)
    {
        const string name = "working calendar";
        if (calendar.Covers(now, now.AddDays(NoticeDays))) return Finding.Ok(name, $"official for the next {NoticeDays} days; notices of {string.Join(", ", calendar.Years.Order())}");
        return Finding.Warn(name, $"not official for all of the next {NoticeDays} days: time limits there count Monday to Friday for now; notices of {string.Join(", ", calendar.Years.Order())}", "enter the next year's notice into calendar.psv and raise its version: open clocks are computed anew");
    }

    private IReadOnlyList<Finding> Run(string folder)
    {
        if (PolicyFolder.Missing(folder) is { Count: > 0 } missing)
            return [.. missing.Select(f => Finding.Fail(Name, $"{f} is missing", "give the folder that holds district/*.psv with --config; the build brings one in cluster-config"))];
        try
        {
            var (policy, areas, _) = PolicyFiles.Read(PolicyFolder.Read(folder));
            return [Finding.Ok(Name, $"district {policy.District}, {areas.Count} areas, {policy.Categories.Count} categories, no holes; routing rules version {policy.Router.Version}, {RoutingActivation.LookupsOf(policy.Router)} lookups tried"), Notices(policy.Calendar, DateTimeOffset.UtcNow)];
        }
        catch (PolicyRefusedException refused)
        {
            return [.. refused.Holes.GroupBy(h => PolicyFolder.FileOf(folder, h))
                .Select(file => Finding.Fail(Name, $"{file.Key}: {string.Join("; ", file)}", "correct this file and run the doctor again: a node does not start on policies with holes"))];
        }
    }
}
