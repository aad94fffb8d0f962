using Governance.Domain.Registry;
using Governance.Node.Hosting;
using Governance.Node.Notify;

namespace Governance.Node.Doctor;

/// <summary>Whom the roster names can be reached from here.</summary>
internal sealed class NotifyCheck : ICheck
{
    private const int NamesShown = 10;

    public string Name => "notifications";

    public Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel) => Task.FromResult(Run(node));

    private IReadOnlyList<Finding> Run(DoctorSettings node)
    {
        if (node.NotifyFile.Length == 0) return [Finding.Warn(Name, "nothing is sent to persons from here: desks see their notifications through the API only", "name the file of endpoints with --notify; an example is cluster-config/notify.json.example")];
        NotifyConfig config;
        try { config = NotifyConfig.Read(node.NotifyFile); }
        catch (NotifyRefusedException refused) { return [Finding.Fail(Name, $"{node.NotifyFile}: {string.Join("; ", refused.Holes)}", "correct this file and run the doctor again")]; }
        string[] missing;
        try { missing = Missing(node.ConfigDir, config); }
        // The policy check tells what is wrong with the policies.
        catch (PolicyRefusedException) { missing = []; }
        return missing.Length == 0 ? [Finding.Ok(Name, $"{config.Webhooks.Count} endpoints{(config.Mail is null ? "" : $", mail by {config.Mail.Host}:{config.Mail.Port}")}")]
            : [Finding.Warn(Name, $"the roster names what is not configured here: {string.Join(", ", missing.Take(NamesShown))}", $"add it to {node.NotifyFile}, or take it out of roster.psv: such messages are skipped")];
    }

    private static string[] Missing(string folder, NotifyConfig config) =>
        [.. PolicyFiles.Read(PolicyFolder.Read(folder)).Policy.Router.Roster.All.SelectMany(p => p.Addresses).Where(a => a.Channel switch
        {
            "webhook" => !config.Webhooks.ContainsKey(a.Target), "mail" => config.Mail is null, _ => true,
        }).Select(a => a.Channel == "webhook" ? a.ToString() : a.Channel).Distinct().Order(StringComparer.Ordinal)];
}
