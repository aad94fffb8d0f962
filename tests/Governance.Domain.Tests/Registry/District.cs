using Governance.Domain.Cases;
using Governance.Domain.Registry;

namespace Governance.Domain.Tests.Registry;

/// <summary>The policy files that the repository ships.</summary>
internal static class District
{
    internal static readonly PolicyTexts Texts = new(Text("areas"), Text("categories"), Text("case-clocks"), Text("case-routing"), Text("escalation"), Text("colour-table"));
    internal static readonly CasePolicy Policy = PolicyFiles.Read(Texts).Policy;

    private static string Text(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "cluster-config", "district", file + ".psv") is var path && File.Exists(path)) return File.ReadAllText(path);
        throw new FileNotFoundException($"cluster-config/district/{file}.psv lies in no folder above the tests");
    }
}
