using System.Runtime.InteropServices;

namespace Governance.Cluster.Tests.Harness;

/// <summary>What .NET does not offer of the operating system.</summary>
internal static partial class Libc
{
    internal const int SigKill = 9, SigTerm = 15, SigCont = 18, SigStop = 19;
    private const int NetworkNamespace = 0x40000000;

    /// <summary>False when there is no such process any more.</summary>
    internal static bool Signal(int pid, int signal) => Kill(pid, signal) == 0;

    /// <summary>Moves the calling thread, and nothing else of the process, into a network namespace.</summary>
    internal static void EnterNetwork(SafeHandle name)
    {
        if (SetNs(name, NetworkNamespace) != 0) throw new InvalidOperationException($"setns failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)] private static partial int Kill(int pid, int signal);
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)] private static partial int SetNs(SafeHandle name, int kind);
}
