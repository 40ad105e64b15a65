using System.Diagnostics;
using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

public sealed class DatabaseLockTests
{
    [Fact]
    public void A_lock_is_held_once_and_given_back()
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-");
        var database = new Database(Path.Combine(folder.FullName, "not yet there", "test.db"));
        using (var one = DatabaseLock.TryTake(database))
        {
            Assert.NotNull(one);
            Assert.Null(DatabaseLock.TryTake(database));
        }

        using (var again = DatabaseLock.TryTake(database))
        {
            Assert.NotNull(again);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_second_server_on_the_same_file_is_refused_and_the_first_serves_on()
    {
        await using var server = new Server();
        await server.InitializeAsync();
        Assert.Null(Program.Build([$"--Database:Path={server.DatabasePath}", "--Database:Seed=none", "--urls=http://127.0.0.1:0"]));
        await server.GetAsync("/v1/pledges");
        await server.StopAsync();
        await server.StartAsync();
        await server.GetAsync("/v1/pledges");
    }

    [Fact]
    public async Task A_second_process_on_the_same_file_says_why_it_does_not_start()
    {
        await using var server = new Server();
        await server.InitializeAsync();
        var executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "PledgeTracker.exe" : "PledgeTracker");
        using var process = Process.Start(new ProcessStartInfo(executable, [$"--Database:Path={server.DatabasePath}", "--urls=http://127.0.0.1:0"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"Another process serves {server.DatabasePath}", said, StringComparison.Ordinal);
        await server.GetAsync("/v1/pledges");
    }
}
