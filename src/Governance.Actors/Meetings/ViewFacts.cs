using Governance.Contracts.Codecs;
using Governance.Domain.Calendars;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Storage;

namespace Governance.Actors.Meetings;

/// <summary>Facts from the lists, whose lines hold whole cases and whole slips.</summary>
public sealed class ViewFacts(IViews views, WorkCalendar calendar) : ICaseFacts
{
    private const int PageRows = 1000;

    public async Task<IReadOnlyList<AgendaFact>> AllAsync(DateTimeOffset at, CancellationToken cancel)
    {
        var facts = new List<AgendaFact>();
        await EachAsync(after => views.CasesAsync(new CaseFilter(Names.OpenStates, "", [], false, "", PageRows, after) { OpenOnly = true }, cancel), row => facts.Add(CaseFacts.Of(CaseStateCodec.Read(row.Whole), at, calendar))).ConfigureAwait(false);
        await EachAsync(after => views.SlipsAsync(SlipFilter.All with { Open = true, Limit = PageRows, After = after }, cancel), row => facts.Add(CaseFacts.Of(SlipRows.Whole(row)))).ConfigureAwait(false);
        await EachAsync(after => views.SourcesAsync(new SourceFilter("", [(int)Colour.Grey], PageRows, after), cancel), row =>
        {
            if (!row.Drill) facts.Add(new SourceFact(row.Id, row.Name, row.Subdistrict, row.ChangedAt));
        }).ConfigureAwait(false);
        return facts;
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
