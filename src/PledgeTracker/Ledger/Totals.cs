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
    public static async Task<Dictionary<string, (Sums All, InstrumentFigures[] ByInstrument)>> OfAsync(Session session, string scope, IEnumerable<string> ids, Past? past = null)
    {
        var list = ids.ToList();
        if (past is not null)
        {
            var then = await ThenAsync(session, past, scope, list);
            return list.ToDictionary(id => id, id => then.GetValueOrDefault(id, TotalThen.None) is var total ? (total.Of("all").Sums, total.ByInstrument) : default);
        }

        var rows = (list.Count == 0 ? [] : await session.Sql.QueryAsync<TotalRow>($"""
            SELECT t.id, t.instrument, {Sums.Select("t", Sums.OfTotals)} FROM total t
            WHERE t.scope = @scope AND {session.Engine.AnyOf("t.instrument", "@Instruments")} AND {session.Engine.AnyOf("t.id", "@list")} AND t.lines > 0 ORDER BY t.instrument
            """, new { scope, Instruments, list })).ToLookup(row => row.Id);
        return list.ToDictionary(id => id, id => (rows[id].FirstOrDefault(row => row.Instrument == "all")?.Sums ?? default,
            rows[id].Where(row => row.Instrument != "all").Select(row => new InstrumentFigures { Instrument = row.Instrument, Figures = TotalSet.Of(row.Sums) }).ToArray()));
    }

    /// <summary>The same as of a day, from the ledger: of those that have a line then.</summary>
    /// <param name="ids">Null for all.</param>
    public static async Task<Dictionary<string, TotalThen>> ThenAsync(Session session, Past past, string scope, List<string>? ids = null)
    {
        var totals = new Dictionary<string, TotalThen>();
        if (ids is { Count: 0 })
        {
            return totals;
        }

        var wanted = ids?.ToHashSet();
        var any = session.Engine.AnyOf(scope switch { "donor" => "l.donor_id", "fund" => "p.fund_id", _ => "p.event_id" }, "@ids");
        await foreach (var (header, entries) in past.HeadersAsync(session,
            scope == "donor" ? ids is null ? "TRUE" : $"p.no IN (SELECT l.pledge_no FROM line l WHERE {any})" : ids is null ? $"p.{scope}_id IS NOT NULL" : any, new { ids }))
        {
            foreach (var line in Figures.Lines(entries).Where(line => line.Status != "void"))
            {
                var id = scope switch { "donor" => line.DonorId, "fund" => header.FundId!, _ => header.EventId! };
                if (wanted?.Contains(id) != false)
                {
                    (totals.TryGetValue(id, out var total) ? total : totals[id] = new TotalThen()).Add(header.Instrument, line);
                }
            }
        }

        return totals;
    }
}

/// <summary>One's totals as of a day.</summary>
internal sealed class TotalThen
{
    public static readonly TotalThen None = new();

    private readonly SortedDictionary<string, (Sums Sums, int Lines)> _byInstrument = new(StringComparer.Ordinal);

    public InstrumentFigures[] ByInstrument => [.. _byInstrument.Select(i => new InstrumentFigures { Instrument = i.Key, Figures = TotalSet.Of(i.Value.Sums) })];

    public void Add(string instrument, Line line)
    {
        var (sums, lines) = _byInstrument.GetValueOrDefault(instrument);
        _byInstrument[instrument] = (sums + line.Sums, lines + 1);
    }

    /// <summary>Of one instrument, or of `all`.</summary>
    public (Sums Sums, int Lines) Of(string instrument) =>
        instrument != "all" ? _byInstrument.GetValueOrDefault(instrument) : _byInstrument.Values.Aggregate(default((Sums Sums, int Lines)), (sum, one) => (sum.Sums + one.Sums, sum.Lines + one.Lines));
}
