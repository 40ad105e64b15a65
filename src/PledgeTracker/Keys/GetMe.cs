namespace PledgeTracker.Keys;

/// <summary>What a key may do, told to whoever holds it.</summary>
public sealed class GetMe : Reads<GetMe.Request, Me>
{
    public sealed record Request : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/me");
        Needs(Role.Recorder);
        Tells("Keys", "Your own key", "The role of the key it is asked with, whom it speaks for, and when it ends. Needs a key of any role.", 401);
    }

    protected override async Task<Me> ReadAsync(Request request, View view)
    {
        var caller = Caller.Of(HttpContext);
        var row = await view.Sql.QueryFirstAsync<Row>($"""
            SELECT k.name, k.role, o.id AS organization_id, {Reader.Text("o.name")} AS organization_name, k.expires_at, k.renewed_at
            FROM api_key k LEFT JOIN organization o ON o.id = k.organization_id WHERE k.id = @id
            """, new { id = caller.KeyId });
        var ends = row.RenewedAt + ApiKeys.KeptWhenRenewed;
        return new Me(caller.Id, row.Name, row.Role, Ref.Of(row.OrganizationId, row.OrganizationName), ends is null || row.ExpiresAt < ends ? row.ExpiresAt : ends);
    }

    private sealed record Row
    {
        public required string Name { get; init; }
        public required string Role { get; init; }
        public string? OrganizationId { get; init; }
        public string? OrganizationName { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public DateTimeOffset? RenewedAt { get; init; }
    }
}

/// <summary>The holder of a key.</summary>
/// <param name="Actor">As it stands in changes and in `recordedBy`: it stays when the key is renewed.</param>
/// <param name="Name">Who or what the key is for.</param>
/// <param name="Organization">Whom a recorder speaks for.</param>
/// <param name="ExpiresAt">When the key ends; null where it lasts until it is revoked.</param>
public sealed record Me(string Actor, string Name, [property: OneOf(nameof(Vocabulary.Roles))] string Role, Ref? Organization, DateTimeOffset? ExpiresAt);
