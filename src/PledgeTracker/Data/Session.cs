using System.Data.Common;
using System.Diagnostics;
using Dapper;

namespace PledgeTracker.Data;

/// <summary>What SQL is sent on, with Dapper.</summary>
public abstract class Session(Engine engine, DbConnection sql, DateTimeOffset at)
{
    /// <summary>For Dapper. Of no use after the view is disposed or the write has ended.</summary>
    public DbConnection Sql => sql;

    /// <summary>For the few words of SQL in which the engines differ.</summary>
    public Engine Engine => engine;

    /// <summary>When it is looked at or written: a write to the millisecond, and never earlier than the write before it.</summary>
    public DateTimeOffset At => at;
}

/// <summary>What a read sees: one moment.</summary>
public sealed class View : Session, IAsyncDisposable
{
    private readonly Access _access;
    private readonly long _begun;
    private readonly Activity? _span = Measures.Spans.StartActivity("read");

    private View(Engine engine, DbConnection sql, Access access, DateTimeOffset at, Head head, long begun)
        : base(engine, sql, at) => (_access, Head, _begun) = (access, head, begun);

    /// <summary>The last change that it shows.</summary>
    public Head Head { get; }

    /// <param name="access">To read, or to read for long.</param>
    /// <param name="clock">Tells when.</param>
    internal static async Task<View> OpenAsync(Engine engine, Access access, TimeProvider clock, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var sql = await engine.OpenAsync(access, cancellation);
        try
        {
            await engine.BeginAsync(sql, access, cancellation);
            return new View(engine, sql, access, clock.GetUtcNow(), await Head.OfAsync(sql), begun);
        }
        catch
        {
            await engine.CloseAsync(sql, access);
            throw;
        }
    }

    /// <summary>What is read from here on has as much time as a read has: for what reads page after page. What reads for long has no limit.</summary>
    public void GiveTime()
    {
        if (_access == Access.Read)
        {
            Engine.GiveTime(Sql);
        }
    }

    public ValueTask DisposeAsync()
    {
        Measures.Note("read", _begun);
        _span?.Dispose();
        return Engine.CloseAsync(Sql, _access);
    }
}

/// <summary>What a write works with: the transaction, who asks, and when.</summary>
public sealed class Write : Session
{
    internal Write(Engine engine, DbConnection sql, Caller by, DateTimeOffset at, Ids ids)
        : base(engine, sql, at) => (By, Ids) = (by, ids);

    public Caller By { get; }

    /// <summary>What parts of it leave to be written together, behind the last of them; null where each writes its own.</summary>
    internal IGathered? Gathered { get; private set; }

    /// <summary>Where the ids of new records come from.</summary>
    public Ids Ids { get; init; }

    /// <summary>Runs parts of it, and then writes what they left.</summary>
    internal async Task<T> GatherAsync<T>(IGathered gathered, Func<Task<T>> parts)
    {
        Gathered = gathered;
        try
        {
            var result = await parts();
            await gathered.WriteAsync(this);
            return result;
        }
        finally
        {
            Gathered = null;
        }
    }

    /// <summary>Runs a part of it. Where that refuses, what it wrote is taken back, and the rest of this write stands.</summary>
    public async Task<T> TryAsync<T>(Func<Task<T>> part)
    {
        await Engine.RunAsync(Sql, "SAVEPOINT part");
        var outer = Gathered;
        Gathered = outer?.OfPart();
        try
        {
            var result = await part();
            await Engine.RunAsync(Sql, "RELEASE SAVEPOINT part");
            outer?.Add(Gathered!);
            return result;
        }
        catch (Refused)
        {
            await Engine.RunAsync(Sql, "ROLLBACK TO SAVEPOINT part");
            await Engine.RunAsync(Sql, "RELEASE SAVEPOINT part");
            throw;
        }
        finally
        {
            Gathered = outer;
        }
    }

    public string NewId() => Ids.NewRecord(At).ToString("D");

    /// <summary>The same transaction for another who asks: the seed's facts have ids of their own.</summary>
    internal Write As(Caller by, Ids ids) => new(Engine, Sql, by, At, ids);
}

/// <summary>What the parts of a write leave to its end, because many of them would write the same rows.</summary>
internal interface IGathered
{
    /// <summary>For a part that may be taken back.</summary>
    IGathered OfPart();

    /// <summary>Adds what a part left that was not.</summary>
    void Add(IGathered part);

    Task WriteAsync(Write write);
}

/// <summary>The last change of the database: its sequence is the dataset's version, and its hash says that this is the same dataset.</summary>
public sealed record Head
{
    private static readonly Head Empty = new() { Hash = new byte[32] };

    public long Sequence { get; init; }

    public DateTimeOffset At { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>How often what is derived was computed anew: another answer may come of the same changes then.</summary>
    public long Rebuilt { get; init; }

    /// <summary>The sequence and the beginning of the hash: a database that was restored names other content.</summary>
    public string Version => $"{Sequence}-{Convert.ToHexStringLower(Hash.AsSpan(0, 4))}";

    internal static async Task<Head> OfAsync(DbConnection sql) =>
        await sql.QueryFirstOrDefaultAsync<Head>("SELECT seq AS sequence, at, hash, (SELECT s.rebuilt FROM schema s WHERE s.no = 1) AS rebuilt FROM change ORDER BY seq DESC LIMIT 1") ?? Empty;
}
