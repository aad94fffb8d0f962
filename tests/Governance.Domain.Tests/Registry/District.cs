using Governance.Domain.Accountability;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Registry;
using Governance.Domain.Routing;

namespace Governance.Domain.Tests.Registry;

/// <summary>The policy files that the repository ships.</summary>
internal static class District
{
    internal static readonly PolicyTexts Texts = new(Text("areas"), Text("categories"), Text("case-clocks"), Text("case-routing"), Text("escalation"), Text("colour-table"), Text("calendar"), Text("case-limits"))
    {
        Router = new RoutingTexts(Text("organisations"), Text("communities"), Text("routing-rules"), Text("run-cards"), Text("roster"), Text("notifications")),
        Scorecard = Text("scorecard"),
        Slips = Text("slip-limits"), Meetings = Text("meetings"),
    };
    internal static readonly CasePolicy Policy = PolicyFiles.Read(Texts).Policy;

    internal static ScorecardPolicy Scorecard => Policy.Scorecard;

    internal static WorkCalendar Calendar => Policy.Calendar;

    /// <summary>The repository.</summary>
    internal static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (Directory.Exists(Path.Combine(folder.FullName, "cluster-config", "district"))) return folder.FullName;
            throw new DirectoryNotFoundException("cluster-config/district lies in no folder above the tests");
        }
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Root, "cluster-config", "district", file + ".psv"));
}
