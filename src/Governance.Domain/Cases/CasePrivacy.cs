using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseCommand;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Cases;

/// <summary>Who may see a person behind a case, for how long, and that this ends (cases.md, 34 and 35).</summary>
internal static class CasePrivacy
{
    private static readonly string[] Fields = ["NAME", "PHONE", "ADDRESS", "ID_CARD"];
    private static readonly string[] Purposes = ["CONTACT", "RESCUE", "VERIFY", "CALLBACK", "LEGAL"];

    internal static Refusal? Unmask(CaseFold fold, Unmask c, Caller caller)
    {
        if (!Fields.Contains(c.Field)) return new Refusal("FIELD_INVALID", $"one of {string.Join(", ", Fields)}", RefusalKind.Invalid).With("field", "field");
        if (!Purposes.Contains(c.Purpose)) return new Refusal("PURPOSE_INVALID", $"one of {string.Join(", ", Purposes)}", RefusalKind.Invalid).With("field", "purpose");
        if (!CaseHandling.IsDutyDesk(caller) && !(fold.State.IsOpen && fold.State.Tasks.Exists(t => t.IsOpen && t.IsOf(caller.Organisation))))
            return new Refusal("NOT_YOUR_TASK", $"{caller.Organisation} has no open task in this case", RefusalKind.Denied);
        fold.Happen(new PiiUnmasked(fold.Now, c.Field, c.Purpose, caller.Subject, fold.Now + fold.Policy.Limits.UnmaskFor.Time));
        return null;
    }

    internal static Refusal? Forget(CaseFold fold, ForgetReporter c, Caller caller)
    {
        if (!fold.State.Reports.Exists(r => r.Id == c.ReportId)) return new Refusal("UNKNOWN_REPORT", $"report {c.ReportId} is not attached to this case", RefusalKind.NotFound).With("field", "report_id");
        fold.Happen(new ReporterForgotten(fold.Now, c.ReportId, caller.Subject));
        return null;
    }
}
