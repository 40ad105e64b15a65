using System.Diagnostics;
using System.Globalization;
using FluentValidation;
using Microsoft.Extensions.Logging.Abstractions;
using PledgeTracker.Changes;
using PledgeTracker.Contributions;
using PledgeTracker.Data;
using PledgeTracker.Donors;
using PledgeTracker.Events;
using PledgeTracker.Funds;
using PledgeTracker.Http;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Sources;

namespace PledgeTracker.Benchmarks;

/// <summary>
/// Makes a database of so many pledges out of a seed, through the same rules and the same code as any other write: two runs make the
/// same rows. The mix is drawn in <see cref="Mix"/>.
/// </summary>
internal static class Generator
{
    /// <summary>Leaves a database that has the right size alone, and makes it otherwise. Null when nothing was made.</summary>
    public static Rate? Ensure(Database database, int pledges)
    {
        var seal = $"benchmark-mix-{Mix.Edition}-pledges-{pledges}";
        if (IsComplete(database, seal))
        {
            return null;
        }

        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm"])
        {
            File.Delete(database.Path + suffix);
        }

        var clock = new GeneratedClock();
        using (var connection = database.OpenForWriting())
        {
            Migrations.Apply(connection, clock);
        }

        using var readers = new Readers(database, 1, TimeSpan.FromMinutes(1));
        using var writer = new Writer(database, clock, NullLogger<Writer>.Instance);
        ChangeLog log;
        using (var snapshot = readers.OpenAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
        {
            log = new ChangeLog(snapshot, new DatasetVersion(), new ChangeSignal());
        }

        var ids = new Random(2);
        var actor = new Actor("benchmark") { NewId = at => NewId(ids, at) };
        var mix = new Mix(pledges);
        var recorder = new Recorder(log, actor);
        var flight = new Flight(writer);
        var indexes = flight.Ask(DropIndexes);
        flight.All(mix.Organizations(), (write, request) => recorder.Record(write, request, CreateOrganization.Record));
        flight.All(mix.Sources(), (write, request) => recorder.Record(write, request, CreateSource.Record));
        flight.All(mix.Funds(), (write, request) => recorder.Record(write, request, CreateFund.Record));
        flight.All(mix.Events(), (write, request) => recorder.Record(write, request, CreateEvent.Record));
        flight.All(mix.Requirements(), (write, request) => recorder.Record(write, request, StateRequirement.Record));
        flight.All(mix.Shortfalls(), (write, request) => recorder.Record(write, request, ReportShortfall.Record));

        var entries = 0L;
        var checks = new Checks();
        var watch = Stopwatch.StartNew();
        flight.All(mix.Pledges(), (write, facts) => recorder.Record(write, facts), facts =>
        {
            checks.Check(facts);
            entries += facts.Entries;
            clock.Advance(TimeSpan.FromSeconds(1));
        });
        flight.All(indexes, (write, sql) => write.Execute(sql));
        watch.Stop();

        // Written last: a database without it was broken off.
        flight.All([Mix.Seal(seal)], (write, request) => recorder.Record(write, request, CreateSource.Record));
        return new Rate(pledges, entries, watch.Elapsed);
    }

    /// <summary>How fast it went.</summary>
    public sealed record Rate(int Pledges, long Entries, TimeSpan Took)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"generated in {Took.TotalSeconds:F0} s: {Pledges / Took.TotalSeconds:F0} pledges or {Entries / Took.TotalSeconds:F0} ledger entries a second");
    }

    private static bool IsComplete(Database database, string seal)
    {
        if (!File.Exists(database.Path))
        {
            return false;
        }

        try
        {
            // The migrations, too: an older schema is made anew.
            using (var connection = database.OpenForWriting())
            {
                Migrations.Apply(connection, TimeProvider.System);
            }

            using var session = new Session(database.OpenForReading());
            return session.First<long?>("SELECT 1 FROM source WHERE id = @id", ("@id", seal)) is not null;
        }
        catch (Exception fault) when (fault is InvalidOperationException or Microsoft.Data.Sqlite.SqliteException)
        {
            Console.WriteLine($"The database is made anew: {fault.Message}");
            return false;
        }
    }

    /// <summary>
    /// Indexes that only reads use are built at the end: sorting a million rows once is far cheaper than a million searches in twenty
    /// trees. What recording itself looks along stays.
    /// </summary>
    private static List<string> DropIndexes(Write write)
    {
        var dropped = write.Query<Index>("""
            SELECT name, sql FROM sqlite_schema
            WHERE type = 'index' AND sql LIKE 'CREATE INDEX %'
              AND (tbl_name IN ('pledge', 'line', 'total', 'contribution', 'change') OR name IN ('pledge_country_by_announced', 'pledge_country_by_amount'))
              AND name <> 'pledge_by_reclassified'
            """);
        dropped.ForEach(index => write.Execute($"DROP INDEX {index.Name}"));
        return dropped.ConvertAll(index => index.Sql);
    }

    private sealed record Index
    {
        public required string Name { get; init; }

        public required string Sql { get; init; }
    }

    // The time in front, as in UUIDv7, and a seeded tail.
    private static Guid NewId(Random random, DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, (at.ToUnixTimeMilliseconds() << 16) | 0x7000L | (uint)random.Next(1 << 12));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>One job for each record, many on their way: those that wait together share a commit.</summary>
    private sealed class Flight(Writer writer)
    {
        private const int Jobs = 2048;

        private readonly Queue<Task<bool>> _jobs = new();

        public T Ask<T>(Func<Write, T> question) => writer.WriteAsync(question).GetAwaiter().GetResult();

        public void All<T>(IEnumerable<T> items, Action<Write, T> record, Action<T>? before = null)
        {
            foreach (var item in items)
            {
                before?.Invoke(item);
                if (_jobs.Count == Jobs)
                {
                    _jobs.Dequeue().GetAwaiter().GetResult();
                }

                _jobs.Enqueue(writer.WriteAsync(write =>
                {
                    record(write, item);
                    return true;
                }));
            }

            while (_jobs.TryDequeue(out var job))
            {
                job.GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>The day that everything is entered on does not depend on when the benchmark runs.</summary>
    private sealed class GeneratedClock : TimeProvider
    {
        private long _ticks = new DateTime(2026, 1, 1).Ticks;

        public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }

    /// <summary>The rules of shape that the API's writes run before a job is queued.</summary>
    private sealed class Checks
    {
        private readonly RecordPledge.Rules _pledge = new();
        private readonly RecordContribution.Rules _contribution = new();
        private readonly RevisePledge.Rules _revision = new();
        private readonly WithdrawPledge.Rules _withdrawal = new();

        public void Check(PledgeFacts facts)
        {
            Check(_pledge, facts.Pledge);
            Check(_contribution, facts.Direct);
            Check(_revision, facts.Revision);
            Check(_withdrawal, facts.Withdrawal);
            foreach (var contribution in facts.Contributions)
            {
                Check(_contribution, contribution with { PledgeId = "00000000-0000-8000-8000-000000000000" });
            }
        }

        private static void Check<T>(IValidator<T> rules, T? request)
        {
            if (request is not null && rules.Check(request) is { Count: > 0 } faults)
            {
                throw new InvalidOperationException($"The mix breaks a rule: {string.Join("; ", faults.Select(f => $"{f.Pointer} {f.Code}"))}: {request}");
            }
        }
    }

    private sealed class Recorder(ChangeLog log, Actor actor)
    {
        public void Record<TRequest>(Write write, TRequest request, Func<Write, ChangeLog, Actor, TRequest, Outcome<string>> record) =>
            Taken(record(write, log, actor, request), request);

        public void Record(Write write, PledgeFacts facts)
        {
            if (facts.Direct is { } direct)
            {
                Taken(RecordContribution.Record(write, log, actor, direct), direct);
            }

            var id = Taken(RecordPledge.Record(write, log, actor, facts.Pledge), facts.Pledge);
            if (facts.Revision is { } revision)
            {
                Taken(RevisePledge.Record(write, log, actor, id, revision), revision);
            }

            foreach (var contribution in facts.Contributions)
            {
                Taken(RecordContribution.Record(write, log, actor, contribution with { PledgeId = id }), contribution);
            }

            if (facts.Withdrawal is { } withdrawal)
            {
                Taken(WithdrawPledge.Record(write, log, actor, id, withdrawal), withdrawal);
            }
        }

        private static string Taken<T>(Outcome<string> outcome, T request) => outcome.Refusal is { } refusal
            ? throw new InvalidOperationException(
                $"The mix is refused: {refusal.Code} {refusal.Detail?.En} {string.Join("; ", refusal.Faults?.Select(f => $"{f.Pointer} {f.Code}") ?? [])}: {request}")
            : outcome.Value!;
    }
}

/// <summary>A pledge and what became of it; now and then a contribution beside it that nobody had pledged.</summary>
internal sealed record PledgeFacts(RecordPledge.Request Pledge)
{
    public RecordContribution.Request? Direct { get; init; }

    public RevisePledge.Request? Revision { get; init; }

    public IReadOnlyList<RecordContribution.Request> Contributions { get; init; } = [];

    public WithdrawPledge.Request? Withdrawal { get; init; }

    public int Entries => Pledge.Donors!.Count + Contributions.Count + (Direct is null ? 0 : 1) + (Revision is null ? 0 : 1) + (Withdrawal is null ? 0 : 1);
}
