using Governance.Contracts.Codecs;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Storage;

namespace Governance.Actors.Meetings;

/// <summary>Facts from the lists. Whatever a line of a list comes to hold more, <see cref="Of(CaseRow)"/> alone reads it.</summary>
public sealed class ViewFacts(IViews views) : ICaseFacts
{
    private const int PageRows = 1000;
    private static readonly string[] OpenStates = ["REGISTERED", "ASSIGNED", "HANDLING", "PENDING_VERIFICATION", "SUSPENDED"];

    public async Task<IReadOnlyList<AgendaFact>> AllAsync(DateTimeOffset at, CancellationToken cancel)
    {
        var facts = new List<AgendaFact>();
        await EachAsync(after => views.CasesAsync(new CaseFilter(OpenStates, "", [], false, "", PageRows, after), cancel), row => facts.Add(Of(row))).ConfigureAwait(false);
        await EachAsync(after => views.SlipsAsync(SlipFilter.All with { Open = true, Limit = PageRows, After = after }, cancel), row => facts.Add(Of((SlipState)JournalRegistry.Codecs.Named(SlipRows.Manifest).Decode(row.Body)))).ConfigureAwait(false);
        await EachAsync(after => views.SourcesAsync(new SourceFilter("", [(int)Colour.Grey], PageRows, after), cancel), row =>
        {
            if (!row.Drill) facts.Add(new SourceFact(row.Id, row.Name, row.Subdistrict, row.ChangedAt));
        }).ConfigureAwait(false);
        return facts;
    }

    private static CaseFact Of(CaseRow row) => new(new CaseKey(row.Key), row.Number, (Colour)row.Level, row.Category.Length >= 2 ? row.Category[..2] : row.Category, row.Subdistrict, row.Subdistrict, row.ReceivedAt);

    private static SlipFact Of(SlipState s)
    {
        var content = s.Content!;
        return new SlipFact(s.Key, content.Kind, s.Number, s.Phase, content.Level, content.Area.Value, content.Lead, content.Departments.Count, content.Reason, s.SignedBy.Length > 0, s.IsOverdue,
            s.IssuedAt!.Value, s.Latest(SlipClockName.Limit)!.Due, [.. s.Held.Select(c => c.Case)]);
    }

    private static async Task EachAsync<T>(Func<string, Task<Page<T>>> read, Action<T> take)
    {
        var after = "";
        do
        {
            var page = await read(after).ConfigureAwait(false);
            foreach (var row in page.Rows) take(row);
            after = page.Next;
        }
        while (after.Length > 0);
    }
}
