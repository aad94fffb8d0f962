using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>A serial was given away.</summary>
public sealed record SlipSerialGiven(DateTimeOffset At, SlipKey Slip, int Serial, string Number) : IDomainEvent;

/// <summary>The register of one year and one slip: who has which number. Its id is e.g. <c>TX-2026</c>, of drills <c>TX-2026-DR</c>.</summary>
public sealed record SlipRegisterState(string Id, int LastSerial, ImmutableSortedDictionary<string, string> NumberOf, ImmutableSortedDictionary<string, string> SlipOf);

/// <inheritdoc cref="SlipRegisterState"/>
public sealed class SlipRegisterRules : IEntityRules<SlipRegisterState, SlipSerialGiven>
{
    public const string NumberAssigned = "NUMBER_ASSIGNED";

    public SlipRegisterState Initial(string id) => new(
        id, 0, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public Decision<SlipSerialGiven> Decide(SlipRegisterState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: SlipNumberRequested m } when state.NumberOf.TryGetValue(m.Slip.Value, out var known) =>
            Decision<SlipSerialGiven>.Nothing with { Outcome = new Outcome(NumberAssigned, known) },
        Stimulus.Delivered { Message: SlipNumberRequested m } => Give(state, m, now),
        Stimulus.Woken => Decision<SlipSerialGiven>.Nothing,
        _ => throw new InvalidOperationException($"a register of slips takes no {stimulus}"),
    };

    /// <summary>A serial follows the last: a hole or a repetition is loud.</summary>
    public SlipRegisterState Evolve(SlipRegisterState state, SlipSerialGiven happened) => happened.Serial != state.LastSerial + 1
        ? throw new InvalidOperationException($"serial {happened.Serial} after {state.LastSerial} in {state.Id}")
        : state with { LastSerial = happened.Serial, NumberOf = state.NumberOf.Add(happened.Slip.Value, happened.Number), SlipOf = state.SlipOf.Add(happened.Number, happened.Slip.Value) };

    public IEnumerable<Deadline> Deadlines(SlipRegisterState state) => [];
    public ClockId Clock(SlipRegisterState state) => ClockId.Wall;

    private static Decision<SlipSerialGiven> Give(SlipRegisterState state, SlipNumberRequested m, DateTimeOffset now)
    {
        var number = SlipNumber.Of(state.Id, state.LastSerial + 1);
        return Decision<SlipSerialGiven>.Of(new SlipSerialGiven(now, m.Slip, state.LastSerial + 1, number)) with { Outcome = new Outcome(NumberAssigned, number) };
    }
}

/// <summary>Readable numbers: TX-2026-0001 of reminder slips, DB-2026-0001 of supervision slips; of drills TX-2026-DR-0001.</summary>
public static partial class SlipNumber
{
    /// <summary>The register of the year in which a slip is issued, local time.</summary>
    public static string RegisterOf(SlipKind kind, bool drill, DateTimeOffset issued) =>
        string.Create(CultureInfo.InvariantCulture, $"{(kind == SlipKind.Reminder ? "TX" : "DB")}-{MeetingPolicy.DayOf(issued).Year:0000}{(drill ? "-DR" : "")}");

    public static string Of(string register, int serial) => string.Create(CultureInfo.InvariantCulture, $"{register}-{serial:0000}");

    /// <summary>The register that gave the number; null when this is no number of a slip.</summary>
    public static string? RegisterOf(string number) => Form().Match(number) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\A((?:TX|DB)-[0-9]{4}(?:-DR)?)-[0-9]{4,9}\z")] private static partial Regex Form();
}
