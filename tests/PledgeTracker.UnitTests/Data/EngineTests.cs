using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

public sealed class EngineTests
{
    [Theory]
    [InlineData("Data Source=x.db", "sqlite")]
    [InlineData("DataSource=x.db;Cache=Private", "sqlite")]
    [InlineData("Filename=x.db", "sqlite")]
    [InlineData("Host=db;Database=pledges;Username=p;Password=hush", "postgres")]
    [InlineData("server = db ; database = pledges ; user id = p ; password = hush", "postgres")]
    [InlineData("postgres://p:hush@db:5433/pledges?sslmode=require", "postgres")]
    [InlineData("postgresql://db/pledges", "postgres")]
    public async Task A_connection_string_names_its_engine_and_tells_no_password(string connection, string engine)
    {
        await using var named = Engine.Of(connection);
        Assert.Equal(engine, named.Name);
        Assert.EndsWith(engine == "sqlite" ? "x.db" : "pledges on db", named.Where);
        Assert.DoesNotContain("hush", named.Where);
    }

    [Theory]
    [InlineData("pledgetracker.db")]
    [InlineData("")]
    [InlineData("Data Source=")]
    [InlineData("Data Source=x.db;Colour=blue")]
    [InlineData("Host=db;Colour=blue;Password=hush")]
    [InlineData("postgres://")]
    [InlineData("postgres://p:hush@db:port/pledges")]
    [InlineData("mysql://db/pledges")]
    public void What_names_neither_engine_is_refused_in_words_without_its_password(string connection)
    {
        var refused = Assert.Throws<ArgumentException>(() => Engine.Of(connection));
        Assert.Contains("Data Source=", refused.Message);
        Assert.DoesNotContain("hush", refused.Message);
    }
}
