using System.Text.RegularExpressions;
using System.Xml.Linq;
using Google.Protobuf.Reflection;
using Governance.Domain.Kernel;

namespace Governance.Architecture.Tests;

/// <summary>Walls, bans and promises that no compiler keeps.</summary>
public sealed partial class WallTests
{
    private static readonly string Root = Find();
    /// <summary>Longer files hold more than one room.</summary>
    private const int FileLimitLines = 400;

    public static TheoryData<string, string> Walls => new()
    {
        { "Domain", "" }, { "Contracts", "Domain" }, { "Storage", "Contracts" }, { "Actors", "Storage" }, { "Protocol", "" }, { "Cap", "" }, { "Edge", "Actors Cap Protocol" },
        { "Gateway", "Protocol" }, { "FieldGateway", "Gateway" }, { "Node", "Edge Gateway" },
    };

    [Theory, MemberData(nameof(Walls))]
    public void A_project_knows_its_left_neighbours_only(string project, string neighbours)
    {
        var references = Project(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).ToList();
        Assert.Equal(neighbours.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => $"Governance.{n}"), references);
    }

    /// <summary>What runs at a device gateway brings no server along: neither the engine nor a web host.</summary>
    [Theory, InlineData("Protocol"), InlineData("Gateway"), InlineData("FieldGateway")]
    public void The_gateways_side_uses_no_server_code(string project)
    {
        Assert.Empty(Project(project).Descendants("FrameworkReference"));
        Assert.DoesNotContain(Project(project).Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value), p => p.Contains("AspNetCore", StringComparison.Ordinal) || p.Contains("Akka", StringComparison.Ordinal));
    }

    [Fact]
    public void The_domain_uses_no_package() => Assert.Empty(Project("Domain").Descendants("PackageReference"));

    [Fact]
    public void The_domain_reads_no_clock_and_rolls_no_dice() => Banned("src/Governance.Domain", ClockOrDice(), "take `now` as an argument; derive ids");

    [Fact]
    public void Below_the_edge_only_the_clocks_read_time() =>
        Banned("src/Governance.Actors", WallClock(), "ask Clocks");

    [Fact]
    public void Nothing_is_left_open_and_nobody_sleeps()
    {
        foreach (var folder in new[] { "src", "tests" }) Banned(folder, OpenEnds(), "finish it; wait for a fact instead of sleeping");
    }

    [Fact]
    public void Files_are_small() => Assert.Empty(Sources("src").Where(f => File.ReadLines(f).Count() > FileLimitLines).Select(Short));

    [Fact]
    public void The_edge_has_no_actors() => Banned("src/Governance.Edge", ActorClasses(), "ask an entity through Entities");

    [Fact]
    public void Names_that_are_stored_never_change()
    {
        Assert.Equal(["hazard-source", "case", "alert-feed", "department", "case-register", "roster"],
            new[] { EntityKinds.HazardSource, EntityKinds.Case, EntityKinds.AlertFeed, EntityKinds.Department, EntityKinds.CaseRegister, EntityKinds.Roster });
        var source = File.ReadAllText(Path.Combine(Root, "src/Governance.Contracts/Codecs/CodecSerializer.cs"));
        Assert.Contains("(system, 1101, JournalRegistry.Codecs)", source);
        Assert.Contains("(system, 1102, ClusterRegistry.Codecs)", source);
        Assert.Equal(60, Governance.Actors.Entity.EntityExtractor.Shards);
    }

    /// <summary>A stored field is never removed, renumbered or retyped. A new one is added to the lock with UPDATE_LOCK=1.</summary>
    [Fact]
    public void Stored_contracts_are_extended_only()
    {
        var file = Path.Combine(Root, "protos", "journal", "contracts.lock");
        var fields = Governance.Journal.V1.KernelReflection.Descriptor.MessageTypes
            .Concat(Governance.Journal.V1.HazardSourcesReflection.Descriptor.MessageTypes).Concat(Governance.Journal.V1.LedgerReflection.Descriptor.MessageTypes)
            .Concat(Governance.Journal.V1.AlertsReflection.Descriptor.MessageTypes).Concat(Governance.Journal.V1.CasesReflection.Descriptor.MessageTypes).Concat(Governance.Journal.V1.WarningsReflection.Descriptor.MessageTypes).Concat(Governance.Journal.V1.MeetingsReflection.Descriptor.MessageTypes)
            .Concat(Governance.Journal.V1.DispatchReflection.Descriptor.MessageTypes)
            .Concat(Governance.Journal.V1.AccountabilityReflection.Descriptor.MessageTypes)
            .SelectMany(m => m.Fields.InFieldNumberOrder().Select(Line)).Order(StringComparer.Ordinal).ToList();
        var locked = File.Exists(file) ? File.ReadAllLines(file).ToList() : [];
        Assert.True(locked.All(fields.Contains), $"stored fields are gone or changed: {string.Join(", ", locked.Except(fields))}");
        if (Environment.GetEnvironmentVariable("UPDATE_LOCK") == "1") File.WriteAllLines(file, fields);
        else Assert.True(fields.All(locked.Contains), $"new stored fields, approve with UPDATE_LOCK=1: {string.Join(", ", fields.Except(locked))}");
    }

    [Theory, InlineData("README.md"), InlineData("tests/README.md"), InlineData("src/ARCHITECTURE.md"), InlineData("cluster-config/README.md"), InlineData("src/Governance.Gateway/README.md"), InlineData("src/Governance.FieldGateway/README.md")]
    public void Paths_in_documents_exist(string document)
    {
        var text = File.ReadAllText(Path.Combine(Root, document));
        var missing = Paths().Matches(text).Select(m => m.Groups[1].Value).Where(p => !Path.Exists(Path.Combine(Root, Path.GetDirectoryName(document)!, p)));
        Assert.Empty(missing);
    }

    private static string Line(FieldDescriptor f) =>
        $"{f.ContainingType.FullName}.{f.Name} {f.FieldNumber} {(f.FieldType == FieldType.Message ? f.MessageType.FullName : f.FieldType.ToString().ToLowerInvariant())}{(f.IsRepeated ? " repeated" : "")}";

    private static void Banned(string folder, Regex ban, string instead)
    {
        var found = from file in Sources(folder) where !file.EndsWith("WallTests.cs", StringComparison.Ordinal)
                    from line in File.ReadLines(file).Select((text, i) => (text, number: i + 1)) where ban.IsMatch(line.text)
                    select $"{Short(file)}:{line.number} {line.text.Trim()} ({instead})";
        Assert.Empty(found);
    }

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(Root, "src", $"Governance.{name}", $"Governance.{name}.csproj"));
    private static string Short(string file) => Path.GetRelativePath(Root, file);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Governance.Actors.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the repository root was not found");
    }

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(Utc)?Now\b|\bGuid\.NewGuid|\bnew Random\b|\bRandom\.Shared|\bTimeProvider\b|\bStopwatch\b")] private static partial Regex ClockOrDice();
    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(Utc)?Now\b|\bTimeProvider\.System\b")] private static partial Regex WallClock();
    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|NotImplementedException|\bThread\.Sleep\b")] private static partial Regex OpenEnds();
    [GeneratedRegex(@"\bActorBase\b|\bReceiveActor\b|\bUntypedActor\b|\bProps\.")] private static partial Regex ActorClasses();
    [GeneratedRegex(@"\[[^\]]*\]\(([A-Za-z0-9_./-]+)\)")] private static partial Regex Paths();
}
