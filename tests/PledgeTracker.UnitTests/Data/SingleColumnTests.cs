using Microsoft.Data.Sqlite;
using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

public sealed class SingleColumnTests : IDisposable
{
    private readonly Session _session;

    public SingleColumnTests()
    {
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        _session = new Session(connection);
    }

    public void Dispose() => _session.Dispose();

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
