using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Domain.AlarmLoad;

/// <summary>How the feed of a desk becomes its floods: the feed says itself when one began and ended (alarms.md S13).</summary>
public static class FloodFolding
{
    public static bool Concerns(AlertAppended happened) => happened.Alert.Kind is AlertKind.FloodBegan or AlertKind.FloodEnded;

    /// <param name="running">The flood that lasts at this desk; null: none.</param>
    /// <param name="journaled">When the event was journaled, by the wall clock.</param>
    /// <returns>The stretch that changed; null: none did.</returns>
    public static AlarmInterval? After(AlarmInterval? running, AlertAppended happened, DateTimeOffset journaled) => happened.Alert.Kind switch
    {
        AlertKind.FloodBegan => new AlarmInterval(IntervalKind.Flood, happened.Alert.Area.Value, "", "", happened.At, null, null, AlarmLevel.None, "", happened.Alert.Text, "", "", "", false, journaled),
        AlertKind.FloodEnded => running is null ? null : running with { Ended = happened.At, EndedWhy = happened.Alert.Text, Journaled = journaled },
        _ => null,
    };
}
