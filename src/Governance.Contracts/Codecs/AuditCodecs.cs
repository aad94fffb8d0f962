using Governance.Domain.Audit;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using J = Governance.Journal.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Stored and wire forms of what the auditor of escalation finds (<c>journal/v1/audit.proto</c>).</summary>
internal static class AuditCodecs
{
    internal static IEnumerable<Codec> All =>
    [
        Codec.Of("audit.DifferenceNoted.1", J.AuditDifferenceNoted.Parser, (DifferenceNoted e) => new J.AuditDifferenceNoted { AtUs = Wire.Us(e.At), Difference = To(e.Difference) },
            w => new DifferenceNoted(Wire.At(w.AtUs), From(w.Difference))),
        Codec.Of("audit.State.1", J.AuditState.Parser, (AuditState s) => new J.AuditState { District = s.District, Noted = { s.Noted.Select(To) } }, w => new AuditState(w.District, [.. w.Noted.Select(From)])),
    ];

    internal static IEnumerable<Codec> Commands => [Codec.Of("cmd.audit.NoteDifference.1", J.AuditDifference.Parser, (NoteDifference c) => To(c.Difference), w => new NoteDifference(From(w)))];

    private static J.AuditDifference To(AuditDifference d) => new() { CaseKey = d.Case.Value, Number = d.Number, Area = d.Area.Value, Drill = d.Drill, Step = d.Step, DueUs = Wire.Us(d.Due), Why = d.Why };
    private static AuditDifference From(J.AuditDifference w) => new(new CaseKey(w.CaseKey), w.Number, new AreaCode(w.Area), w.Drill, w.Step, Wire.At(w.DueUs), w.Why);
}
