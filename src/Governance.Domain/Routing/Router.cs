using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Governance.Domain.Kernel;

namespace Governance.Domain.Routing;

/// <summary>What is to be routed. Texts are empty where nothing is known.</summary>
/// <param name="Category">Four digits.</param>
/// <param name="Community">12 digits.</param>
/// <param name="Grid">15 digits.</param>
/// <param name="Asset">Id of the thing (lamp, lift, charger) that it is about.</param>
/// <param name="Enterprise">Code or name.</param>
public sealed record RouteRequest(
    string Category, Colour Level, AreaCode Area, string Community, string Grid, string Asset, ImmutableList<string> Tags, string Channel, DateTimeOffset At, string Enterprise);

/// <summary>Who answers for it, and why.</summary>
/// <param name="Lead">One organisation, always.</param>
/// <param name="Co">Further ones, in the order in which they were found, none twice.</param>
/// <param name="Person">The grid worker of what the grid handles itself; null: the lead's desk picks a person (fewest open cases on duty).</param>
/// <param name="Explain">A sentence for each rule that was considered.</param>
/// <param name="SelfHandling">The grid worker's own (网格自处): within its time limit, then it goes up.</param>
public sealed record Route(string Lead, ImmutableList<string> Co, string? Person, string RuleId, int RulesetVersion, ImmutableList<string> Explain, bool SelfHandling)
{
    /// <summary>Persons of the roster who are called beside the desks, e.g. a chemical expert.</summary>
    public ImmutableList<string> Called { get; init; } = [];
}

/// <summary>
/// Finds the organisations of a case (cases.md "Routing"): run card, grid, asset owner, table, then co-departments by tag;
/// if none holds, the subdistrict of the place (属地兜底), then the dispatch centre. Never nobody. Pure.
/// </summary>
public static class Router
{
    /// <summary>Sentences of an explanation; a longer one says how many more rules there were.</summary>
    public const int ExplainLimitSentences = 60;

    public static Route Find(RoutingPolicy policy, RouteRequest request) => Find(policy, request, explains: true);

    /// <param name="explains">False for the tens of thousands of lookups that try a ruleset: nobody reads why.</param>
    internal static Route Find(RoutingPolicy policy, RouteRequest request, bool explains)
    {
        var search = new Search(policy, request, explains);
        var found = search.Card() ?? search.Grid() ?? search.Asset() ?? search.Table() ?? search.Fallback();
        return search.Complete(found);
    }

    /// <summary>A rule that holds.</summary>
    private sealed record Found(string Lead, ImmutableList<string> Co, string RuleId, string? Person = null, bool SelfHandling = false, ImmutableList<string>? Called = null);

    private sealed class Search(RoutingPolicy policy, RouteRequest request, bool explains)
    {
        private readonly Place _place = Place.Of(request.Area.Value ?? "", request.Community, request.Grid, request.Enterprise);
        private readonly List<string> _said = [];

        internal Found? Card()
        {
            if (!policy.Cards.TryGetValue((request.Category, request.Level), out var card)) return Not($"there is no run card for {request.Category} {request.Level}");
            if (policy.Organisations.At(card.Lead, _place) is not { } lead) return Not($"{card.Id}: its lead {card.Lead} is not active");
            Say($"{card.Id}: {request.Category} at level {request.Level} is led by {lead}");
            return new Found(lead, card.Co, card.Id, Called: card.Called);
        }

        internal Found? Grid()
        {
            if (!policy.Categories.TryGetValue(request.Category, out var category) || !category.SelfHandling) return Not($"{request.Category} is nothing that a grid handles itself");
            if (request.Level != Colour.Blue) return Not($"the grid handles {request.Category} itself when it is blue; this is {request.Level}");
            if (_place.Community.Length == 0) return Not($"the grid would handle it itself, and the community of the place is not known");
            var community = $"{Organisations.CommunityKind}-{_place.Community}";
            if (!policy.Organisations.IsActive(community)) return Not($"the grid would handle it itself, and {community} is no active organisation");
            var worker = policy.Roster.GridWorker(community, _place.Grid, request.At);
            if (worker is null) Say($"the grid handles a blue {request.Category} itself; no worker is on duty, {community} has it");
            else Say($"the grid handles a blue {request.Category} itself: {worker.Person} of {community}, within {policy.Notifications.SelfHandling}");
            return new Found(community, [], $"self/{request.Category}", worker?.Person, SelfHandling: true);
        }

        internal Found? Asset()
        {
            if (request.Asset.Length == 0) return Not($"no asset is named");
            if (policy.Assets.FirstOrDefault(a => request.Asset.StartsWith(a.Prefix, StringComparison.Ordinal)) is not { } rule) return Not($"nobody is listed as owner of {request.Asset}");
            if (policy.Organisations.At(rule.Lead, _place) is not { } lead) return Not($"{rule.Id}: {rule.Lead}, who supervises {request.Asset}, is not active");
            Say($"{rule.Id}: {request.Asset} is supervised by {lead}");
            return new Found(lead, rule.Co, rule.Id);
        }

        internal Found? Table()
        {
            var group = request.Category.Length >= 2 ? request.Category[..2] : "";
            var candidates = policy.Rules.GetValueOrDefault(request.Category, []).AddRange(policy.Rules.GetValueOrDefault(group, []));
            foreach (var rule in candidates)
            {
                if (!rule.Holds(_place)) { Say($"{rule.Id}: is for {rule.Area}"); continue; }
                if (policy.Organisations.At(rule.Lead, _place) is not { } lead) { Say($"{rule.Id}: {rule.Lead} is not active"); continue; }
                Say($"{rule.Id}: {rule.Subject} in {rule.Area} is led by {lead}; the most specific rule, of those the highest priority, then the lowest id");
                return new Found(lead, rule.Co, rule.Id);
            }
            return Not($"no line of the table holds for {request.Category}");
        }

        /// <summary>The place answers for what nobody else does (属地兜底).</summary>
        internal Found Fallback()
        {
            if (_place.Subdistrict.Length > 0 && policy.Organisations.At(Organisations.SubdistrictKind, _place) is { } subdistrict)
            {
                Say($"no rule holds: {subdistrict}, the subdistrict of the place");
                return new Found(subdistrict, [], "fallback/subdistrict");
            }
            Say($"no rule holds and no subdistrict is known: the dispatch centre");
            return new Found(Organisations.DispatchCentre, [], "fallback/dispatch-centre");
        }

        internal Route Complete(Found found)
        {
            var co = ImmutableList.CreateBuilder<string>();
            foreach (var named in found.Co) Join(co, found, named, found.RuleId);
            foreach (var tag in policy.Tags.Where(t => request.Tags.Contains(t.Tag)))
                foreach (var named in tag.Co) Join(co, found, named, $"{tag.Id}: tag {tag.Tag}");
            var called = ImmutableList.CreateBuilder<string>();
            foreach (var post in found.Called ?? [])
            {
                if (policy.Roster.At(post, request.At) is { } person) { called.Add(person.Person); Say($"{found.RuleId}: {person.Person} is called as {post}"); }
                else Say($"{found.RuleId}: nobody is on duty as {post}");
            }
            return new Route(found.Lead, co.ToImmutable(), found.Person, found.RuleId, policy.Version, Bounded(), found.SelfHandling) { Called = called.ToImmutable() };
        }

        private void Join(ImmutableList<string>.Builder co, Found found, string named, string why)
        {
            if (policy.Organisations.At(named, _place) is not { } organisation) { Say($"{why}: {named} is left out, none is active at the place"); return; }
            if (organisation == found.Lead || co.Contains(organisation)) return;
            co.Add(organisation);
            Say($"{why}: {organisation} joins");
        }

        private bool Explains => explains;

        private Found? Not([InterpolatedStringHandlerArgument("")] Sentence why)
        {
            Say(why);
            return null;
        }

        private void Say([InterpolatedStringHandlerArgument("")] Sentence sentence)
        {
            if (explains) _said.Add(sentence.Text);
        }

        /// <summary>Is put together only where somebody reads it.</summary>
        [InterpolatedStringHandler]
        private ref struct Sentence
        {
            private DefaultInterpolatedStringHandler _text;

            public Sentence(int literal, int holes, Search search, out bool wanted)
            {
                wanted = search.Explains;
                if (wanted) _text = new DefaultInterpolatedStringHandler(literal, holes, CultureInfo.InvariantCulture);
            }

            internal string Text => _text.ToStringAndClear();
            public void AppendLiteral(string value) => _text.AppendLiteral(value);
            public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);
        }

        private ImmutableList<string> Bounded() => _said.Count <= ExplainLimitSentences ? [.. _said]
            : [.. _said.Take(ExplainLimitSentences - 1), string.Create(CultureInfo.InvariantCulture, $"and {_said.Count - ExplainLimitSentences + 1} more")];
    }
}
