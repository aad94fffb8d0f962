using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Domain.AlarmLoad;
using Governance.Storage;

namespace Governance.Actors.Views;

/// <summary>
/// Feeds the records of alarms from the journal, pass by pass: each reads to the journal's end as it stood when the pass
/// began, and then says so, because what nothing was heard of must not be taken for calm. An offset of its own, apart from
/// the lists: what is new on an old database begins at the first event, and neither waits for the other. On the node on
/// duty, which reports the metrics too; should two feed them, the records let one go on.
/// </summary>
public sealed class AlarmProjection : JournalPasses
{
    /// <summary>How old the word "read to the end" may be when nothing happens: each is a commit.</summary>
    private static readonly TimeSpan ConfirmEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetireEvery = TimeSpan.FromHours(1);
    /// <summary>What is over is kept for so long, counted from its last change in the journal: three years, as readings are by default.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1_100);
    private const int RetiredAtOnce = 5_000;

    private readonly IAlarmViews _views;
    private readonly AlarmMeter _meter;
    private readonly TimeProvider _wall;
    /// <summary>Null: nothing is known, the next pass begins where the records are.</summary>
    private AlarmFolder? _folder;
    private long _offset;
    private DateTimeOffset _confirmedAt, _retireAt;
    /// <summary>Since when this node could have the duty.</summary>
    private readonly DateTimeOffset _startedAt;
    /// <summary>Alarms journaled before are history made again and counted by nobody; null: not on duty.</summary>
    private DateTimeOffset? _countedFrom;

    public AlarmProjection(IAlarmViews views, Clocks clocks) : base("the records of alarms", TimeSpan.FromMilliseconds(500)) => (_views, _wall, _meter, _startedAt) = (views, clocks.Wall, new AlarmMeter(clocks.Wall), clocks.Wall.GetUtcNow());

    protected override void PostStop() => _meter.Dispose();

    protected override void Forget(bool offDuty)
    {
        // What was reported stays and its lag grows: an outage must be seen, and not vanish from the charts.
        _folder = null;
        if (!offDuty) return;
        // Whoever has the duty now goes on from where the records are, and alone has figures to report.
        _countedFrom = null;
        _meter.Silence();
    }

    protected override async Task RunAsync(ActorSystem system)
    {
        var begun = Clocks.Truncated(_wall.GetUtcNow());
        if (_folder is null)
        {
            var progress = await _views.BeginAsync(RecordForm.Current, CancellationToken.None).ConfigureAwait(false);
            (_folder, _offset, _confirmedAt) = (new AlarmFolder(_views), progress.Offset, DateTimeOffset.MinValue);
            // Records that were complete once go on from there: what is not in them yet was never counted, by whichever node.
            _countedFrom ??= progress.AsOf is null ? _startedAt : DateTimeOffset.MinValue;
        }
        var (folder, changed) = (_folder, false);
        await ReadAsync(system, _offset, live: false, async batch =>
        {
            var records = await folder.FoldAsync(batch, _offset).ConfigureAwait(false);
            await _views.ApplyAsync(records, CancellationToken.None).ConfigureAwait(false);
            _offset = records.To;
            changed |= !records.IsEmpty;
            foreach (var alarm in folder.Raised)
                if (alarm.Journaled >= _countedFrom) _meter.Raised(alarm);
        }).ConfigureAwait(false);
        if (!changed && begun < _confirmedAt + ConfirmEvery) return;
        await _views.ConfirmAsync(_offset, begun, CancellationToken.None).ConfigureAwait(false);
        _confirmedAt = begun;
        _meter.Report(await _views.GaugesAsync(CancellationToken.None).ConfigureAwait(false), begun);
        await RetireAsync(begun).ConfigureAwait(false);
    }

    private async Task RetireAsync(DateTimeOffset now)
    {
        if (now < _retireAt) return;
        var retired = await _views.RetireAsync(now - KeptFor, RetiredAtOnce, CancellationToken.None).ConfigureAwait(false);
        // As long as there is more it goes on with the next pass, a little at a time.
        if (retired < RetiredAtOnce) _retireAt = now + RetireEvery;
    }
}
