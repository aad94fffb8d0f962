using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>One thing that a cluster needs of its database, asked over an open connection.</summary>
internal interface IDatabaseCheck
{
    string Name { get; }
    Task<IReadOnlyList<Finding>> RunAsync(NpgsqlConnection connection, CancellationToken cancel);
}
