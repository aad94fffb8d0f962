using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Calendars;

namespace Governance.Domain.Cases;

/// <summary>How far the clocks of a case may be moved, and when their running out is told (cases.md, commands 27 to 31).</summary>
/// <param name="MarksPercent">Shares of the time to resolve, besides 100 %, at which something happens, rising.</param>
/// <param name="Extensions">Per case.</param>
/// <param name="ExtensionTotal">All of a case together, in working days.</param>
/// <param name="ExtensionAnswer">Not decided within this time it is refused.</param>
/// <param name="ExtensionBeforePercent">Asked for before so much of the time is used.</param>
public sealed record CaseLimits(
    ImmutableArray<int> MarksPercent, int Extensions, Budget ExtensionTotal, Budget ExtensionAnswer, int ExtensionBeforePercent, Budget SuspensionAtMost, ImmutableSortedSet<string> SuspensionCodes)
{
    /// <summary>A rule is sure from there on, and nobody judges.</summary>
    public required int ConfidentFromPercent { get; init; }
    /// <summary>A report is attached by rule from there on, and proposed to the duty desk from <see cref="ProposeFromPercent"/>.</summary>
    public required int AttachFromPercent { get; init; }
    public required int ProposeFromPercent { get; init; }
    /// <summary>Groups of categories whose reports are joined by the duty desk alone.</summary>
    public required ImmutableSortedSet<string> AttachByDesk { get; init; }
    /// <summary>Questions to the reporter per case, and how long each waits.</summary>
    public required int InfoAsks { get; init; }
    public required Budget InfoAnswer { get; init; }
    /// <summary>How often a lead may give a case back, and how long after it signed.</summary>
    public required int Rejections { get; init; }
    public required Budget RejectWithin { get; init; }
    public required Budget UnmergeWithin { get; init; }
    /// <summary>Attempts after which a reporter counts as unreachable, before feedback.</summary>
    public required int ContactAttempts { get; init; }
    /// <summary>The same for the call-back, on so many different days.</summary>
    public required int CallbackAttempts { get; init; }
    public required int CallbackDays { get; init; }
    public required Budget ReopenByReporter { get; init; }
    public required Budget ReopenByDesk { get; init; }
    public required int ReopensByReporter { get; init; }
    /// <summary>Against a case that was not taken in.</summary>
    public required Budget Appeal { get; init; }
    public required Budget ArchiveAfter { get; init; }
    /// <summary>How long a personal field is shown.</summary>
    public required Budget UnmaskFor { get; init; }
    /// <summary>A reporter urges once in it.</summary>
    public required Budget UrgeEvery { get; init; }
    /// <summary>How far from the place of the case one is on the scene; the fix's accuracy comes to it.</summary>
    public required int OnSceneMetres { get; init; }

    /// <summary>From there on somebody is urged.</summary>
    public const int UrgedFromPercent = 80;

    /// <param name="values">By name.</param>
    /// <param name="holes">What is missing or wrong is added to it, a line each.</param>
    public static CaseLimits Read(IReadOnlyDictionary<string, string> values, ICollection<string> holes)
    {
        foreach (var unknown in values.Keys.Except(Names)) holes.Add($"limits: '{unknown}' is no limit of cases");
        return new CaseLimits(
            Marks(), Number("EXTENSIONS", Text("EXTENSIONS"), 0, 100), Limit("EXTENSION_TOTAL"), Limit("EXTENSION_ANSWER"),
            Number("EXTENSION_BEFORE_PERCENT", Text("EXTENSION_BEFORE_PERCENT"), 1, 100), Limit("SUSPENSION_AT_MOST"),
            List("SUSPENSION_CODES"))
        {
            ConfidentFromPercent = Count("CONFIDENT_FROM_PERCENT", 1, 100), AttachFromPercent = Count("ATTACH_FROM_PERCENT", 1, 100), ProposeFromPercent = Count("PROPOSE_FROM_PERCENT", 1, 100),
            AttachByDesk = List("ATTACH_BY_DESK"), InfoAsks = Count("INFO_ASKS", 0, 100), InfoAnswer = Limit("INFO_ANSWER"), Rejections = Count("REJECTIONS", 0, 100), RejectWithin = Limit("REJECT_WITHIN"),
            UnmergeWithin = Limit("UNMERGE_WITHIN"), ContactAttempts = Count("CONTACT_ATTEMPTS", 1, 100), CallbackAttempts = Count("CALLBACK_ATTEMPTS", 1, 50), CallbackDays = Count("CALLBACK_DAYS", 1, 50),
            ReopenByReporter = Limit("REOPEN_BY_REPORTER"), ReopenByDesk = Limit("REOPEN_BY_DESK"), ReopensByReporter = Count("REOPENS_BY_REPORTER", 0, 100), Appeal = Limit("APPEAL"),
            ArchiveAfter = Limit("ARCHIVE_AFTER"), UnmaskFor = Elapsed("UNMASK_FOR"), UrgeEvery = Limit("URGE_EVERY"), OnSceneMetres = Count("ON_SCENE_METRES", 1, 10_000),
        };

        ImmutableArray<int> Marks()
        {
            var marks = Text("MARKS_PERCENT").Split(',').Select(m => m.Trim()).ToList();
            if (marks.Exists(m => m.Length == 0) || marks.Distinct().Count() < marks.Count) holes.Add("limits: MARKS_PERCENT: an empty or repeated share");
            return [.. marks.Where(m => m.Length > 0).Distinct().Select(m => Number("MARKS_PERCENT", m, 1, 1000)).Distinct().Order()];
        }

        ImmutableSortedSet<string> List(string name) => [.. Text(name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

        int Count(string name, int least, int most) => Number(name, Text(name), least, most);

        Budget Elapsed(string name)
        {
            var budget = Limit(name);
            if (budget.Kind == BudgetKind.Calendar) return budget;
            holes.Add($"limits: {name} is {budget}: it runs in calendar time");
            return Budget.OfCalendar(TimeSpan.FromMinutes(1));
        }

        string Text(string name)
        {
            if (values.TryGetValue(name, out var text) && text.Length > 0) return text;
            holes.Add($"limits: {name} is missing");
            return "";
        }

        int Number(string name, string text, int least, int most)
        {
            if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            if (text.Length > 0) holes.Add($"limits: {name}: '{text}' is no whole number from {least} to {most}");
            return least;
        }

        Budget Limit(string name)
        {
            var text = Text(name);
            if (Budget.Parse(text) is { } budget) return budget;
            if (text.Length > 0) holes.Add($"limits: {name}: '{text}' is no time limit");
            return Budget.OfWorkingDays(1);
        }
    }

    private static readonly string[] Names =
    [
        "MARKS_PERCENT", "EXTENSIONS", "EXTENSION_TOTAL", "EXTENSION_ANSWER", "EXTENSION_BEFORE_PERCENT", "SUSPENSION_AT_MOST", "SUSPENSION_CODES", "CONFIDENT_FROM_PERCENT", "ATTACH_FROM_PERCENT",
        "PROPOSE_FROM_PERCENT", "ATTACH_BY_DESK", "INFO_ASKS", "INFO_ANSWER", "REJECTIONS", "REJECT_WITHIN", "UNMERGE_WITHIN", "CONTACT_ATTEMPTS", "CALLBACK_ATTEMPTS", "CALLBACK_DAYS",
        "REOPEN_BY_REPORTER", "REOPEN_BY_DESK", "REOPENS_BY_REPORTER", "APPEAL", "ARCHIVE_AFTER", "UNMASK_FOR", "URGE_EVERY", "ON_SCENE_METRES",
    ];
}
