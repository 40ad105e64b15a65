using System.Runtime.InteropServices;

namespace PledgeTracker.Data;

/// <summary>
/// What threads ask of Linux's scheduler: those that answer requests to run soon, those that work long stretches to give way to them.
/// </summary>
/// <remarks>
/// .NET's own <see cref="Thread.Priority"/> does nothing on Linux, where each thread has a niceness and, since 6.12, a slice (sched(7),
/// Documentation/scheduler/sched-eevdf.rst). Elsewhere, on older systems, and in a container that forbids it, all of this does nothing.
/// </remarks>
internal static unsafe partial class Scheduling
{
    // A thirtieth of the weight of threads that are not nice: where they take all there is, writes go on slowly, but they do.
    private const int Nicer = 15;

    // The shortest there is, in ns; finding one thing takes no longer, a page takes some of them. A thread that wakes up comes before one with a
    // longer slice, and before one that has used up its own, instead of after what that one has left of it: some ms.
    private const ulong ShortSlice = 100_000;

    private const ulong KeepPolicy = 8;

    /// <summary>For this thread and for those that will be started from it, and so on: the server's, when it is called before they are.</summary>
    public static void AnswerSoon() => SetSlice(ShortSlice);

    /// <summary>
    /// For this thread, for good: only a privileged process may take it back. Threads that are started from this one begin as nice as it is.
    /// </summary>
    public static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(which: 0, who: 0, Math.Min(19, GetPriority(which: 0, who: 0) + Nicer));
            SetSlice(0);
        }
    }

    /// <param name="slice">In ns; 0 is the system's own.</param>
    private static void SetSlice(ulong slice)
    {
        nint? setAttributes = !OperatingSystem.IsLinux() ? null : RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 314,
            Architecture.Arm64 => 274,
            _ => null,
        };
        if (setAttributes is { } number)
        {
            // The policy and the niceness stand in the same attributes and are to stay as whoever started the server chose them.
            var attributes = new Attributes { Size = (uint)sizeof(Attributes), Flags = KeepPolicy, Nice = GetPriority(which: 0, who: 0), Runtime = slice };
            _ = SystemCall(number, 0, &attributes, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, uint who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);

    // sched_setattr(2), for which the C library has no function of its own before glibc 2.41.
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint thread, Attributes* attributes, nint flags);

    // struct sched_attr in its first version.
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
