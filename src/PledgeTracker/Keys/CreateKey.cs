using System.Security.Cryptography;
using System.Text;

namespace PledgeTracker.Keys;

/// <summary>Makes an API key. Keys are private: they leave no change in the log.</summary>
public sealed class CreateKey : Writes<CreateKey.Request, NewKey>
{
    /// <param name="Name">Who or what it is for.</param>
    /// <param name="OrganizationId">Whom a recorder speaks for; for recorders alone.</param>
    /// <param name="ExpiresAt">RFC 3339; leave it out for a key that lasts until it is revoked.</param>
    public sealed record Request(string? Name = null, string? Role = null, string? OrganizationId = null, DateTimeOffset? ExpiresAt = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Name).Needed().IsName(100);
            RuleFor(r => r.Role).Needed().IsOneOf(Vocabulary.Roles);
            RuleFor(r => r.OrganizationId).IsSlug();
            RuleFor(r => r.OrganizationId).Must((r, id) => (r.Role == "recorder") == (id is not null)).When(r => Vocabulary.Roles.Contains(r.Role)).Or("required",
                "A recorder needs an organizationId, and only a recorder takes one.", "يحتاج المسجل إلى organizationId ولا يقبله غيره.");
        }
    }

    public override void Configure()
    {
        Post("/v1/keys");
        Metadata(new TakesNoIdempotencyKey());
        Tells("Keys", "Create an API key",
            "The token is in the answer and cannot be shown again; only its SHA-256 is kept. No Idempotency-Key is taken here: a kept answer would keep the secret.", Role.Admin,
            example: new Request("Field office", Role: "recorder", OrganizationId: "undp"));
    }

    protected override Task CheckAsync(Request request, Session session, Faults faults) => FindAsync(session, faults, request);

    protected override async Task<Made<NewKey>> WriteAsync(Request request, Write write) => new(await MakeAsync(write, request));

    /// <summary>Makes a key: for the API and for the subcommand.</summary>
    internal static async Task<NewKey> MakeAsync(Write write, Request request)
    {
        var faults = new Faults();
        await FindAsync(write, faults, request);
        faults.ThrowIfAny();
        return await StoreAsync(write, request.Name!, request.Role!, request.OrganizationId, request.ExpiresAt, write.By.Id);
    }

    private static async Task FindAsync(Session session, Faults faults, Request request)
    {
        await new References(session, faults).OrganizationAsync("/organizationId", request.OrganizationId);
        if (request.ExpiresAt <= session.At)
        {
            faults.Add("/expiresAt", "date_out_of_range", "Send an instant in the future.", "أرسل وقتا في المستقبل.");
        }
    }

    /// <summary>Stores a new key, whoever may have one.</summary>
    /// <param name="continues">The first of the keys that it continues.</param>
    internal static async Task<NewKey> StoreAsync(Write write, string name, string role, string? organizationId, DateTimeOffset? expiresAt, string by, string? continues = null)
    {
        var id = write.Ids.NewDigits(12);
        var secret = write.Ids.NewDigits(48);
        await write.Sql.ExecuteAsync("""
            INSERT INTO api_key (id, name, role, organization_id, continues, secret_sha256, created_at, created_by, expires_at)
            VALUES (@id, @name, @role, @organizationId, @continues, @hash, @At, @by, @expiresAt)
            """, new { id, name, role, organizationId, continues, hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret)), write.At, by, expiresAt });
        return new NewKey { Key = (await ListKeys.FindAsync(write, id))!, Token = $"pt_{id}_{secret}" };
    }
}
