using Akka.Actor.Setup;
using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using Governance.Actors.Hosting;
using Governance.Storage;
using Governance.Storage.Sqlite;
using LinqToDB;

namespace Governance.Actors.Journal;

/// <summary>Journal and snapshots in two SQLite files.</summary>
public sealed record SqlitePersistence(string JournalFile, string SnapshotFile) : IJournalPersistence
{
    /// <summary>Seam for failing-journal tests.</summary>
    public ICommitFaults? JournalFaults { get; init; }

    public void Apply(AkkaConfigurationBuilder akka) => akka
        .AddHocon(Resources.Read("Governance.Actors.Journal.persistence-sqlite.conf"), HoconAddMode.Prepend)
        .AddHocon(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration, HoconAddMode.Append)
        .AddSetup(new EmbeddedPersistenceSetup(JournalFile, SnapshotFile, JournalFaults))
        // What reads the journal for the lists.
        .AddSetup(new DataOptionsSetup(new DataOptions().UseConnectionString(ProviderName.SQLiteMS, $"Data Source={JournalFile};Default Timeout=30")));
}

/// <summary>Tells the plugins, which Akka makes, where their files are.</summary>
internal sealed class EmbeddedPersistenceSetup(string journalFile, string snapshotFile, ICommitFaults? journalFaults) : Setup
{
    private readonly Lazy<SqliteJournalReader> _reader = new(() => new SqliteJournalReader(journalFile));

    internal string JournalFile => journalFile;
    internal SqliteJournalReader Reader => _reader.Value;
    internal string SnapshotFile => snapshotFile;
    internal ICommitFaults? JournalFaults => journalFaults;
}
