using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using Governance.Actors.Hosting;
using LinqToDB;

namespace Governance.Actors.Journal;

/// <summary>Journal and snapshots in the cluster's PostgreSQL, whose schema is there already.</summary>
public sealed class PostgresPersistence(string connectionString) : IJournalPersistence
{
    /// <summary>For ever: the plugin's column types hang on this very name, on newer servers too.</summary>
    private const string Provider = ProviderName.PostgreSQL15;

    public void Apply(AkkaConfigurationBuilder akka) => akka
        .AddHocon(Resources.Read("Governance.Actors.Journal.persistence-postgres.conf"), HoconAddMode.Prepend)
        .AddHocon(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration, HoconAddMode.Append)
        .AddSetup(new DataOptionsSetup(new DataOptions().UseConnectionString(Provider, connectionString)));
}
