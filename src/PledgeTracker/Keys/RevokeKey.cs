namespace PledgeTracker.Keys;

/// <summary>Revokes an API key, with those that continue it: its holder is refused on the next request.</summary>
public sealed class RevokeKey : Writes<RevokeKey.Request, Key>
{
    public sealed record Request
    {
        /// <summary>The key's id: the middle part of its token.</summary>
        [RouteParam]
        public string Id { get; init; } = "";
    }

    public sealed class Rules : Validator<Request>;

    public override void Configure()
    {
        Delete("/v1/keys/{id}");
        Tells("Keys", "Revoke an API key",
            "From the next request on it is refused, and so is every key that it continues or that continues it by renewals: they are one actor. The answer is the key; revoking it again changes nothing. To other callers there is no such key.",
            Role.Admin, statuses: [200], hidden: true);
    }

    protected override async Task<Made<Key>> WriteAsync(Request request, Write write) => new(await RevokeAsync(write, request.Id), Status: 200);

    /// <summary>Revokes a key: for the API and for the subcommand.</summary>
    internal static async Task<Key> RevokeAsync(Write write, string id)
    {
        await write.Sql.ExecuteAsync("""
            UPDATE api_key SET revoked_at = @At, revoked_by = @by
            WHERE revoked_at IS NULL AND coalesce(continues, id) = (SELECT coalesce(k.continues, k.id) FROM api_key k WHERE k.id = @id)
            """, new { write.At, by = write.By.Id, id });
        return await ListKeys.FindAsync(write, id) ?? throw Refused.Missing($"There is no key {id}.", $"لا يوجد مفتاح بالمعرف {id}.");
    }
}
