using Governance.Actors.Hosting;
using Governance.Actors.Journal;
using Governance.Storage;
using Governance.Storage.Postgres;
using Governance.Storage.Sqlite;

namespace Governance.Node.Hosting;

/// <summary>Everything durable that a node uses: embedded files of its own, or the database that a cluster shares.</summary>
internal sealed class NodeStorage(IJournalPersistence journal, IReadingLedger ledger, IViews views, IAlarmViews alarms, AccountStores accounts, IDeadlineStore deadlines, INodeDirectory? directory, IReadOnlyList<IAsyncDisposable> owned) : IAsyncDisposable
{
    internal IJournalPersistence Journal => journal;
    internal IReadingLedger Ledger => ledger;
    internal IViews Views => views;
    internal IAlarmViews Alarms => alarms;
    internal AccountStores Accounts => accounts;
    internal IDeadlineStore Deadlines => deadlines;
    /// <summary>Null on a node that is alone.</summary>
    internal INodeDirectory? Directory => directory;

    internal static NodeStorage Embedded(DataFolder folder)
    {
        var (ledger, views, alarms, deadlines) = (new SqliteReadingLedger(folder.Ledger), new SqliteViews(folder.Views), new SqliteAlarmViews(folder.Alarms), new SqliteDeadlineStore(folder.Deadlines));
        var accounts = new AccountStores(new SqliteAccountViews(folder.Accounts), new SqliteSeals(folder.Seals), new SqliteRawJournal(folder.Journal));
        return new NodeStorage(new SqlitePersistence(folder.Journal, folder.Snapshots), ledger, views, alarms, accounts, deadlines, null, [ledger, views, alarms, accounts.Views, accounts.Seals, deadlines]);
    }

    internal static async Task<NodeStorage> SharedAsync(string connection, CancellationToken cancel)
    {
        var database = await PostgresDatabase.OpenAsync(connection, cancel);
        var (ledger, views, alarms, deadlines) = (new PostgresReadingLedger(database), new PostgresViews(database), new PostgresAlarmViews(database), new PostgresDeadlineStore(database));
        var accounts = new AccountStores(new PostgresAccountViews(database), new PostgresSeals(database), new PostgresRawJournal(database));
        return new NodeStorage(new PostgresPersistence(database.ConnectionString), ledger, views, alarms, accounts, deadlines, new PostgresNodeDirectory(database), [ledger, views, alarms, deadlines, database]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in owned) await part.DisposeAsync();
    }
}
