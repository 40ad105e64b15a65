namespace PledgeTracker.Keys;

/// <summary>All API keys, newest first, without their secrets.</summary>
public sealed class ListKeys : Reads<ListKeys.Request, KeyList>
{
    private const string Select = "SELECT id, name, role, organization_id, continues, created_at, created_by, expires_at, renewed_at, revoked_at, last_used_at FROM api_key";

    public sealed record Request : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/keys");
        Needs(Role.Admin);
        Tells("Keys", "API keys",
            "All keys, newest first, with their role, organization, expiry and last use. Secrets are not kept and cannot be shown. Needs a key of role `admin`.", 401, 403);
    }

    protected override async Task<KeyList> ReadAsync(Request request, View view) =>
        new(await AllAsync(view));

    /// <summary>All keys, newest first.</summary>
    internal static async Task<List<Key>> AllAsync(View view) => (await view.Sql.QueryAsync<Key>($"{Select} ORDER BY created_at DESC, id")).AsList();

    /// <summary>A key as it is shown, in the answers of those who write; null where there is none.</summary>
    internal static Task<Key?> FindAsync(Write write, string id) => write.Sql.QueryFirstOrDefaultAsync<Key>($"{Select} WHERE id = @id", new { id });
}
