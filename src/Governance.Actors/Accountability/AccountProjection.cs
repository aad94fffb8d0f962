using Akka.Actor;
using Governance.Actors.Entity;
using Governance.Actors.Views;
using Governance.Storage;

namespace Governance.Actors.Accountability;

/// <summary>
/// Feeds the accounts of cases from the journal, pass by pass, on an offset of its own: what is new on an old database begins at
/// the first event, and neither lists nor records of alarms wait for it. On the node on duty; should two feed them, the accounts
/// let one go on.
/// </summary>
public sealed class AccountProjection(IAccountViews views, Clocks clocks) : JournalPasses("the accounts of cases", TimeSpan.FromMilliseconds(500))
{
    /// <summary>How old the word "read to the end" may be when nothing happens: each is a commit.</summary>
    private static readonly TimeSpan ConfirmEvery = TimeSpan.FromSeconds(5);

    /// <summary>Null: nothing is known, the next pass begins where the accounts are.</summary>
    private AccountFolder? _folder;
    private long _offset;
    private DateTimeOffset _confirmedAt;

    protected override void Forget(bool offDuty) => _folder = null;

    protected override async Task RunAsync(ActorSystem system)
    {
        var begun = Clocks.Truncated(clocks.Wall.GetUtcNow());
        if (_folder is null)
        {
            var progress = await views.BeginAsync(AccountFolder.Form, CancellationToken.None).ConfigureAwait(false);
            (_folder, _offset, _confirmedAt) = (new AccountFolder(views), progress.Offset, DateTimeOffset.MinValue);
        }
        var (folder, changed) = (_folder, false);
        await ReadAsync(system, _offset, live: false, async batch =>
        {
            var accounts = await folder.FoldAsync(batch, _offset).ConfigureAwait(false);
            await views.ApplyAsync(accounts, CancellationToken.None).ConfigureAwait(false);
            _offset = accounts.To;
            changed = true;
        }).ConfigureAwait(false);
        if (!changed && begun < _confirmedAt + ConfirmEvery) return;
        await views.ConfirmAsync(_offset, begun, CancellationToken.None).ConfigureAwait(false);
        _confirmedAt = begun;
    }
}
