using System.Collections.Immutable;
using Governance.Domain.Calendars;
using Governance.Domain.Registry;

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
        var v = new PolicyValues("limits", values, holes);
        var read = new CaseLimits(
            Marks(v, holes), v.Number("EXTENSIONS", 0, 100), v.Limit("EXTENSION_TOTAL"), v.Limit("EXTENSION_ANSWER"), v.Number("EXTENSION_BEFORE_PERCENT", 1, 100), v.Limit("SUSPENSION_AT_MOST"),
            [.. v.List("SUSPENSION_CODES")])
        {
            ConfidentFromPercent = v.Number("CONFIDENT_FROM_PERCENT", 1, 100), AttachFromPercent = v.Number("ATTACH_FROM_PERCENT", 1, 100), ProposeFromPercent = v.Number("PROPOSE_FROM_PERCENT", 1, 100),
            AttachByDesk = [.. v.List("ATTACH_BY_DESK")], InfoAsks = v.Number("INFO_ASKS", 0, 100), InfoAnswer = v.Limit("INFO_ANSWER"), Rejections = v.Number("REJECTIONS", 0, 100),
            RejectWithin = v.Limit("REJECT_WITHIN"), UnmergeWithin = v.Limit("UNMERGE_WITHIN"), ContactAttempts = v.Number("CONTACT_ATTEMPTS", 1, 100), CallbackAttempts = v.Number("CALLBACK_ATTEMPTS", 1, 50),
            CallbackDays = v.Number("CALLBACK_DAYS", 1, 50), ReopenByReporter = v.Limit("REOPEN_BY_REPORTER"), ReopenByDesk = v.Limit("REOPEN_BY_DESK"), ReopensByReporter = v.Number("REOPENS_BY_REPORTER", 0, 100),
            Appeal = v.Limit("APPEAL"), ArchiveAfter = v.Limit("ARCHIVE_AFTER"), UnmaskFor = v.Calendar("UNMASK_FOR"), UrgeEvery = v.Limit("URGE_EVERY"), OnSceneMetres = v.Number("ON_SCENE_METRES", 1, 10_000),
        };
        v.Rest("is no limit of cases");
        return read;
    }

    private static ImmutableArray<int> Marks(PolicyValues v, ICollection<string> holes)
    {
        var marks = v.Numbers("MARKS_PERCENT", 1, 1000).ToList();
        if (marks.Distinct().Count() < marks.Count) holes.Add("limits: MARKS_PERCENT: a repeated share");
        return [.. marks.Distinct().Order()];
    }
}
