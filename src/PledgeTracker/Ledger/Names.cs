using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Ledger;

/// <summary>What organizations, funds and events are called today, for whatever names them. Merged organizations go by the survivor's name.</summary>
internal static class Names
{
    public static Ref? Organization(IQueries queries, string? id, Language language) => Of(queries, id, language, """
        SELECT o.id, o.name_en AS en, o.name_ar AS ar FROM organization r JOIN organization o ON o.id = coalesce(r.merged_into, r.id) WHERE r.id = @key
        """);

    public static Ref? Fund(IQueries queries, string? id, Language language) =>
        Of(queries, id, language, "SELECT id, name_en AS en, name_ar AS ar FROM fund WHERE id = @key");

    public static Ref? Event(IQueries queries, string? id, Language language) =>
        Of(queries, id, language, "SELECT id, name_en AS en, name_ar AS ar FROM event WHERE id = @key");

    private static Ref? Of(IQueries queries, string? id, Language language, string sql) =>
        id is not null && queries.Remembered<Row>(sql, id) is { } row ? Ref.Of(row.Id, row.En, row.Ar, language) : null;

    private sealed record Row
    {
        public required string Id { get; init; }

        public string? En { get; init; }

        public string? Ar { get; init; }
    }
}
