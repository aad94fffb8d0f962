using System.Text.Json;

namespace Governance.Node.Tests;

/// <summary>What the doctor said, as a user reads it and as a program does.</summary>
internal sealed record Diagnosis(int Exit, string Output, string Errors)
{
    private readonly JsonElement _json = JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;

    internal bool Ok => _json.GetProperty("ok").GetBoolean();
    internal IEnumerable<(string Name, string Status, string Detail, string Fix)> Checks => _json.GetProperty("checks").EnumerateArray()
        .Select(c => (c.GetProperty("name").GetString()!, c.GetProperty("status").GetString()!, c.GetProperty("detail").GetString()!, c.GetProperty("fix").GetString()!));

    internal (string Status, string Detail, string Fix) Of(string name)
    {
        var check = Assert.Single(Checks, c => c.Name == name);
        return (check.Status, check.Detail, check.Fix);
    }

    /// <summary>It failed, with this check and no other, and says what to do in a line of its own.</summary>
    internal string FailedBy(string name)
    {
        Assert.Equal(1, Exit);
        Assert.False(Ok);
        Assert.Equal([name], Checks.Where(c => c.Status == "fail").Select(c => c.Name));
        var (_, detail, fix) = Of(name);
        Assert.Contains($"FAIL  {name,-20}  {detail}\n      → {fix}\n", Output);
        Assert.NotEmpty(fix);
        return detail;
    }
}

/// <summary>A data folder to examine, and the doctor as a process.</summary>
internal sealed class Patient : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("doctor-");

    internal string DataDir => Path.Combine(_folder.FullName, "data");

    /// <summary>A copy of the shipped policy files, to be spoilt.</summary>
    internal string CopyOfPolicies()
    {
        var to = _folder.CreateSubdirectory("config/district");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "cluster-config", "district"))) File.Copy(file, Path.Combine(to.FullName, Path.GetFileName(file)));
        return to.Parent!.FullName;
    }

    /// <summary>Any free ports, unless the arguments name some.</summary>
    internal Task<Diagnosis> ExamineAsync(params string[] arguments) => ExamineAsync(new Dictionary<string, string>(), arguments);

    internal async Task<Diagnosis> ExamineAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string[] ports = [.. Unless("--grpc-port"), .. Unless("--http-port"), .. Unless("--cluster-port")];
        var (exit, output, errors) = await NodeProcess.RunAsync(environment, ["doctor", "--json", "--data-dir", DataDir, .. ports, .. arguments]);
        Assert.Empty(errors);
        return new Diagnosis(exit, output, errors);

        string[] Unless(string option) => arguments.Contains(option) ? [] : [option, "0"];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
