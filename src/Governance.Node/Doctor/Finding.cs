namespace Governance.Node.Doctor;

internal enum Verdict { Ok, Warn, Fail }

/// <summary>What a check found, in one line, and what to do about it in another.</summary>
/// <param name="Fix">Empty when all is well.</param>
internal sealed record Finding(string Name, Verdict Verdict, string Detail, string Fix)
{
    internal static Finding Ok(string name, string detail) => new(name, Verdict.Ok, detail, "");
    internal static Finding Warn(string name, string detail, string fix) => new(name, Verdict.Warn, detail, fix);
    internal static Finding Fail(string name, string detail, string fix) => new(name, Verdict.Fail, detail, fix);
}
