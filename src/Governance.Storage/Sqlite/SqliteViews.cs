using System.Data.Common;

namespace Governance.Storage.Sqlite;

/// <summary>Read models in one SQLite file.</summary>
public sealed class SqliteViews(string path) : SqlViews
{
    private readonly SqliteFile _file = new(path, "views");

    protected override ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) =>
        ValueTask.FromResult<DbConnection>(forWriting ? _file.OpenWriter() : _file.OpenReader());

    protected override string HasWords => "id IN (SELECT rowid FROM case_search WHERE case_search MATCH @s)";

    /// <summary>Words hold letters and digits only: nothing in them is a sign of the query language.</summary>
    protected override object Searched(IReadOnlyList<SearchPhrase> query) =>
        string.Join(" AND ", query.Select(phrase => $"\"{string.Join(' ', phrase.Words)}\"{(phrase.Open ? "*" : "")}"));

    protected override async Task WriteWordsAsync(DbTransaction transaction, string key, string words, CancellationToken cancel)
    {
        await ExecuteAsync(transaction, "DELETE FROM case_search WHERE rowid = (SELECT id FROM case_list WHERE key = @a)", [key], cancel);
        await ExecuteAsync(transaction, "INSERT INTO case_search (rowid, words) SELECT id, @b FROM case_list WHERE key = @a", [key, words], cancel);
    }
}
