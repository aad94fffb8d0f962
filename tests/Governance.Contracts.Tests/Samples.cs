using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Governance.Contracts.Codecs;
using Governance.Domain.Accountability;
using Governance.Domain.Alerts;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Registry;
using Governance.Domain.Warnings;

namespace Governance.Contracts.Tests;

/// <summary>
/// One sample of any stored or travelling type, the same on every run: every field set to a value that differs from its
/// neighbours, so that two fields that were exchanged show. Types whose parts must agree are written by hand.
/// </summary>
internal sealed class Samples
{
    private static readonly DateTimeOffset Time = new(2025, 8, 3, 6, 10, 0, TimeSpan.Zero);
    private int _next;

    internal static object Of(Type type) => new Samples().Make(type);

    private object Make(Type type)
    {
        if (ByHand(type) is { } made) return made;
        var n = ++_next;
        if (type == typeof(string)) return $"text-{n}";
        if (type == typeof(int)) return n;
        if (type == typeof(long)) return 1000L + n;
        if (type == typeof(byte)) return (byte)n;
        if (type == typeof(DateOnly)) return DateOnly.FromDayNumber(739_000 + n);
        if (type == typeof(double)) return n + 0.25;
        if (type == typeof(bool)) return true;
        if (type == typeof(Guid)) return new Guid(n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        if (type == typeof(DateTimeOffset)) return Time.AddSeconds(n).AddTicks(10 * n);
        if (type == typeof(TimeSpan)) return TimeSpan.FromMilliseconds(n);
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Where(v => Convert.ToInt64(v, null) != 0).ElementAt(n % Enum.GetValues(type).Cast<object>().Count(v => Convert.ToInt64(v, null) != 0));
        if (Nullable.GetUnderlyingType(type) is { } inner) return Make(inner);
        if (type.IsGenericType && Collection(type) is { } collection) return collection;
        return Construct(type);
    }

    private object Construct(Type type)
    {
        if (type.IsAbstract || type.IsInterface) throw new InvalidOperationException($"no sample for {type}: write one by hand");
        var constructor = type.GetConstructors().Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type).MaxBy(c => c.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Make(p.ParameterType))]);
    }

    private object? Collection(Type type)
    {
        var arguments = type.GetGenericArguments();
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(ImmutableSortedSet<>)) return ImmutableSortedSet.Create(["role-a", "role-b"]);
        if (definition == typeof(ImmutableSortedDictionary<,>) && arguments[0] == typeof(Milestone))
            return ImmutableSortedDictionary<Milestone, DateTimeOffset>.Empty.Add(Milestone.Received, Time).Add(Milestone.Closed, Time.AddMinutes(30));
        if (definition == typeof(ImmutableSortedDictionary<,>)) return ImmutableSortedDictionary<string, string>.Empty.Add("key", $"value-{++_next}");
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(arguments[0]))!;
        list.Add(Make(arguments[0]));
        list.Add(Make(arguments[0]));
        var factory = definition == typeof(ImmutableArray<>) ? typeof(ImmutableArray) : definition == typeof(ImmutableList<>) ? typeof(ImmutableList) : null;
        return factory?.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .First(m => m.Name == "CreateRange" && m.GetGenericArguments().Length == 1 && m.GetParameters() is [{ ParameterType: { IsGenericType: true } p }] && p.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .MakeGenericMethod(arguments[0]).Invoke(null, [list]);
    }

    private object? ByHand(Type type)
    {
        if (type == typeof(HazardSourceId)) return new HazardSourceId($"HS-{++_next}");
        if (type == typeof(DetectorId)) return new DetectorId($"D-{++_next}");
        if (type == typeof(GatewayId)) return new GatewayId($"gw-{++_next}");
        // Ticks of whole microseconds: what the wire keeps.
        if (type == typeof(Reading)) return new Reading(++_next, 1000 + _next, Time.AddSeconds(_next), Time.AddSeconds(_next + 1), _next + 0.25, Quality.Manual);
        if (type == typeof(AreaCode)) return new AreaCode("410803001");
        if (type == typeof(CaseKey)) return CaseKey.Of($"cause {++_next}");
        if (type == typeof(ClockId)) return ClockId.Recorded($"gw-{++_next}");
        if (type == typeof(IEntityMessage)) return new TaskClosed(CaseKey.Of($"cause {++_next}"), Time);
        if (type == typeof(DetectorMemo)) return (DetectorMemo)Construct(type) with { HistoryTicks = Time.AddHours(-1).UtcTicks };
        if (type == typeof(ICommand)) return new CaseCommand.Depart("on the way");
        if (type == typeof(object)) return new DepartmentState("YJ", Desk());
        if (type == typeof(SeqSet)) return new SeqSet(3, 100 + ++_next, [new SeqRange(200, 210), new SeqRange(300, 301)]);
        if (type == typeof(ProcessRegion)) return new ProcessRegion.Clearing(new ProcessRegion.Active(new OccurrenceId("HS-1/A/1.7"), AlarmLevel.One, AlarmLevel.Two, 2.5, Time, (Crossing)Construct(typeof(Crossing))), Time.AddSeconds(1), Time.AddSeconds(2));
        if (type == typeof(SuppressionRegion)) return new SuppressionRegion.OutOfService(Time, $"permit-{++_next}", Time.AddHours(1), "zhang", "calibration");
        if (type == typeof(OperatorRegion)) return new OperatorRegion.Confirmed("liu", Time, Time.AddMinutes(10), "valve closed", "wang");
        if (type == typeof(LatchRegion)) return new LatchRegion.Latched(new OccurrenceId("HS-1/A/1.7"), AlarmLevel.Two, 2.5, Time);
        if (type == typeof(SourceConfig)) return Config();
        if (type == typeof(HazardSourceState)) return Source();
        if (type == typeof(Refusal)) return new Refusal("SOME_REASON", "why", RefusalKind.Conflict).With("state", "Closed").With("allowed", "Reopen");
        if (type == typeof(Limit)) return new Limit(LimitDirection.High, AlarmLevel.Two, 2, 0.2, TimeSpan.FromSeconds(1), 3, TimeSpan.FromMinutes(5));
        if (type == typeof(HazardKind?)) return HazardKind.ToxicGas;
        if (type == typeof(EntityMemory)) return Memory();
        if (type == typeof(TaskOffered)) return (TaskOffered)Construct(type) with { Person = "worker", Called = ["expert-1", "expert-2"] };
        if (type == typeof(DepartmentState)) return new DepartmentState("YJ", Desk())
        {
            Notifications = ImmutableDictionary.Create<string, Notification>(StringComparer.Ordinal).Add("YJ-7", (Notification)Construct(typeof(Notification)) with { Id = "YJ-7" }), Ended = ["YJ-5", "YJ-6"], Opened = 7,
            Duties = ImmutableSortedDictionary.Create<string, DutyChange>(StringComparer.Ordinal).Add("wang", (DutyChange)Construct(typeof(DutyChange)) with { Person = "wang" }),
        };
        if (type == typeof(AlertFeedState)) return Feed();
        if (type == typeof(GatewayState)) return Gateway();
        if (type == typeof(CaseState)) return (CaseState)Construct(type) with
        {
            Suspension = (Suspension)Construct(typeof(Suspension)), Asked = (AskedExtension)Construct(typeof(AskedExtension)), Granted = [(Budget)Construct(typeof(Budget))], CalendarVersion = 3,
            Reports = [(CaseReport)Make(typeof(CaseReport))], Info = (InfoRequest)Make(typeof(InfoRequest)), InfoAsks = 1, Rejecting = (ProposedRejection)Make(typeof(ProposedRejection)), Rejections = 2,
            ContactAttempts = 3, Contacted = true, Callbacks = [(Callback)Make(typeof(Callback))], Reopened = 4, ReopenedByReporter = 5, Unresolved = 6, UrgedByReporterAt = Time.AddHours(3),
            Slips = [(CaseSlip)Make(typeof(CaseSlip))], SlipsAsked = 7, Merge = (Merge)Make(typeof(Merge)), Absorbed = [(Absorption)Make(typeof(Absorption))], Sights = [(SightGrant)Make(typeof(SightGrant))],
            Rule = "run-card/0101/red", RulesetVersion = 8, RouteExplain = ["one", "two"], SelfHandling = true, PublicReply = "done, thank you", RefusedAs = "TEST", LevelSince = Time.AddMinutes(7),
        };
        if (type == typeof(Bearing)) return (Bearing)Construct(type) with { LevelSince = Time.AddMinutes(9) };
        if (type == typeof(CaseSubject)) return (CaseSubject)Construct(type) with { Channel = "HL", Place = (Place)Make(typeof(Place)), Tags = ["crowd"] };
        if (type == typeof(CaseTask)) return (CaseTask)Construct(type) with { Mandatory = true, Forced = true, Unit = "unit", Visited = true };
        if (type == typeof(CaseEvent.CaseAssigned)) return (CaseEvent.CaseAssigned)Construct(type) with
        {
            Mandatory = ["PA"], Person = "li", RulesetVersion = 3, Explain = ["one", "two"], By = "zhang", Forced = true, SelfHandling = true, Called = ["expert"],
        };
        if (type == typeof(CaseEvent.TaskDone)) return (CaseEvent.TaskDone)Construct(type) with { Kinds = ["P", "V"] };
        if (type == typeof(CaseEvent.FeedbackSubmitted)) return (CaseEvent.FeedbackSubmitted)Construct(type) with { PublicReply = "done" };
        if (type == typeof(CaseEvent.CaseUrged)) return (CaseEvent.CaseUrged)Construct(type) with { ByReporter = true };
        if (type == typeof(CaseClock)) return (CaseClock)Construct(type) with
        {
            Budget = (Budget)Construct(typeof(Budget)), Pauses = [new Pause(Time, Time.AddMinutes(5)), new Pause(Time.AddHours(1), null)], Marks = [new ClockMark(80, Time.AddHours(2))],
        };
        if (type == typeof(SlipState)) return (SlipState)Construct(type) with
        {
            DraftedBy = "a", DraftedAt = Time, ApprovedBy = "b", IssuedBy = "c", IssuedAt = Time.AddMinutes(1), SignedBy = "d", SignedAt = Time.AddMinutes(2), Reply = (SlipReply)Construct(typeof(SlipReply)), RefusedReplies = 1,
            ReviewedBy = "e", Plan = "f", Progress = "g", ProgressAt = Time.AddMinutes(3), Reports = 2, CancelAskedBy = "h", CancelEvidence = "i", InspectedBy = "j", InspectedFor = "k", Finding = "l", FailedInspections = 3,
            SecondedBy = "m", Extensions = [(Budget)Construct(typeof(Budget))], OverdueAt = Time.AddMinutes(4), OverdueIn = SlipPhase.Replied, ReferredTo = "n", Result = "o", EndedBy = "p", EndNote = "q",
            EndedAt = Time.AddMinutes(5), ReplacedBy = SlipKey.Of("r"), CalendarVersion = 4,
        };
        if (type == typeof(MeetingState)) return (MeetingState)Construct(type) with { Id = "weekly/2025-08-01" };
        if (type == typeof(SlipRegisterState)) return new SlipRegisterState("TX-2026", 7,
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("S1", "TX-2026-0007"), ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("TX-2026-0007", "S1"));
        if (type == typeof(AreaWarningsState)) return new AreaWarningsState("410803", ImmutableSortedDictionary.Create<string, AreaWarning>(StringComparer.Ordinal)
            .Add("sender|W-1|1", ((AreaWarning)Construct(typeof(AreaWarning))) with { Identity = "sender|W-1|1" }), ["sender|W-0|1", "sender|W-1|1"]);
        if (type == typeof(ScorecardState)) return (ScorecardState)Construct(type) with { Id = "YJ/202508" };
        if (type == typeof(ReinspectionState)) return new ReinspectionState("202508", "hash", "zhao", "seed", (Lot)Construct(typeof(Lot)),
            ImmutableSortedDictionary.Create<string, InspectionRecord>(StringComparer.Ordinal).Add("C1", ((InspectionRecord)Construct(typeof(InspectionRecord))) with { Case = "C1" }));
        if (type == typeof(RosterState)) return new RosterState("410803", ImmutableSortedDictionary.Create<string, EnrolledSource>(StringComparer.Ordinal)
            .Add("HS-1", new EnrolledSource(new HazardSourceId("HS-1"), new AreaCode("410803001"), "one", true, Time)));
        if (type == typeof(CaseRegisterState)) return new CaseRegisterState("410803-20250803", 7,
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("C1", "410803-20250803-EM-00007-X"),
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("410803-20250803-EM-00007-X", "C1"));
        return null;
    }

    private static ImmutableSortedDictionary<string, DeskTask> Desk() => ImmutableSortedDictionary.Create<string, DeskTask>(StringComparer.Ordinal)
        .Add("C1", new DeskTask(new CaseKey("C1"), true, "0101", Colour.Red, "source", "text", true, Time));

    private SourceConfig Config() => (SourceConfig)Construct(typeof(SourceConfig)) with { Rules = [(SuppressionRule)Construct(typeof(SuppressionRule))] };

    private HazardSourceState Source() => (HazardSourceState)Construct(typeof(HazardSourceState)) with
    {
        Permits = [(Permit)Construct(typeof(Permit))], LimitSets = [(LimitSet)Construct(typeof(LimitSet))], LimitSetVersion = 7, NewestLimitSet = 9,
        Colours = (ColourTable)Construct(typeof(ColourTable)), FedBy = ["gw-1", "", "gw-2"], Skews = [(GatewaySkew)Construct(typeof(GatewaySkew))],
    };

    /// <summary>What only memory knows (since when somebody listens) is not stored.</summary>
    private GatewayState Gateway()
    {
        var feed = (SourceFed)Construct(typeof(SourceFed));
        var source = new FedSource(feed, ImmutableSortedDictionary.Create<string, FaultCase>(StringComparer.Ordinal).Add(feed.Faults[0].Detector, (FaultCase)Construct(typeof(FaultCase))),
            CaseKey.Of("last"), Time.AddHours(1), Time.AddHours(2));
        return new GatewayState("gw-1", 7, (GatewaySession)Construct(typeof(GatewaySession)), [new Guid(1, 2, 3, new byte[8])], TimeSpan.FromSeconds(-3), SkewClass.Off, Time.AddMinutes(1), DateTimeOffset.UnixEpoch,
            GatewayState.New("").Sources.Add(feed.Source.Value, source), GatewayState.New("").UnjudgedSources.Add(feed.Source.Value), feed.Period, (GatewayOutage)Construct(typeof(GatewayOutage)))
        {
            DoubtToldAt = Time.AddMinutes(2),
        };
    }

    private AlertFeedState Feed()
    {
        var alert = ((Alert)Construct(typeof(Alert))) with { Kind = AlertKind.OccurrenceRaised };
        return new AlertFeedRules().Evolve(AlertFeedState.New("410803001"), new AlertAppended(Time, 1, alert)) with
        {
            Flood = new Flood([Time, Time.AddSeconds(1), Time.AddSeconds(2), Time.AddSeconds(3), Time.AddSeconds(4)], Time.AddSeconds(2), Flood.Calm.Heads.Add("HS-1|A|ToxicGas"), 3),
        };
    }

    private static EntityMemory Memory()
    {
        var to = new EntityAddress(EntityKinds.Department, "YJ");
        return EntityMemory.Empty
            .Evolve(new MemoryEvent.MessageQueued(Time, to, 1, new TaskClosed(new CaseKey("C1"), Time)))
            .Evolve(new MemoryEvent.MessageTaken(Time, new EntityAddress(EntityKinds.HazardSource, "HS-1"), 1, new Outcome("ACCEPTED", "x")))
            .Evolve(new MemoryEvent.CommandAnswered(Time, "id-1", "Verify", "somebody", 4, new Refusal("NO", "why")))
            .Evolve(new MemoryEvent.OwnerTaken(Time, new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 5))
            .Counted(new CaseEvent.NumberAssigned(Time, "n"));
    }
}
