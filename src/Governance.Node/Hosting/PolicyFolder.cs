using Governance.Domain.Registry;
using Governance.Domain.Routing;

namespace Governance.Node.Hosting;

/// <summary>The district's policy files as they lie in a folder.</summary>
internal static class PolicyFolder
{
    /// <summary>Files by the name under which <see cref="PolicyFiles"/> speaks of them.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["areas"] = "areas.psv", ["categories"] = "categories.psv", ["clocks"] = "case-clocks.psv", ["routing"] = "case-routing.psv", ["escalation"] = "escalation.psv", ["colours"] = "colour-table.psv", ["calendar"] = "calendar.psv", ["limits"] = "case-limits.psv",
        ["organisations"] = "organisations.psv", ["communities"] = "communities.psv", ["routing-rules"] = "routing-rules.psv", ["run-cards"] = "run-cards.psv", ["roster"] = "roster.psv", ["notifications"] = "notifications.psv",
        ["slips"] = "slip-limits.psv", ["meetings"] = "meetings.psv", ["scorecard"] = "scorecard.psv",
    };

    /// <exception cref="PolicyRefusedException">Files are missing; names all of them.</exception>
    internal static PolicyTexts Read(string configDir)
    {
        var missing = Missing(configDir);
        if (missing.Count > 0) throw new PolicyRefusedException([.. missing.Select(f => $"{f} is missing: give the folder of the policy files with --config")]);
        return new PolicyTexts(Text("areas"), Text("categories"), Text("clocks"), Text("routing"), Text("escalation"), Text("colours"), Text("calendar"), Text("limits"))
        {
            Router = new RoutingTexts(Text("organisations"), Text("communities"), Text("routing-rules"), Text("run-cards"), Text("roster"), Text("notifications")),
            Slips = Text("slips"), Meetings = Text("meetings"),
            Scorecard = Text("scorecard"),
        };

        string Text(string name) => File.ReadAllText(Path(configDir, name));
    }

    internal static IReadOnlyList<string> Missing(string configDir) => [.. Names.Keys.Select(n => Path(configDir, n)).Where(f => !File.Exists(f))];

    /// <summary>The file that a hole is in: a hole begins with the name of its file.</summary>
    internal static string FileOf(string configDir, string hole) =>
        // The longest name: "routing" begins "routing-rules" too.
        Names.Keys.Where(n => hole.StartsWith(n, StringComparison.Ordinal)).MaxBy(n => n.Length) is { } name ? Path(configDir, name) : System.IO.Path.Combine(configDir, "district");

    private static string Path(string configDir, string name) => System.IO.Path.Combine(configDir, "district", Names[name]);
}
