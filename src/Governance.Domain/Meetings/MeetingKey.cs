using System.Globalization;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>One meeting: its kind and its day, e.g. <c>weekly/2026-11-27</c>.</summary>
public readonly record struct MeetingKey(MeetingKind Kind, DateOnly Day)
{
    public string Value => string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}/{Day:yyyy-MM-dd}");
    public EntityAddress Address => new(EntityKinds.Meeting, Value);
    public override string ToString() => Value;

    /// <summary>Null: no key of a meeting.</summary>
    public static MeetingKey? Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && Enum.GetValues<MeetingKind>().Cast<MeetingKind?>().FirstOrDefault(k => k!.Value.ToString().ToLowerInvariant() == parts[0]) is { } kind
            && DateOnly.TryParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new MeetingKey(kind, day) : null;
    }
}
