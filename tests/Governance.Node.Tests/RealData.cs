namespace Governance.Node.Tests;

/// <summary>Recorded data of others, beside the repository under their own licences; never in it.</summary>
internal static class RealData
{
    internal static string Path(string file) => System.IO.Path.Combine(Folder() ?? "", file);

    internal static bool Has(string file) => Folder() is { } folder && File.Exists(System.IO.Path.Combine(folder, file));

    private static string? Folder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Directory.Exists(System.IO.Path.Combine(at.FullName, "shared", "data"))) return System.IO.Path.Combine(at.FullName, "shared", "data");
        return null;
    }
}

/// <summary>A theory over a recorded file; skipped with the reason where the file is not at hand.</summary>
public sealed class RealDataTheoryAttribute : TheoryAttribute
{
    public RealDataTheoryAttribute(string file)
    {
        if (!RealData.Has(file)) Skip = $"recorded data {file} is not beside the repository (../shared/data); it is under another licence and never part of it";
    }
}
