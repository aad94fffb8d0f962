namespace Governance.Storage;

/// <summary>Seam for crash-window tests: what happens around a commit.</summary>
public interface ICommitFaults
{
    /// <summary>Blocking here is a frozen owner: its work waits, no transaction has begun.</summary>
    void BeforeBatch();
    /// <summary>Throwing here fails the batch: nothing of it is written.</summary>
    void BeforeCommit();
    /// <summary>Blocking here holds a batch that is durable and not yet answered.</summary>
    void AfterCommit();
}
