using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

public sealed class SingleColumnTests : IDisposable
{
    // Opened by Database: where anything else opens the first connection of the process, Database refuses to open one after it.
    private readonly TestDatabase _database = new();
    private readonly Session _session;

    public SingleColumnTests() => _session = new Session(_database.Database.OpenForReading());

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void A_text_alone_is_read()
    {
        Assert.Equal("عجز", _session.First<string>("SELECT @text", ("@text", "عجز")));
        Assert.Equal(["a", "b"], _session.Query<string>("SELECT 'a' UNION ALL SELECT 'b'"));
    }

    [Fact]
    public void A_missing_text_and_a_missing_row_are_null()
    {
        Assert.Null(_session.First<string>("SELECT CAST(NULL AS TEXT)"));
        Assert.Null(_session.First<string>("SELECT 'a' WHERE 1 = 0"));
    }

    [Fact]
    public void A_number_alone_is_read()
    {
        Assert.Equal(7, _session.First<long>("SELECT 7"));
        Assert.Equal(7, _session.First<long?>("SELECT 7"));
        Assert.Null(_session.First<long?>("SELECT 7 WHERE 1 = 0"));
        Assert.Null(_session.First<long?>("SELECT NULL"));
    }
}
