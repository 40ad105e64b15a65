using Microsoft.Data.Sqlite;
using PledgeTracker.Changes;
using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

public sealed class ReadersTests : IDisposable
{
    private const string Endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i < @below";
    private const int Interrupted = 9;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task A_snapshot_does_not_see_what_is_written_after_it()
    {
        using var readers = new Readers(_database.Database, 2, Long);
        await NoteAsync();
        using var before = await OpenAsync(readers);
        await NoteAsync();
        using var after = await OpenAsync(readers);
        Assert.Equal((1, 1), (before.Version, before.First<long>("SELECT count(*) FROM change")));
        Assert.Equal((2, 2), (after.Version, after.First<long>("SELECT count(*) FROM change")));
    }

    [Fact]
    public async Task A_reader_that_is_handed_back_shows_the_next_borrower_what_is_there_now()
    {
        using var readers = new Readers(_database.Database, 1, Long);
        for (var i = 0; i < 3; i++)
        {
            using (var snapshot = await OpenAsync(readers))
            {
                Assert.Equal(i, snapshot.Version);
            }

            await NoteAsync();
        }
    }

    [Fact]
    public async Task The_log_starts_anew_although_every_reader_has_looked_at_it()
    {
        await _database.WriteAsync(write => write.Execute("CREATE TABLE bulk (bytes BLOB)"));
        using var readers = new Readers(_database.Database, 3, Long);
        var largest = 0L;
        for (var i = 0; i < 60; i++)
        {
            // Some three thousand pages each time; the log comes to an end after thirty-two thousand.
            await _database.WriteAsync(write => write.Execute("INSERT INTO bulk (bytes) VALUES (zeroblob(12000000))"));
            for (var reader = 0; reader < 3; reader++)
            {
                using var snapshot = await OpenAsync(readers);
                Assert.Equal(i + 1, snapshot.First<long>("SELECT count(*) FROM bulk"));
            }

            await _database.WriteAsync(write => write.Execute("UPDATE bulk SET bytes = NULL"));
            largest = Math.Max(largest, new FileInfo(_database.Database.Path + "-wal").Length);
        }

        // All that was written is 720 MB.
        Assert.InRange(largest, 12_000_000, 340_000_000);
    }

    [Fact]
    public async Task The_log_starts_anew_although_reads_overlap_all_the_time()
    {
        await _database.WriteAsync(write => write.Execute("CREATE TABLE bulk (bytes BLOB)"));
        using var readers = new Readers(_database.Database, 3, Long);
        using var enough = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                using var snapshot = await OpenAsync(readers);
                snapshot.First<long>("SELECT sum(length(bytes)) FROM bulk");
            }
        })).ToArray();
        var largest = 0L;
        for (var i = 0; i < 40; i++)
        {
            await _database.WriteAsync(write => write.Execute("INSERT INTO bulk (bytes) VALUES (zeroblob(12000000))"));
            await _database.WriteAsync(write => write.Execute("UPDATE bulk SET bytes = NULL"));
            largest = Math.Max(largest, new FileInfo(_database.Database.Path + "-wal").Length);
        }

        await enough.CancelAsync();
        await Task.WhenAll(reading);
        // All that was written is 480 MB and more; at 256 MiB the writer waits for those who look.
        Assert.InRange(largest, 12_000_000, 340_000_000);
    }

    [Fact]
    public async Task A_row_that_is_remembered_is_that_of_the_view_it_is_asked_of()
    {
        const string Sql = "SELECT max(title_en) AS name FROM source WHERE id = @key";
        using var readers = new Readers(_database.Database, 2, Long);
        using var early = await OpenAsync(readers);
        Assert.Null(early.Remembered<Mark>(Sql, "a")!.Name);
        await _database.WriteAsync(write => write.Execute(
            "INSERT INTO source (id, title_en, language, published_on, reliability, search, version) VALUES ('a', 'title 0', 'en', '2026-01-01', 'primary', '', 1)"));
        for (var i = 1; i <= 3; i++)
        {
            await NoteAsync();
            await _database.WriteAsync(write => write.Execute("UPDATE source SET title_en = @title WHERE id = 'a'", ("@title", $"title {i}")));
            await NoteAsync();
            using var late = await OpenAsync(readers);
            Assert.Equal($"title {i}", late.Remembered<Mark>(Sql, "a")!.Name);
            Assert.Equal($"title {i}", late.Remembered<Mark>(Sql, "a")!.Name);
            Assert.Null(early.Remembered<Mark>(Sql, "a")!.Name);
        }
    }

    [Fact]
    public async Task A_row_that_is_remembered_is_not_looked_up_again_while_only_the_ledger_is_written()
    {
        const string Sql = "SELECT max(title_en) AS name FROM source WHERE id = @key";
        using var readers = new Readers(_database.Database, 2, Long);
        var lookups = 0;
        readers.Observe(sql => lookups += sql == Sql ? 1 : 0);
        for (var i = 0; i < 3; i++)
        {
            await NoteAsync();
            using var snapshot = await OpenAsync(readers);
            Assert.Equal(i + 1, snapshot.Version);
            Assert.Null(snapshot.Remembered<Mark>(Sql, "a")!.Name);
        }

        Assert.Equal(1, lookups);
    }

    [Fact]
    public async Task When_too_many_rows_are_remembered_the_next_reader_begins_again()
    {
        const string Sql = "SELECT @key AS name FROM reference_data";
        using var readers = new Readers(_database.Database, 1, Long);
        var lookups = 0;
        readers.Observe(sql => lookups += sql == Sql ? 1 : 0);
        for (var i = 0; i < 20_000; i++)
        {
            using var snapshot = await OpenAsync(readers);
            Assert.Equal($"row {i}", snapshot.Remembered<Mark>(Sql, $"row {i}")!.Name);
        }

        Assert.Equal(20_000, lookups);
        using var last = await OpenAsync(readers);
        last.Remembered<Mark>(Sql, "row 19999");
        Assert.Equal(20_000, lookups);
        last.Remembered<Mark>(Sql, "row 0");
        Assert.Equal(20_001, lookups);
    }

    [Fact]
    public async Task A_query_past_its_deadline_is_broken_off_and_the_next_borrower_is_served()
    {
        using var readers = new Readers(_database.Database, 1, Short);
        using (var snapshot = await OpenAsync(readers))
        {
            var fault = Assert.Throws<SqliteException>(() => snapshot.First<long>(Endless, ("@below", 0)));
            Assert.Equal(Interrupted, fault.SqliteErrorCode);
        }

        // The set has one reader, so this is the same connection.
        await NoteAsync();
        using var next = await OpenAsync(readers);
        Assert.Equal((1, 1), (next.Version, next.First<long>("SELECT count(*) FROM change")));
        Assert.Equal(Interrupted, Assert.Throws<SqliteException>(() => next.Query<long>(Endless, ("@below", 0))).SqliteErrorCode);
    }

    [Fact]
    public async Task A_snapshot_is_as_good_after_a_broken_query_as_its_deadline_lets_it_be()
    {
        using var readers = new Readers(_database.Database, 1, Short);
        using var snapshot = await OpenAsync(readers);
        Assert.Throws<SqliteException>(() => snapshot.First<long>(Endless, ("@below", 0)));
        await NoteAsync();
        Assert.Equal(0, snapshot.First<long>("SELECT count(*) FROM change"));
    }

    [Fact]
    public async Task More_borrowers_than_readers_wait_their_turn()
    {
        using var readers = new Readers(_database.Database, 2, Long);
        var (one, two) = (await OpenAsync(readers), await OpenAsync(readers));
        var (third, fourth) = (OpenAsync(readers).AsTask(), OpenAsync(readers).AsTask());
        Assert.False(third.IsCompleted || fourth.IsCompleted);
        two.Dispose();
        using (await third)
        {
            Assert.False(fourth.IsCompleted);
            one.Dispose();
            using (await fourth)
            {
            }
        }
    }

    [Fact]
    public async Task Many_borrowers_of_few_readers_are_all_served_one_at_a_time()
    {
        using var readers = new Readers(_database.Database, 2, Long);
        var borrowed = 0;
        var most = 0;
        var served = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            using var snapshot = await OpenAsync(readers);
            var now = Interlocked.Increment(ref borrowed);
            InterlockedMax(ref most, now);
            var one = snapshot.First<long>("SELECT 1");
            Interlocked.Decrement(ref borrowed);
            return one;
        }, TestContext.Current.CancellationToken)));
        Assert.Equal(200, served.Sum());
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Whoever_waits_too_long_for_a_reader_is_told()
    {
        using var readers = new Readers(_database.Database, 1, Short);
        using var snapshot = await OpenAsync(readers);
        await Assert.ThrowsAsync<TimeoutException>(async () => (await OpenAsync(readers)).Dispose());
    }

    [Fact]
    public async Task Whoever_stops_waiting_takes_no_reader_with_him()
    {
        using var readers = new Readers(_database.Database, 1, Long);
        using var leaving = new CancellationTokenSource();
        var one = await OpenAsync(readers);
        var left = readers.OpenAsync(leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        one.Dispose();
        (await OpenAsync(readers)).Dispose();
    }

    [Fact]
    public async Task A_snapshot_handed_back_twice_is_one_reader()
    {
        using var readers = new Readers(_database.Database, 1, Long);
        var one = await OpenAsync(readers);
        one.Dispose();
        one.Dispose();
        using var two = await OpenAsync(readers);
        var third = OpenAsync(readers).AsTask();
        Assert.False(third.IsCompleted);
        two.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        using var readers = new Readers(_database.Database, 1, Long);
        using var snapshot = await OpenAsync(readers);
        Assert.Throws<SqliteException>(() => snapshot.Query<long>("INSERT INTO schema_migration (name, sha256, applied_at) VALUES ('x', 'x', 'x') RETURNING 1"));
    }

    private static ValueTask<Snapshot> OpenAsync(Readers readers) => readers.OpenAsync(TestContext.Current.CancellationToken);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private Task<long> NoteAsync() =>
        _database.WriteAsync(write => _database.Log.Append(write, new Actor("local"), "noted", "mark", "mark", null));

    private sealed record Mark
    {
        public string? Name { get; init; }
    }
}
