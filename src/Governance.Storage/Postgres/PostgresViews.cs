using System.Data.Common;

namespace Governance.Storage.Postgres;

/// <summary>Read models in PostgreSQL.</summary>
public sealed class PostgresViews(PostgresDatabase database) : SqlViews
{
    protected override async ValueTask<DbConnection> OpenAsync(bool forWriting, CancellationToken cancel) => await database.Source.OpenConnectionAsync(cancel);

    protected override string HasWords => "words @@ to_tsquery('simple', @s)";

    /// <summary>Words hold letters and digits only: nothing in them is a sign of the query language.</summary>
    protected override object Searched(IReadOnlyList<SearchPhrase> query) =>
        string.Join(" & ", query.Select(phrase => $"({string.Join(" <-> ", phrase.Words.Select(w => $"'{w}'"))}{(phrase.Open ? ":*" : "")})"));

    protected override Task WriteWordsAsync(DbTransaction transaction, string key, string words, CancellationToken cancel) =>
        ExecuteAsync(transaction, "UPDATE case_list SET words = to_tsvector('simple', @b) WHERE key = @a", [key, words], cancel);
}
