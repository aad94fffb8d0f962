using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>The tables are there, or the first node may make them.</summary>
internal sealed class SchemaCheck : IDatabaseCheck
{
    private const string Ask = """
        SELECT current_schema(), current_user, coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
            to_regclass('schema_version') IS NOT NULL, coalesce(has_table_privilege(to_regclass('schema_version'), 'INSERT'), false)
        """;

    public string Name => "database schema";

    public async Task<IReadOnlyList<Finding>> RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var (schema, user, create, there, write) = await connection.OneAsync(Ask, r => (r.IsDBNull(0) ? "" : r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetBoolean(3), r.GetBoolean(4)), cancel);
        return [Judge(schema, user, create, there, write)];
    }

    private Finding Judge(string schema, string user, bool create, bool there, bool write) => (create, there, write) switch
    {
        _ when schema.Length == 0 => Finding.Fail(Name, "the search path names no schema that is there", $"CREATE SCHEMA AUTHORIZATION {user}; or correct Search Path in the connection string"),
        (_, true, false) => Finding.Fail(Name, $"the tables in {schema} belong to somebody else", $"connect as their owner, or grant SELECT, INSERT, UPDATE, DELETE on them to {user}"),
        (true, true, true) => Finding.Ok(Name, $"the tables are there, in {schema}"),
        (false, true, true) => Finding.Warn(Name, $"the tables are there, but {user} may make none in {schema}", $"before an upgrade: GRANT CREATE ON SCHEMA {schema} TO {user}"),
        (true, false, _) => Finding.Ok(Name, $"none yet: the first node makes the tables in {schema}"),
        _ => Finding.Fail(Name, $"no tables yet, and {user} may make none in {schema}", $"GRANT CREATE ON SCHEMA {schema} TO {user}; or let {user} own the database"),
    };
}
