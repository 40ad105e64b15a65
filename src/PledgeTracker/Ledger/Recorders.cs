namespace PledgeTracker.Ledger;

/// <summary>Who recorded something, as a filter asks for it.</summary>
internal static class Recorders
{
    /// <summary>The actors and the organizations that are meant; null where there are none. `me` is a recorder's organization, whatever its key is at the moment, or an editor's key.</summary>
    public static (IReadOnlyList<string>? Actors, IReadOnlyList<string>? Organizations) Of(IReadOnlyList<string>? recordedBy, HttpContext context)
    {
        var meant = (recordedBy ?? []).Select(who => who == "me" && Caller.Of(context) is var me ? me.OrganizationId ?? me.Id : who).Distinct().ToLookup(IsActor);
        return (meant[true].Any() ? [.. meant[true]] : null, meant[false].Any() ? [.. meant[false]] : null);
    }

    private static bool IsActor(string who) => who.StartsWith("key:", StringComparison.Ordinal) || who == Caller.Seed.Id || who == Caller.Local.Id;
}
