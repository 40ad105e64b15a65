using Spectre.Console;

namespace PledgeTracker;

/// <summary>How far a subcommand is, on the error stream.</summary>
internal static class Progress
{
    /// <summary>Shows on the error stream how far it is: what it does, how much of that is done, and of how much.</summary>
    public static Task<T> ShowAsync<T>(Func<Action<string, long, long>, Task<T>> work) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bars = new Dictionary<string, ProgressTask>();
                return await work((what, done, all) =>
                {
                    if (!bars.TryGetValue(what, out var bar))
                    {
                        bars.Add(what, bar = progress.AddTask(what));
                    }

                    (bar.MaxValue, bar.Value) = (Math.Max(all, 1), all == 0 ? 1 : done);
                });
            });
}
