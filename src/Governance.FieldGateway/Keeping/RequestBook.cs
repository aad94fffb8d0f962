namespace Governance.FieldGateway.Keeping;

/// <summary>
/// Remembers the last uploads of every station on disk, so that one that is repeated makes no second reading, whenever the
/// process was killed. Before readings are taken, the numbers that they will get are written here and synced; after a
/// crash the kit's own counters tell whether they were taken. Nothing rests on two files changing at the same moment.
/// </summary>
internal sealed class RequestBook : IDisposable
{
    /// <summary>Lines for each remembered upload before the file is written anew.</summary>
    private const int LinesPerRequest = 4, LeastLines = 1_000;
    private readonly Lock _gate = new();
    private readonly RequestFile _file;
    private readonly int _perStation;
    private readonly Dictionary<string, Dictionary<string, Request>> _requests = [];
    private readonly Dictionary<string, Queue<Request>> _order = [];

    /// <param name="perStation">Uploads remembered of each station.</param>
    /// <param name="epoch">Of the numbers that the kit gives now.</param>
    /// <param name="lastNumber">Last number given of a detector by its name; null: it is not declared any more.</param>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    internal RequestBook(string folder, int perStation, long epoch, Func<string, long?> lastNumber)
    {
        _perStation = perStation;
        _file = new RequestFile(folder);
        foreach (var line in _file.Read()) Replay(line);
        foreach (var request in All().Where(r => !r.IsKept).ToList()) Resolve(request, epoch, lastNumber);
        Rewrite();
    }

    /// <summary>Why the file takes nothing; null while it does. Requests are remembered in memory meanwhile.</summary>
    internal string? Fault { get; private set; }

    internal int Count { get { lock (_gate) return _requests.Values.Sum(own => own.Count); } }

    /// <summary>The upload of this station and key, whatever its content; null when it is not known.</summary>
    internal Request? Find(RequestName name)
    {
        lock (_gate) return _requests.TryGetValue(name.Mn, out var own) ? own.GetValueOrDefault(name.Key) : null;
    }

    /// <summary>Before its readings are taken. Durable when this returns, unless <see cref="Fault"/> says otherwise.</summary>
    internal void Intend(Request request)
    {
        lock (_gate)
        {
            Remember(request);
            Write(RequestLine.Of(RequestWord.Intended, request), mustSync: true);
        }
    }

    /// <summary>There was no room for its readings.</summary>
    internal void NotTaken(Request request)
    {
        lock (_gate)
        {
            Undo(request);
            // Ahead of the next intention in the same file, which is synced before anything of it is taken.
            Write(RequestLine.Of(RequestWord.NotTaken, request), mustSync: false);
        }
    }

    /// <summary>Its readings outlive the process. Written without waiting: if a power cut takes this word, the counters say it too.</summary>
    internal void Keep(Request request)
    {
        lock (_gate)
        {
            request.Keep();
            Write(RequestLine.Of(RequestWord.Kept, request), mustSync: false);
        }
    }

    public void Dispose() => _file.Dispose();

    private IEnumerable<Request> All() => _requests.Values.SelectMany(own => own.Values);

    private void Remember(Request request)
    {
        if (!_requests.TryGetValue(request.Name.Mn, out var own)) (_requests[request.Name.Mn], _order[request.Name.Mn]) = (own = [], new Queue<Request>());
        own[request.Name.Key] = request;
        var order = _order[request.Name.Mn];
        order.Enqueue(request);
        while (own.Count > _perStation)
            // One that was written again has a younger place in the queue, and goes when that comes.
            if (order.Dequeue() is var oldest && ReferenceEquals(own.GetValueOrDefault(oldest.Name.Key), oldest)) own.Remove(oldest.Name.Key);
    }

    private void Undo(Request request)
    {
        if (request.IsRest) request.Missing = request.Numbers.Select(n => n.Detector).ToHashSet();
        else if (_requests.TryGetValue(request.Name.Mn, out var own)) own.Remove(request.Name.Key);
    }

    private void Replay(RequestLine line)
    {
        if (line.Word == RequestWord.Intended || Find(new RequestName(line.Mn, line.Key, line.Digest)) is not { } known || known.Name.Digest != line.Digest)
        {
            if (line.Word == RequestWord.NotTaken) return;
            var request = new Request(new RequestName(line.Mn, line.Key, line.Digest), line.Epoch, line.Numbers ?? [], line.IsRest);
            if (line.Word == RequestWord.Kept) request.Keep();
            Remember(request);
        }
        else if (line.Word == RequestWord.Kept) known.Keep();
        else Undo(known);
    }

    /// <summary>What was about to happen when the process ended: did it?</summary>
    private void Resolve(Request request, long epoch, Func<string, long?> lastNumber)
    {
        if (request.Missing is not null) return;
        // Numbers of another epoch say nothing: as with the kit itself, what was not yet told to be kept may come twice then.
        var missing = request.Numbers.Where(n => request.Epoch != epoch || lastNumber(n.Detector) is { } last && last < n.Number).Select(n => n.Detector).ToHashSet();
        if (missing.Count == 0) request.Keep();
        else if (missing.Count == request.Numbers.Count && !request.IsRest) _requests[request.Name.Mn].Remove(request.Name.Key);
        else request.Missing = missing;
    }

    private void Write(RequestLine line, bool mustSync)
    {
        try
        {
            // What could not be written while the file took nothing is written before anything else counts: a word that is
            // missing in the middle would make an upload that was never taken look like one that was.
            if (Fault is not null) Rewrite();
            else _file.Append(line.ToBytes(), mustSync);
            Fault = null;
            if (_file.Lines > Math.Max(LeastLines, LinesPerRequest * Count)) Rewrite();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = e.Message;
            // A file that still says "intended" of what was not taken would have its repetition answered: better no memory than a wrong one.
            if (line.Word == RequestWord.NotTaken) _file.TryForget();
        }
    }

    private void Rewrite()
    {
        foreach (var (mn, order) in _order.ToList()) _order[mn] = new Queue<Request>(order.Where(r => ReferenceEquals(_requests[mn].GetValueOrDefault(r.Name.Key), r)));
        _file.Replace(_order.Values.SelectMany(own => own).SelectMany(Lines));
    }

    private static IEnumerable<byte[]> Lines(Request request)
    {
        if (request.IsKept) return [RequestLine.Of(RequestWord.Kept, request).ToBytes()];
        // What is in pieces comes back as what is missing of it, and that none of this was taken.
        var open = request.Missing is { } missing ? new Request(request.Name, request.Epoch, [.. request.Numbers.Where(n => missing.Contains(n.Detector))], IsRest: true) : request;
        var intended = RequestLine.Of(RequestWord.Intended, open).ToBytes();
        return request.Missing is null ? [intended] : [intended, RequestLine.Of(RequestWord.NotTaken, open).ToBytes()];
    }
}
