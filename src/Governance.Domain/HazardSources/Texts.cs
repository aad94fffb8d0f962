using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.HazardSources;

/// <summary>What every command of a source is checked for.</summary>
internal static class Texts
{
    internal const int LimitCharacters = 4000;

    /// <summary>Refusals: TEXT_TOO_LONG, REASON_MISSING.</summary>
    internal static Refusal? Refused(string text, string field, bool required = false) =>
        text.Length > LimitCharacters ? new Refusal("TEXT_TOO_LONG", $"{field} is longer than {LimitCharacters} characters", RefusalKind.Invalid).With("field", field)
        : required && string.IsNullOrWhiteSpace(text) ? new Refusal("REASON_MISSING", $"{field} is missing", RefusalKind.Invalid).With("field", field)
        : null;

    internal static Decision<HazardSourceEvent> UnknownDetector(HazardSourceState state, string detector) =>
        Decision<HazardSourceEvent>.Refuse("UNKNOWN_DETECTOR", $"{state.Id} has no detector {detector}", RefusalKind.NotFound);

    internal static int FindIndexOf<T>(this ImmutableArray<T> array, Func<T, bool> matches)
    {
        for (var i = 0; i < array.Length; i++)
            if (matches(array[i])) return i;
        return -1;
    }
}
