namespace PledgeTracker.Summaries;

/// <summary>What the rows of a summary are called.</summary>
internal sealed class RowNames
{
    private readonly Dictionary<(string Dimension, string Key), string?> _names = [];

    /// <summary>The names of all items in a group and in its rows, a statement for each dimension.</summary>
    public static async Task<RowNames> OfAsync(View view, IReadOnlyList<string> by, Group total, Reader reader)
    {
        var names = new RowNames();
        List<Group> groups = [total];
        foreach (var dimension in by)
        {
            var keys = groups.SelectMany(group => group.Rows.Keys).Select(row => row.Key).OfType<string>().Distinct().ToList();
            var table = dimension switch { "donor" or "recipient" => "organization", "fund" => "fund", "event" => "event", _ => null };
            if (table is not null && keys.Count > 0)
            {
                foreach (var (id, name) in await view.Sql.QueryAsync<(string, string?)>($"SELECT t.id, {reader.Text("t.name")} FROM {table} t WHERE {view.Engine.AnyOf("t.id", "@keys")}", new { keys }))
                {
                    names._names[(dimension, id)] = name;
                }
            }
            else if (dimension == "country")
            {
                keys.ForEach(code => names._names[(dimension, code)] = Country.NameOf(code)?.In(reader.Language));
            }
            else if (LabelsOf(dimension) is { } labels)
            {
                keys.ForEach(word => names._names[(dimension, word)] = labels.GetValueOrDefault(word)?.In(reader.Language));
            }

            groups = [.. groups.SelectMany(group => group.Rows.Values)];
        }

        return names;
    }

    private static OrderedDictionary<string, LocalizedText>? LabelsOf(string dimension) => dimension switch
    {
        "donor-type" or "recipient-type" => Labels.OrganizationTypes,
        "instrument" => Labels.Instruments,
        "earmarking" => Labels.Earmarkings,
        "status" => Labels.Statuses,
        _ => null,
    };

    public string? Of(string dimension, RowKey row) => row.Key is { } key ? _names.GetValueOrDefault((dimension, key)) : null;
}
