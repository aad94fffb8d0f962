using Governance.Cap;
using Governance.Domain.Kernel;

namespace Governance.Edge.Warnings;

/// <summary>
/// What CAP's three scales mean here (alarms.md §6). Severity gives the level; it is one lower for what is only possible
/// and for what lies ahead or behind. What the sender does not know lowers nothing: silence is never comfort.
/// </summary>
internal static class CapLevels
{
    /// <summary>Changes whenever the table does, and is told with every warning that it was applied to.</summary>
    internal const string Table = "cap-levels/1";

    internal static AlarmLevel Of(CapInfo info)
    {
        var level = info.Severity switch { CapSeverity.Extreme => 3, CapSeverity.Severe => 2, _ => 1 };
        if (info.Certainty is CapCertainty.Possible or CapCertainty.Unlikely) level--;
        if (info.Urgency is CapUrgency.Future or CapUrgency.Past) level--;
        return (AlarmLevel)Math.Max(level, 1);
    }

    /// <summary>The highest of all languages and parts; a message without any says the least that a warning can.</summary>
    internal static AlarmLevel Of(CapAlert alert) => alert.Infos.Select(Of).DefaultIfEmpty(AlarmLevel.One).Max();
}
