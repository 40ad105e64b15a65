using System.Text.Json;

namespace PledgeTracker.Ledger;

/// <summary>
/// The texts by which `q` finds organizations, funds, events, sources and countries, kept folded beside them. What is of a country is found by what that is called today:
/// its names are not copied.
/// </summary>
internal static class Searched
{
    private const int Page = 1000;

    private static readonly Dictionary<string, string> Columns = new()
    {
        ["organization"] = "name_en, name_ar, aliases",
        ["fund"] = "name_en, name_ar, aliases",
        ["event"] = "name_en, name_ar, place_en, place_ar",
        ["source"] = "title_en, title_ar, publisher_en, publisher_ar",
    };

    /// <summary>SQL for "this organization or event is called so, or its country is".</summary>
    /// <param name="of">What the statement calls it.</param>
    /// <param name="word">As for <see cref="Filter.WhereEachWord"/>, and so is what it is like.</param>
    public static string Called(string of, string word, string like) => $"({of}.search LIKE {like} OR {of}.country IN ({CountriesCalled(word)}))";

    /// <summary>SQL for "this fund is called so, or one of its countries is". They are a list of codes in JSON: a code between quotation marks is one of them.</summary>
    /// <inheritdoc cref="Called"/>
    public static string FundCalled(string of, string word, string like) =>
        $"({of}.search LIKE {like} OR {OneOfCountriesCalled(of, word)})";

    /// <summary>SQL for "one of this fund's countries is called so". Which ones are is found out once, and not for each fund.</summary>
    /// <inheritdoc cref="Called"/>
    public static string OneOfCountriesCalled(string of, string word) =>
        $"""EXISTS (WITH called AS MATERIALIZED ({CountriesCalled(word)}) SELECT 1 FROM called k WHERE {of}.countries LIKE '%"' || k.code || '"%')""";

    /// <summary>SQL for "this country is called so". By the beginnings of words: Mali is not within Somalia.</summary>
    /// <inheritdoc cref="Called"/>
    public static string CountryCalled(string of, string word) => $"' ' || {of}.search LIKE '% ' || {word} || '%'";

    /// <summary>SQL that selects the codes of the countries that are called so.</summary>
    /// <inheritdoc cref="Called"/>
    public static string CountriesCalled(string word) => $"SELECT k.code FROM country k WHERE {CountryCalled("k", word)}";

    /// <summary>A country's folded names, in this program and in the database.</summary>
    public static string OfCountry(string code, IEnumerable<string> aliases) => SearchText.Fold([.. Country.Names[code], .. aliases]);

    /// <summary>Makes one findable by what it is called now.</summary>
    public static Task FollowAsync(Write write, string table, string id) => FollowAsync(write, table, "WHERE id = @id", id);

    /// <summary>Makes all findable by the rules of this program.</summary>
    public static async Task FollowAllAsync(Write write)
    {
        foreach (var table in Columns.Keys)
        {
            for (var after = ""; after is not null;)
            {
                after = await FollowAsync(write, table, $"WHERE id > @id ORDER BY id LIMIT {Page}", after);
            }
        }

        var aliases = (await write.Sql.QueryAsync<(string Code, string Aliases)>("SELECT code, aliases FROM country")).ToDictionary(row => row.Code, row => JsonSerializer.Deserialize<string[]>(row.Aliases)!);
        await write.Sql.ExecuteAsync("""
            INSERT INTO country (code, aliases, search, version) VALUES (@code, '[]', @search, 0) ON CONFLICT (code) DO UPDATE SET search = excluded.search
            """, Country.Names.Keys.Order(StringComparer.Ordinal).Select(code => new { code, search = OfCountry(code, aliases.GetValueOrDefault(code, [])) }).ToList());
    }

    // The last that it came to; null where it came to none.
    private static async Task<string?> FollowAsync(Write write, string table, string where, string id)
    {
        string? last = null;
        foreach (var row in (await write.Sql.QueryAsync($"SELECT id, {Columns[table]} FROM {table} {where}", new { id })).Cast<IDictionary<string, object?>>().ToList())
        {
            var texts = row.SelectMany(column => column.Key == "aliases" ? JsonSerializer.Deserialize<string?[]>((string)column.Value!)! : (IEnumerable<string?>)[(string?)column.Value]);
            last = (string)row["id"]!;
            await write.Sql.ExecuteAsync($"UPDATE {table} SET search = @search WHERE id = @last", new { search = SearchText.Searched([.. texts]), last });
        }

        return last;
    }
}
