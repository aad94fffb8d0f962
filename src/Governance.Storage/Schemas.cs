namespace Governance.Storage;

/// <summary>The database was written by a newer build.</summary>
public sealed class SchemaTooNewException(string where, long found, long known)
    : Exception($"{where} has schema version {found}, this build knows {known}: run the newer build, or restore a backup from before the upgrade");

/// <summary>The schema files of <c>cluster-config/schema</c>, which are part of the build.</summary>
internal static class Schemas
{
    /// <summary>Every version of one database, oldest first: version n is the text at n − 1.</summary>
    internal static IReadOnlyList<string> Of(string name)
    {
        var texts = new List<string>();
        while (Read($"schema.{name}.{texts.Count + 1}.sql") is { } text) texts.Add(text);
        return texts.Count > 0 ? texts : throw new InvalidOperationException($"no schema '{name}' in this build");
    }

    private static string? Read(string resource)
    {
        using var stream = typeof(Schemas).Assembly.GetManifestResourceStream(resource);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
