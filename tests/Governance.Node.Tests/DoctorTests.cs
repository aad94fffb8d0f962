using System.Net;
using System.Net.Sockets;
using Governance.Edge.Security;
using Governance.Storage;

namespace Governance.Node.Tests;

/// <summary>The doctor on one machine, without a database.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly Patient _patient = new();

    public void Dispose() => _patient.Dispose();

    [Fact]
    public async Task A_folder_that_is_not_there_yet_is_healthy_and_stays_away()
    {
        var diagnosis = await _patient.ExamineAsync();
        Assert.True(diagnosis.Exit == 0, diagnosis.Output);
        Assert.True(diagnosis.Ok);
        foreach (var name in new[] { "policy", "data folder", "disk", "token key", "grpc port", "http port" }) Assert.Equal("ok", diagnosis.Of(name).Status);
        Assert.DoesNotContain(diagnosis.Checks, c => c.Name.StartsWith("database", StringComparison.Ordinal));
        Assert.All(diagnosis.Output.TrimEnd().Split('\n')[..^1], line => Assert.Matches("^(ok  |warn|FAIL|    )  ", line));
        Assert.False(Directory.Exists(_patient.DataDir));
    }

    [Fact]
    public async Task A_folder_that_a_node_left_is_healthy()
    {
        using (var folder = new DataFolder(_patient.DataDir)) _ = new TokenIssuer(folder.Keys, TimeProvider.System);
        var before = Directory.GetFileSystemEntries(_patient.DataDir);
        var diagnosis = await _patient.ExamineAsync();
        Assert.True(diagnosis.Exit == 0, diagnosis.Output);
        Assert.Equal("ok", diagnosis.Of("data folder").Status);
        Assert.Contains("readable by its owner only", diagnosis.Of("token key").Detail);
        Assert.Equal(before, Directory.GetFileSystemEntries(_patient.DataDir));
    }

    [Fact]
    public async Task Holes_in_the_policy_files_are_listed_by_file()
    {
        var config = _patient.CopyOfPolicies();
        var clocks = Path.Combine(config, "district", "case-clocks.psv");
        File.WriteAllLines(clocks, File.ReadAllLines(clocks).SkipLast(2));
        var detail = (await _patient.ExamineAsync("--config", config)).FailedBy("policy");
        Assert.StartsWith(clocks, detail);
        Assert.Equal(2, detail.Split("has no budget").Length - 1);
    }

    [Fact]
    public async Task Days_that_no_official_notice_covers_are_a_warning()
    {
        var config = _patient.CopyOfPolicies();
        var calendar = Path.Combine(config, "district", "calendar.psv");
        var (lines, year) = (File.ReadAllLines(calendar), DateTime.UtcNow.Year);
        string[] years = [.. lines.Where(l => l.StartsWith("year|", StringComparison.Ordinal))];
        File.WriteAllLines(calendar, [.. lines, .. Enumerable.Range(year, 3).Where(y => !years.Any(l => l.StartsWith($"year|{y}|", StringComparison.Ordinal))).Select(y => $"year|{y}|notice")]);
        Assert.Equal("ok", (await _patient.ExamineAsync("--config", config)).Of("working calendar").Status);
        File.WriteAllLines(calendar, [.. lines.Where(l => !years.Contains(l) && !char.IsAsciiDigit(l.FirstOrDefault())), "year|2020|notice"]);
        var diagnosis = await _patient.ExamineAsync("--config", config);
        Assert.Equal((0, "warn"), (diagnosis.Exit, diagnosis.Of("working calendar").Status));
        Assert.Contains("2020", diagnosis.Of("working calendar").Detail);
    }

    [Fact]
    public async Task Every_missing_policy_file_is_named()
    {
        var config = _patient.CopyOfPolicies();
        foreach (var file in new[] { "areas.psv", "escalation.psv" }) File.Delete(Path.Combine(config, "district", file));
        var diagnosis = await _patient.ExamineAsync(new Dictionary<string, string> { ["GOVERNANCE_CONFIG"] = config });
        Assert.Equal(1, diagnosis.Exit);
        Assert.Equal(["areas.psv", "escalation.psv"], diagnosis.Checks.Where(c => c.Status == "fail").Select(c => Path.GetFileName(c.Detail.Split(' ')[0])));
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Contains($"port {port} is taken", (await _patient.ExamineAsync("--grpc-port", $"{port}")).FailedBy("grpc port"));
        Assert.Contains($"port {port} is taken", (await _patient.ExamineAsync(new Dictionary<string, string> { ["GOVERNANCE_LISTEN"] = "0.0.0.0" }, "--http-port", $"{port}")).FailedBy("http port"));
    }

    [Fact]
    public async Task Two_ports_that_are_the_same_and_an_address_of_another_machine_are_found()
    {
        var port = $"{NodeProcess.FreePort()}";
        Assert.Contains(port, (await _patient.ExamineAsync("--grpc-port", port, "--http-port", port)).FailedBy("ports"));
        var elsewhere = await _patient.ExamineAsync("--listen", "198.51.100.7");
        Assert.Equal(1, elsewhere.Exit);
        Assert.Contains("no address of this machine", elsewhere.Of("grpc port").Detail);
    }

    [Fact]
    public async Task A_folder_that_a_node_holds_is_locked()
    {
        using var folder = new DataFolder(_patient.DataDir);
        Assert.Contains(_patient.DataDir, (await _patient.ExamineAsync()).FailedBy("data folder"));
    }

    [Fact]
    public async Task A_folder_others_may_look_into_is_a_warning_and_a_key_they_may_read_a_failure()
    {
        // There are no modes there.
        if (OperatingSystem.IsWindows()) return;
        using (var folder = new DataFolder(_patient.DataDir)) _ = new TokenIssuer(folder.Keys, TimeProvider.System);
        var key = Path.Combine(_patient.DataDir, "keys", "token.key");
        File.SetUnixFileMode(_patient.DataDir, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(key, (UnixFileMode)0b110_100_100);
        var diagnosis = await _patient.ExamineAsync();
        Assert.Contains("644", diagnosis.FailedBy("token key"));
        Assert.Equal("warn", diagnosis.Of("data folder").Status);
        Assert.Contains("chmod 700", diagnosis.Of("data folder").Fix);
    }

    [Theory]
    [InlineData("--grpc-port", "70000")]
    [InlineData("--cluster-prot", "4053")]
    [InlineData("--postgres", "Host=db", "Password=hunter2")]
    public async Task Options_that_cannot_be_are_said_in_one_line(params string[] arguments)
    {
        var (exit, output, errors) = await NodeProcess.RunAsync(["doctor", .. arguments]);
        Assert.NotEqual(0, exit);
        Assert.StartsWith("governance: ", errors);
        Assert.DoesNotContain("hunter2", output + errors);
    }
}
