using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Governance.Actors.Accountability;
using Governance.Actors.Alerts;
using Governance.Actors.Audit;
using Governance.Actors.Cases;
using Governance.Actors.Deadlines;
using Governance.Actors.Dispatch;
using Governance.Actors.Entity;
using Governance.Actors.Gateways;
using Governance.Actors.HazardSources;
using Governance.Actors.Journal;
using Governance.Actors.Meetings;
using Governance.Actors.Registry;
using Governance.Actors.Views;
using Governance.Actors.Warnings;
using Governance.Domain.Cases;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Storage;

namespace Governance.Actors.Hosting;

/// <summary>What a node of the engine is made of.</summary>
/// <param name="District">Six digits, e.g. 410803.</param>
public sealed record EngineParts(
    string District, ClusterSettings Cluster, INodeFate Fate, IJournalPersistence Persistence, EntityServices Services, Regions Regions,
    IReadingLedger Ledger, IViews Views, IAlarmViews Alarms, CasePolicy Policy, ColourTable Colours, NodeHealth Health)
{
    /// <summary>Who sends to persons.</summary>
    public Notifiers Notifiers { get; init; } = Notifiers.None;
    /// <summary>Accounts of cases and seals of the journal.</summary>
    public required AccountStores Accounts { get; init; }
}

/// <summary>Where accountability keeps what it makes of the journal.</summary>
public sealed record AccountStores(IAccountViews Views, ISealStore Seals, IRawJournal Journal);

/// <summary>Puts the entities of the district into an actor system.</summary>
public static class Engine
{
    /// <summary>Name of the actor system.</summary>
    public const string SystemName = "governance";

    /// <summary>Everything below the edge: sharded entities, membership, roster round, sweeper, projections.</summary>
    public static void Configure(AkkaConfigurationBuilder akka, EngineParts parts)
    {
        var (cluster, services) = (parts.Cluster, parts.Services);
        parts.Persistence.Apply(akka);
        akka.AddHocon(Resources.Read("Governance.Actors.Hosting.engine.conf"), HoconAddMode.Prepend)
            .WithRemoting(new RemoteOptions { HostName = cluster.Host, PublicHostName = cluster.Host, Port = cluster.Port })
            .WithClustering(new ClusterOptions { Roles = [.. cluster.Roles] });
        var facts = new AccountFacts(new ViewFacts(parts.Views, parts.Policy.Calendar), parts.Accounts.Views, parts.Policy);
        var isEngine = cluster.Roles.Contains(NodeRoles.Engine);
        Shard(EntityKinds.HazardSource, id => new HazardSource(services, parts.Ledger, parts.Colours, id));
        Shard(EntityKinds.Case, id => new Case(services, parts.Policy, id));
        Shard(EntityKinds.Department, id => new Department(services, parts.Policy.Router, parts.Notifiers, id));
        Shard(EntityKinds.CaseRegister, id => new CaseRegister(services, id));
        Shard(EntityKinds.AlertFeed, id => new AlertFeed(services, id));
        Shard(EntityKinds.Roster, id => new Roster(services, id));
        Shard(EntityKinds.Gateway, id => new DeviceGateway(services, parts.District, id));
        Shard(EntityKinds.AreaWarnings, id => new AreaWarnings(services, id));
        Shard(EntityKinds.Scorecard, id => new Scorecard(services, parts.Policy, id));
        Shard(EntityKinds.Reinspection, id => new ReinspectedMonth(services, parts.Policy, id));
        Shard(EntityKinds.Seal, id => new Seal(services, id));
        Shard(EntityKinds.Audit, id => new CaseAudit(services, id));
        Shard(EntityKinds.Slip, id => new Slip(services, parts.Policy, id));
        Shard(EntityKinds.SlipRegister, id => new SlipRegister(services, id));
        Shard(EntityKinds.Meeting, id => new Meeting(services, parts.Policy, facts, id));
        akka.WithActors((system, _) =>
        {
            services.Durability.NeedsStanding = cluster.Directory is not null;
            var self = Akka.Cluster.Cluster.Get(system).SelfAddress;
            system.ActorOf(Props.CreateBy(new Maker<Rehearsal>(() => new Rehearsal(services, parts.Ledger, $"{self.Host}:{self.Port}", () => Join(system)))), "rehearsal");
            system.ActorOf(Props.Create(() => new DurabilityWatch(parts.Ledger, services.Durability, parts.Regions)), "durability-watch");
            system.ActorOf(Props.Create(() => new HealthWatch(parts.Health, parts.Regions)), "health-watch");
            system.ActorOf(Props.Create(() => new RecordedTime(services.Clocks)), RecordedTime.Name);
            if (!isEngine) return;
            IActorRef[] rounds =
            [
                system.ActorOf(Props.Create(() => new Sweeper(services)), "sweeper"),
                system.ActorOf(Props.Create(() => new RosterRound(services, parts.District)), "roster-round"),
                system.ActorOf(Props.Create(() => new MeetingRound(services, parts.Policy, facts)), "meeting-round"),
                system.ActorOf(Props.Create(() => new ViewProjection(parts.Views)), "view-projection"),
                system.ActorOf(Props.Create(() => new EscalationAuditor(services, parts.Views, parts.Policy)), "escalation-auditor"),
                system.ActorOf(Props.Create(() => new AlarmProjection(parts.Alarms, services.Clocks)), "alarm-projection"),
                system.ActorOf(Props.Create(() => new AccountProjection(parts.Accounts.Views, services.Clocks)), "account-projection"),
                system.ActorOf(Props.Create(() => new SealProjection(parts.District, parts.Accounts.Journal, parts.Accounts.Seals, parts.Regions, services.Clocks)), "seal-projection"),
            ];
            // A region that leaves waits until nothing is buffered: nobody may go on asking it for shards without a home.
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-rounds", () =>
            {
                foreach (var round in rounds) system.Stop(round);
                return Task.FromResult(Akka.Done.Instance);
            });
        });

        void Join(ActorSystem system)
        {
            // Without a directory there is nobody else: the node is its own cluster. Its address is known only now.
            if (cluster.Directory is null) Akka.Cluster.Cluster.Get(system).Join(Akka.Cluster.Cluster.Get(system).SelfAddress);
            else system.ActorOf(Props.Create(() => new Membership(cluster, parts.Fate, services.Durability, services.Clocks.Wall)), "membership");
        }

        void Shard<T>(string kind, Func<string, T> make) where T : ActorBase => akka.StartActors((system, _) =>
        {
            var (sharding, settings) = (ClusterSharding.Get(system), ClusterShardingSettings.Create(system).WithRole(NodeRoles.Engine));
            parts.Regions.Register(kind, isEngine
                ? sharding.Start(kind, id => Props.CreateBy(new Maker<T>(() => make(id))), settings, new EntityExtractor(), ShardAllocationStrategy.LeastShardAllocationStrategy(20, 0.2), StopEntity.Instance)
                : sharding.StartProxy(kind, NodeRoles.Engine, new EntityExtractor()));
        });
    }

    /// <summary>Makes one actor. Props from an expression would compile it anew for every entity: a ninth of the processor time of a cold start.</summary>
    private sealed class Maker<T>(Func<T> make) : IIndirectActorProducer where T : ActorBase
    {
        public Type ActorType => typeof(T);
        public ActorBase Produce() => make();
        public void Release(ActorBase actor) { }
    }
}
