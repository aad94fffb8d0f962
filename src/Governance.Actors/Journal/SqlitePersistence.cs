using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using Governance.Actors.Hosting;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Interceptors;

namespace Governance.Actors.Journal;

/// <summary>Journal and snapshots in two SQLite files.</summary>
public sealed record SqlitePersistence(string JournalFile, string SnapshotFile) : IJournalPersistence
{
    /// <summary>Seam for failing-journal tests: sees every journal connection before it is used.</summary>
    public ConnectionInterceptor? JournalFaults { get; init; }

    private const string Journal = "akka.persistence.journal.sql", Snapshots = "akka.persistence.snapshot-store.sql", Query = "akka.persistence.query.journal.sql";

    public void Apply(AkkaConfigurationBuilder akka)
    {
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions(Journal, JournalFaults is { } faults ? Options(JournalFile).UseInterceptor(faults) : Options(JournalFile));
        setup.AddDataOptions(Snapshots, Options(SnapshotFile));
        setup.AddDataOptions(Query, Options(JournalFile));
        akka.AddHocon(Resources.Read("Governance.Actors.Journal.persistence-sqlite.conf"), HoconAddMode.Prepend)
            .AddHocon(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration, HoconAddMode.Append)
            .AddSetup(setup);
    }

    private static DataOptions Options(string file) => new DataOptions()
        .UseConnectionString(ProviderName.SQLiteMS, $"Data Source={file};Default Timeout=30")
        .UseInterceptor(new SqlitePragmas());
}
