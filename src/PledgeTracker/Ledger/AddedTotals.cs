namespace PledgeTracker.Ledger;

/// <summary>
/// What is to be added to totals and to their months: by one header, or by many, of which the same total is then written once. (PostgreSQL looks at every state that a row
/// had in a transaction whenever it looks for the row: one that every header changes would be slower with each.)
/// </summary>
internal sealed class AddedTotals : IGathered
{
    // Of those that change alike, in a statement.
    private const int Most = 50;

    private static readonly Func<int, string> AddToTotals = Adding("total", [], ["lines", "pledges", .. Sums.OfTotals]);
    private static readonly Func<int, string> AddToMonths = Adding("total_month", ["month"], ["pledges", .. Sums.OfTotals]);

    private readonly Dictionary<(string Instrument, string Month, string Scope, string Id), TotalDay> _months = [];

    /// <summary>How many are kept to be written.</summary>
    public int Count => _months.Count;

    /// <summary>Adds what days of a header's lines change.</summary>
    /// <param name="gone">As they were.</param>
    /// <param name="come">As they are now.</param>
    public void Add(Header header, List<LineDay> gone, List<LineDay> come)
    {
        var scopes = header.Scopes;
        foreach (var ((scope, id, on), day) in TotalDays.Of(scopes, come))
        {
            Add((header.Instrument, Iso.Month(on), scope, id), day);
        }

        foreach (var ((scope, id, on), day) in TotalDays.Of(scopes, gone))
        {
            Add((header.Instrument, Iso.Month(on), scope, id), default(TotalDay) - day);
        }
    }

    public IGathered OfPart() => new AddedTotals();

    public void Add(IGathered part)
    {
        foreach (var (total, day) in ((AddedTotals)part)._months)
        {
            Add(total, day);
        }
    }

    /// <summary>Writes them, and keeps none.</summary>
    public async Task WriteAsync(Write write)
    {
        // Most totals of a month change alike, and those of all months: they are written together.
        foreach (var months in _months.GroupBy(total => (total.Key.Instrument, total.Key.Month)))
        {
            await AddAsync(write, AddToMonths, months.Key.Instrument, months.Key.Month, months);
        }

        foreach (var totals in _months.GroupBy(total => total.Key.Instrument))
        {
            await AddAsync(write, AddToTotals, totals.Key, null, totals);
        }

        _months.Clear();
    }

    private void Add((string Instrument, string Month, string Scope, string Id) total, TotalDay day) => _months[total] = _months.GetValueOrDefault(total) + day;

    private static async Task AddAsync(Write write, Func<int, string> adding, string instrument, string? month, IEnumerable<KeyValuePair<(string Instrument, string Month, string Scope, string Id), TotalDay>> added)
    {
        var changes = new Dictionary<(string Scope, string Id), TotalDay>();
        foreach (var ((_, _, scope, id), day) in added)
        {
            changes[(scope, id)] = changes.GetValueOrDefault((scope, id)) + day;
        }

        foreach (var alike in changes.Where(total => total.Value != default).GroupBy(total => total.Value, total => total.Key))
        {
            foreach (var totals in alike.Chunk(Most))
            {
                var parameters = alike.Key.Sums.With(new { instrument, lines = alike.Key.Lines, pledges = alike.Key.Pledges, month });
                foreach (var (i, (scope, id)) in totals.Index())
                {
                    parameters.Add($"scope{i}", scope);
                    parameters.Add($"id{i}", id);
                }

                await write.Sql.ExecuteAsync(adding(totals.Length), parameters);
            }
        }
    }

    /// <summary>SQL that adds the same to each of so many totals, over all instruments and for one.</summary>
    private static Func<int, string> Adding(string table, string[] keys, string[] sums)
    {
        var (columns, values) = (string.Join(", ", keys.Concat(sums)), string.Join(", ", keys.Concat(sums).Select(column => "@" + column)));
        var (key, added) = (string.Join(", ", keys.Prepend("id")), string.Join(", ", sums.Select(column => $"{column} = {table}.{column} + excluded.{column}")));
        return count => $"""
            WITH o (scope, id) AS (VALUES {string.Join(", ", Enumerable.Range(0, count).Select(i => $"(@scope{i}, @id{i})"))})
            INSERT INTO {table} (scope, instrument, id, {columns})
            SELECT o.scope, i.instrument, o.id, {values} FROM o CROSS JOIN (SELECT 'all' AS instrument UNION ALL SELECT @instrument) i WHERE TRUE
            ON CONFLICT (scope, instrument, {key}) DO UPDATE SET {added}
            """;
    }
}
