using PledgeTracker.Http;

namespace PledgeTracker.Keys;

/// <summary>Revokes an API key: it is refused on the next request.</summary>
internal sealed class RevokeKey : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/v1/keys/{id}", Handle).Writes("RevokeKey", "Keys",
        "Revoke an API key", "From the next request on it is refused. The answer is the key; revoking it again changes nothing. To other callers there is no such key.",
        Role.Admin, hidden: true);

    /// <param name="id">The key's id: the middle part of its token.</param>
    private static Task<Recorded<Key>> Handle(string id, BodilessRequest request, KeyRing keys) => request.RecordAsync<Key>(write =>
    {
        if (keys.Find(id) is not { } key)
        {
            return Refusal.Missing($"There is no key {id}.", $"لا يوجد مفتاح بالمعرف {id}.");
        }

        return new Made<Key>(null, Key.Of(key with { RevokedAt = keys.Revoke(write, request.Caller, id) }), status: 200);
    });
}
