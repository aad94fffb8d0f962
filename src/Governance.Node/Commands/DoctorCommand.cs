using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Governance.Node.Doctor;

namespace Governance.Node.Commands;

/// <summary>Looks at everything that a node needs, before one is started; takes the options of serve.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Command Create()
    {
        var options = new ServeOptions();
        var json = Options.Json();
        var command = new Command("doctor", "check everything a node needs, with the options of serve") { json };
        options.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            Refuse(parsed.UnmatchedTokens);
            var findings = new List<Finding>();
            await foreach (var finding in Examination.RunAsync(options.Examined(parsed), cancel))
            {
                findings.Add(finding);
                Console.WriteLine($"{Word(finding.Verdict),-4}  {finding.Name,-20}  {finding.Detail}");
                if (finding.Fix.Length > 0) Console.WriteLine($"      → {finding.Fix}");
            }
            var ok = findings.TrueForAll(f => f.Verdict != Verdict.Fail);
            if (parsed.GetValue(json)) Console.WriteLine(Json(ok, findings));
            return ok ? 0 : 1;
        });
        return command;
    }

    /// <summary>In words of our own: a stray argument is often the half of a connection string without quotes, password and all.</summary>
    private static void Refuse(IReadOnlyList<string> tokens)
    {
        if (tokens.Count == 0) return;
        if (tokens.FirstOrDefault(t => t.StartsWith("--", StringComparison.Ordinal)) is { } option) throw new UsageException($"{option.Split('=')[0]} is no option of doctor; governance doctor --help lists them");
        throw new UsageException("doctor takes options only, and something stands alone: put a connection string in quotes, or better in GOVERNANCE_POSTGRES");
    }

    private static string Word(Verdict verdict) => verdict switch { Verdict.Ok => "ok", Verdict.Warn => "warn", _ => "FAIL" };

    private static string Json(bool ok, IEnumerable<Finding> findings) => JsonSerializer.Serialize(
        new { ok, checks = findings.Select(f => new { name = f.Name, status = Word(f.Verdict).ToLowerInvariant(), detail = f.Detail, fix = f.Fix }) }, Readable);
}
