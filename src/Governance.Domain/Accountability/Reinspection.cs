using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Kernel;

namespace Governance.Domain.Accountability;

/// <summary>A closed case that may be looked at again.</summary>
/// <param name="Organisation">Its lead.</param>
public sealed record ClosedCase(string Case, string Number, string Organisation, Colour Level);

/// <summary>A case that is to be looked at again (回访抽查), and why.</summary>
/// <param name="ByLot">False: red and orange are all looked at.</param>
public sealed record DrawnCase(string Case, string Number, string Organisation, Colour Level, bool ByLot);

/// <summary>Everything of a draw: from the seed and the closed cases of the month anybody computes the same.</summary>
/// <param name="PopulationHash">SHA-256 of the keys of all closed cases, sorted, a line each.</param>
public sealed record Lot(int Population, string PopulationHash, ImmutableList<DrawnCase> Drawn);

/// <summary>
/// Draws what is re-inspected. Who commits the seed does so before the month is over, by its hash; who closes cases does not know
/// the seed; the order depends on both, so neither can choose.
/// </summary>
public static class Reinspection
{
    /// <summary>A shorter seed could be guessed from its hash.</summary>
    public const int SeedLeastCharacters = 16;
    /// <summary>Closed cases of a month.</summary>
    public const int PopulationLimit = 50_000;
    /// <summary>Drawn cases of a month: what one entity keeps.</summary>
    public const int DrawnLimit = 5_000;

    public static string HashOf(string seed) => Hex(seed);

    /// <param name="percent">Of those that are neither red nor orange, rounded up.</param>
    public static Lot Draw(string seed, IEnumerable<ClosedCase> closed, double percent)
    {
        var population = closed.OrderBy(c => c.Case, StringComparer.Ordinal).ToList();
        var hash = Hex(string.Join('\n', population.Select(c => c.Case)));
        var (all, lots) = (population.Where(c => c.Level >= Colour.Orange), population.Where(c => c.Level < Colour.Orange).ToList());
        var drawn = lots.OrderBy(c => Hex($"{seed}\n{hash}\n{c.Case}"), StringComparer.Ordinal).Take((int)Math.Ceiling(lots.Count * percent / 100));
        return new Lot(population.Count, hash, [.. all.Select(c => Drawn(c, false)).Concat(drawn.Select(c => Drawn(c, true))).OrderBy(c => c.Case, StringComparer.Ordinal)]);
    }

    private static DrawnCase Drawn(ClosedCase c, bool byLot) => new(c.Case, c.Number, c.Organisation, c.Level, byLot);
    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
