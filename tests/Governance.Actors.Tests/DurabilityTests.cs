using Governance.Actors.Hosting;
using static Governance.Actors.Tests.EngineUnderTest;

namespace Governance.Actors.Tests;

/// <summary>A node whose files are taken away says so, goes on when they are back, and does not fall over meanwhile.</summary>
public sealed class DurabilityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("durability-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_ledger_that_was_deleted_is_no_ledger_and_one_that_is_back_is_one_again()
    {
        await using var engine = await StartAsync(_folder);
        await EventuallyAsync(() => Task.FromResult(engine.Durability.Trouble is null), "durable at first");
        // The open file still takes writes, and would lose them.
        var (here, away) = (Path.Combine(_folder, "ledger.db"), Path.Combine(_folder, "ledger.away"));
        File.Move(here, away);
        await EventuallyAsync(() => Task.FromResult(engine.Durability.Trouble is not null), "not durable without its file");
        var since = engine.Durability.Trouble!.Since;
        // The watch stands: it keeps its answer, and gives it twice a second, not as fast as it can.
        await Task.Delay(1500);
        Assert.Equal(since, engine.Durability.Trouble!.Since);
        File.Move(away, here);
        await EventuallyAsync(() => Task.FromResult(engine.Durability.Trouble is null), "durable with its file");
    }
}
