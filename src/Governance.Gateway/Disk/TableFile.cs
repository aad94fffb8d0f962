using System.Security.Cryptography;
using Google.Protobuf;
using Governance.Edge.V1;

namespace Governance.Gateway.Disk;

/// <summary>
/// The declared sources as a file of their own, named by its content: segments refer to detectors by their place in it,
/// and a gateway may come back with other sources.
/// </summary>
internal static class TableFile
{
    private const string Prefix = "sources-", Suffix = ".table";

    /// <summary>Writes it if it is not there. Returns its name for segments.</summary>
    internal static string Write(string folder, IEnumerable<SourceDeclaration> sources)
    {
        var bytes = new Hello { Sources = { sources } }.ToByteArray();
        var name = NameOf(bytes);
        var path = PathOf(folder, name);
        if (!File.Exists(path) || NameOf(File.ReadAllBytes(path)) != name) StableFiles.Replace(path, bytes);
        return name;
    }

    /// <summary>Null when it is gone or is not what it was.</summary>
    internal static IReadOnlyList<SourceDeclaration>? Read(string folder, string name)
    {
        var path = PathOf(folder, name);
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        return NameOf(bytes) == name ? Hello.Parser.ParseFrom(bytes).Sources : null;
    }

    /// <summary>Deletes what no segment refers to.</summary>
    internal static void DeleteAllBut(string folder, IReadOnlySet<string> names)
    {
        foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*" + Suffix))
            if (!names.Contains(Path.GetFileName(path)[Prefix.Length..^Suffix.Length])) File.Delete(path);
    }

    private static string PathOf(string folder, string name) => Path.Combine(folder, Prefix + name + Suffix);

    private static string NameOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];
}
