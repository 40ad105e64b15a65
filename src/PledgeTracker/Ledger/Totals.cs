namespace PledgeTracker.Ledger;

/// <summary>The figures of one instrument: loans, credit lines, investments and memoranda are never silently mixed with grants.</summary>
public sealed record InstrumentFigures
{
    [OneOf(nameof(Vocabulary.Instruments))]
    public required string Instrument { get; init; }

    public required TotalSet Figures { get; init; }
}

/// <summary>One's totals, of one instrument or of <c>all</c>.</summary>
internal sealed record TotalRow : TotalsRow
{
    public required string Id { get; init; }
    public string Instrument { get; init; } = "all";

    /// <summary>What a list is sorted by.</summary>
    public object Key(SortField field) => field.Name == "id" ? Id : Figure(field.Name);
}

/// <summary>The totals of donors, funds and events, as <see cref="Posting"/> keeps them.</summary>
internal static class Totals
{
    /// <summary>The columns of `total t`, zero where there is no row.</summary>
    public static readonly string Columns = string.Join(", ", Sums.OfTotals.Select(column => $"coalesce(t.{column}, 0) AS {column}"));

    /// <summary>The figures of `total t` that a list can be sorted by.</summary>
    public static readonly SortField[] Orders =
    [
        new("pledged", "t.pledged_usd", typeof(long)), new("withdrawn", "t.withdrawn_usd", typeof(long)), new("committed", "t.committed_usd", typeof(long)),
        new("paid", "t.paid_usd", typeof(long)), new("outstanding", "t.outstanding_usd", typeof(long)),
    ];

    private static readonly List<string> Instruments = ["all", .. Vocabulary.Instruments];

    /// <summary>The instrument whose totals a request asks for: `all` unless it says otherwise.</summary>
    public static string InstrumentOf(string? instrument, bool? grantsOnly) => grantsOnly == true ? "grant" : instrument ?? "all";

    /// <summary>The totals of each of several: over all instruments, and for each that occurs.</summary>
    /// <param name="scope">What they are: `donor`, `fund` or `event`.</param>
    public static async Task<Dictionary<string, (TotalSet All, InstrumentFigures[] ByInstrument)>> OfAsync(Session session, string scope, IEnumerable<string> ids)
    {
        var list = ids.ToList();
        var rows = (list.Count == 0 ? [] : await session.Sql.QueryAsync<TotalRow>($"""
            SELECT t.id, t.instrument, {Sums.Select("t", Sums.OfTotals)} FROM total t
            WHERE t.scope = @scope AND {session.Engine.AnyOf("t.instrument", "@Instruments")} AND {session.Engine.AnyOf("t.id", "@list")} ORDER BY t.instrument
            """, new { scope, Instruments, list })).ToLookup(row => row.Id);
        return list.ToDictionary(id => id, id => (TotalSet.Of(rows[id].FirstOrDefault(row => row.Instrument == "all")?.Sums ?? default),
            rows[id].Where(row => row.Instrument != "all").Select(row => new InstrumentFigures { Instrument = row.Instrument, Figures = TotalSet.Of(row.Sums) }).ToArray()));
    }
}
