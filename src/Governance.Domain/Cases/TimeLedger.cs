using System.Collections.Immutable;

namespace Governance.Domain.Cases;

/// <summary>One stretch of a case's life.</summary>
public sealed record Leg(string From, string To, TimeSpan Time);

/// <summary>Where the time went: legs between successive milestones. They sum to receipt → close; while open, to now.</summary>
/// <param name="ReceiptToClear">Null while an occurrence lives.</param>
public sealed record TimeLedger(ImmutableList<Leg> Legs, TimeSpan? ReceiptToClear, TimeSpan Total)
{
    public static TimeLedger Of(CaseState state, DateTimeOffset now)
    {
        if (!state.Milestones.TryGetValue(Milestone.Received, out var received)) return new TimeLedger([], null, TimeSpan.Zero);
        var points = state.Milestones.OrderBy(m => m.Value).ThenBy(m => m.Key).Select(m => (Name: Names.Of(m.Key), At: m.Value)).ToList();
        if (!state.Milestones.ContainsKey(Milestone.Closed)) points.Add(("NOW", now > points[^1].At ? now : points[^1].At));
        var legs = points.Zip(points.Skip(1), (a, b) => new Leg(a.Name, b.Name, b.At - a.At)).ToImmutableList();
        TimeSpan? clear = state.Milestones.TryGetValue(Milestone.ReturnedToNormal, out var cleared) ? cleared - received : null;
        return new TimeLedger(legs, clear, points[^1].At - received);
    }
}

/// <summary>Names as clients see them: UPPER_SNAKE.</summary>
public static class Names
{
    /// <summary>A case whose clocks stand still, whatever its phase.</summary>
    public const string Suspended = "SUSPENDED";
    /// <summary>A case whose reporter has been asked.</summary>
    public const string AwaitingInfo = "AWAITING_INFO";

    /// <summary>States in which somebody has it still to do, as lists show them: every one that is no end.</summary>
    public static readonly ImmutableArray<string> OpenStates =
    [
        .. new[] { CasePhase.Registered, CasePhase.PendingJudgment, CasePhase.PendingAssignment, CasePhase.Assigned, CasePhase.Handling, CasePhase.PendingVerification, CasePhase.PendingCallback }.Select(Of),
        Suspended, AwaitingInfo,
    ];

    /// <summary>As lists and explanations show it.</summary>
    public static string StateOf(CaseState state) => state.Suspension is not null ? Suspended : state.Info is not null ? AwaitingInfo : Of(state.Phase);

    public static string Of<T>(T value) where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));
}
