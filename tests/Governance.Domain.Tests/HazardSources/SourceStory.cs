using System.Globalization;
using Governance.Domain.Gateways;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using static Governance.Domain.HazardSources.HazardSourceEvent;

namespace Governance.Domain.Tests.HazardSources;

/// <summary>
/// One day of a source: <see cref="At"/> sets the clock, <see cref="Feed"/> sends a reading, <see cref="Wait"/> lets
/// deadlines fire, <see cref="Want"/> compares the exact events since the last one.
/// </summary>
internal sealed class SourceStory
{
    internal static readonly DateTimeOffset Day = new(2025, 8, 3, 0, 0, 0, TimeSpan.FromHours(8));
    internal static readonly Caller Operator = new("liu", "YJ", [Roles.Operator]);

    private readonly HazardSourceRules _rules = new();
    private readonly Dictionary<(string, long), long> _seq = [];
    private readonly List<HazardSourceEvent> _unseen = [];

    internal SourceStory(params DetectorConfig[] detectors) : this(Sources.Of(detectors)) { }

    internal SourceStory(SourceConfig config)
    {
        State = _rules.Initial(config.Id.Value);
        At("14:00:00").Command(new CommissionSource(config));
        Forget();
    }

    internal HazardSourceState State { get; private set; }
    internal DateTimeOffset Now { get; private set; }
    internal List<HazardSourceEvent> Events { get; } = [];
    internal List<Send> Sends { get; } = [];
    internal Refusal? Refusal { get; private set; }

    internal static DateTimeOffset Time(string time) => Day + TimeSpan.ParseExact(time, "c", CultureInfo.InvariantCulture);

    /// <summary>The clock, without waking anybody: as when a node was away.</summary>
    internal SourceStory At(string time)
    {
        Now = Time(time);
        return this;
    }

    /// <summary>Time passes and every deadline fires at its own instant.</summary>
    internal SourceStory Wait(TimeSpan time)
    {
        var until = Now + time;
        while (_rules.Deadlines(State).Select(d => d.Due).Where(d => d <= until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var due && due <= until)
        {
            Now = due > Now ? due : Now;
            Wake();
        }
        Now = until;
        return this;
    }

    internal SourceStory Wait(double seconds) => Wait(TimeSpan.FromSeconds(seconds));

    internal SourceStory Wake() => Take(_rules.Decide(State, new Stimulus.Woken(), Now));

    internal SourceStory Feed(string detector, double value, Quality quality = Quality.Good, long? seq = null, long epoch = 1, bool historical = false,
        TimeSpan taken = default, TimeSpan sampled = default)
    {
        var number = seq ?? _seq.GetValueOrDefault((detector, epoch)) + 1;
        _seq[(detector, epoch)] = Math.Max(number, _seq.GetValueOrDefault((detector, epoch)));
        var reading = new Reading(State.OrdinalOf(detector), number, Now + sampled, Now + taken, value, quality);
        return Evaluate(new ReadingSegment(new GatewayId("GW-1"), epoch, ClockId.Wall, Now, Now, historical, [reading]));
    }

    /// <summary>The same value every period, the first one now; the clock ends at the last one.</summary>
    internal SourceStory Steady(string detector, double value, TimeSpan time)
    {
        var period = State.Detectors[State.OrdinalOf(detector)].Config.Period;
        var end = Now + time;
        for (Feed(detector, value); Now + period <= end;) Wait(period).Feed(detector, value);
        return this;
    }

    internal SourceStory Evaluate(ReadingSegment segment)
    {
        var result = Evaluation.Of(State, segment);
        foreach (var happened in result.Decision.Events) _unseen.Add(happened);
        Events.AddRange(result.Decision.Events);
        Sends.AddRange(result.Decision.Sends);
        State = result.After;
        return this;
    }

    /// <summary>A gateway's stream names detectors.</summary>
    internal SourceStory Fed(GatewayId gateway, params int[] detectors) => Take(HazardSourceRules.Feed(State, gateway, detectors, Now));

    /// <summary>What gateways were told, in order.</summary>
    internal IEnumerable<(string To, SourceFed Told)> Reports() => Sends.Where(s => s.Message is SourceFed).Select(s => (s.To.Id, (SourceFed)s.Message));

    internal SourceStory Command(ICommand command, Caller? caller = null) => Take(_rules.Decide(State, new Stimulus.Commanded(command, caller ?? Operator), Now));

    internal SourceStory Confirm(IEntityMessage message, EntityAddress to, Outcome outcome) => Take(_rules.Decide(State, new Stimulus.Confirmed(message, to, outcome), Now));

    internal SourceStory Skip(string detector, long from, long to, long epoch = 1) =>
        Take(HazardSourceRules.Skip(State, detector, epoch, new SeqRange(from, to), "memory full", "GW-1", Now));

    internal SourceStory Acknowledge(string detector) => Command(new AcknowledgeOccurrence(Memo(detector).Live!.Occurrence, "seen"));

    /// <summary>The exact events since the last look.</summary>
    internal SourceStory Want(params string[] events)
    {
        Assert.Equal(events, _unseen.Select(Text).ToArray());
        return Forget();
    }

    internal SourceStory WantColour(Colour colour)
    {
        Assert.Equal((colour, colour), (State.Colour, Colours.Of(State).Colour));
        return this;
    }

    internal SourceStory WantRefusal(string? reason)
    {
        Assert.Equal(reason, Refusal?.Reason);
        return this;
    }

    internal SourceStory Forget()
    {
        _unseen.Clear();
        return this;
    }

    internal Detector Of(string detector) => State.Detectors[State.OrdinalOf(detector)];
    internal DetectorMemo Memo(string detector) => Of(detector).Memo;
    internal IEnumerable<T> Told<T>() where T : IEntityMessage => Sends.Select(s => s.Message).OfType<T>();

    private SourceStory Take(Decision<HazardSourceEvent> decision)
    {
        Refusal = decision.Refusal;
        if (decision.Refusal is not null) Assert.Empty(decision.Events);
        foreach (var happened in decision.Events)
        {
            State = _rules.Evolve(State, happened);
            _unseen.Add(happened);
        }
        Events.AddRange(decision.Events);
        Sends.AddRange(decision.Sends);
        return this;
    }

    private string Text(HazardSourceEvent happened) => happened switch
    {
        OccurrenceActivated e => $"{Name(e.Detector)} active {(int)e.Level}{(e.Basis == ActivationBasis.Reading ? "" : $" {e.Basis}")}{(e.Withheld == Withheld.No ? "" : $" {e.Withheld}")}{Late(e.LateBy)}",
        HazardSourceEvent.LevelChanged e => $"{Name(e.Detector)} {(int)e.From}>{(int)e.To}",
        ReturnedToNormal e => $"{Name(e.Detector)} normal, peak {(int)e.Peak}",
        DetectorSilent e => $"{Name(e.Detector)} {e.Memo.Health}{Late(e.LateBy)}",
        DetectorTrusted e => $"{Name(e.Detector)} trusted",
        LateExceedanceFound e => $"{Name(e.Detector)} late evidence {(int)e.Evidence.Level}",
        DataLossDeclared e => $"{Name(e.Detector)} lost {e.Range.From}..{e.Range.To}",
        OccurrenceAcknowledged e => $"{Name(e.Detector)} acknowledged",
        AcknowledgementOverdue e => $"{Name(e.Detector)} overdue{Late(e.LateBy)}",
        WarningRelayed => "warning",
        WarningUpdated e => $"warning now {(int)e.Level}",
        WarningCleared => "warning cleared",
        IncidentOpened => "incident",
        IncidentJoined => "joined",
        IncidentRenewed => "renewed",
        ColourChanged e => $"{e.To}",
        SourceCommissioned => "commissioned",
        MarksCheckpointed => "marks",
        ClockBound e => $"clock {e.Clock}",
        AcknowledgementExpired e => $"{Name(e.Detector)} acknowledgement expired{Late(e.LateBy)}",
        OccurrenceConfirmed e => $"{Name(e.Detector)} confirmed",
        LatchReset e => $"{Name(e.Detector)} latch reset",
        SuppressionBegan e => $"{Name(e.Detector)} {e.Region.GetType().Name}",
        SuppressionEnded e => $"{Name(e.Detector)} unsuppressed {e.Why}{Late(e.LateBy)}",
        ChatteringBegan e => $"{Name(e.Detector)} chatters",
        ChatteringEnded e => $"{Name(e.Detector)} calm, {e.Folded} folded{Late(e.LateBy)}",
        RetrospectiveFinding e => $"{Name(e.Detector)} history {(int)e.Evidence.Level}",
        TestSeen e => $"{Name(e.Detector)} test {(int)e.Level}{(e.Permit.Length > 0 ? $" under {e.Permit}" : " unannounced")}",
        PermitOpened e => $"permit {e.Permit.Id}",
        PermitClosed e => $"permit {e.Permit} closed",
        LimitsProposed e => $"limits {e.Set.Version} proposed",
        LimitsBacktested e => $"limits {e.Version} backtested",
        LimitsActivated e => $"limits {e.Version} in force",
        OccurrenceMigrated e => $"{Name(e.Detector)} migrated {e.From}>{e.To}",
        _ => throw new InvalidOperationException(happened.GetType().Name),
    };

    private string Name(int ordinal) => State.Detectors[ordinal].Config.Id.Value;
    private static string Late(TimeSpan lateBy) => lateBy == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $" late {lateBy.TotalSeconds:0} s");
}
