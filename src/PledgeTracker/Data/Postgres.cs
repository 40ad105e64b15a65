using System.Data.Common;
using Npgsql;

namespace PledgeTracker.Data;

/// <summary>PostgreSQL 15 or later, or what speaks its protocol and means the same.</summary>
internal sealed class Postgres : Engine
{
    // The lock that every write takes: the chain of changes puts them in one order, whichever server they come from. ("pledge" in ASCII.)
    private const long OneWriter = 0x706C65646765;

    // idle_in_transaction_session_timeout: the provider has no name for it.
    private const string IdleInTransaction = "25P03";

    private const string Channel = "pledgetracker_change";

    private const string WithoutLimit = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

    private readonly NpgsqlDataSource _source;

    // As its own tools take it: they ask for the password, or find it in ~/.pgpass.
    private readonly string _toolOptions;
    private readonly string? _name;

    public Postgres(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(Plain(connection)) { MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, TcpKeepAlive = true, TcpKeepAliveTime = 5, TcpKeepAliveInterval = 5 };
        // Reads are planned anew for each value: a plan for any status or currency walks past all that have another. Their joins are written in an order
        // that serves; to try every other order takes ten times as long as to read a page.
        settings.Options = ($"{settings.Options} -c lock_timeout=10000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=15000"
            + " -c plan_cache_mode=force_custom_plan -c join_collapse_limit=1").Trim();
        _source = NpgsqlDataSource.Create(settings);
        Where = $"{settings.Database} on {settings.Host}";
        _toolOptions = $"--host={Quoted(settings.Host)} --port={settings.Port} --username={Quoted(settings.Username)}";
        _name = settings.Database;
    }

    public override string Name => "postgres";

    public override string Where { get; }

    internal override string Announcement => $"NOTIFY {Channel}";

    // More savepoints in a transaction than a backend keeps at hand (64) slow replicas down.
    internal override int JobsInABatch => 50;

    /// <summary>Whether a connection string is one of PostgreSQL's: it names a host.</summary>
    public static bool Speaks(string connection) =>
        connection.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || connection.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || new DbConnectionStringBuilder { ConnectionString = connection } is var parts && (parts.ContainsKey("Host") || parts.ContainsKey("Server"));

    public override string AnyOf(string column, string list) => $"{column} = ANY({list})";

    public override string PledgesWithWords(params IReadOnlyList<string> words) =>
        $"SELECT pledge_no AS no FROM pledge_text WHERE words @@ ({string.Join(" || ' & ' || ", words.Select(word => $"quote_literal({word}) || ':*'"))})::tsquery";

    public override string IndexText => """
        DELETE FROM pledge_text WHERE pledge_no = @no;
        INSERT INTO pledge_text (pledge_no, words) SELECT @no, array_to_tsvector(string_to_array(@text, ' ')) WHERE @text <> ''
        """;

    public override string EntriesWithWord(string word) => $"SELECT entry_no FROM contribution_text WHERE words @@ (quote_literal({word}) || ':*')::tsquery";

    public override string IndexNote => """
        DELETE FROM contribution_text WHERE entry_no = @no;
        INSERT INTO contribution_text (entry_no, words) SELECT @no, array_to_tsvector(string_to_array(@text, ' ')) WHERE @text <> ''
        """;

    internal override async ValueTask<DbConnection> OpenAsync(Access access, CancellationToken cancellation) => await _source.OpenConnectionAsync(cancellation);

    internal override Task BeginAsync(DbConnection sql, Access access, CancellationToken cancellation) => RunAsync(sql, access == Access.Write
        ? $"BEGIN; SET LOCAL plan_cache_mode = auto; SELECT pg_advisory_xact_lock({OneWriter})"
        : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; " + (access == Access.Read
            ? $"SET LOCAL statement_timeout = {(int)ReadLimit.TotalMilliseconds}"
            : WithoutLimit), cancellation);

    internal override Task WithoutLimitAsync(DbConnection sql) => RunAsync(sql, WithoutLimit);

    // Versions of rows that nobody sees any more, and the samples of texts among the planner's statistics.
    internal override async Task ForgetAsync()
    {
        await using var sql = await _source.OpenConnectionAsync();
        await RunAsync(sql, "SET statement_timeout = 0");
        await RunAsync(sql, "VACUUM (ANALYZE, SKIP_LOCKED)");
    }

    internal override async ValueTask CloseAsync(DbConnection sql, Access access)
    {
        // The provider rolls back what is open before it lends the connection again.
        await sql.DisposeAsync();
    }

    internal override async Task<bool> IsMadeAsync(CancellationToken cancellation)
    {
        await using var sql = await _source.OpenConnectionAsync(cancellation);
        return await sql.ExecuteScalarAsync<bool>("SELECT to_regclass('schema_migration') IS NOT NULL");
    }

    internal override Task CopyToAsync(string file, Func<Engine, Task> checkAsync, CancellationToken cancellation)
    {
        ThrowIfNoCopies(file);
        return Task.CompletedTask;
    }

    internal override void ThrowIfNoCopies(string file) => throw new InvalidOperationException(
        $"PostgreSQL is backed up by its own tool, while servers run: pg_dump --format=custom {_toolOptions} --file={Quoted(file)} {Quoted(_name)}");

    internal override Task CopyFromAsync(string file, Func<Engine, Task> checkAsync, CancellationToken cancellation) => throw new InvalidOperationException(
        $"PostgreSQL is restored by its own tool, into an empty database: pg_restore --exit-on-error --no-owner {_toolOptions} --dbname={Quoted(_name)} {Quoted(file)}");

    // As a shell takes a word.
    private static string Quoted(string? word) => word?.All(c => char.IsAsciiLetterOrDigit(c) || "._-/:,@+".Contains(c)) == true && word.Length > 0 ? word : $"'{word?.Replace("'", "'\\''")}'";

    // It keeps its references itself, but not while a dump is loaded without its triggers.
    internal override async Task<List<string>> IntegrityAsync(DbConnection sql)
    {
        var faults = new List<string>();
        foreach (var (child, column, parent, key) in await sql.QueryAsync<(string, string, string, string)>("""
            SELECT r.conrelid::regclass::text, c.attname::text, r.confrelid::regclass::text, k.attname::text
            FROM pg_constraint r
            JOIN pg_attribute c ON c.attrelid = r.conrelid AND c.attnum = r.conkey[1]
            JOIN pg_attribute k ON k.attrelid = r.confrelid AND k.attnum = r.confkey[1]
            WHERE r.contype = 'f' AND r.connamespace = current_schema()::regnamespace
            ORDER BY 1, 2
            """))
        {
            faults.AddRange(await sql.QueryAsync<string>($"""
                SELECT 'foreign key: {child} {column} ' || n.{column} FROM {child} n
                WHERE n.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} o WHERE o.{key} = n.{column})
                """));
        }

        return faults;
    }

    internal override Refused? Explain(Exception fault) => fault switch
    {
        System.Data.DataException { InnerException: { } inner } => Explain(inner),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Full,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new("query_timeout", new("Narrow the filters.", "ضيق نطاق المرشحات.")),
        PostgresException { SqlState: PostgresErrorCodes.NumericValueOutOfRange }
            or PostgresException { SqlState: PostgresErrorCodes.IntegrityConstraintViolation, MessageText: "total_too_large" } => Refused.TooLarge(),
        PostgresException
        {
            SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransaction
        } => Busy,
        _ => IsLost(fault) ? Busy : null,
    };

    internal override bool IsLost(Exception fault) => fault switch
    {
        // While a row is read Dapper puts its own around it.
        System.Data.DataException { InnerException: { } inner } => IsLost(inner),
        PostgresException
        {
            SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or IdleInTransaction
        } => true,
        PostgresException => false,
        NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException => true,
        _ => false,
    };

    // A transaction that idled for too long was taken back before its COMMIT arrived.
    internal override bool LeavesOpen(Exception fault) => IsLost(fault) && fault is not PostgresException { SqlState: IdleInTransaction };

    /// <summary>On a connection of its own; each time it has to be made again, changes may have been missed.</summary>
    internal override async Task ListenAsync(Action ring, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var sql = await _source.OpenConnectionAsync(cancellation);
                sql.Notification += (_, _) => ring();
                await RunAsync(sql, $"LISTEN {Channel}", cancellation);
                ring();
                while (true)
                {
                    await sql.WaitAsync(cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch
            {
                // Who waits for changes looks every two seconds without a ring: that it comes back is soon enough.
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private static Refused Busy => new("busy", new("The database does not answer. Try again in a moment.", "قاعدة البيانات لا تستجيب. أعد المحاولة بعد قليل."));

    /// <summary><c>postgres://user:password@host:port/database?…</c> as the provider reads it.</summary>
    private static string Plain(string connection)
    {
        if (!connection.Contains("://", StringComparison.Ordinal))
        {
            return connection;
        }

        var address = new Uri(connection);
        var who = address.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port < 0 ? NpgsqlConnection.DefaultPort : address.Port,
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
        };
        if (who[0].Length > 0)
        {
            settings.Username = Uri.UnescapeDataString(who[0]);
        }

        if (who.Length > 1)
        {
            settings.Password = Uri.UnescapeDataString(who[1]);
        }

        foreach (var (name, value) in Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query))
        {
            settings[name] = value.ToString();
        }

        return settings.ToString();
    }
}
