using Governance.Domain.Kernel;
using Governance.Domain.Meetings;

namespace Governance.Domain.Tests.Meetings;

/// <summary>Facts for agendas.</summary>
internal static class Facts
{
    /// <summary>Daily cut-off of Tuesday 2025-09-23.</summary>
    internal static readonly DateTimeOffset CutOff = SlipStory.Local(2025, 9, 23, 7, 30);

    internal static CaseFact Case(string name, Colour level, double hoursAgo = 12) => new(CaseKey.Of(name), name, level, "01", "410803006", "410803006", CutOff.AddHours(-hoursAgo)) { Departments = ["YJ"] };

    internal static SlipFact Slip(string name, SlipKind kind, SlipPhase phase = SlipPhase.Signed, bool signed = true, bool overdue = false, double dueInHours = 48, params CaseKey[] cases) => new(
        SlipKey.Of(name), kind, name, phase, Colour.Orange, "410803006", "YJ", 2, "chlorine", signed, overdue, CutOff.AddHours(-24), CutOff.AddHours(dueInHours), [.. cases]);

    internal static OutsideFact Outside(AgendaSection section, string name, Colour level = Colour.Yellow) => new(section, $"outside/{name}", name, $"{name} was seen", level, "410803006", CutOff.AddHours(-1));

    internal static RaisedItem Raised(string key, string rule = "REFERRED", bool stays = false, int carried = 0, Colour level = Colour.Yellow) =>
        new(key, rule, key, "somebody asked", level, "410803006", stays, carried, CutOff.AddHours(-2));
}
