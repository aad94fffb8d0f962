using Governance.Edge.V1;
using Governance.Gateway.Keeping;

namespace Governance.Gateway.Sending;

/// <summary>
/// Numbers that will never come, declared to the edge so that its marks move on. Told again on every stream until the
/// mark has passed: the edge journals the same declaration once.
/// </summary>
internal sealed class Losses(SourceTable table, Book book)
{
    private readonly Dictionary<(int Flat, long From), (long To, string Reason)> _declared = [];
    private readonly Queue<(int Flat, long From)> _untold = new();

    internal void Declare(int flat, long from, long to, string reason)
    {
        if (_declared.TryGetValue((flat, from), out var known) && known.To >= to) return;
        _declared[(flat, from)] = (to, reason);
        _untold.Enqueue((flat, from));
    }

    internal void BeginStream()
    {
        foreach (var passed in _declared.Where(d => d.Value.To <= book.Marks[d.Key.Flat].Through).Select(d => d.Key).ToList()) _declared.Remove(passed);
        _untold.Clear();
        foreach (var key in _declared.Keys) _untold.Enqueue(key);
    }

    /// <summary>The next declaration for the wire; null when all are told.</summary>
    internal GatewayFrame? Next()
    {
        while (_untold.TryDequeue(out var key))
            if (_declared.TryGetValue(key, out var loss) && loss.To > book.Marks[key.Flat].Through)
                return new GatewayFrame
                {
                    Skipped = new Skipped { SourceId = table.SourceId(key.Flat), DetectorId = table.DetectorId(key.Flat), FromSeq = key.From, ToSeq = loss.To, Reason = loss.Reason },
                };
        return null;
    }
}
