using System.Collections.Immutable;
using Governance.Domain.Alerts;
using Governance.Domain.Kernel;

namespace Governance.Domain.Gateways;

/// <summary>One decision about a gateway in the making: its state as it becomes, with the events and messages that led there.</summary>
internal sealed class GatewayFold(GatewayState state, string district)
{
    private readonly ImmutableList<GatewayEvent>.Builder _events = ImmutableList.CreateBuilder<GatewayEvent>();
    private readonly ImmutableList<Send>.Builder _sends = ImmutableList.CreateBuilder<Send>();

    internal GatewayState State { get; private set; } = state;
    internal Decision<GatewayEvent> Decision => new(_events.ToImmutable(), _sends.ToImmutable());

    internal void Happen(GatewayEvent happened)
    {
        State = GatewayEvolution.Evolve(State, happened);
        _events.Add(happened);
    }

    internal void ToCase(CaseKey key, IEntityMessage message) => _sends.Add(new Send(new EntityAddress(EntityKinds.Case, key.Value), message));

    /// <summary>The one area that it is about, or the district.</summary>
    internal AreaCode Area => State.Areas is { Count: 1 } one ? new AreaCode(one[0]) : new AreaCode(district);

    /// <summary>Tells every area in which this gateway has detectors; none: the district.</summary>
    internal void TellAll(AlertKind kind, string cause, DateTimeOffset at, string text)
    {
        var areas = State.Areas;
        foreach (var area in areas.IsEmpty ? areas.Add(district) : areas) Tell(new AreaCode(area), kind, "", "", cause, at, text);
    }

    internal void Tell(AreaCode area, AlertKind kind, string source, string detector, string cause, DateTimeOffset at, string text, CaseKey? about = null) =>
        _sends.Add(new Send(new EntityAddress(EntityKinds.AlertFeed, area.Value), new AlertPublished(new Alert(
            $"gateway/{State.Id}/{area}/{cause}", kind, area, at, source, detector, "", AlarmLevel.None, Colour.Grey, null, double.NaN, double.NaN, "",
            about?.Value ?? "", "", [], "", false, text))));
}
