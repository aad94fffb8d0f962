using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using static Governance.Domain.Cases.CaseEvent;

namespace Governance.Domain.Accountability;

/// <summary>What a case passed half-way: the history that a forecast is made from.</summary>
/// <param name="Missed">Null while it is open.</param>
public sealed record HalfWay(DateTimeOffset At, string Organisation, Colour Level, bool? Missed);

/// <summary>How a case came to its end, for the detector of premature closures. All of the latest round.</summary>
/// <param name="Handlers">Persons who handled it.</param>
public sealed record Ending(
    DateTimeOffset? OnSceneAt, DateTimeOffset? DoneAt, bool WithEvidence, DateTimeOffset? FeedbackAt, string VerifiedBy, string VerifierOrganisation, DateTimeOffset? ClosedAt, string ClosedBy,
    ImmutableSortedSet<string> Handlers)
{
    /// <summary>Persons remembered per case.</summary>
    public const int HandlerLimit = 50;
    public static readonly Ending None = new(null, null, false, null, "", "", null, "", ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    internal Ending By(string person) => person.Length == 0 || Handlers.Count >= HandlerLimit ? this : this with { Handlers = Handlers.Add(person) };
}

/// <summary>A complaint or a recurrence after a case was closed.</summary>
public sealed record AfterClose(DateTimeOffset At, DateTimeOffset ClosedAt, string Organisation, string By, string Reason);

/// <summary>
/// All that one case says about those who handled it: folded from its events, and from nothing else. Reads nothing that the
/// case's own state does not hold, so that an event that is new changes it only where a fact is made of it.
/// </summary>
/// <param name="Level">The highest it had.</param>
/// <param name="Facts">In the order in which they happened.</param>
/// <param name="SignBy">By when those answer who were offered a share and have not yet.</param>
public sealed record CaseAccount(
    string Key, string Number, string Category, string Area, string Subject, Colour Level, bool Drill, DateTimeOffset? Received, string Lead, bool Over, bool DueMissed,
    BallInCourt Ball, ImmutableList<ScoreFact> Facts, HalfWay? HalfWay, Ending Ending, ImmutableList<AfterClose> After, ImmutableSortedDictionary<string, DateTimeOffset> SignBy)
{
    /// <summary>Per case; beyond it nothing more counts.</summary>
    public const int FactLimit = 500;
    /// <summary>Reopenings remembered per case.</summary>
    public const int AfterLimit = 50;
    /// <summary>The mark of the time to resolve at which a forecast is made.</summary>
    public const int HalfPercent = 50;

    public static CaseAccount New(string key) => new(key, "", "", "", "", Colour.Grey, false, null, "", false, false, BallInCourt.Empty, [], null, Ending.None, [], ImmutableSortedDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal));

    /// <summary>A case as it is after all of its events.</summary>
    public static CaseAccount Of(string key, IEnumerable<CaseEvent> events)
    {
        var (account, state) = (New(key), CaseState.New(key));
        foreach (var happened in events)
        {
            var after = CaseEvolution.Evolve(state, happened);
            (account, state) = (account.Take(state, happened, after), after);
        }
        return account;
    }

    /// <summary>Advances by one event.</summary>
    public CaseAccount Take(CaseState before, CaseEvent happened, CaseState after)
    {
        var ball = Ball.Take(happened, after);
        var lead = after.LeadOrNone?.Organisation ?? Lead;
        var account = this with
        {
            Number = after.Number, Category = after.Subject?.Category ?? Category, Area = after.Subject?.Area.Value ?? Area, Subject = SubjectOf(after), Level = after.Level > Level ? after.Level : Level,
            Drill = after.Subject?.Drill ?? Drill, Received = Received ?? happened.At, Lead = lead, Ball = ball, Over = Holder.Of(after) is null,
        };
        return CaseFacts.After(account, before, happened, after);
    }

    internal CaseAccount Counting(DateTimeOffset at, FactKind kind, string organisation, bool good = true) =>
        organisation.Length == 0 || Drill || Facts.Count >= FactLimit ? this : this with { Facts = Facts.Add(new ScoreFact(at, kind, organisation, Category, Key, good)) };

    /// <summary>An area is too wide to say that two matters are one.</summary>
    private static string Where(Place place) => place.Asset.Length > 0 ? place.Asset : place.Address.Length > 0 ? $"{place.Community}/{place.Address}" : place.Grid;

    /// <summary>What would make another case one about the same: the device, or else the category and the place. Empty: nobody can say.</summary>
    private static string SubjectOf(CaseState state) => state.Subject is not { } subject ? ""
        : subject.SourceText.Length > 0 ? $"{subject.SourceText}/{subject.Category}" : subject.Gateway.Length > 0 ? $"gateway/{subject.Gateway}"
        : Where(subject.Place) is { Length: > 0 } where ? $"{subject.Category}@{where}" : "";
}
