using Governance.Edge.Errors;
using Governance.Edge.V1;
using Governance.Storage;

namespace Governance.Edge.Cases;

/// <summary>What a caller wants of the case list, checked.</summary>
internal static class CaseFilters
{
    private const int ListLimit = 100;

    internal static CaseFilter Of(ListCasesRequest r) => new(
        List(r.States, "states"), r.Subdistrict, [.. r.Levels.Select(l => (int)Fields.Colour(l, "levels"))], r.IncludeDrills, r.SourceId, Fields.PageSize(r.PageSize), r.PageToken)
    {
        Categories = List(r.Categories, "categories"), Channels = List(r.Channels, "channels"), Supervision = List(r.Supervision, "supervision"), Community = r.Community, Organisation = r.Organisation,
        Text = r.Text.Length <= SearchWords.QueryLimitCharacters ? r.Text : throw RefusedException.Invalid("text", "TEXT_TOO_LONG", $"at most {SearchWords.QueryLimitCharacters} characters"),
        ReceivedFrom = Fields.Optional(r.ReceivedFrom, "received_from"), ReceivedBefore = Fields.Optional(r.ReceivedBefore, "received_before"), DueBefore = Fields.Optional(r.DueBefore, "due_before"),
        BreachedOnly = r.BreachedOnly, ByDue = r.ByDue,
    };

    /// <summary>Lists are compared as text between commas.</summary>
    private static List<string> List(IReadOnlyCollection<string> values, string field) =>
        values.Count > ListLimit ? throw RefusedException.Invalid(field, "LIST_TOO_LONG", $"at most {ListLimit} entries")
        : values.FirstOrDefault(v => v.Contains(',', StringComparison.Ordinal)) is not null ? throw RefusedException.Invalid(field, "ENTRY_INVALID", "an entry holds no comma")
        : [.. values];
}
