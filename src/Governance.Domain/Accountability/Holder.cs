using Governance.Domain.Cases;

namespace Governance.Domain.Accountability;

/// <summary>What kind of holder has the ball.</summary>
public enum HolderKind
{
    /// <summary>The lead of the case, by its code.</summary>
    Organisation = 1,
    /// <summary>The dispatch desk (派单席): judges, assigns, cancels.</summary>
    DispatchDesk = 2,
    /// <summary>Who must answer a question that was asked.</summary>
    Reporter = 3,
    /// <summary>The leader who let it stand still.</summary>
    Leader = 4,
    Verifier = 5,
    CallbackDesk = 6,
}

/// <summary>Who has the ball in a case (责任主体): exactly one at any second.</summary>
/// <param name="Name">Code of an organisation, name of a desk or of a leader.</param>
/// <param name="Counted">False: the time is nobody's fault (waiting for the reporter, suspended) and counts in no scorecard.</param>
public sealed record Holder(HolderKind Kind, string Name, bool Counted = true)
{
    public const string DispatchDeskName = "dispatch-desk", VerifierName = "verifier-desk", CallbackDeskName = "call-back-desk", ReporterName = "reporter";

    private static readonly Holder Desk = new(HolderKind.DispatchDesk, DispatchDeskName);
    private static readonly Holder Verifier = new(HolderKind.Verifier, VerifierName);
    private static readonly Holder Callback = new(HolderKind.CallbackDesk, CallbackDeskName);
    private static readonly Holder Reporter = new(HolderKind.Reporter, ReporterName, false);

    /// <summary>Total over states; null only before a case is opened and while it is over.</summary>
    public static Holder? Of(CaseState state) => state.Phase switch
    {
        CasePhase.NotOpened or CasePhase.Closed or CasePhase.Archived or CasePhase.Rejected or CasePhase.Merged or CasePhase.Void => null,
        _ when state.Suspension is { } suspension => new Holder(HolderKind.Leader, suspension.By, false),
        _ when state.Info is not null => Reporter,
        CasePhase.Registered or CasePhase.PendingJudgment or CasePhase.PendingAssignment => Desk,
        CasePhase.Assigned or CasePhase.Handling => state.LeadOrNone is { } lead ? new Holder(HolderKind.Organisation, lead.Organisation) : Desk,
        // What is verified, or called back, waits for the desk that cancels it.
        CasePhase.PendingVerification => state.Verified ? Desk : Verifier,
        CasePhase.PendingCallback => state.Callbacks.Exists(c => c.Reached) ? Desk : Callback,
        _ => throw new InvalidOperationException($"nobody holds a case that is {state.Phase}"),
    };

    public override string ToString() => Name;
}
