using System.Collections.Immutable;

namespace Governance.Domain.Routing;

/// <summary>An organisation that cases are sent to: a department, a subdistrict's or a community's own desk, an enterprise.</summary>
/// <param name="Code">e.g. <c>YJ</c>, <c>JD-410803001</c> (街道办事处), <c>CS-410803001001</c> (村、社区); never renamed, it is the id of a desk.</param>
/// <param name="Kind">As the file says; <c>enterprise</c> has a meaning of its own here.</param>
/// <param name="Active">False takes it out of routing.</param>
public sealed record Organisation(string Code, string Name, string Kind, bool Active);

/// <summary>A village or community (村、社区).</summary>
/// <param name="Code">12 digits: those of its subdistrict and three more.</param>
public sealed record Community(string Code, string Name)
{
    public string Subdistrict => Code[..9];
}

/// <summary>The organisations and places of a district, and which organisation is meant where a rule names a kind.</summary>
public sealed record Organisations(ImmutableSortedDictionary<string, Organisation> All, ImmutableSortedDictionary<string, Community> Communities)
{
    /// <summary>The subdistrict's own organisation (属地街道) is meant: <c>JD-</c> and its code.</summary>
    public const string SubdistrictKind = "JD";
    /// <summary>The community's own organisation (村社区) is meant: <c>CS-</c> and its code.</summary>
    public const string CommunityKind = "CS";
    /// <summary>The enterprise of the case is meant.</summary>
    public const string EnterpriseKind = "EN";
    /// <summary>The district's dispatch centre (区调度中心): takes what nobody else does.</summary>
    public const string DispatchCentre = "DISPATCH";
    internal const string EnterpriseName = "enterprise";

    public bool IsActive(string code) => All.TryGetValue(code, out var organisation) && organisation.Active;

    /// <summary>The organisation that a rule means at a place; null where it is none that is listed and active.</summary>
    public string? At(string named, Place place) => named switch
    {
        SubdistrictKind => Own(SubdistrictKind, place.Subdistrict) ?? Listed(named),
        CommunityKind => Own(CommunityKind, place.Community) ?? Listed(named),
        EnterpriseKind => place.Enterprise.Length == 0 ? null
            : All.Values.FirstOrDefault(o => o.Active && o.Kind == EnterpriseName && (o.Code == place.Enterprise || o.Name == place.Enterprise))?.Code,
        _ => Listed(named),
    };

    /// <summary>Whether a rule may name it.</summary>
    public bool Knows(string named) => named == EnterpriseKind || All.ContainsKey(named);

    private string? Own(string kind, string place) => place.Length > 0 ? Listed($"{kind}-{place}") : null;

    private string? Listed(string code) => IsActive(code) ? code : null;
}

/// <summary>Where something is, as far as it is known; empty where it is not.</summary>
/// <param name="Subdistrict">9 digits.</param>
/// <param name="Community">12 digits.</param>
/// <param name="Grid">15 digits (网格).</param>
public readonly record struct Place(string Subdistrict, string Community, string Grid, string Enterprise)
{
    private const int SubdistrictDigits = 9, CommunityDigits = 12, GridDigits = 15;

    /// <summary>The finer code tells the coarser one, where that is not given.</summary>
    public static Place Of(string area, string community, string grid, string enterprise)
    {
        var fine = IsCode(grid, GridDigits) ? grid : "";
        var middle = IsCode(community, CommunityDigits) ? community : fine.Length > 0 ? fine[..CommunityDigits] : "";
        var coarse = IsCode(area, SubdistrictDigits) ? area : middle.Length > 0 ? middle[..SubdistrictDigits] : "";
        return new Place(coarse, middle, fine, enterprise);
    }

    public static bool IsCode(string text, int digits) => text.Length == digits && text.All(char.IsAsciiDigit);
}
