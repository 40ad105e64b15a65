using FluentValidation;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Keys;

/// <summary>Makes an API key.</summary>
internal sealed class CreateKey : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/keys", Handle).Writes("CreateKey", "Keys",
        "Create an API key", "The token is in the answer and cannot be shown again; only its SHA-256 is kept. No Idempotency-Key is taken here: a kept answer would keep the secret.",
        Role.Admin);

    /// <param name="Name">Who or what it is for.</param>
    /// <param name="OrganizationId">Whom a recorder speaks for; for recorders alone.</param>
    /// <param name="ExpiresAt">RFC 3339; leave it out for a key that lasts until it is revoked.</param>
    public sealed record Request(
        string? Name = null, [property: OneOf(nameof(Words.Roles))] string? Role = null, string? OrganizationId = null, DateTimeOffset? ExpiresAt = null);

    internal sealed class Rules : AbstractValidator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Name).Needed().IsText(100);
            RuleFor(r => r.Role).Needed().IsOneOf(Words.Roles);
            RuleFor(r => r.OrganizationId).IsSlug();
            RuleFor(r => r.OrganizationId).Must((r, id) => (r.Role == "recorder") == (id is not null)).When(r => Words.Roles.Contains(r.Role)).Or("required",
                "A recorder needs an organizationId, and only a recorder takes one.", "يحتاج المسجل إلى organizationId ولا يقبله غيره.");
        }
    }

    private static Task<Recorded<NewKey>> Handle(WriteRequest<Request> request, KeyRing keys)
    {
        if (request.Context.Request.Headers.ContainsKey("Idempotency-Key"))
        {
            return Task.FromResult(new Recorded<NewKey>(Refusal.Invalid(new Fault("Idempotency-Key", "not_allowed", new(
                "Leave it out: a kept answer would keep the secret.", "لا ترسله: حفظ الجواب يعني حفظ السر.")))));
        }

        return request.RecordAsync<NewKey>(new Rules(), write =>
        {
            var body = request.Body;
            var references = new References(write);
            references.Organization("/organizationId", body.OrganizationId);
            if (body.ExpiresAt <= write.At)
            {
                references.Add("/expiresAt", "date_out_of_range", "Send an instant in the future.", "أرسل وقتا في المستقبل.");
            }

            if (references.Faults.Count > 0)
            {
                return references.Faults;
            }

            var (key, token) = keys.Create(write, request.Caller, body.Name!, body.Role!, body.OrganizationId, body.ExpiresAt);
            return new Made<NewKey>(null, new NewKey { Key = Key.Of(key), Token = token });
        });
    }
}
