namespace Governance.Cluster.Tests.Harness;

/// <summary>A copy of the shipped policy files that a test may change.</summary>
internal sealed class PolicyFolder : IDisposable
{
    private const string District = "district";
    private static readonly string Shipped = System.IO.Path.Combine(AppContext.BaseDirectory, "cluster-config", District);

    internal PolicyFolder()
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, District));
        foreach (var file in Directory.EnumerateFiles(Shipped, "*.psv")) File.Copy(file, FileOf(System.IO.Path.GetFileName(file)));
    }

    /// <summary>The folder for --config.</summary>
    internal string Path { get; } = Directory.CreateTempSubdirectory("governance-policy-").FullName;

    /// <summary>The text of a file, named like <c>escalation.psv</c>.</summary>
    internal string Read(string file) => File.ReadAllText(Existing(file));

    /// <summary>Gives a file another text.</summary>
    internal void Replace(string file, string text) => File.WriteAllText(Existing(file), text);

    /// <summary>Lines in place of those of the file that are about the same: level and clock.</summary>
    internal void Override(string file, string lines)
    {
        var mine = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var about = mine.Select(About).ToHashSet();
        Replace(file, string.Join('\n', Read(file).Split('\n').Where(l => !about.Contains(About(l))).Concat(mine)) + '\n');

        static string About(string line) => string.Join('|', line.Split('|').Take(2));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>A misspelt name must not make a policy file that nothing reads.</summary>
    private string Existing(string file) => File.Exists(FileOf(file)) ? FileOf(file) : throw new ArgumentException($"there is no policy file {file}", nameof(file));

    private string FileOf(string file) => System.IO.Path.Combine(Path, District, file);
}
