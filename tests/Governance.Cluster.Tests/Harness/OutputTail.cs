namespace Governance.Cluster.Tests.Harness;

/// <summary>The last lines that a process printed.</summary>
internal sealed class OutputTail
{
    private const int Limit = 500;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new(Limit);

    internal void Add(string line)
    {
        lock (_gate)
        {
            if (_lines.Count == Limit) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    public override string ToString()
    {
        lock (_gate) return string.Join('\n', _lines);
    }
}
