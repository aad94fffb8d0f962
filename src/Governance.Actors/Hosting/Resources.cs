namespace Governance.Actors.Hosting;

/// <summary>Configuration that is part of the build.</summary>
internal static class Resources
{
    internal static string Read(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
