using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;

namespace Governance.Domain.Tests.Cases;

/// <summary>Where a case can be at rest (cases.md "Regions"): phase, phase of the lead's task while it is handled, and what lies over it.</summary>
public enum Stage
{
    NotOpened, PendingJudgment, PendingAssignment, Assigned, Accepted, EnRoute, OnScene, Controlled, Done, Failed, PendingVerification, Verified, PendingCallback, CalledBack, Closed, Archived,
    Rejected, Merged, Void, AwaitingInJudgment, AwaitingInHandling, Suspended, ExtensionAsked,
}

/// <summary>
/// The case of the specification's tests in every stage: damaged green of subdistrict 410803001, blue, the city management's
/// (CG) alone, received on Monday 4 August 2025 at 09:00 from a reporter who can be reached.
/// </summary>
internal static class SpecificationStages
{
    internal const string Key = "A", Lead = "CG", Community = "CS-410803001001", Subdistrict = "JD-410803001", Reporter = "vault-1";

    internal static RegisterCase Registration(string category = "0508", double confidence = 0.9, Colour level = Colour.Grey, bool reachable = true) => new(
        "AP", Key, category, confidence, level, "410803001", Place.Unknown with { Community = "410803001001" }, [], "damaged green", reachable ? Reporter : "", reachable, [], false, "");

    internal static CaseWorld Do(this CaseWorld world, CaseCommand command, string organisation, string role, string subject = "li") => world.Command(Key, command, organisation, role, subject);
    internal static CaseWorld Lead_(this CaseWorld world, CaseCommand command) => world.Do(command, Lead, Roles.Handler, "zhao");
    internal static CaseWorld Desk(this CaseWorld world, CaseCommand command) => world.Do(command, "DISPATCH", Roles.Operator, "sun");
    internal static CaseWorld Leader(this CaseWorld world, CaseCommand command) => world.Do(command, "DISPATCH", Roles.Leader);
    internal static CaseState Case(this CaseWorld world) => world[Key];

    /// <param name="reports">1, or 2: somebody else saw it too.</param>
    internal static CaseWorld In(Stage stage, int reports = 1)
    {
        var world = new CaseWorld();
        if (stage == Stage.NotOpened) return world;
        var unsure = stage is Stage.PendingJudgment or Stage.Rejected or Stage.AwaitingInJudgment;
        world.Do(Registration(confidence: unsure ? 0.5 : 0.9, reachable: stage != Stage.Verified), "", Roles.Relay, "platform").Want(null);
        if (reports > 1) world.Do(new AttachReport("HL", "r2", "damaged green", "", false, [], 0.9), "", Roles.Relay, "platform").Want(null);
        switch (stage)
        {
            case Stage.PendingJudgment or Stage.Assigned: return world;
            case Stage.Rejected: return world.Desk(new RejectIntake("NO_FACTS", "nothing is there", "nobody")).Want(null);
            case Stage.AwaitingInJudgment: return world.Desk(new AskReporter("which park?")).Want(null);
            case Stage.PendingAssignment: return world.Lead_(new RejectTask("NOT_OURS", "NS", "list of duties")).Want(null);
            case Stage.Void: return world.Leader(new VoidCase("TEST", "")).Want(null);
            case Stage.Merged:
                world.Register("B", "0508", reporter: "vault-2");
                return world.Leader(new MergeInto(new CaseKey("B"), "the same park")).Want(null);
        }
        world.Lead_(new AcceptTask("")).Want(null);
        switch (stage)
        {
            case Stage.Accepted: return world;
            case Stage.AwaitingInHandling: return world.Desk(new AskReporter("which park?")).Want(null);
            case Stage.Suspended: return world.Leader(new Suspend("SEASON", world.Now.AddDays(10), "frost")).Want(null);
            case Stage.ExtensionAsked: return world.Lead_(new RequestExtension("1WD", "no plants", "buy some")).Want(null);
            case Stage.EnRoute: return world.Lead_(new Depart("")).Want(null);
        }
        if (stage != Stage.Verified) world.Lead_(new ContactReporter("CALL", true, "")).Want(null);
        world.Lead_(new ArriveOnScene("QR", 0, 0, 0, "")).Want(null);
        switch (stage)
        {
            case Stage.OnScene: return world;
            case Stage.Controlled: return world.Lead_(new DeclareControlled("fenced in")).Want(null);
            case Stage.Failed: return world.Lead_(new CompleteTask("CANNOT_FIX", "no plants this year", [])).Want(null);
        }
        world.Lead_(new CompleteTask("RESOLVED", "photo-1", ["P"])).Want(null);
        if (stage == Stage.Done) return world;
        world.Lead_(new SubmitFeedback("planted anew", "planted anew")).Want(null);
        if (stage == Stage.PendingVerification) return world;
        world.Desk(new Verify(true, "photo compared")).Want(null);
        if (stage is Stage.Verified or Stage.PendingCallback) return world;
        world.Desk(new RecordCallback(true, true, true, "")).Want(null);
        if (stage == Stage.CalledBack) return world;
        world.Desk(new CancelOff("RESOLVED", "")).Want(null);
        return stage == Stage.Archived ? world.After(TimeSpan.FromDays(91)) : world;
    }
}
