namespace PledgeTracker.Keys;

/// <summary>Gives the holder of a key a new one. Keys are private: they leave no change in the log.</summary>
public sealed class RenewKey : Writes<RenewKey.Request, NewKey>
{
    /// <summary>All of it is in the key it is sent with.</summary>
    public sealed record Request;

    public sealed class Rules : Validator<Request>;

    public override void Configure()
    {
        Post("/v1/me/key");
        Metadata(new TakesNoIdempotencyKey());
        Tells("Keys", "Renew your key",
            "A new key with the name, role, organization and expiry of the one it is asked with, which ends an hour later and is renewed no more. It continues the old one: what was recorded with that " +
            "stays `recordedBy=me`, and an Idempotency-Key that was sent with it is known. The token is in the answer and cannot be shown again; if the answer is lost, an admin makes a new key. " +
            "No Idempotency-Key is taken here: a kept answer would keep the secret.", Role.Recorder);
    }

    protected override async Task<Made<NewKey>> WriteAsync(Request request, Write write)
    {
        var held = (await ListKeys.FindAsync(write, write.By.KeyId!))!;
        if (held.RenewedAt is not null)
        {
            throw Refused.Conflict("This key was renewed already: send the new one. If it is lost, have an admin make one.",
                "جُدد هذا المفتاح من قبل: أرسل المفتاح الجديد. إن ضاع فاطلب من المشرف إنشاء مفتاح آخر.");
        }

        await write.Sql.ExecuteAsync("UPDATE api_key SET renewed_at = @At WHERE id = @Id", new { write.At, held.Id });
        // One that is good on this machine alone stays so.
        var by = held.CreatedBy == Caller.Development.Id ? held.CreatedBy : write.By.Id;
        return new(await CreateKey.StoreAsync(write, held.Name, held.Role, held.OrganizationId, held.ExpiresAt, by, held.Continues ?? held.Id));
    }
}
