using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Kernel;

namespace Governance.Domain.Cases;

/// <summary>To the register of a day: give this case its number. The outcome NUMBER_ASSIGNED carries it.</summary>
/// <param name="Channel">EM device or emergency, DR drill, ...</param>
public sealed record NumberRequested(CaseKey Case, string Channel) : IEntityMessage;

/// <summary>A serial was given away.</summary>
public sealed record SerialGiven(DateTimeOffset At, CaseKey Case, int Serial, string Number) : IDomainEvent;

/// <summary>The register of one day: who has which number. Its id is district and date, e.g. 410803-20250803.</summary>
public sealed record CaseRegisterState(string Id, int LastSerial, ImmutableSortedDictionary<string, string> NumberOf, ImmutableSortedDictionary<string, string> CaseOf);

/// <inheritdoc cref="CaseRegisterState"/>
public sealed class CaseRegisterRules : IEntityRules<CaseRegisterState, SerialGiven>
{
    public const string NumberAssigned = "NUMBER_ASSIGNED";

    public CaseRegisterState Initial(string id) => new(
        id, 0, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public Decision<SerialGiven> Decide(CaseRegisterState state, Stimulus stimulus, DateTimeOffset now) => stimulus switch
    {
        Stimulus.Delivered { Message: NumberRequested m } when state.NumberOf.TryGetValue(m.Case.Value, out var known) =>
            Decision<SerialGiven>.Nothing with { Outcome = new Outcome(NumberAssigned, known) },
        Stimulus.Delivered { Message: NumberRequested m } => Give(state, m, now),
        Stimulus.Woken => Decision<SerialGiven>.Nothing,
        _ => throw new InvalidOperationException($"a register takes no {stimulus}"),
    };

    public CaseRegisterState Evolve(CaseRegisterState state, SerialGiven happened) => state with
    {
        LastSerial = happened.Serial,
        NumberOf = state.NumberOf.SetItem(happened.Case.Value, happened.Number),
        CaseOf = state.CaseOf.SetItem(happened.Number, happened.Case.Value),
    };

    public IEnumerable<Deadline> Deadlines(CaseRegisterState state) => [];
    public ClockId Clock(CaseRegisterState state) => ClockId.Wall;

    private static Decision<SerialGiven> Give(CaseRegisterState state, NumberRequested m, DateTimeOffset now)
    {
        var number = CaseNumber.Of(state.Id, m.Channel, state.LastSerial + 1);
        return Decision<SerialGiven>.Of(new SerialGiven(now, m.Case, state.LastSerial + 1, number)) with { Outcome = new Outcome(NumberAssigned, number) };
    }
}

/// <summary>Readable case numbers: district-date-channel-serial-check, e.g. 410803-20250803-EM-00017-C; check by ISO 7064 MOD 37,36.</summary>
public static class CaseNumber
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string Of(string register, string channel, int serial)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"{register}-{channel}-{serial:00000}");
        return $"{body}-{Check(body)}";
    }

    /// <summary>The register that gave the number; null when this is no case number or its check character is wrong.</summary>
    public static string? RegisterOf(string number)
    {
        var parts = number.Split('-');
        return parts.Length == 5 && parts[4].Length == 1 && parts.All(p => p.All(Alphabet.Contains)) && Check(string.Join('-', parts[..4])) == parts[4][0]
            ? $"{parts[0]}-{parts[1]}" : null;
    }

    /// <summary>ISO 7064 MOD 37,36 over the letters and digits.</summary>
    public static char Check(string text)
    {
        var product = 36;
        foreach (var character in text.Where(Alphabet.Contains))
        {
            var sum = (product + Alphabet.IndexOf(character)) % 36;
            product = (sum == 0 ? 36 : sum) * 2 % 37;
        }
        return Alphabet[(37 - product) % 36];
    }
}
