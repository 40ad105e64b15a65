namespace PledgeTracker.Http;

/// <summary>Something named elsewhere: its id, and its name in the negotiated language.</summary>
public sealed record Ref([property: Hxl("+code")] string Id, [property: Hxl("+name")] string? Name)
{
    /// <summary>Null where there is no id.</summary>
    internal static Ref? Of(string? id, string? name) => id is null ? null : new Ref(id, name);
}
