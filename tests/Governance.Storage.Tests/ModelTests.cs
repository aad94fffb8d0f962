using Governance.Cluster.Tests.Harness;
using static Governance.Storage.Tests.History;

namespace Governance.Storage.Tests;

/// <summary>
/// Random days of a ledger, two instances on one store, against a list in memory. GOVERNANCE_SEED repeats a day,
/// GOVERNANCE_DAYS makes more of them.
/// </summary>
public sealed class ModelTests(Databases databases) : IClassFixture<Databases>
{
    private const int Steps = 120, Sources = 4;

    public static IEnumerable<object[]> Days => (Environment.GetEnvironmentVariable("GOVERNANCE_SEED") is { Length: > 0 } seed ? [int.Parse(seed)]
        : Enumerable.Range(0, int.TryParse(Environment.GetEnvironmentVariable("GOVERNANCE_DAYS"), out var days) ? days : 8).Select(_ => Random.Shared.Next())).Select(s => new object[] { s }).ToList();

    [Theory, MemberData(nameof(Days))]
    public Task On_SQLite(int seed) => DayAsync(Database.Sqlite, seed);

    [PostgresTheory, MemberData(nameof(Days))]
    public Task On_PostgreSQL(int seed) => DayAsync(Database.Postgres, seed);

    private async Task DayAsync(Database on, int seed)
    {
        await using var store = await databases.OpenAsync(on);
        var day = new Day(store, new Random(seed));
        try
        {
            for (var step = 0; step < Steps; step++) await day.StepAsync();
            await day.CompareAsync();
        }
        finally { await day.DisposeAsync(); }
    }

    private sealed class Day(StoreUnderTest store, Random random) : IAsyncDisposable
    {
        private readonly FailingCommits[] _faults = [new(), new()];
        private readonly IReadingLedger?[] _ledgers = new IReadingLedger?[2];
        private readonly Dictionary<string, List<LedgerChunk>> _model = Enumerable.Range(0, Sources).ToDictionary(s => $"HS-{s}", _ => new List<LedgerChunk>());
        private readonly Guid[] _writers = [.. Enumerable.Range(0, 3).Select(i => new Guid(i + 1, 0, 0, new byte[8]))];
        /// <summary>Of every source: chunks up to here may be retired.</summary>
        private readonly Dictionary<string, long> _mayBeGone = [];

        internal async Task StepAsync()
        {
            var (which, source) = (random.Next(2), $"HS-{random.Next(Sources)}");
            var ledger = _ledgers[which] ??= store.Ledger(_faults[which]);
            switch (random.Next(20))
            {
                case < 9: await AppendAsync(ledger, source, random.Next(1, 12)); break;
                case < 11: await TakeAsync(ledger, source); break;
                case < 13: await WrongAsync(ledger, source); break;
                case < 16: await ledger.MergeAsync(TimeSpan.Zero, default); break;
                case 16: await RetireAsync(ledger); break;
                case 17: await ReopenAsync(which); break;
                case 18: await FailAsync(ledger, which, source); break;
                default: await CompareAsync(source); break;
            }
        }

        private async Task AppendAsync(IReadingLedger ledger, string source, int count)
        {
            var model = _model[source];
            var writer = model.Count == 0 ? _writers[0] : model[^1].Writer;
            var chunks = Enumerable.Range(model.Count + 1, count).Select(n => Next(source, n, writer)).ToList();
            Assert.All(await Task.WhenAll(chunks.Select(ledger.AppendAsync)), o => Assert.Equal(AppendOutcome.Stored, o));
            model.AddRange(chunks);
        }

        private async Task TakeAsync(IReadingLedger ledger, string source)
        {
            var (model, writer) = (_model[source], Guid.NewGuid());
            Assert.Equal(model.Count + 1, await ledger.TakeOwnershipAsync(source, writer, T0, default));
            model.Add(new LedgerChunk(source, model.Count + 1, writer, ChunkKind.Ownership, T0, T0, 0, ReadOnlyMemory<byte>.Empty));
        }

        /// <summary>Repeats, and numbers and writers that are not to be let in.</summary>
        private async Task WrongAsync(IReadingLedger ledger, string source)
        {
            var model = _model[source];
            if (model.Count == 0) return;
            var some = model[random.Next(model.Count)];
            if (some.ChunkNo > _mayBeGone.GetValueOrDefault(source)) Assert.Equal(AppendOutcome.Stored, await ledger.AppendAsync(some));
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(some with { Writer = Guid.NewGuid() }));
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Next(source, model.Count + 1, Guid.NewGuid())));
            Assert.Equal(AppendOutcome.Conflict, await ledger.AppendAsync(Next(source, model.Count + 2, model[^1].Writer)));
        }

        private async Task RetireAsync(IReadingLedger ledger)
        {
            await ledger.RetireAsync(DateTimeOffset.UtcNow.AddMinutes(1), default);
            foreach (var (source, chunks) in _model) _mayBeGone[source] = chunks.Count;
        }

        private async Task ReopenAsync(int which)
        {
            if (_ledgers[which] is { } open) await open.DisposeAsync();
            _ledgers[which] = null;
        }

        private async Task FailAsync(IReadingLedger ledger, int which, string source)
        {
            _faults[which].Fail = true;
            var model = _model[source];
            Assert.Equal(AppendOutcome.Failed, await ledger.AppendAsync(Next(source, model.Count + 1, model.Count == 0 ? _writers[0] : model[^1].Writer)));
            try { await ledger.MergeAsync(TimeSpan.Zero, default); }
            catch (IOException) { /* the swap failed too */ }
            _faults[which].Fail = false;
        }

        internal async Task CompareAsync()
        {
            foreach (var source in _model.Keys) await CompareAsync(source);
        }

        private async Task CompareAsync(string source)
        {
            for (var which = 0; which < 2; which++)
            {
                var ledger = _ledgers[which] ??= store.Ledger(_faults[which]);
                var tail = await TailAsync(ledger, source);
                var there = _model[source].TakeLast(tail.Count).ToList();
                Assert.True(tail.Count >= _model[source].Count - _mayBeGone.GetValueOrDefault(source), $"{source}: {tail.Count} of {_model[source].Count}");
                Assert.Equal(there.Select(Line), tail);
                var (after, before) = (random.Next(0, _model[source].Count + 2), random.Next(0, _model[source].Count + 2));
                Assert.Equal(there.Where(c => c.ChunkNo > after && c.ChunkNo < before).Select(Line), await TailAsync(ledger, source, after, before));
                var (from, to) = (T0.AddSeconds(random.Next(0, 3000)), T0.AddSeconds(random.Next(0, 3000)));
                var wanted = there.Where(c => c.Kind == ChunkKind.Readings && c.LastSampledAt >= from && c.FirstSampledAt <= to).ToList();
                Assert.Equal(wanted.Select(Line), await RangeAsync(ledger, source, from, to));
                var (numbers, _) = await PartsAsync(ledger, source, from, to);
                Assert.Empty(wanted.Select(c => c.ChunkNo).Except(numbers));
                Assert.Equal(numbers.Order().Distinct(), numbers);
                Assert.Equal(there.Sum(c => (long)c.Count), await ledger.CountReadingsAsync(source, default));
            }
        }

        /// <summary>Sizes and times vary: also backwards, also far apart.</summary>
        private LedgerChunk Next(string source, long number, Guid writer)
        {
            var first = T0.AddSeconds(random.Next(0, 2500));
            var payload = new byte[random.Next(0, random.Next(8) == 0 ? 200_000 : 300)];
            random.NextBytes(payload);
            return new LedgerChunk(source, number, writer, ChunkKind.Readings, first, first.AddSeconds(random.Next(0, 400)), random.Next(1, 6000), payload);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var ledger in _ledgers)
                if (ledger is not null) await ledger.DisposeAsync();
        }
    }
}
