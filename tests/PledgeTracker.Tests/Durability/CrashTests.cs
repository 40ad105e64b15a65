using System.Diagnostics;
using System.Globalization;

namespace PledgeTracker.Tests.Durability;

/// <summary>
/// Many clients record contributions while the server is killed and started again, and retry whatever they got no answer to.
/// What CI runs is short. The long one is the same test, sized by the environment:
/// <c>PLEDGETRACKER_CRASH_CLIENTS=200 PLEDGETRACKER_CRASH_KILLS=20 PLEDGETRACKER_CRASH_SECONDS=180 dotnet test --filter-class "*CrashTests"</c>.
/// </summary>
public sealed class CrashTests : IAsyncLifetime
{
    private readonly int _clients = Setting("CLIENTS", 40);
    private readonly int _kills = Setting("KILLS", 3);
    private readonly TimeSpan _time = TimeSpan.FromSeconds(Setting("SECONDS", 6));
    private readonly Served _served = new();

    public ValueTask InitializeAsync() => _served.CreateAsync();

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task Whatever_was_acknowledged_survives_the_kills_and_no_retry_doubles()
    {
        var port = ChildProcess.FreePort();
        var server = await _served.StartAsync(port, "--Database:Seed=coalition");
        using var clients = await _served.ClientsAsync(port);
        var before = await clients.CountAsync();
        var running = Stopwatch.StartNew();
        using var enough = new CancellationTokenSource();
        var recording = clients.RunAsync(_clients, int.MaxValue, enough.Token);
        for (var kill = 1; kill <= _kills; kill++)
        {
            // At any moment: under load, between two writes, or while the server still starts.
            await Task.WhenAny(Task.Delay(_time * (Random.Shared.NextDouble() * 2 / (_kills + 1))), recording);
            await server.KillAsync();
            server = _served.Start(port);
        }

        await server.ReadyAsync(port);
        var left = _time - running.Elapsed;
        await Task.Delay(left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
        await clients.EndAsync(enough, recording);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clients} clients, {_kills} kills, {running.Elapsed.TotalSeconds:0} s: {clients}"));
        // Each client ends with an answer to the last thing it sent, so every key is acknowledged.
        Assert.True(clients.All.Count >= _clients && clients.Count("refused") + clients.Count("lost") > 0 && clients.Count("replayed") > 0, "The clients met no crash: the test shows nothing.");
        await clients.AssertEachIsThereOnceAsync();
        Assert.Equal(clients.All.Count, await clients.CountAsync() - before);
        await server.TerminateAsync();
        await _served.AssertWholeAsync();
    }

    internal static int Setting(string name, int standard) =>
        Environment.GetEnvironmentVariable("PLEDGETRACKER_CRASH_" + name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
