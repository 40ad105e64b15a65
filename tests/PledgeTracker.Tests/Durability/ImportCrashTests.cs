using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using PledgeTracker.Tests.Db;
using PledgeTracker.Tests.Imports;

namespace PledgeTracker.Tests.Durability;

/// <summary>An import that was put aside is carried out to its end, whoever is killed meanwhile; one that was not is as if it had never been sent.</summary>
public sealed class ImportCrashTests : IAsyncLifetime
{
    private const int Rows = 1000;

    private readonly int _one = ChildProcess.FreePort();
    private readonly int _two = ChildProcess.FreePort();
    private readonly Served _served = new();

    public ValueTask InitializeAsync() => _served.CreateAsync();

    public ValueTask DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task Killed_while_it_applies_it_is_finished_at_the_next_start_as_if_nothing_had_been()
    {
        var server = await _served.StartAsync(_one, "--Database:Seed=coalition");
        using var editor = await ClientAsync(_one);
        var id = (await editor.ImportAsync("format=contributions", Sheet())).Body.Id();
        await UnderWayAsync(editor, id);
        await server.KillAsync();
        await _served.StartAsync(_one);
        await AssertDoneAsync(editor, id);
    }

    [Fact]
    public async Task Killed_while_it_is_read_nothing_of_it_stands_and_it_is_sent_again()
    {
        var server = await _served.StartAsync(_one, "--Database:Seed=coalition");
        using var editor = await ClientAsync(_one);
        var read = new TaskCompletionSource();
        using var half = new Half(Sheet(), read.Task);
        half.Headers.ContentType = new MediaTypeHeaderValue(Importing.Csv);
        var sending = editor.ImportAsync("format=contributions", half);
        await StagingAsync(editor);
        await server.KillAsync();
        read.SetResult();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        await _served.StartAsync(_one);
        Assert.Equal(0, await CountAsync(editor));
        await AssertDoneAsync(editor, (await editor.ImportAsync("format=contributions", Sheet())).Body.Id());
    }

    [Fact]
    public async Task Of_two_servers_on_one_database_the_other_finishes_what_the_killed_one_began()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "Servers that share a machine and a SQLite file end together: this is for PostgreSQL.");
        var server = await _served.StartAsync(_one, "--Database:Seed=coalition");
        await _served.StartAsync(_two);
        using var editor = await ClientAsync(_one);
        using var other = await ClientAsync(_two);
        var id = (await editor.ImportAsync("format=contributions", Sheet())).Body.Id();
        await UnderWayAsync(other, id);
        await server.KillAsync();
        await AssertDoneAsync(other, id);
    }

    [Fact]
    public async Task A_command_that_was_killed_is_run_again_and_each_row_stands_once()
    {
        await (await _served.StartAsync(_one, "--Database:Seed=coalition")).TerminateAsync();
        var folder = Directory.CreateTempSubdirectory("pledgetracker-");
        var file = Path.Combine(folder.FullName, "sheet.csv");
        await File.WriteAllBytesAsync(file, Sheet());
        string[] command = ["import", "--format", "contributions", file, "--Database:Connection", _served.Database.Connection];
        using (var killed = ChildProcess.Start(command))
        {
            for (var waited = Stopwatch.StartNew(); await RecordedAsync() == 0;)
            {
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2) && !killed.HasExited, "It was over before it could be killed: " + killed.Output + killed.Error);
                await Task.Delay(5);
            }

            await killed.KillAsync();
        }

        using var again = await ChildProcess.RunAsync(command);
        Assert.True(again.ExitCode == 0, again.Output + again.Error);
        Assert.Equal(Rows, await RecordedAsync());
        await _served.AssertWholeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_command_that_is_stopped_says_what_becomes_of_its_import()
    {
        await (await _served.StartAsync(_one, "--Database:Seed=coalition")).TerminateAsync();
        var folder = Directory.CreateTempSubdirectory("pledgetracker-");
        var file = Path.Combine(folder.FullName, "sheet.csv");
        await File.WriteAllBytesAsync(file, Sheet());
        string[] command = ["import", "--format", "contributions", file, "--Database:Connection", _served.Database.Connection];
        using var stopped = ChildProcess.Start(command);
        for (var waited = Stopwatch.StartNew(); await RecordedAsync() == 0;)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2) && !stopped.HasExited, "It was over before it could be stopped: " + stopped.Output + stopped.Error);
            await Task.Delay(5);
        }

        await stopped.TerminateAsync();
        Assert.Contains("is put aside", stopped.Error);
        using var next = await ChildProcess.RunAsync(command);
        Assert.True(next.ExitCode == 0, next.Output + next.Error);
        Assert.Equal(Rows, await RecordedAsync());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_breaks_off_is_told_as_that()
    {
        await (await _served.StartAsync(_one, "--Database:Seed=coalition")).TerminateAsync();
        var folder = Directory.CreateTempSubdirectory("pledgetracker-");
        var file = Path.Combine(folder.FullName, "sheet.csv.gz");
        using var missing = await ImportAsync();
        Assert.Equal(1, missing.ExitCode);
        Assert.StartsWith($"Could not find file '{file}'", missing.Error.Trim(), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file, Importing.Gzipped(Sheet())[..^9]);
        using var cut = await ImportAsync();
        Assert.Equal(1, cut.ExitCode);
        Assert.Contains("It is no gzip, or breaks off", cut.Error);
        Assert.Equal(0, await RecordedAsync());
        folder.Delete(recursive: true);

        Task<ChildProcess> ImportAsync() => ChildProcess.RunAsync("import", "--format", "contributions", file, "--Database:Connection", _served.Database.Connection);
    }

    private async Task<long> RecordedAsync()
    {
        await using var connection = await _served.Database.OpenAsync();
        return long.Parse(connection.Query<string>("SELECT CAST(count(*) AS text) FROM ledger_entry WHERE external_id LIKE 'row-%'").Single(), CultureInfo.InvariantCulture);
    }

    private static byte[] Sheet()
    {
        var sheet = new StringBuilder("donorId,fundId,stage,amount,currency,date,externalId\n");
        for (var i = 1; i <= Rows; i++)
        {
            sheet.Append(CultureInfo.InvariantCulture, $"deu,undp-ffs,payment,{i},USD,2026-01-15,row-{i}\n");
        }

        return Encoding.UTF8.GetBytes(sheet.ToString());
    }

    private async Task<HttpClient> ClientAsync(int port)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TestKeys.ByCommandAsync(_served.Database.Connection, "editor"));
        return client;
    }

    private static async Task UnderWayAsync(HttpClient client, string id)
    {
        for (var waited = Stopwatch.StartNew(); (await client.ReadAsync($"/v1/imports/{id}")).Body is var import && import.Count("created") == 0;)
        {
            Assert.Equal("applying", import.Text("state"));
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "Nothing of it is applied.");
            await Task.Delay(5);
        }
    }

    private static async Task StagingAsync(HttpClient client)
    {
        for (var waited = Stopwatch.StartNew(); (await client.ReadAsync("/v1/imports?state=staging")).Body.GetProperty("data").GetArrayLength() == 0;)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "It is not read.");
            await Task.Delay(5);
        }
    }

    private async Task AssertDoneAsync(HttpClient client, string id)
    {
        var import = await client.OverAsync(id);
        Assert.Equal(("done", Rows, 0), (import.Text("state"), import.Count("created"), import.Count("refused")));
        Assert.Equal(Rows, await CountAsync(client));
        await _served.AssertWholeAsync();
    }

    private static async Task<int> CountAsync(HttpClient client) => (await client.ReadAsync("/v1/contributions?donor=deu&from=2026-01-15&to=2026-01-15&count=true&limit=1")).Body.GetProperty("count").GetInt32();

    /// <summary>A body of which the second half waits.</summary>
    private sealed class Half(byte[] all, Task more) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(all.AsMemory(0, all.Length / 2));
            await stream.FlushAsync();
            await more;
            await stream.WriteAsync(all.AsMemory(all.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = all.Length;
            return true;
        }
    }
}
