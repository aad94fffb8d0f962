using System.ComponentModel;
using System.Diagnostics;

namespace Governance.Node.Doctor;

/// <summary>Whether the kernel says that its clock is synchronised: alarms and deadlines stand on it.</summary>
internal sealed class ClockCheck : ICheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Name => "clock";

    public async Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel) => await SynchronisedAsync(cancel) switch
    {
        "yes" => [Finding.Ok(Name, "synchronised")],
        "no" => [Finding.Warn(Name, "this machine's clock is not synchronised", "switch NTP on: timedatectl set-ntp true, or install chrony")],
        _ => [Finding.Warn(Name, "cannot tell whether this machine's clock is synchronised", "in a container look on the machine below it: timedatectl, or chronyc tracking")],
    };

    private static async Task<string> SynchronisedAsync(CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux()) return "";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        var info = new ProcessStartInfo("timedatectl", ["show", "-p", "NTPSynchronized", "--value"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process = null;
        try
        {
            process = Process.Start(info)!;
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output.Trim() : "";
        }
        catch (Win32Exception) { return ""; }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            process?.Kill();
            return "";
        }
        finally { process?.Dispose(); }
    }
}
