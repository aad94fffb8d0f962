namespace Governance.Storage;

/// <summary>A line of the case list.</summary>
/// <param name="Title">Where or what, in a few words.</param>
/// <param name="Organisations">Everybody with a task that counts, the lead among them.</param>
/// <param name="Due">When it is to be resolved, while that clock runs.</param>
/// <param name="Breached">Clocks that ran out.</param>
/// <param name="Whole">The case as <c>case.State</c> has it in the journal.</param>
public sealed record CaseRow(
    string Key, string Number, string State, int Level, string Category, string SourceId, string Subdistrict, bool Drill,
    string Supervision, DateTimeOffset ReceivedAt, DateTimeOffset? ClosedAt, long Version, string Title, string Channel, string Community, string Lead,
    IReadOnlyList<string> Organisations, DateTimeOffset? Due, int Breached, byte[] Whole)
{
    /// <summary>What is found by searching, as <see cref="SearchWords"/> cuts it; null: as it was.</summary>
    public string? Words { get; init; }
    /// <summary>The earliest deadline that it holds, by the wall clock; null: none, or a drill in recorded time.</summary>
    public DateTimeOffset? Armed { get; init; }
}

/// <summary>A line of the list of hazard sources.</summary>
public sealed record SourceRow(
    string Id, string Name, string Subdistrict, string Enterprise, bool Drill, int Colour, int Detectors, int ActiveOccurrences,
    DateTimeOffset ChangedAt, long Version);

/// <summary>Filter of the case list. Empty lists and texts: no restriction.</summary>
/// <param name="After">Continues after a page token of an earlier page; empty for the first.</param>
public sealed record CaseFilter(
    IReadOnlyList<string> States, string Subdistrict, IReadOnlyList<int> Levels, bool IncludeDrills, string SourceId, int Limit, string After)
{
    public IReadOnlyList<string> Categories { get; init; } = [];
    public IReadOnlyList<string> Channels { get; init; } = [];
    public IReadOnlyList<string> Supervision { get; init; } = [];
    public string Community { get; init; } = "";
    /// <summary>Has a task in it.</summary>
    public string Organisation { get; init; } = "";
    /// <summary>Any of its texts holds this, whatever is around it.</summary>
    public string Text { get; init; } = "";
    public DateTimeOffset? ReceivedFrom { get; init; }
    public DateTimeOffset? ReceivedBefore { get; init; }
    /// <summary>To be resolved before then, and not yet.</summary>
    public DateTimeOffset? DueBefore { get; init; }
    /// <summary>Some clock ran out.</summary>
    public bool BreachedOnly { get; init; }
    /// <summary>Only what is not over: years of history cost such a list nothing.</summary>
    public bool OpenOnly { get; init; }
    /// <summary>Holds a deadline that was due before then.</summary>
    public DateTimeOffset? ArmedBefore { get; init; }
    /// <summary>False: the newest receipt first. True: the earliest time to resolve first, and only what has one.</summary>
    public bool ByDue { get; init; }
}

/// <summary>Filter of the source list, ordered by id.</summary>
public sealed record SourceFilter(string Subdistrict, IReadOnlyList<int> Colours, int Limit, string After);

/// <summary>A line of the list of slips.</summary>
/// <param name="Cases">Keys of the cases that it covers.</param>
/// <param name="Due">When it must be finished, or had to be.</param>
/// <param name="Body">Stored form of the whole slip.</param>
public sealed record SlipRow(
    string Key, string Number, int Kind, string State, int Level, string Area, string Lead, IReadOnlyList<string> Cases, bool Drill, bool Overdue, DateTimeOffset DraftedAt, DateTimeOffset? IssuedAt,
    DateTimeOffset? Due, DateTimeOffset? EndedAt, string Result, long Version, byte[] Body);

/// <summary>Filter of the list of slips. Empty lists and texts: no restriction. Newest draft first.</summary>
/// <param name="Overdue">Only those that were not finished in time, over or not.</param>
/// <param name="Open">Only those that are issued and not over.</param>
/// <param name="IssuedFrom">Of those that were issued: from here on; likewise <paramref name="IssuedTo"/>, exclusive.</param>
public sealed record SlipFilter(
    IReadOnlyList<int> Kinds, IReadOnlyList<string> States, IReadOnlyList<int> Levels, string Area, string Lead, string Case, bool Overdue, bool Open, bool IncludeDrills, DateTimeOffset? IssuedFrom,
    DateTimeOffset? IssuedTo, int Limit, string After)
{
    public static readonly SlipFilter All = new([], [], [], "", "", "", false, false, false, null, null, 1000, "");
}

/// <summary>One page; <paramref name="Next"/> is empty on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Rows, string Next);

/// <summary>What a projection writes in one transaction: changed rows, and the journal offsets they lead from and to.</summary>
public sealed record ViewBatch(IReadOnlyList<CaseRow> Cases, IReadOnlyList<SourceRow> Sources, long From, long To)
{
    public IReadOnlyList<SlipRow> Slips { get; init; } = [];
}

/// <summary>The views are no longer at the offset that a batch leads from: another node feeds them. Begin again from where they are.</summary>
public sealed class ViewsMovedException(long from) : Exception($"the lists are no longer at journal offset {from}: another node feeds them");

/// <summary>Read models fed by the journal; rows and offset in one transaction. Reads never disturb writers.</summary>
public interface IViews : IAsyncDisposable
{
    /// <summary>The journal offset that the rows reflect; 0 when new.</summary>
    Task<long> OffsetAsync(CancellationToken cancel);
    /// <summary>Throws <see cref="ViewsMovedException"/>, and writes nothing, when the views are not at the batch's first offset.</summary>
    Task ApplyAsync(ViewBatch batch, CancellationToken cancel);
    Task<CaseRow?> CaseAsync(string key, CancellationToken cancel);
    Task<SourceRow?> SourceAsync(string id, CancellationToken cancel);
    /// <summary>Throws <see cref="FormatException"/> on a malformed page token.</summary>
    Task<Page<CaseRow>> CasesAsync(CaseFilter filter, CancellationToken cancel);
    Task<Page<SourceRow>> SourcesAsync(SourceFilter filter, CancellationToken cancel);
    /// <summary>By key or by readable number.</summary>
    Task<SlipRow?> SlipAsync(string key, CancellationToken cancel);
    /// <summary>Throws <see cref="FormatException"/> on a malformed page token.</summary>
    Task<Page<SlipRow>> SlipsAsync(SlipFilter filter, CancellationToken cancel);
}
