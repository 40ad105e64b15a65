using System.Text.Json;

namespace PledgeTracker.Ledger;

/// <summary>The texts by which `q` finds organizations, funds, events and sources, kept folded beside them: what they are called, and what their countries are.</summary>
internal static class Searched
{
    private static readonly Dictionary<string, string> Columns = new()
    {
        ["organization"] = "name_en, name_ar, aliases, country",
        ["fund"] = "name_en, name_ar, aliases, countries",
        ["event"] = "name_en, name_ar, place_en, place_ar, country",
        ["source"] = "title_en, title_ar, publisher_en, publisher_ar",
    };

    /// <summary>Makes one findable by what it is called now.</summary>
    public static Task FollowAsync(Write write, string table, string id) => FollowAsync(write, table, "WHERE id = @id", id);

    /// <summary>Makes all findable by the rules of this program.</summary>
    public static async Task FollowAllAsync(Write write)
    {
        foreach (var table in Columns.Keys)
        {
            await FollowAsync(write, table, "", null);
        }
    }

    private static async Task FollowAsync(Write write, string table, string where, string? id)
    {
        foreach (var row in (await write.Sql.QueryAsync($"SELECT id, {Columns[table]} FROM {table} {where}", new { id })).Cast<IDictionary<string, object?>>().ToList())
        {
            var texts = row.SelectMany(column => column.Key switch
            {
                "aliases" => (IEnumerable<string?>)JsonSerializer.Deserialize<string?[]>((string)column.Value!)!,
                "countries" => SearchText.NamesOf(JsonSerializer.Deserialize<string?[]>((string)column.Value!)!),
                "country" => SearchText.NamesOf((string?)column.Value),
                _ => [(string?)column.Value],
            });
            await write.Sql.ExecuteAsync($"UPDATE {table} SET search = @search WHERE id = @id", new { search = SearchText.Searched([.. texts]), id = row["id"] });
        }
    }
}
