using Akka.Actor;
using Governance.Storage;

namespace Governance.Actors.Views;

/// <summary>
/// Feeds the lists from the journal: rows and offset in one transaction, begun again where it stopped. Only lists hang
/// on it; no alarm, alert or deadline does. Should two nodes feed them, the views let one go on.
/// </summary>
public sealed class ViewProjection(IViews views) : JournalPasses("the lists", TimeSpan.FromSeconds(2))
{
    protected override void Forget(bool offDuty) { /* Every pass begins where the lists are. */ }

    protected override async Task RunAsync(ActorSystem system)
    {
        var offset = await views.OffsetAsync(CancellationToken.None).ConfigureAwait(false);
        var rows = new RowFolder(views);
        await ReadAsync(system, offset, live: true, async batch =>
        {
            var changes = await rows.FoldAsync(batch, offset).ConfigureAwait(false);
            await views.ApplyAsync(changes, CancellationToken.None).ConfigureAwait(false);
            offset = changes.To;
        }).ConfigureAwait(false);
    }
}
