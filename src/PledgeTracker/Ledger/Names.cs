using System.Text;
using System.Text.Json;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Ledger;

/// <summary>What organizations, funds and events are called today, for whatever names them. Merged organizations go by the survivor's name.</summary>
internal static class Names
{
    /// <summary>Ids are slugs of at most so many letters.</summary>
    public const int LongestId = 64;

    public static Named? Organization(IQueries queries, ReadOnlySpan<char> id) => Of(queries, id, """
        SELECT o.id, o.name_en AS en, o.name_ar AS ar FROM organization r JOIN organization o ON o.id = coalesce(r.merged_into, r.id) WHERE r.id = @key
        """);

    /// <param name="id">In UTF-8, as SQLite holds it.</param>
    public static Named? Organization(IQueries queries, ReadOnlySpan<byte> id) => Organization(queries, Letters(id, stackalloc char[LongestId]));

    public static Named? Fund(IQueries queries, ReadOnlySpan<char> id) => Of(queries, id, "SELECT id, name_en AS en, name_ar AS ar FROM fund WHERE id = @key");

    /// <inheritdoc cref="Organization(IQueries, ReadOnlySpan{byte})"/>
    public static Named? Fund(IQueries queries, ReadOnlySpan<byte> id) => Fund(queries, Letters(id, stackalloc char[LongestId]));

    /// <inheritdoc cref="Organization(IQueries, ReadOnlySpan{byte})"/>
    public static Named? Event(IQueries queries, ReadOnlySpan<byte> id) =>
        Of(queries, Letters(id, stackalloc char[LongestId]), "SELECT id, name_en AS en, name_ar AS ar FROM event WHERE id = @key");

    private static Named? Of(IQueries queries, ReadOnlySpan<char> id, string sql) => id.IsEmpty ? null : queries.Remembered<Named>(sql, id);

    private static ReadOnlySpan<char> Letters(ReadOnlySpan<byte> id, Span<char> room) => room[..Encoding.UTF8.GetChars(id, room)];

    /// <summary>What something is called in both languages; either may be missing, and then the other stands in.</summary>
    internal sealed record Named
    {
        private byte[]? _english;
        private byte[]? _arabic;

        public required string Id { get; init; }

        public string? En { get; init; }

        public string? Ar { get; init; }

        public Ref In(Language language) => Ref.Of(Id, En, Ar, language)!;

        /// <summary><see cref="In"/> as JSON. Kept, because what is named is remembered and named again.</summary>
        public byte[] Json(Language language) => language == Language.Arabic ? _arabic ??= Serialized(language) : _english ??= Serialized(language);

        private byte[] Serialized(Language language) => JsonSerializer.SerializeToUtf8Bytes(In(language), Http.Json.Options);
    }
}
