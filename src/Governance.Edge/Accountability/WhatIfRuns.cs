using Governance.Actors.Inspection;
using Governance.Domain.Accountability;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Accountability;

/// <summary>Recorded cases under other policy files, beside the actors, on the same rules. One run at a time per node.</summary>
public sealed class WhatIfRuns(IAccountViews accounts, JournalHistory history, PolicyTexts texts, CasePolicy policy, TimeProvider time)
{
    private const int CaseLimit = 20_000, ToldLimit = 1_000, UsuallyTold = 100;
    private static readonly TimeSpan PeriodAtMost = TimeSpan.FromDays(366);
    private readonly SemaphoreSlim _one = new(1);

    internal async Task<WhatIfReply> RunAsync(WhatIfRequest request, DateTimeOffset asOf, CancellationToken cancel)
    {
        var (from, to) = (Fields.Required(request.From, "from"), Fields.Optional(request.To, "to") ?? asOf);
        if (to <= from) throw RefusedException.Invalid("to", "PERIOD_EMPTY", "a period ends after it begins");
        if (to - from > PeriodAtMost) throw RefusedException.Invalid("from", "PERIOD_TOO_LONG", $"at most {PeriodAtMost.TotalDays:0} days");
        var limit = request.Limit switch { 0 => UsuallyTold, > 0 and <= ToldLimit => request.Limit, _ => throw RefusedException.Invalid("limit", "LIMIT_INVALID", $"1 to {ToldLimit}") };
        var other = Other(request);
        if (!await _one.WaitAsync(TimeSpan.Zero, cancel)) throw new RefusedException(new Refusal("WHAT_IF_RUNNING", "another what-if runs on this node", RefusalKind.Exhausted));
        try
        {
            var started = time.GetTimestamp();
            var found = await accounts.ReceivedAsync(from, to, CaseLimit + 1, cancel);
            if (found.Count > CaseLimit) throw RefusedException.Invalid("from", "WHAT_IF_TOO_LARGE", $"more than {CaseLimit} cases: ask for less time");
            var recorded = new List<(string Key, IReadOnlyList<CaseEvent> Events)>(found.Count);
            foreach (var account in found) recorded.Add((account.Key, await history.EventsAsync<CaseEvent>(new EntityAddress(EntityKinds.Case, account.Key), cancel)));
            var result = await Task.Run(() => WhatIf.Of(recorded, policy, other, asOf, cancel), cancel);
            return Told(result, limit, time.GetElapsedTime(started));
        }
        finally { _one.Release(); }
    }

    private CasePolicy Other(WhatIfRequest request)
    {
        var changed = request.PolicyFiles.Aggregate(texts, (all, file) => all.With(file.Key, file.Value)
            ?? throw RefusedException.Invalid("policy_files", "POLICY_FILE_UNKNOWN", $"'{(file.Key.Length > 40 ? file.Key[..40] : file.Key)}' is none of {string.Join(", ", PolicyTexts.Changeable)}"));
        try { return PolicyFiles.Read(changed).Policy; }
        catch (PolicyRefusedException refused) { throw RefusedException.Invalid("policy_files", "POLICY_REFUSED", string.Join("; ", refused.Holes)); }
    }

    private static WhatIfReply Told(WhatIfResult result, int limit, TimeSpan took)
    {
        var reply = new WhatIfReply
        {
            Replayed = result.Replayed, MissedRecorded = result.MissedRecorded, MissedReplayed = result.MissedReplayed, EscalationsRecorded = result.EscalationsRecorded, EscalationsReplayed = result.EscalationsReplayed,
            Impossible = result.Impossible, Differing = result.Cases.Count, Seconds = took.TotalSeconds,
        };
        // What can no longer happen first, then what changes sides.
        reply.Cases.AddRange(result.Cases.OrderByDescending(c => c.Impossible.Count).ThenByDescending(c => c.Recorded.DueMissed != c.Replayed.DueMissed).ThenBy(c => c.Key, StringComparer.Ordinal).Take(limit).Select(c => new V1.WhatIfCase
        {
            CaseId = c.Key, Number = c.Number, Category = c.Category, Level = Fields.To(c.Level), Recorded = Of(c.Recorded), Replayed = Of(c.Replayed),
            Impossible = { c.Impossible.Select(i => new WhatIfImpossible { At = Fields.To(i.At), What = i.What, By = i.By, Refusal = i.Refusal }) },
        }));
        reply.Scores.AddRange(result.Scores.Select(s => new V1.WhatIfScore { Organisation = s.Organisation, Month = s.Month.ToString(), Recorded = s.Recorded, Replayed = s.Replayed }));
        return reply;
    }

    private static WhatIfCourse Of(CaseCourse c)
    {
        var course = new WhatIfCourse
        {
            Lead = c.Lead, Due = Fields.To(c.Due), DueMissed = c.DueMissed, Escalations = c.Escalations, HighestSupervision = Names.Of(c.Highest), ClosedAt = Fields.To(c.ClosedAt), CountedS = c.Counted.TotalSeconds,
        };
        foreach (var (clock, times) in c.Breached) course.Breached.Add(Names.Of(clock), times);
        return course;
    }
}
