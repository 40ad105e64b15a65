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
            "A new key with the name, role, organization and expiry of the one it is asked with, which ends an hour later. The token is in the answer and cannot be shown again. " +
            "If the answer is lost, ask again with the old key: its hour is not begun anew. No Idempotency-Key is taken here: a kept answer would keep the secret.", Role.Recorder);
    }

    protected override async Task<Made<NewKey>> WriteAsync(Request request, Write write)
    {
        var held = (await ListKeys.FindAsync(write, Key.IdOf(write.By)))!;
        await write.Sql.ExecuteAsync("UPDATE api_key SET renewed_at = @At WHERE id = @Id AND renewed_at IS NULL", new { write.At, held.Id });
        // One that is good on this machine alone stays so.
        return new(await CreateKey.StoreAsync(write, held.Name, held.Role, held.OrganizationId, held.ExpiresAt, held.CreatedBy == Caller.Development.Id ? held.CreatedBy : null));
    }
}
