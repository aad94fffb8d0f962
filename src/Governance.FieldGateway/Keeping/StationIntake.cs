using Governance.FieldGateway.Hj212;
using Governance.FieldGateway.Telemetry;
using Governance.Gateway;

namespace Governance.FieldGateway.Keeping;

/// <summary>Takes the readings of an upload once, however often it comes, and says when the data logger may forget it.</summary>
/// <param name="nameOf">Name of the detector of a sample.</param>
/// <param name="keepWithin">How long to wait for the disk.</param>
internal sealed class StationIntake(IKeeper keeper, RequestBook book, FieldLog log, Func<Sample, string> nameOf, TimeSpan keepWithin)
{
    /// <summary>True: everything in it outlives this process and a power cut. The station's gate must be held.</summary>
    internal async Task<bool> TakeAsync(Station station, RequestName name, Sample[] samples, DateTimeOffset takenAt, CancellationToken cancel)
    {
        // Nothing of it is wanted: there is nothing that could be lost.
        if (samples.Length == 0) return true;
        var known = book.Find(name);
        if (known is not null && known.Name.Digest == name.Digest)
        {
            log.Refuse(station.Meter, Reasons.Repeated, name.Key);
            if (known.IsKept) return true;
            if (known.Missing is { } missing) known = Take(station, name, [.. samples.Where(s => missing.Contains(nameOf(s)))], takenAt, isRest: true);
        }
        else
        {
            if (known is not null) log.Refuse(station.Meter, Reasons.RequestNumberReused, name.Key);
            known = Take(station, name, samples, takenAt, isRest: false);
        }
        return known is not null && await KeptAsync(station, known, cancel);
    }

    /// <summary>Null when they were not taken.</summary>
    private Request? Take(Station station, RequestName name, Sample[] samples, DateTimeOffset takenAt, bool isRest)
    {
        // A factor stands once in an upload, and a detector has one factor.
        var numbers = samples.Select(s => new Intended(nameOf(s), keeper.LastNumber(s.Source, s.Detector) + 1)).ToList();
        var request = new Request(name, keeper.Epoch, numbers, isRest);
        book.Intend(request);
        var taken = false;
        try
        {
            taken = keeper.TryTake(takenAt, samples, out var batch);
            if (!taken) log.Refuse(station.Meter, Reasons.BufferFull, $"{samples.Length} readings are left with the data logger");
            request.Batch = batch;
        }
        catch (GatewayFencedException e) { log.Refuse(station.Meter, Reasons.Fenced, e.Why); }
        catch
        {
            // Whatever it was: nothing was taken, and a repetition must not be answered as if it were.
            book.NotTaken(request);
            throw;
        }
        if (!taken)
        {
            book.NotTaken(request);
            return null;
        }
        station.Meter.Took(samples.Length);
        return request;
    }

    private async Task<bool> KeptAsync(Station station, Request request, CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(keepWithin);
        try { await keeper.WaitUntilKeptAsync(request.Batch, within.Token); }
        catch (Exception e) when (e is OperationCanceledException or GatewayFencedException)
        {
            log.Refuse(station.Meter, Reasons.NotKept, $"{request.Name.Key}: no answer, the data logger sends again");
            return false;
        }
        book.Keep(request);
        return true;
    }
}
