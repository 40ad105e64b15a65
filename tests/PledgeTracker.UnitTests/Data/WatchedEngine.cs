using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PledgeTracker.Data;
using PledgeTracker.Imports;
using PledgeTracker.Words;
using SQLitePCL;

namespace PledgeTracker.UnitTests.Data;

/// <summary>
/// The engine of a server under test, and the queries that it is really sent to read from: SQLite and Npgsql both tell of them, nothing stands in between.
/// </summary>
internal sealed class WatchedEngine : Engine
{
    private readonly Engine _engine;
    private readonly ActivityListener _listener;
    private readonly ConcurrentDictionary<DbConnection, bool> _traced = [];
    private ConcurrentQueue<string> _sent = [];

    private WatchedEngine(Engine engine)
    {
        _engine = engine;
        var database = engine.Where.Split(' ')[0];
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = sent =>
            {
                if (Equals(sent.GetTagItem("db.namespace"), database) && sent.GetTagItem("db.query.text") is string sql)
                {
                    Note(sql);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public override string Name => _engine.Name;

    public override string Where => _engine.Where;

    public override string IndexText => _engine.IndexText;

    public override string IndexNote => _engine.IndexNote;

    internal override string? Announcement => _engine.Announcement;

    internal override int JobsInABatch => _engine.JobsInABatch;

    /// <summary>Puts itself in front of the engine of a server that is being built.</summary>
    public static void Watch(WebApplicationBuilder builder)
    {
        var engine = (Engine)builder.Services.Single(s => s.ServiceType == typeof(Engine)).ImplementationInstance!;
        builder.Services.AddSingleton<Engine>(new WatchedEngine(engine));
        // What the server looks for by itself answers nobody.
        builder.Services.AddSingleton(provider => new Applier(provider.GetRequiredService<Db>(), provider.GetRequiredService<ILogger<Applier>>(), TimeSpan.FromDays(1)));
    }

    /// <summary>The queries that are sent while this goes on, one after the other. Nothing else may be asked meanwhile.</summary>
    public async Task<List<string>> DuringAsync(Func<Task> reading)
    {
        var sent = new ConcurrentQueue<string>();
        Interlocked.Exchange(ref _sent, sent);
        await reading();
        Interlocked.Exchange(ref _sent, []);
        return [.. sent];
    }

    public override string AnyOf(string column, string list) => _engine.AnyOf(column, list);

    public override string PledgesWithWords(params IReadOnlyList<string> words) => _engine.PledgesWithWords(words);

    public override string EntriesWithWord(string word) => _engine.EntriesWithWord(word);

    public override Task ForgetWordsAsync(DbConnection sql) => _engine.ForgetWordsAsync(sql);

    public override async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _engine.DisposeAsync();
    }

    internal override async ValueTask<DbConnection> OpenAsync(Access access, CancellationToken cancellation)
    {
        var sql = await _engine.OpenAsync(access, cancellation);
        if (access == Access.Read && sql is SqliteConnection { Handle: { } handle } && _traced.TryAdd(sql, true))
        {
            raw.sqlite3_trace(handle, (_, statement) => Note(statement), null);
        }

        return sql;
    }

    internal override Task BeginAsync(DbConnection sql, Access access, CancellationToken cancellation) => _engine.BeginAsync(sql, access, cancellation);

    internal override Task ForgetAsync() => _engine.ForgetAsync();

    internal override ValueTask CloseAsync(DbConnection sql, Access access) => _engine.CloseAsync(sql, access);

    internal override Task<bool> IsMadeAsync(CancellationToken cancellation) => _engine.IsMadeAsync(cancellation);

    internal override Task CopyToAsync(string file, Func<Engine, Task> checkAsync, CancellationToken cancellation) => _engine.CopyToAsync(file, checkAsync, cancellation);

    internal override Task CopyFromAsync(string file, Func<Engine, Task> checkAsync, CancellationToken cancellation) => _engine.CopyFromAsync(file, checkAsync, cancellation);

    internal override Task<List<string>> IntegrityAsync(DbConnection sql) => _engine.IntegrityAsync(sql);

    internal override Refused? Explain(Exception fault) => _engine.Explain(fault);

    internal override bool IsLost(Exception fault) => _engine.IsLost(fault);

    internal override Task WithoutLimitAsync(DbConnection sql) => _engine.WithoutLimitAsync(sql);

    internal override bool LeavesOpen(Exception fault) => _engine.LeavesOpen(fault);

    internal override Task ListenAsync(Action ring, CancellationToken cancellation) => _engine.ListenAsync(ring, cancellation);

    private void Note(string sql)
    {
        if (sql.StartsWith("SELECT", StringComparison.Ordinal) || sql.StartsWith("WITH", StringComparison.Ordinal))
        {
            _sent.Enqueue(sql);
        }
    }
}
