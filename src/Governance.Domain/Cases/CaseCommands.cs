using Governance.Domain.Kernel;

namespace Governance.Domain.Cases;

/// <summary>Commands of a case (cases.md "Commands", by their numbers there). Every refusal is named; an illegal pair is ILLEGAL_TRANSITION with what is allowed.</summary>
public abstract record CaseCommand : ICommand
{
    /// <summary>10: the offered organisation signs.</summary>
    public sealed record AcceptTask(string Note) : CaseCommand;
    /// <summary>14.</summary>
    public sealed record Depart(string Note) : CaseCommand;
    /// <summary>15: POINT with accuracy, QR, or MANUAL with a reason.</summary>
    public sealed record ArriveOnScene(string Proof, double Longitude, double Latitude, double AccuracyMetres, string Reason) : CaseCommand;
    /// <summary>16: resets the stale-progress clock; may name the cause.</summary>
    public sealed record ReportProgress(string Text, string Cause) : CaseCommand;
    /// <summary>17: lead on scene, and every occurrence returned to normal.</summary>
    public sealed record DeclareControlled(string Evidence) : CaseCommand;
    /// <summary>19.</summary>
    public sealed record CompleteTask(string Outcome, string Evidence) : CaseCommand;
    /// <summary>21.</summary>
    public sealed record SubmitFeedback(string Summary) : CaseCommand;
    /// <summary>22: by another organisation; Red by a leader.</summary>
    public sealed record Verify(bool Passed, string Method) : CaseCommand;
    /// <summary>24 销号: never over a live occurrence.</summary>
    public sealed record CancelOff(string Outcome, string Note) : CaseCommand;
    /// <summary>30: a rise never needs approval.</summary>
    public sealed record RaiseLevel(Colour Level, string Reason) : CaseCommand;
    /// <summary>27: the lead asks for more time, in the kind of the time to resolve, e.g. <c>2WD</c>.</summary>
    public sealed record RequestExtension(string Extra, string Reason, string Plan) : CaseCommand;
    /// <summary>28: the duty desk the first, a leader every further one.</summary>
    public sealed record DecideExtension(bool Granted, string Reason) : CaseCommand;
    /// <summary>29: yellow and blue only, never over a live occurrence; every clock stands still.</summary>
    public sealed record Suspend(string Code, DateTimeOffset Until, string Reason) : CaseCommand;
    /// <summary>29.</summary>
    public sealed record Resume(string Reason) : CaseCommand;
    /// <summary>31 催办.</summary>
    public sealed record Urge(string Reason) : CaseCommand;
}
