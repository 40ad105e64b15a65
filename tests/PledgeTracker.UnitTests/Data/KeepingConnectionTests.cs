using System.Data.Common;
using Dapper;
using PledgeTracker.Data;
using SQLitePCL;

namespace PledgeTracker.UnitTests.Data;

/// <summary>What a server keeps of SQLite stays within bounds, whatever it is asked.</summary>
public sealed class KeepingConnectionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pledgetracker-").FullName;
    private readonly Engine _engine;

    public KeepingConnectionTests() => _engine = Engine.Of($"Data Source={_folder}/a.db");

    // Whoever writes makes the file.
    public async ValueTask InitializeAsync() => await _engine.CloseAsync(await _engine.OpenAsync(Access.Write, CancellationToken.None), Access.Write);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Of_many_texts_those_stay_prepared_that_were_used_last()
    {
        const int StatementBytes = 3;
        var sql = (KeepingConnection)await _engine.OpenAsync(Access.Read, CancellationToken.None);
        await AskAsync(0, 100);
        var filled = Used();
        await AskAsync(100, 1000);
        Assert.InRange(Used(), filled / 2, filled * 2);
        await _engine.CloseAsync(sql, Access.Read);

        async Task AskAsync(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                Assert.Equal(i, await sql.ExecuteScalarAsync<int>($"SELECT {i}"));
                // What is asked all the time is not prepared anew.
                var before = Used();
                Assert.Equal(-1, await sql.ExecuteScalarAsync<int>("SELECT -1"));
                Assert.True(i == 0 || Used() == before);
            }
        }

        int Used()
        {
            raw.sqlite3_db_status(sql.Handle!, StatementBytes, out var used, out _, 0);
            return used;
        }
    }

    [Fact]
    public async Task What_a_rush_opened_is_not_kept()
    {
        var rush = await RushAsync();
        Assert.Equal(16, (await RushAsync()).Intersect(rush).Count());

        async Task<List<DbConnection>> RushAsync()
        {
            var opened = new List<DbConnection>();
            for (var i = 0; i < 100; i++)
            {
                opened.Add(await _engine.OpenAsync(Access.Read, CancellationToken.None));
            }

            foreach (var sql in opened)
            {
                await _engine.CloseAsync(sql, Access.Read);
            }

            return opened;
        }
    }
}
