using System.CommandLine;

namespace Governance.Node.Commands;

/// <summary>Measures the product against what the machine gives at most (tests/Governance.Benchmarks).</summary>
internal static class BenchCommand
{
    internal static Command Create() => new("bench", "measure, against what the machine gives at most")
    {
        BenchIngestCommand.Create(), BenchLatencyCommand.Create(), BenchNationCommand.Create(), BenchJournalCommand.Create(), BenchRecoveryCommand.Create(), BenchMemoryCommand.Create(), BenchFailoverCommand.Create(), BenchHistoryCommand.Create(), BenchDispatchCommand.Create(),
    };

    internal static Option<string> Database() => new("--postgres") { Description = "connection string of a PostgreSQL database that may be filled; without it SQLite", DefaultValueFactory = _ => "" };

    internal static Option<int> Number(string name, string description, int fallback) => new(name) { Description = description, DefaultValueFactory = _ => fallback };
}
