using Governance.Actors.Dispatch;

namespace Governance.Node.Notify;

/// <summary>The notifiers that a configuration names. A provider of SMS or of telephone calls is one more <see cref="INotifier"/> here.</summary>
internal static class NotifierSet
{
    internal static Notifiers Of(string file, TimeProvider time)
    {
        if (file.Length == 0) return Notifiers.None;
        var config = NotifyConfig.Read(file);
        List<INotifier> notifiers = [new WebhookNotifier(config, time)];
        if (config.Mail is { } server) notifiers.Add(new MailNotifier(server, config.Patience));
        return new Notifiers(notifiers, config.AtOnce, config.Patience);
    }
}
