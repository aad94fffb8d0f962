using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>What the ledger's one writer is asked to do.</summary>
internal abstract record LedgerWork
{
    internal sealed record Append(LedgerChunk Chunk) : LedgerWork;
    internal sealed record Probe : LedgerWork;
    /// <summary>Some milliseconds of work in the writer's transaction.</summary>
    internal sealed record Change(Action<SqliteConnection, LedgerBatch> Apply) : LedgerWork;
}

/// <summary>Writes batches to the file, each as one transaction. Used by one thread.</summary>
internal sealed class LedgerWriter(SqliteConnection connection, LedgerIndex index, ICommitFaults? faults) : IDisposable
{
    private readonly LedgerStatements _statements = new(connection);
    /// <summary>The state of the file that the index knows; null when that is uncertain.</summary>
    private long? _version;

    /// <summary>One outcome per piece of work. Throws when the file cannot say: then nothing of it is told as stored.</summary>
    internal IReadOnlyList<AppendOutcome> Commit(IReadOnlyList<LedgerWork> works)
    {
        var outcomes = new AppendOutcome[works.Count];
        try
        {
            _statements.Begin.Run();
            CatchUp();
            var batch = new LedgerBatch(index, _statements);
            for (var i = 0; i < works.Count; i++) outcomes[i] = Do(works[i], batch);
            batch.Close();
            faults?.BeforeCommit();
            _statements.Commit.Run();
            index.Committed(batch);
            return outcomes;
        }
        catch
        {
            _version = null;
            RollBack();
            throw;
        }
    }

    public void Dispose() => _statements.Dispose();

    /// <summary>Inside the transaction, so that a chunk of another process is seen.</summary>
    private void CatchUp()
    {
        var version = (long)_statements.DataVersion.One()!;
        if (version == _version) return;
        index.CatchUp(connection);
        _version = version;
    }

    private AppendOutcome Do(LedgerWork work, LedgerBatch batch)
    {
        switch (work)
        {
            case LedgerWork.Append append: return batch.Append(append.Chunk);
            case LedgerWork.Change change: change.Apply(connection, batch); return AppendOutcome.Stored;
            case LedgerWork.Probe: _statements.Probe.Run(); return AppendOutcome.Stored;
            default: throw new InvalidOperationException($"no way to write {work}");
        }
    }

    private void RollBack()
    {
        try { _statements.Rollback.Run(); }
        catch (SqliteException) { /* the file has rolled back by itself, or the transaction never began */ }
    }
}
