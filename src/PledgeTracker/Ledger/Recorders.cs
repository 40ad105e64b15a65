namespace PledgeTracker.Ledger;

/// <summary>Who recorded something, as a filter asks for it.</summary>
internal static class Recorders
{
    /// <summary>The actors and the organizations that are meant; null where there are none. `me` is a recorder's organization, or an editor's key and those that it continues.</summary>
    public static (IReadOnlyList<string>? Actors, IReadOnlyList<string>? Organizations) Of(IReadOnlyList<string>? recordedBy, HttpContext context)
    {
        var meant = (recordedBy ?? []).Select(who => who == "me" && Caller.Of(context) is var me ? me.OrganizationId ?? me.Id : who).Distinct().ToLookup(IsActor);
        return (meant[true].Any() ? [.. meant[true]] : null, meant[false].Any() ? [.. meant[false]] : null);
    }

    /// <summary>These actors, and those whose keys speak for one of these organizations; null where none are named.</summary>
    public static async Task<IReadOnlyList<string>?> ActorsAsync(Session session, IReadOnlyList<string>? named)
    {
        var list = named?.Where(who => !IsActor(who)).ToList();
        return list is null or [] ? named : [.. named!, .. await session.Sql.QueryAsync<string>($"""
            SELECT 'key:' || k.id FROM organization o JOIN api_key k ON k.organization_id = coalesce(o.merged_into, o.id) WHERE {session.Engine.AnyOf("o.id", "@list")}
            """, new { list })];
    }

    private static bool IsActor(string who) => who.StartsWith("key:", StringComparison.Ordinal) || who == Caller.Seed.Id || who == Caller.Local.Id;
}
