using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using PledgeTracker.Data;
using PledgeTracker.Ledger;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Data;

/// <summary>The queue of writes and the moments of reads, on a SQLite file.</summary>
public sealed class DbTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private Engine _engine = null!;
    private Db _db = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = Engine.Of($"Data Source={Path.Combine(_folder, "db.db")}");
        await Migrations.ApplyAsync(_engine, TimeProvider.System);
        _db = new Db(_engine, null, TimeProvider.System, Ids.Standard, NullLogger<Db>.Instance, capacity: 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_full_queue_is_busy_and_those_that_wait_are_carried_out()
    {
        var held = await HoldAsync();
        var waiting = new[] { WriteAsync("a"), WriteAsync("b") };
        var refused = await Assert.ThrowsAsync<Refused>(() => WriteAsync("too-many"));
        Assert.Equal("busy", refused.Code);
        held.Release.SetResult();
        await Task.WhenAll([held.Done, .. waiting]);
        Assert.Equal(["a", "b"], await KeptAsync());
    }

    [Fact]
    public async Task A_job_that_throws_leaves_nothing_and_the_others_of_its_transaction_stay()
    {
        var held = await HoldAsync();
        var throws = _db.WriteAsync<bool>(Caller.Local, async write =>
        {
            await InsertAsync(write, "of-the-failed");
            throw new InvalidOperationException("It fails after it wrote.");
        });
        var beside = WriteAsync("beside");
        held.Release.SetResult();
        await held.Done;
        Assert.Equal("It fails after it wrote.", (await Assert.ThrowsAsync<InvalidOperationException>(() => throws)).Message);
        await beside;
        Assert.Equal(["beside"], await KeptAsync());
    }

    [Fact]
    public async Task A_cancelled_job_that_has_not_begun_is_not_begun_and_one_that_has_is_finished()
    {
        using var patience = new CancellationTokenSource();
        var held = await HoldAsync(patience.Token);
        var begun = false;
        var cancelled = _db.WriteAsync(Caller.Local, _ => Task.FromResult(begun = true), patience.Token);
        await patience.CancelAsync();
        held.Release.SetResult();
        await held.Done;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(begun);
    }

    [Fact]
    public async Task To_end_is_to_finish_what_waits_and_to_take_no_more()
    {
        var held = await HoldAsync();
        var waiting = WriteAsync("waiting");
        var ending = _db.DisposeAsync().AsTask();
        Assert.Equal("busy", (await Assert.ThrowsAsync<Refused>(() => WriteAsync("late"))).Code);
        Assert.False(ending.IsCompleted);
        held.Release.SetResult();
        await ending;
        await waiting;
        await InitializeAsync();
        Assert.Equal(["waiting"], await KeptAsync());
    }

    [Fact]
    public async Task No_change_is_replaced_amended_or_deleted_on_the_connection_that_writes()
    {
        await _db.WriteAsync(Caller.Local, write => ChangeLog.AppendAsync(write, "created", "fund", "f", new { }));
        string[] attempts =
        [
            "INSERT OR REPLACE INTO change (seq, at, actor, entity, entity_id, pledge_id, body, hash) SELECT seq, at, 'somebody else', entity, entity_id, pledge_id, body, hash FROM change",
            "REPLACE INTO change (seq, at, actor, entity, entity_id, pledge_id, body, hash) SELECT seq, at, 'somebody else', entity, entity_id, pledge_id, body, hash FROM change",
            "UPDATE change SET actor = 'somebody else'",
            "UPDATE OR REPLACE change SET actor = 'somebody else'",
            "DELETE FROM change",
        ];
        foreach (var attempt in attempts)
        {
            var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => _db.WriteAsync(Caller.Local, write => write.Sql.ExecuteAsync(attempt)));
            Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        }

        await using var view = await _db.ReadAsync(default);
        Assert.Equal(["local"], await view.Sql.QueryAsync<string>("SELECT actor FROM change"));
    }

    [Fact]
    public async Task A_connection_that_reads_cannot_write()
    {
        await using var view = await _db.ReadAsync(default);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => view.Sql.ExecuteAsync("INSERT INTO organization (id, name_en, type, search, version) VALUES ('x', 'X', '10', 'x', 0)"));
    }

    [Fact]
    public async Task A_read_is_broken_off_by_its_deadline_and_the_next_on_its_connection_has_its_own()
    {
        const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        var sql = await _engine.OpenAsync(Access.Read, default);
        await _engine.BeginAsync(sql, Access.Read, default);
        ((KeepingConnection)sql).GiveTime(TimeSpan.FromMilliseconds(50));
        var late = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => sql.ExecuteScalarAsync<long>(Endless));
        Assert.Equal("query_timeout", _engine.Explain(late)!.Code);
        await _engine.CloseAsync(sql, Access.Read);

        await using var view = await _db.ReadAsync(default);
        Assert.Same(sql, view.Sql);
        Assert.Equal(500_000, await view.Sql.ExecuteScalarAsync<long>("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500000) SELECT count(*) FROM n"));
    }

    [Fact]
    public async Task A_view_keeps_its_moment_beside_a_write()
    {
        await using var view = await _db.ReadAsync(default);
        await _db.WriteAsync(Caller.Local, write => ChangeLog.AppendAsync(write, "created", "fund", "f", new { }));
        Assert.Equal(0, await view.Sql.ExecuteScalarAsync<long>("SELECT count(*) FROM change"));
        await using var later = await _db.ReadAsync(default);
        Assert.Equal((1, 1), (later.Head.Sequence, await later.Sql.ExecuteScalarAsync<long>("SELECT count(*) FROM change")));
    }

    /// <summary>A write that has begun and ends when it is told to: whatever is sent meanwhile waits.</summary>
    private async Task<(TaskCompletionSource Release, Task Done)> HoldAsync(CancellationToken cancellation = default)
    {
        var (begun, release) = (NewSignal(), NewSignal());
        var done = _db.WriteAsync(Caller.Local, async _ =>
        {
            begun.SetResult();
            await release.Task;
            return true;
        }, cancellation);
        await begun.Task;
        return (release, done);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task<bool> WriteAsync(string id) => _db.WriteAsync(Caller.Local, async write =>
    {
        await InsertAsync(write, id);
        return true;
    });

    private static Task<int> InsertAsync(Write write, string id) =>
        write.Sql.ExecuteAsync("INSERT INTO organization (id, name_en, type, search, version) VALUES (@id, @id, '10', @id, 0)", new { id });

    private async Task<IEnumerable<string>> KeptAsync()
    {
        await using var view = await _db.ReadAsync(default);
        return await view.Sql.QueryAsync<string>("SELECT id FROM organization ORDER BY id");
    }
}
