using System.Globalization;
using System.Text.RegularExpressions;
using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

/// <summary>What Linux says of a thread (proc(5)). Each test has threads of its own, which go with it.</summary>
public sealed partial class SchedulingTests
{
    [Fact]
    public void A_thread_that_gives_way_is_nicer_and_has_the_usual_slice()
    {
        var (before, after) = (default(Standing), default(Standing));
        OnItsOwnThread(() =>
        {
            before = Standing.OfThisThread();
            Scheduling.AnswerSoon();
            Scheduling.GiveWay();
            after = Standing.OfThisThread();
        });
        Assert.Equal(Math.Min(19, before.Niceness + 15), after.Niceness);
        Assert.True(after.Slice > 100_000, $"{after.Slice} ns");
    }

    [Fact]
    public void The_server_s_threads_ask_for_the_shortest_slice_and_are_as_nice_as_before()
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
        var (before, after, started) = (default(Standing), default(Standing), default(Standing));
        OnItsOwnThread(() =>
        {
            before = Standing.OfThisThread();
            using (Program.Build([$"--Database:Path={Path.Combine(folder, "test.db")}", "--Database:Seed=none", "--urls=http://127.0.0.1:0"]) as IDisposable)
            {
                after = Standing.OfThisThread();
                OnItsOwnThread(() => started = Standing.OfThisThread());
            }
        });
        Directory.Delete(folder, recursive: true);
        Assert.Equal((before.Niceness, 100_000), (after.Niceness, after.Slice));
        Assert.Equal(after, started);
    }

    private static void OnItsOwnThread(Action action)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(6, 12) && File.Exists(Standing.Scheduler),
            "Only Linux from 6.12 on has slices that a thread can ask for, and not every one shows them.");
        Exception? fault = null;
        var thread = new Thread(() => fault = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(fault);
    }

    /// <param name="Niceness">From -20 to 19.</param>
    /// <param name="Slice">In ns.</param>
    private readonly partial record struct Standing(int Niceness, long Slice)
    {
        public const string Scheduler = "/proc/thread-self/sched";

        public static Standing OfThisThread()
        {
            // After the name, which stands in brackets, the niceness is the seventeenth.
            var fields = File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ');
            return new(int.Parse(fields[16], CultureInfo.InvariantCulture),
                long.Parse(SliceLine().Match(File.ReadAllText(Scheduler)).Groups[1].Value, CultureInfo.InvariantCulture));
        }

        [GeneratedRegex(@"^se\.slice\s*:\s*(\d+)", RegexOptions.Multiline)]
        private static partial Regex SliceLine();
    }
}
