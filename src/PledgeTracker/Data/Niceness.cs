using System.Runtime.InteropServices;

namespace PledgeTracker.Data;

/// <summary>
/// Threads that work long stretches give way to those that answer requests. .NET's own <see cref="Thread.Priority"/> does nothing on Linux,
/// where each thread has a niceness (setpriority(2)); elsewhere this does nothing.
/// </summary>
internal static partial class Niceness
{
    // A thirtieth of the weight of others: where they take all there is, writes go on slowly, but they do.
    private const int GivesWay = 15;

    /// <summary>For good: only a privileged process may take it back. Threads that are started from this one begin as nice as it is.</summary>
    public static void LowerThisThread()
    {
        if (OperatingSystem.IsLinux())
        {
            // It may fail, in a container that forbids it: then all have the same weight.
            _ = SetPriority(which: 0, who: 0, GivesWay);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
