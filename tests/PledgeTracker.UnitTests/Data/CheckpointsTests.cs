using System.Collections.Concurrent;
using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

public sealed class CheckpointsTests : IDisposable
{
    private const int Places = 20_000;

    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Nothing_is_lost_and_the_log_stays_bounded_while_it_is_copied_beside_writes_and_reads()
    {
        // Twenty thousand pages, each a row, that come and go in no order: the log is copied many times, most of it beside the writer.
        await _database.WriteAsync(write => write.Execute("CREATE TABLE place (no INTEGER PRIMARY KEY, times INTEGER NOT NULL, filler BLOB)"));
        await _database.WriteAsync(write => write.Execute(
            $"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Places}) INSERT INTO place SELECT i, 0, zeroblob(3000) FROM n"));
        using var readers = new Readers(_database.Database, 2, TimeSpan.FromSeconds(30));
        var written = new int[Places + 1];
        var lengths = new ConcurrentBag<long>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            var random = new Random(client);
            for (var job = 0; job < 60; job++)
            {
                // No place is another client's, so that each knows what it has to find there.
                var places = Enumerable.Range(0, 300).Select(_ => 1 + client + (8 * random.Next(Places / 8))).ToArray();
                await _database.WriteAsync(write =>
                {
                    foreach (var place in places)
                    {
                        write.Execute("UPDATE place SET times = times + 1 WHERE no = @no", ("@no", place));
                    }

                    return 0;
                });
                Array.ForEach(places, place => written[place]++);
                // A write's effect is in the very next read, wherever it stands meanwhile.
                using var snapshot = await readers.OpenAsync(TestContext.Current.CancellationToken);
                Assert.Equal(written[places[0]], snapshot.First<long>("SELECT times FROM place WHERE no = @no", ("@no", places[0])));
                lengths.Add(new FileInfo(_database.Database.Path + "-wal").Length);
            }
        })));
        Assert.InRange(lengths.Max(), 100_000_000, 340_000_000);
        Assert.Equal("ok", _database.Committed<string>("PRAGMA integrity_check"));
        using var session = new Session(_database.Database.OpenForReading());
        var rows = session.Query<long>("SELECT times FROM place ORDER BY no");
        Assert.Equal(written.Skip(1).Select(times => (long)times), rows);
    }
}
