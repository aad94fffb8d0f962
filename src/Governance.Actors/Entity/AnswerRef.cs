using Akka.Actor;

namespace Governance.Actors.Entity;

/// <summary>
/// Where answers come back to, for whoever asks again and again: an ask that costs nothing per question. Answers arrive
/// on the thread of whoever answers, which must not be held up and must not see an exception.
/// </summary>
public sealed class AnswerRef : MinimalActorRef, IDisposable
{
    private readonly Action<object, IActorRef> _answered;

    /// <param name="of">Any actor of the system that is asked.</param>
    /// <param name="answered">The answer and who gave it.</param>
    internal AnswerRef(IActorRef of, Action<object, IActorRef> answered)
    {
        _answered = answered;
        Provider = ((IInternalActorRef)of).Provider;
        Path = Provider.TempPath();
        Provider.RegisterTempActor(this, Path);
    }

    public override IActorRefProvider Provider { get; }
    public override ActorPath Path { get; }
    public override IInternalActorRef Parent => Provider.TempContainer;

    protected override void TellInternal(object message, IActorRef sender) => _answered(message, sender);

    public void Dispose() => Provider.UnregisterTempActor(Path);
}
