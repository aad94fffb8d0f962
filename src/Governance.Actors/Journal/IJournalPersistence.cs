using Akka.Hosting;

namespace Governance.Actors.Journal;

/// <summary>Where an actor system keeps its journal and snapshots.</summary>
public interface IJournalPersistence
{
    void Apply(AkkaConfigurationBuilder akka);
}
