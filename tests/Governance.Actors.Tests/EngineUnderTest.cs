using System.Collections.Immutable;
using Akka.Actor;
using Akka.Hosting;
using Governance.Actors.Entity;
using Governance.Actors.Hosting;
using Governance.Actors.Journal;
using Governance.Contracts.Codecs;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Registry;
using Governance.Domain.Routing;
using Governance.Storage;
using Governance.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Governance.Actors.Tests;

/// <summary>A real engine on real SQLite files, with cuts at the commits. Several may stand on one folder, as nodes of a split cluster would.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _crashed;
    private readonly SqliteViews _views;
    private readonly SqliteAlarmViews _alarms;
    private readonly SqliteDeadlineStore _deadlines;

    private EngineUnderTest(IHost host, Regions regions, Clocks clocks, SqliteReadingLedger ledger, SqliteViews views, SqliteAlarmViews alarms, SqliteDeadlineStore deadlines, Cuts cuts) =>
        (_host, Regions, Clocks, Ledger, _views, _alarms, _deadlines, Cuts) = (host, regions, clocks, ledger, views, alarms, deadlines, cuts);

    internal Regions Regions { get; }
    internal Clocks Clocks { get; }
    internal SqliteReadingLedger Ledger { get; }
    internal IViews Views => _views;
    internal IAlarmViews Alarms => _alarms;
    internal AccountStores Accounts { get; private init; } = null!;
    internal IDeadlineStore Deadlines => _deadlines;
    internal Cuts Cuts { get; }
    internal Durability Durability => _host.Services.GetRequiredService<Durability>();
    internal ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    internal static async Task<EngineUnderTest> StartAsync(string folder, EntityLimits? limits = null, PolicyTexts? policyTexts = null)
    {
        Directory.CreateDirectory(folder);
        var cuts = new Cuts();
        var ledger = new SqliteReadingLedger(Path.Combine(folder, "ledger.db"), cuts);
        var views = new SqliteViews(Path.Combine(folder, "views.db"));
        var alarms = new SqliteAlarmViews(Path.Combine(folder, "alarms.db"));
        var accounts = new AccountStores(new SqliteAccountViews(Path.Combine(folder, "accounts.db")), new SqliteSeals(Path.Combine(folder, "seals.db")), new SqliteRawJournal(Path.Combine(folder, "journal.db")));
        var deadlines = new SqliteDeadlineStore(Path.Combine(folder, "deadlines.db"));
        var (clocks, regions) = (new Clocks(TimeProvider.System), new Regions());
        var durability = new Durability(TimeProvider.System);
        var services = new EntityServices(clocks, regions, deadlines, durability, limits ?? new EntityLimits());
        var (policy, _, colours) = PolicyFiles.Read(policyTexts ?? Repo.Policy());
        var builder = new HostApplicationBuilder();
        builder.Services.AddSingleton(durability);
        builder.Services.AddAkka(Engine.SystemName, akka =>
        {
            akka.AddHocon("akka.loglevel = OFF\nakka.stdout-loglevel = OFF", HoconAddMode.Prepend);
            var persistence = new SqlitePersistence(Path.Combine(folder, "journal.db"), Path.Combine(folder, "snapshots.db")) { JournalFaults = cuts.Journal };
            Engine.Configure(akka, new EngineParts(policy.District, ClusterSettings.Alone, new NoFate(), persistence, services, regions, ledger, views, alarms, policy, colours, new NodeHealth(durability, TimeProvider.System)) { Accounts = accounts });
        });
        var host = builder.Build();
        await host.StartAsync();
        return new EngineUnderTest(host, regions, clocks, ledger, views, alarms, deadlines, cuts) { Accounts = accounts };
    }

    /// <summary>A node that is alone has no fate but its own.</summary>
    private sealed class NoFate : INodeFate
    {
        public void End(string why) => throw new InvalidOperationException(why);
    }

    internal Task<T> AskAsync<T>(IToEntity message, double seconds = 15) => Regions.Region(message.To.Kind).Ask<T>(message, TimeSpan.FromSeconds(seconds));

    internal async Task<T> StateAsync<T>(string kind, string id) => (T)(await AskAsync<StateReply>(new GetState(new EntityAddress(kind, id)))).State;

    /// <summary>As a gateway's lane does: again and again until it is durable.</summary>
    internal async Task<Ingested> IngestAsync(Ingest ingest)
    {
        while (true)
        {
            try
            {
                var answer = await AskAsync<Ingested>(ingest, 2);
                if (answer.Refusals is not [{ Reason: "NOT_DURABLE" }]) return answer;
            }
            catch (AskTimeoutException) { /* sent again */ }
        }
    }

    /// <summary>Polls a fact that another actor brings about; fails after the time is up.</summary>
    internal static async Task EventuallyAsync(Func<Task<bool>> fact, string what, double seconds = 20)
    {
        var until = DateTime.UtcNow.AddSeconds(seconds);
        while (!await fact())
        {
            if (DateTime.UtcNow > until) Assert.Fail($"never became true: {what}");
            await Task.Delay(20);
        }
    }

    /// <summary>Every reading in the ledger as (ordinal, epoch, seq), in order of arrival.</summary>
    internal async Task<List<(int Detector, long Epoch, long Seq)>> StoredAsync(string source)
    {
        var stored = new List<(int, long, long)>();
        await foreach (var chunk in Ledger.ReadTailAsync(source, 0, long.MaxValue, CancellationToken.None))
            if (chunk.Kind == ChunkKind.Readings)
                foreach (var segment in ChunkPayload.Unpack(chunk.Payload))
                    stored.AddRange(segment.Readings.Select(r => (r.Detector, segment.Epoch, r.Seq)));
        return stored;
    }

    /// <summary>Dies without a word: no hand-off, no flush.</summary>
    internal async Task CrashAsync()
    {
        _crashed = true;
        ((ExtendedActorSystem)System).Abort();
        await System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(30));
        Cuts.Release();
        await CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_crashed) return;
        Cuts.Release();
        await _host.StopAsync();
        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        _host.Dispose();
        await Ledger.DisposeAsync();
        await _views.DisposeAsync();
        await _alarms.DisposeAsync();
        await _deadlines.DisposeAsync();
    }
}

/// <summary>Where a test cuts: around the ledger's commit, and at the journal's door.</summary>
internal sealed class Cuts : ICommitFaults
{
    private readonly ManualResetEventSlim _freeze = new(true);
    private readonly ManualResetEventSlim _hold = new(true);
    private volatile bool _failLedger, _failJournal;

    internal void FailLedger(bool on) => _failLedger = on;
    internal void FailJournal(bool on) => _failJournal = on;
    /// <summary>The ledger's writer stands still before it begins a transaction.</summary>
    internal void FreezeLedger() => _freeze.Reset();
    /// <summary>The ledger has committed and does not say so.</summary>
    internal void HoldLedgerAnswer() => _hold.Reset();

    internal void Release()
    {
        _freeze.Set();
        _hold.Set();
    }

    public void BeforeBatch() => _freeze.Wait();

    public void BeforeCommit()
    {
        if (_failLedger) throw new IOException("the disk is full (test)");
    }

    public void AfterCommit() => _hold.Wait();

    internal ICommitFaults Journal => new JournalCut(this);

    private sealed class JournalCut(Cuts cuts) : ICommitFaults
    {
        public void BeforeBatch()
        {
            if (cuts._failJournal) throw new IOException("the journal is away (test)");
        }

        public void BeforeCommit() { }

        public void AfterCommit() { }
    }
}

/// <summary>Files of the repository.</summary>
internal static class Repo
{
    internal static string Root { get; } = Find();

    internal static PolicyTexts Policy()
    {
        return new PolicyTexts(Text("areas"), Text("categories"), Text("case-clocks"), Text("case-routing"), Text("escalation"), Text("colour-table"), Text("calendar"), Text("case-limits"))
        {
            Router = new RoutingTexts(Text("organisations"), Text("communities"), Text("routing-rules"), Text("run-cards"), Text("roster"), Text("notifications")),
            Scorecard = Text("scorecard"),
            Slips = Text("slip-limits"), Meetings = Text("meetings"),
        };

        static string Text(string name) => File.ReadAllText(Path.Combine(Root, "cluster-config", "district", name + ".psv"));
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Governance.Actors.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the repository root was not found");
    }
}

/// <summary>A chlorine source with two detectors, and its readings.</summary>
internal static class Plant
{
    internal const string Id = "HS-T-1";
    internal static readonly EntityAddress Address = new(EntityKinds.HazardSource, Id);
    internal static readonly DateTimeOffset Start = new(2025, 8, 3, 6, 0, 0, TimeSpan.Zero);
    private static readonly ClockId Clock = ClockId.Recorded("gw");

    internal static async Task CommissionAsync(EngineUnderTest engine)
    {
        var limits = ImmutableArray.Create(
            new Limit(LimitDirection.High, AlarmLevel.One, 1, 0.2, TimeSpan.Zero, 0, TimeSpan.Zero), new Limit(LimitDirection.High, AlarmLevel.Two, 2, 0.2, TimeSpan.Zero, 0, TimeSpan.Zero));
        DetectorConfig Detector(string id) => new(new DetectorId(id), HazardKind.ToxicGas, "mg/m3", TimeSpan.FromSeconds(20), 0, 30, 0.5, "gas", id, limits);
        var config = new SourceConfig(new HazardSourceId(Id), "Filling station", "Works", new AreaCode("410803001"), true, [Detector("A"), Detector("B")], [new Zone("gas", 1)]);
        var reply = await engine.AskAsync<CommandReply>(new Command(Address, "commission", Caller.System, 0, new CommissionSource(config)));
        Assert.Null(reply.Refusal);
    }

    /// <summary>One part with readings of detector A: (seq, value), 20 s apart by seq.</summary>
    internal static Ingest Part(long part, params (long Seq, double Value)[] readings) => Part(part, 0, 1, readings);

    internal static Ingest Part(long part, int detector, long epoch, params (long Seq, double Value)[] readings)
    {
        var segments = readings.Select(r =>
        {
            var at = Start.AddSeconds(20 * r.Seq + detector);
            return new ReadingSegment(new GatewayId("gw"), epoch, Clock, at, at, false, [new Reading(detector, r.Seq, at, at, r.Value, Quality.Good)]);
        });
        return new Ingest(Address, part, [.. segments]);
    }
}
