using Governance.Domain.Meetings;

namespace Governance.Actors.Meetings;

/// <summary>What meetings know of the district: open cases, slips, silent sources, and what other rooms bring. Drills are left out.</summary>
public interface ICaseFacts
{
    /// <param name="at">The instant at which shares of time are counted.</param>
    Task<IReadOnlyList<AgendaFact>> AllAsync(DateTimeOffset at, CancellationToken cancel);
}
