using Akka.Actor;
using Akka.Event;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Actors.Journal;
using Governance.Contracts.Codecs;
using Governance.Contracts.Messages;
using Governance.Domain.Audit;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Audit;

/// <summary>What the auditor has found.</summary>
public sealed class CaseAudit(EntityServices services, string district)
    : Entity<AuditState, DifferenceNoted>(services, new AuditRules(), new EntityAddress(EntityKinds.Audit, district));

/// <summary>
/// Looks over the shoulder of every case: what should have happened by its journal, and did not, is told within half a
/// minute, and the case is woken. The list of cases says where to look; the journal says whether it is so. On the node on
/// duty. Beside what is overdue, a few cases of every round are read from their first event on, so that each open case is in time.
/// </summary>
public sealed class EscalationAuditor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    /// <summary>A timer, a write and a hand-over of a shard have so much time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private const int OverdueLimit = 200, WholeLimit = 50;
    private readonly EntityServices _services;
    private readonly IViews _views;
    private readonly CasePolicy _policy;
    private readonly Duty _duty = new(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private string _after = "";

    public EscalationAuditor(EntityServices services, IViews views, CasePolicy policy) => (_services, _views, _policy) = (services, views, policy);

    private sealed class Round
    {
        internal static readonly Round Instance = new();
    }

    private sealed record Found(IReadOnlyList<AuditDifference> Differences, IReadOnlyList<CaseKey> Wake, string After);

    private sealed record Failed(Exception Cause);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Round.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Round when !_duty.IsMine:
                _after = "";
                Timers.StartSingleTimer(Round.Instance, Round.Instance, Every);
                break;
            case Round: AuditAsync(Context.System, _services.Clocks.Now(ClockId.Wall), _after).PipeTo(Self, failure: cause => new Failed(cause)); break;
            case Found found:
                _after = found.After;
                foreach (var difference in found.Differences)
                {
                    _log.Error("{0} of case {1} was due at {2:u} and is not in the journal: {3}", difference.Step, difference.Case, difference.Due, difference.Why);
                    _services.Regions.Send(new Command(new EntityAddress(EntityKinds.Audit, _policy.District), $"audit/{CaseKey.Of(difference.Id)}", Caller.System, 0, new NoteDifference(difference)), Self);
                }
                // Whoever slept over it does it now, late, and says so.
                foreach (var key in found.Wake) _services.Regions.Send(new Wake(new EntityAddress(EntityKinds.Case, key.Value)), Self);
                Timers.StartSingleTimer(Round.Instance, Round.Instance, Every);
                break;
            case Failed failed:
                _log.Warning("escalation could not be audited, and is again in {0} s: {1}", Every.TotalSeconds, StorageFaults.Plainly(failed.Cause));
                Timers.StartSingleTimer(Round.Instance, Round.Instance, Every);
                break;
            case CommandReply: break;
            default: Unhandled(message); break;
        }
    }

    private async Task<Found> AuditAsync(ActorSystem system, DateTimeOffset now, string after)
    {
        var (differences, wake) = (new List<AuditDifference>(), new List<CaseKey>());
        var overdue = await _views.CasesAsync(Filter(OverdueLimit, "") with { ArmedBefore = now - Grace }, CancellationToken.None).ConfigureAwait(false);
        var whole = await _views.CasesAsync(Filter(WholeLimit, after), CancellationToken.None).ConfigureAwait(false);
        foreach (var row in overdue.Rows.Concat(whole.Rows).DistinctBy(r => r.Key))
        {
            var events = new List<CaseEvent>();
            await EntityEvents.ReadAsync(system, new EntityAddress(EntityKinds.Case, row.Key).ToString(), 1, (_, happened) =>
            {
                if (happened is CaseEvent e) events.Add(e);
                return true;
            }).ConfigureAwait(false);
            var found = EscalationAudit.Of(new CaseKey(row.Key), events, now - Grace);
            differences.AddRange(found);
            if (found.Count > 0 || EscalationAudit.IsMovedBy(CaseStateCodec.Read(row.Whole), _policy.Calendar)) wake.Add(new CaseKey(row.Key));
        }
        return new Found(differences, wake, whole.Next);
    }

    private static CaseFilter Filter(int limit, string after) => new(Names.OpenStates, "", [], true, "", limit, after) { OpenOnly = true };
}
