using Governance.Domain.Dispatch;
using C = Governance.Cluster.V1;

namespace Governance.Contracts.Codecs;

/// <summary>Wire forms of the commands of a desk (<c>cluster/v1/dispatch.proto</c>).</summary>
public static class DepartmentCommandCodecs
{
    public static IEnumerable<Codec> All =>
    [
        Of("cmd.dept.ConfirmDelivery.1", (DepartmentCommand.ConfirmDelivery c) => new() { Notification = c.Notification }, w => new DepartmentCommand.ConfirmDelivery(w.Notification)),
        Of("cmd.dept.TestPage.1", (DepartmentCommand.TestPage c) => new() { Text = c.Text }, w => new DepartmentCommand.TestPage(w.Text)),
        Of("cmd.dept.SetDuty.1", (DepartmentCommand.SetDuty c) => new() { Person = c.Person, Duty = (int)c.Duty, UntilUs = Wire.UsOrZero(c.Until), Text = c.Reason },
            w => new DepartmentCommand.SetDuty(w.Person, Wire.Known<Duty>(w.Duty), Wire.AtOrNone(w.UntilUs), w.Text)),
        Of("cmd.dept.RetryDeadLetter.1", (DepartmentCommand.RetryDeadLetter c) => new() { Notification = c.Notification, Sending = c.Sending }, w => new DepartmentCommand.RetryDeadLetter(w.Notification, w.Sending)),
    ];

    private static Codec Of<T>(string manifest, Func<T, C.DepartmentCommand> to, Func<C.DepartmentCommand, T> from) where T : DepartmentCommand => Codec.Of(manifest, C.DepartmentCommand.Parser, to, from);
}
