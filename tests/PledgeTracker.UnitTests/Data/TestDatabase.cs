using Microsoft.Extensions.Logging.Abstractions;
using PledgeTracker.Changes;
using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

/// <summary>A database file with its writer, its change log and a reader, without a server around them; it goes with the test.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;

    /// <param name="copyOf">A database that no one has open, to start from.</param>
    public TestDatabase(TimeProvider? clock = null, int capacity = 4096, string? copyOf = null)
    {
        Database = new Database(Path.Combine(_folder, "test.db"));
        if (copyOf is not null)
        {
            File.Copy(copyOf, Database.Path);
        }

        using (var connection = Database.OpenForWriting())
        {
            Migrations.Apply(connection, TimeProvider.System);
        }

        Writer = new Writer(Database, clock ?? TimeProvider.System, NullLogger<Writer>.Instance, capacity);
        using var readers = new Readers(Database, 1, TimeSpan.FromSeconds(5));
        using var snapshot = readers.OpenAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Log = new ChangeLog(snapshot, Version, new ChangeSignal());
    }

    public Database Database { get; }

    public DatasetVersion Version { get; } = new();

    public Writer Writer { get; }

    public ChangeLog Log { get; }

    public Task<T> WriteAsync<T>(Func<Write, T> work) => Writer.WriteAsync(work);

    /// <summary>What another connection sees: committed, or nothing.</summary>
    public T? Committed<T>(string sql)
    {
        using var session = new Session(Database.OpenForReading());
        return session.First<T>(sql);
    }

    public void Dispose()
    {
        Writer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
