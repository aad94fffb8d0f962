using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Kernel;

namespace Governance.Domain.Routing;

/// <summary>Who is sent at once for a category and level (预案卡): before every other rule.</summary>
/// <param name="Called">Posts of the roster that are called beside the desks, e.g. <c>expert/chemical</c>.</param>
public sealed record ResponseCard(string Category, Colour Level, string Lead, ImmutableList<string> Co, ImmutableList<string> Called)
{
    public string Id => $"run-card/{Category}/{Level.ToString().ToLowerInvariant()}";
}

/// <summary>A line of the table: who handles a category, or a whole group, in an area.</summary>
/// <param name="Subject">Four digits: a category; two: a group.</param>
/// <param name="Area">A subdistrict, a community, or * for all.</param>
/// <param name="Priority">Of two that are as specific the higher one wins, then the lower id.</param>
public sealed record RoutingRule(string Id, string Subject, string Area, string Lead, ImmutableList<string> Co, int Priority)
{
    public const string Everywhere = "*";

    /// <summary>4: category and community, 3: category and subdistrict, 2: category, 1: group.</summary>
    public int Specificity => Subject.Length == 2 ? 1 : Area.Length switch { 12 => 4, 9 => 3, _ => 2 };

    public bool Holds(Place place) => Area == Everywhere || Area == place.Community || Area == place.Subdistrict;
}

/// <summary>Whose thing it is: by the beginning of the asset's id.</summary>
/// <param name="Lead">Who supervises it.</param>
/// <param name="Co">Who owns or serves it.</param>
public sealed record AssetRule(string Id, string Prefix, string Lead, ImmutableList<string> Co);

/// <summary>A tag brings further departments.</summary>
public sealed record TagRule(string Id, string Tag, ImmutableList<string> Co);

/// <summary>What routing needs to know of a category.</summary>
/// <param name="Level">Its own level.</param>
/// <param name="SelfHandling">A blue case of it is the grid worker's (网格自处).</param>
public sealed record RoutedCategory(string Code, Colour Level, bool SelfHandling)
{
    public string Group => Code[..2];
}

/// <summary>Everything that routing and the desks decide by; files of the district with a version.</summary>
/// <param name="Version">Of the rules: rises with every change, stored with every case.</param>
/// <param name="Rules">By category or group, the one that wins first.</param>
public sealed record RoutingPolicy(
    string District, int Version, ImmutableSortedDictionary<string, RoutedCategory> Categories, Organisations Organisations,
    ImmutableDictionary<(string Category, Colour Level), ResponseCard> Cards, ImmutableSortedDictionary<string, ImmutableArray<RoutingRule>> Rules,
    ImmutableArray<AssetRule> Assets, ImmutableArray<TagRule> Tags, DutyRoster Roster, NotificationLimits Notifications, WorkCalendar Calendar)
{
    /// <summary>A case has a level of its own: grey is none.</summary>
    public static readonly ImmutableArray<Colour> Levels = [Colour.Blue, Colour.Yellow, Colour.Orange, Colour.Red];
}
