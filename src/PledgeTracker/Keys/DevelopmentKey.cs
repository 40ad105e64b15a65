namespace PledgeTracker.Keys;

/// <summary>
/// A key for whoever tries the server on the machine where it was started: an editor's, made at each start in Development on the documented facts. It ends after a
/// day, and <see cref="ApiKeys"/> refuses it from anywhere else.
/// </summary>
internal static class DevelopmentKey
{
    /// <summary>Its token, to be printed once; null where the database did not start on the documented facts, for the examples would not be of it.</summary>
    public static async Task<string?> MakeAsync(Db db)
    {
        var first = await db.ReadAsync(view => view.Sql.QueryFirstOrDefaultAsync<string>("SELECT actor FROM change WHERE seq = 1"), long.MaxValue, CancellationToken.None);
        return first != Caller.Seed.Id ? null
            : (await db.WriteAsync(Caller.Development, write => CreateKey.StoreAsync(write, "Development, on this machine", "editor", null, write.At.AddDays(1), write.By.Id))).Token;
    }
}
