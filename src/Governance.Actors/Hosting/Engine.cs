using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Governance.Actors.Alerts;
using Governance.Actors.Cases;
using Governance.Actors.Deadlines;
using Governance.Actors.Dispatch;
using Governance.Actors.Entity;
using Governance.Actors.HazardSources;
using Governance.Actors.Journal;
using Governance.Actors.Registry;
using Governance.Actors.Views;
using Governance.Domain.Cases;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Hosting;

/// <summary>What a node of the engine is made of.</summary>
/// <param name="District">Six digits, e.g. 410803.</param>
/// <param name="RemotePort">Port of node-to-node traffic on loopback; 0 takes a free one.</param>
public sealed record EngineOptions(string District, int RemotePort, EntityLimits Limits);

/// <summary>Puts the entities of the district into an actor system.</summary>
public static class Engine
{
    /// <summary>Name of the actor system and role of its nodes.</summary>
    public const string SystemName = "governance";
    private const string Role = "engine";

    /// <summary>Everything below the edge: sharded entities, roster round, sweeper, projection.</summary>
    public static void Configure(
        AkkaConfigurationBuilder akka, EngineOptions options, SqlitePersistence persistence, EntityServices services, Regions regions,
        IReadingLedger ledger, IViews views, CasePolicy policy)
    {
        persistence.Apply(akka);
        akka.AddHocon(Resources.Read("Governance.Actors.Hosting.engine.conf"), HoconAddMode.Prepend)
            .WithRemoting("127.0.0.1", options.RemotePort, "127.0.0.1")
            .WithClustering(new ClusterOptions { Roles = [Role] });
        Shard(EntityKinds.HazardSource, id => Props.Create(() => new HazardSource(services, ledger, id)));
        Shard(EntityKinds.Case, id => Props.Create(() => new Case(services, policy, id)));
        Shard(EntityKinds.Department, id => Props.Create(() => new Department(services, id)));
        Shard(EntityKinds.CaseRegister, id => Props.Create(() => new CaseRegister(services, id)));
        Shard(EntityKinds.AlertFeed, id => Props.Create(() => new AlertFeed(services, id)));
        Shard(EntityKinds.Roster, id => Props.Create(() => new Roster(services, id)));
        // A single node is its own cluster; the address is known only now.
        akka.AddStartup((system, _) => Akka.Cluster.Cluster.Get(system).Join(Akka.Cluster.Cluster.Get(system).SelfAddress));
        akka.WithActors((system, _) =>
        {
            system.ActorOf(Props.Create(() => new Sweeper(services)), "sweeper");
            system.ActorOf(Props.Create(() => new RosterRound(services, options.District)), "roster-round");
            system.ActorOf(Props.Create(() => new ViewProjection(views)), "view-projection");
        });

        void Shard(string kind, Func<string, Props> props) => akka.StartActors((system, _) =>
        {
            var settings = ClusterShardingSettings.Create(system).WithRole(Role);
            regions.Register(kind, ClusterSharding.Get(system).Start(kind, props, settings, new EntityExtractor(),
                ShardAllocationStrategy.LeastShardAllocationStrategy(20, 0.2), StopEntity.Instance));
        });
    }
}
