using Governance.Storage.Blocks;
using Microsoft.Data.Sqlite;

namespace Governance.Storage.Sqlite;

/// <summary>The block table, for who changes it: within the writer's transaction.</summary>
internal sealed class BlockRows(SqliteConnection connection) : IDisposable
{
    private readonly Statement _head = new(connection, "UPDATE source SET merged = $last, merged_writer = $w WHERE source = $s AND merged = $from", "$last", "$w", "$s", "$from");
    private readonly Statement _find = new(connection, "SELECT block FROM block WHERE source = $s AND last_chunk = $l AND first_chunk = $f", "$s", "$l", "$f");
    private readonly Statement _delete = new(connection, "DELETE FROM block WHERE block = $b", "$b");
    private readonly Statement _insert = new(connection, """
        INSERT INTO block (source, first_chunk, last_chunk, last_writer, first_sampled, last_sampled, count, stored_at, payload)
        VALUES ($s, $f, $l, $w, $fs, $ls, $c, $at, $p)
        """, "$s", "$f", "$l", "$w", "$fs", "$ls", "$c", "$at", "$p");

    /// <summary>False, and nothing is changed, when the source is not what the plan rests on.</summary>
    internal bool TrySwap(BlockPlan plan)
    {
        var replaced = plan.Replaced.Select(b => Find(plan.Source, b)).ToList();
        var last = plan.Made[^1];
        if (replaced.Contains(null) || _head.Run(last.Span.LastChunk, last.LastWriter.ToByteArray(), plan.Source, plan.Fresh.FirstChunk - 1) != 1) return false;
        foreach (var block in replaced) _delete.Run(block);
        foreach (var made in plan.Made) Insert(plan.Source, made);
        return true;
    }

    /// <summary>A block after the last one, which ended with chunk <paramref name="before"/>.</summary>
    internal void Append(long source, NewBlock block, long before)
    {
        if (_head.Run(block.Span.LastChunk, block.LastWriter.ToByteArray(), source, before) != 1) throw new InvalidOperationException($"source {source} is not merged up to {before}");
        Insert(source, block);
    }

    /// <summary>Does nothing when it is gone: a merge made it part of another.</summary>
    internal void Delete(long source, BlockSpan block)
    {
        if (Find(source, block) is { } found) _delete.Run(found);
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _head, _find, _delete, _insert }) statement.Dispose();
    }

    private object? Find(long source, BlockSpan block) => _find.One(source, block.LastChunk, block.FirstChunk);

    private void Insert(long source, NewBlock made) => _insert.Run(source, made.Span.FirstChunk, made.Span.LastChunk, made.LastWriter.ToByteArray(),
        made.Span.FirstSampled, made.Span.LastSampled, made.Span.Count, made.Span.StoredAt, made.Payload);
}
