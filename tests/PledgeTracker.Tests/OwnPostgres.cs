using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PledgeTracker.Tests;

/// <summary>A PostgreSQL server of a test's own, which it may stop: <c>tests/postgres</c> starts it.</summary>
public sealed partial class OwnPostgres : IAsyncDisposable
{
    private readonly string _folder;

    private OwnPostgres(string connection, string folder) => (Connection, _folder) = (connection, folder);

    public string Connection { get; }

    public static async Task<OwnPostgres> StartAsync()
    {
        var started = Started().Match(await RunAsync("start"));
        Assert.True(started.Success);
        return new(started.Groups["connection"].Value, started.Groups["folder"].Value);
    }

    /// <summary>Stops it at once: every connection breaks, and what was committed is recovered when it starts.</summary>
    public Task HaltAsync() => RunAsync("halt", _folder);

    public Task ResumeAsync() => RunAsync("resume", _folder);

    public async ValueTask DisposeAsync() => await RunAsync("stop", _folder);

    private static async Task<string> RunAsync(params string[] args)
    {
        using var script = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "tests", "postgres"), args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await script.WaitForExitAsync(patience.Token);
        Assert.True(script.ExitCode == 0, await error);
        return await output;
    }

    [GeneratedRegex(@"PLEDGETRACKER_TEST_POSTGRES='(?<connection>[^']+)' PLEDGETRACKER_TEST_POSTGRES_FOLDER='(?<folder>[^']+)'", RegexOptions.NonBacktracking)]
    private static partial Regex Started();
}
