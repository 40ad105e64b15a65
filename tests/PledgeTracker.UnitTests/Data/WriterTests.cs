using Microsoft.Data.Sqlite;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Tests.Ledger;

namespace PledgeTracker.UnitTests.Data;

public sealed class WriterTests : IDisposable
{
    private const int Room = 8;

    private static readonly Actor Someone = new("local");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FixedClock _clock = new(new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly TestDatabase _database;
    private readonly ManualResetEventSlim _held = new();
    private readonly ManualResetEventSlim _release = new();

    public WriterTests()
    {
        _database = new TestDatabase(_clock, Room);
        _database.WriteAsync(write => write.Execute("CREATE TABLE mark (name TEXT NOT NULL UNIQUE, parent TEXT REFERENCES mark (name)) STRICT"))
            .GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _release.Set();
        _database.Dispose();
        _held.Dispose();
        _release.Dispose();
    }

    [Fact]
    public async Task What_a_job_returns_is_on_the_disk()
    {
        Assert.Equal(1, await MarkAsync("a"));
        Assert.Equal(1, Marks());
    }

    [Fact]
    public async Task A_failing_job_harms_no_other_of_its_batch()
    {
        var hold = Hold();
        var before = MarkAsync("before");
        var broken = _database.WriteAsync<int>(write =>
        {
            Mark(write, "broken");
            throw new InvalidOperationException("broken");
        });
        var forbidden = MarkAsync("before"); // the name is taken: SQLite refuses
        var after = MarkAsync("after");
        _release.Set();
        await Task.WhenAll(hold, before, after);
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => broken)).Message);
        Assert.Equal(19, (await Assert.ThrowsAsync<SqliteException>(() => forbidden)).SqliteErrorCode);
        Assert.Equal("after,before", _database.Committed<string>("SELECT group_concat(name ORDER BY name) FROM mark"));
    }

    [Fact]
    public async Task Jobs_that_are_run_again_because_another_failed_leave_one_record_and_one_announcement_each()
    {
        var (runs, announced) = (0, 0);
        var hold = Hold();
        var good = _database.WriteAsync(write =>
        {
            runs++;
            write.OnCommit(() => announced++);
            Mark(write, "good");
            return Append(write, "good");
        });
        var broken = _database.WriteAsync<int>(_ => throw new InvalidOperationException("broken"));
        var refused = _database.WriteAsync(write =>
        {
            Mark(write, "refused");
            write.Refuse();
            return 0;
        });
        _release.Set();
        await Task.WhenAll(hold, refused);
        Assert.Equal(1, await good);
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);
        Assert.Equal((2, 1), (runs, announced));
        Assert.Equal("good", _database.Committed<string>("SELECT group_concat(name) FROM mark"));
        Assert.Equal(1, _database.Committed<long>("SELECT count(*) FROM change"));
    }

    [Fact]
    public async Task A_refused_job_leaves_no_trace_and_gives_its_sequence_back()
    {
        var hold = Hold();
        var first = ChangeAsync("first");
        var refused = _database.WriteAsync(write =>
        {
            Mark(write, "refused");
            var sequence = Append(write, "refused");
            Append(write, "refused again");
            write.OnCommit(() => Assert.Fail("A refused job was announced."));
            write.Refuse();
            return sequence;
        });
        var broken = _database.WriteAsync<long>(write =>
        {
            Append(write, "broken");
            throw new InvalidOperationException("broken");
        });
        var second = ChangeAsync("second");
        _release.Set();
        await hold;
        Assert.Equal((1, 2), (await first, await refused));
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);
        Assert.Equal(2, await second);
        Assert.Equal((2, 2), (_database.Version.Value, _database.Committed<long>("SELECT count(*) FROM change")));
        Assert.Equal(0, Marks());
        Assert.Equal(3, await ChangeAsync("third"));
        using var connection = _database.Database.OpenForReading();
        Chain.Check(connection);
    }

    [Fact]
    public async Task Jobs_that_wait_together_share_a_transaction_and_none_is_answered_before_its_commit()
    {
        var hold = Hold();
        var announced = new List<(long Committed, bool Answered)>();
        Task<int>? one = null;
        one = _database.WriteAsync(write =>
        {
            write.OnCommit(() => announced.Add((Marks(), one!.IsCompleted)));
            return Mark(write, "one");
        });
        var other = _database.WriteAsync(write => (Mine: write.First<long>("SELECT count(*) FROM mark"), Others: Marks(), Answered: one.IsCompleted));
        _release.Set();
        await hold;
        // The second job sees what the first wrote; nobody else does, and the first has not been answered.
        Assert.Equal((1, 0, false), await other);
        Assert.Equal(1, await one);
        // When the news goes out it is committed, and still nobody was answered.
        Assert.Equal([(1, false)], announced);
    }

    [Fact]
    public async Task Whoever_is_answered_finds_his_write_from_any_other_connection()
    {
        using var reader = _database.Database.OpenForReading();
        var seen = await Task.WhenAll(Enumerable.Range(0, Room).Select(async i =>
        {
            await MarkAsync($"mark {i}");
            using var session = new Session(_database.Database.OpenForReading());
            return session.First<long>("SELECT count(*) FROM mark WHERE name = @name", ("@name", $"mark {i}"));
        }));
        Assert.All(seen, found => Assert.Equal(1, found));
    }

    [Fact]
    public async Task A_full_queue_answers_at_once_and_loses_nothing_it_took()
    {
        var hold = Hold();
        var taken = Enumerable.Range(0, Room).Select(i => MarkAsync($"mark {i}")).ToArray();
        Assert.Throws<WriterBusyException>(() => { _ = MarkAsync("one too many"); });
        Assert.All(taken, job => Assert.False(job.IsCompleted));
        _release.Set();
        await hold;
        await Task.WhenAll(taken);
        Assert.Equal(Room, Marks());
        Assert.Equal(1, await MarkAsync("there is room again"));
    }

    [Fact]
    public async Task Shutdown_finishes_what_was_taken_and_takes_no_more()
    {
        var hold = Hold();
        var taken = Enumerable.Range(0, 3).Select(i => MarkAsync($"mark {i}")).ToList();
        var shutdown = Task.Run(_database.Writer.Dispose, TestContext.Current.CancellationToken);
        // Until the queue is closed it takes jobs, and what it takes it must finish; the held writer keeps it from emptying.
        try
        {
            while (taken.Count < Room)
            {
                taken.Add(MarkAsync($"mark {taken.Count}"));
                await Task.Yield();
            }
        }
        catch (WriterBusyException)
        {
            // Closed: which is what was waited for.
        }

        Assert.False(shutdown.IsCompleted);
        _release.Set();
        await shutdown.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await Task.WhenAll([hold, .. taken]);
        Assert.Throws<WriterBusyException>(() => { _ = MarkAsync("too late"); });
        Assert.Equal(taken.Count, Marks());
    }

    [Fact]
    public async Task A_commit_that_fails_fails_every_job_of_its_batch_and_takes_back_what_was_in_memory()
    {
        Assert.Equal(1, await ChangeAsync("before"));
        var hold = Hold();
        var good = ChangeAsync("good");
        var refused = _database.WriteAsync(write =>
        {
            Append(write, "refused");
            write.Refuse();
            return 0L;
        });
        var orphan = _database.WriteAsync(write =>
        {
            // Checked at COMMIT, where the whole batch has been done.
            write.Execute("PRAGMA defer_foreign_keys = ON");
            write.Execute("INSERT INTO mark (name, parent) VALUES ('orphan', 'nobody')");
            return Append(write, "orphan");
        });
        var later = ChangeAsync("later");
        _release.Set();
        foreach (var job in (Task[])[hold, good, refused, orphan, later])
        {
            // The job that held the writer was a batch of its own.
            if (job == hold)
            {
                await job;
                continue;
            }

            var fault = await Assert.ThrowsAsync<SqliteException>(() => job);
            Assert.Contains("FOREIGN KEY", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal((0, 1, 1), (Marks(), _database.Version.Value, _database.Committed<long>("SELECT count(*) FROM change")));
        Assert.Equal(2, await ChangeAsync("after"));
        using var connection = _database.Database.OpenForReading();
        Chain.Check(connection);
    }

    [Fact]
    public async Task A_job_that_ends_the_transaction_fails_its_batch_and_not_the_writer()
    {
        var hold = Hold();
        var good = ChangeAsync("good");
        var rude = _database.WriteAsync(write => write.Execute("ROLLBACK"));
        var unlucky = ChangeAsync("unlucky");
        _release.Set();
        await hold;
        foreach (var job in (Task[])[good, rude, unlucky])
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => job);
        }

        Assert.Equal(1, await ChangeAsync("after"));
        Assert.Equal(1, _database.Committed<long>("SELECT count(*) FROM change"));
    }

    [Fact]
    public async Task What_fails_after_the_commit_does_not_stop_the_writer()
    {
        var written = await _database.WriteAsync(write =>
        {
            write.OnCommit(() => throw new InvalidOperationException("The news could not be told."));
            return Mark(write, "kept");
        });
        // It is on the disk, so it is acknowledged: to say otherwise would have the caller write it twice.
        Assert.Equal(1, written);
        Assert.Equal(1, await MarkAsync("next"));
        Assert.Equal(2, Marks());
    }

    [Fact]
    public async Task A_job_whose_caller_left_before_its_turn_is_not_done()
    {
        using var leaving = new CancellationTokenSource();
        var hold = Hold();
        var left = _database.Writer.WriteAsync(write => Mark(write, "left"), leaving.Token);
        var stayed = MarkAsync("stayed");
        await leaving.CancelAsync();
        _release.Set();
        await Task.WhenAll(hold, stayed);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal("stayed", _database.Committed<string>("SELECT group_concat(name) FROM mark"));
    }

    [Fact]
    public async Task The_times_of_changes_never_run_backwards()
    {
        var noon = _clock.Now;
        var first = await _database.WriteAsync(write => write.At);
        _clock.Now = noon.AddHours(-1);
        var second = await _database.WriteAsync(write => write.At);
        _clock.Now = noon.AddMilliseconds(1.9);
        var third = await _database.WriteAsync(write => write.At);
        Assert.Equal([noon, noon, noon.AddMilliseconds(1)], [first, second, third]);
    }

    [Fact]
    public async Task What_a_job_undoes_is_undone_in_reverse()
    {
        var undone = new List<int>();
        await _database.WriteAsync(write =>
        {
            write.OnUndo(() => undone.Add(1));
            write.OnUndo(() => undone.Add(2));
            write.Refuse();
            return 0;
        });
        await _database.WriteAsync(write =>
        {
            write.OnUndo(() => undone.Add(3));
            return 0;
        });
        Assert.Equal([2, 1], undone);
    }

    [Fact]
    public async Task REPLACE_does_not_delete_behind_the_back_of_the_trigger_that_forbids_it()
    {
        await ChangeAsync("first");
        var fault = await Assert.ThrowsAsync<SqliteException>(() => _database.WriteAsync(write => write.Execute(
            "INSERT OR REPLACE INTO change SELECT seq, at, 'x', entity, entity_id, pledge_id, body, hash FROM change WHERE seq = 1")));
        Assert.Contains("append-only", fault.Message, StringComparison.Ordinal);
    }

    // Keeps the writer busy until the test releases it, so that what is asked for meanwhile waits together.
    private Task<int> Hold()
    {
        var hold = _database.WriteAsync(_ =>
        {
            _held.Set();
            return _release.Wait(Patience) ? 0 : throw new TimeoutException("The test did not release the writer.");
        });
        Assert.True(_held.Wait(Patience));
        return hold;
    }

    private static int Mark(Write write, string name) => write.Execute("INSERT INTO mark (name) VALUES (@name)", ("@name", name));

    private Task<int> MarkAsync(string name) => _database.WriteAsync(write => Mark(write, name));

    private long Marks() => _database.Committed<long>("SELECT count(*) FROM mark");

    private long Append(Write write, string what) => _database.Log.Append(write, Someone, "noted", "mark", what, new { what });

    private Task<long> ChangeAsync(string what) => _database.WriteAsync(write => Append(write, what));
}
