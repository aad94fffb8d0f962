using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;

namespace Governance.Domain.Accountability;

/// <summary>How a case went, as recorded or under another policy.</summary>
/// <param name="Due">Of the latest time to resolve; null: there was none.</param>
/// <param name="Breached">Deadlines missed, by clock.</param>
/// <param name="Escalations">Told higher up because of a missed deadline.</param>
public sealed record CaseCourse(
    string Lead, DateTimeOffset? Due, bool DueMissed, ImmutableSortedDictionary<ClockName, int> Breached, int Escalations, Supervision Highest, DateTimeOffset? ClosedAt, TimeSpan Counted);

/// <summary>What can no longer happen: a step that people took and that the other policy refuses.</summary>
public sealed record Impossible(DateTimeOffset At, string What, string By, string Refusal);

/// <summary>A case side by side.</summary>
public sealed record WhatIfCase(string Key, string Number, string Category, Colour Level, CaseCourse Recorded, CaseCourse Replayed, ImmutableList<Impossible> Impossible);

/// <summary>An organisation's month side by side, in points.</summary>
public sealed record WhatIfScore(string Organisation, Month Month, double Recorded, double Replayed);

/// <summary>Recorded cases under another policy. Nothing live is read or changed.</summary>
/// <param name="Cases">Those that differ or in which something can no longer happen.</param>
/// <param name="Replayed">How many cases were tried.</param>
public sealed record WhatIfResult(
    int Replayed, int MissedRecorded, int MissedReplayed, int EscalationsRecorded, int EscalationsReplayed, int Impossible, ImmutableList<WhatIfCase> Cases, ImmutableList<WhatIfScore> Scores);

/// <summary>
/// Lets recorded cases happen again under other limits, rules or another calendar (推演): people do what they did, when they did
/// it; deadlines fall when the other policy wants them. A step that the other policy refuses is told, with its reason.
/// </summary>
public static class WhatIf
{
    /// <summary>Deadlines fired in one case, e.g. a word wanted every five minutes for nine years; more is a policy that never comes to rest.</summary>
    private const int FiredLimit = 1_000_000;
    private static readonly ImmutableSortedDictionary<string, string> NoKinds = ImmutableSortedDictionary<string, string>.Empty;

    /// <param name="cases">Keys and events; drills are left out.</param>
    /// <param name="now">Up to when the holders of open cases have had them.</param>
    public static WhatIfResult Of(IEnumerable<(string Key, IReadOnlyList<CaseEvent> Events)> cases, CasePolicy current, CasePolicy other, DateTimeOffset now, CancellationToken cancel = default)
    {
        var all = cases.AsParallel().AsOrdered().WithCancellation(cancel).Select(c => Pair(c.Key, c.Events, other, now)).Where(p => p is not null).Select(p => p!.Value).ToList();
        var differ = all.Where(p => !p.Impossible.IsEmpty || !Same(p.Recorded.Course, p.Replayed.Course))
            .Select(p => new WhatIfCase(p.Recorded.Account.Key, p.Recorded.Account.Number, p.Recorded.Account.Category, p.Recorded.Account.Level, p.Recorded.Course, p.Replayed.Course, p.Impossible)).ToImmutableList();
        return new WhatIfResult(
            all.Count, all.Count(p => p.Recorded.Course.DueMissed), all.Count(p => p.Replayed.Course.DueMissed), all.Sum(p => p.Recorded.Course.Escalations), all.Sum(p => p.Replayed.Course.Escalations),
            all.Sum(p => p.Impossible.Count), differ, Scores([.. all.SelectMany(p => p.Recorded.Account.Facts)], current.Scorecard, [.. all.SelectMany(p => p.Replayed.Account.Facts)], other.Scorecard));
    }

    /// <summary>One case again, under another policy.</summary>
    public static (ImmutableList<CaseEvent> Events, ImmutableList<Impossible> Impossible) Replay(string key, IReadOnlyList<CaseEvent> recorded, CasePolicy policy, DateTimeOffset until)
    {
        var rules = new CaseRules(policy);
        var (state, events, impossible) = (CaseState.New(key), ImmutableList.CreateBuilder<CaseEvent>(), ImmutableList.CreateBuilder<Impossible>());
        var (at, fired) = (DateTimeOffset.MinValue, 0);
        foreach (var step in RecordedCourse.Of(key, recorded))
        {
            FireUntil(step.At);
            var stimulus = step.ByLead && state.LeadOrNone is { } lead ? By(lead.Organisation, step.Stimulus) : step.Stimulus;
            // What was never opened under this policy gets no number.
            if (state.Subject is null && stimulus is Stimulus.Confirmed) continue;
            // The desk of an organisation that has no share under this policy was told nothing.
            if (stimulus is Stimulus.Confirmed { Message: TaskOffered offered } && !state.Tasks.Exists(t => t.Organisation == offered.Organisation)) continue;
            if (Take(stimulus) is { } refusal) impossible.Add(new Impossible(step.At, step.What, stimulus is Stimulus.Commanded { Caller.Subject: var person } ? person : "", refusal.Reason));
        }
        FireUntil(until);
        return (events.ToImmutable(), impossible.ToImmutable());

        void FireUntil(DateTimeOffset to)
        {
            while (rules.Deadlines(state).Select(d => d.Due).Where(d => d <= to).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var due && due <= to)
            {
                if (++fired > FiredLimit) throw new InvalidOperationException($"case {key} fired {FiredLimit} deadlines: under this policy it never comes to rest");
                at = due > at ? due : at;
                Take(new Stimulus.Woken());
            }
            at = to > at ? to : at;
        }

        Refusal? Take(Stimulus stimulus)
        {
            var decision = rules.Decide(state, stimulus, at);
            foreach (var happened in decision.Events)
            {
                state = rules.Evolve(state, happened);
                events.Add(happened);
            }
            return decision.Refusal;
        }
    }

    private static Stimulus By(string lead, Stimulus stimulus) => stimulus switch
    {
        Stimulus.Commanded c => c with { Caller = c.Caller with { Organisation = lead } },
        Stimulus.Confirmed { Message: TaskOffered m } c => c with { Message = m with { Organisation = lead } },
        _ => stimulus,
    };

    private static (Lived Recorded, Lived Replayed, ImmutableList<Impossible> Impossible)? Pair(string key, IReadOnlyList<CaseEvent> recorded, CasePolicy other, DateTimeOffset now)
    {
        if (recorded.Count == 0) return null;
        var before = Of(key, recorded, now);
        if (before.Account.Drill) return null;
        // No further than the record: what nobody has done yet is compared with nothing.
        var (events, impossible) = Replay(key, recorded, other, recorded.Max(e => e.At));
        return (before, Of(key, events, now), impossible);
    }

    private readonly record struct Lived(CaseAccount Account, CaseCourse Course);

    private static Lived Of(string key, IReadOnlyList<CaseEvent> events, DateTimeOffset now)
    {
        var account = CaseAccount.Of(key, events);
        var breached = events.OfType<CaseEvent.DeadlineBreached>().GroupBy(e => e.Clock).ToImmutableSortedDictionary(g => g.Key, g => g.Count());
        var due = events.Select(e => e switch
        {
            CaseEvent.ClockStarted { Clock: ClockName.Due } s => s.Due, CaseEvent.ClockMoved { Clock: ClockName.Due } m => m.Due, CaseEvent.ClockResumed { Clock: ClockName.Due } r => r.Due, _ => (DateTimeOffset?)null,
        }).LastOrDefault(d => d is not null);
        var escalated = events.OfType<CaseEvent.Escalated>().ToList();
        return new Lived(account, new CaseCourse(
            account.Lead, due, breached.ContainsKey(ClockName.Due), breached, escalated.Count, escalated.Select(e => e.To).DefaultIfEmpty(Supervision.None).Max(), account.Ending.ClosedAt, account.Ball.Counted(now)));
    }

    private static bool Same(CaseCourse a, CaseCourse b) => (a.Lead, a.Due, a.DueMissed, a.Escalations, a.Highest, a.ClosedAt) == (b.Lead, b.Due, b.DueMissed, b.Escalations, b.Highest, b.ClosedAt) && a.Breached.SequenceEqual(b.Breached);

    private static ImmutableList<WhatIfScore> Scores(ImmutableList<ScoreFact> recorded, ScorecardPolicy current, ImmutableList<ScoreFact> replayed, ScorecardPolicy other)
    {
        return
        [
            .. from month in recorded.Concat(replayed).Select(f => Month.Of(f.At)).Distinct().Order()
               let before = Points(month, recorded, current)
               let after = Points(month, replayed, other)
               from organisation in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
               select new WhatIfScore(organisation, month, before.GetValueOrDefault(organisation), after.GetValueOrDefault(organisation)),
        ];

        static Dictionary<string, double> Points(Month month, ImmutableList<ScoreFact> facts, ScorecardPolicy policy) =>
            Scorecards.Of(month, facts, [], policy, ImmutableDictionary<string, double>.Empty, NoKinds).ToDictionary(c => c.Organisation, c => c.Points);
    }
}
