namespace PledgeTracker.Ledger;

/// <summary>A day at whose end everything stands, and the moment by which it was known: the ledger and the statements without what counts later and without what was not recorded yet.</summary>
/// <param name="Known">Null where all that is known now counts.</param>
internal sealed record Past(DateOnly Day, KnownMoment? Known)
{
    /// <summary>SQL for: the entry <c>e</c> counts by the end of the day, and was known.</summary>
    public const string HasEntry = "coalesce(e.counts_from, e.value_date) <= @day AND e.no <= @lastEntry";

    /// <summary>SQL for: the statement <c>s</c> had been made by the end of the day, and was known. One that is dated ahead stands from the day on which it was recorded.</summary>
    public const string HasStatement = "(s.stated_on <= @day OR s.recorded_at < @dayAfter) AND s.version <= @lastChange";

    private static readonly LocalizedText NamesOfNow = new(
        "Names, aliases, merged organizations, due dates, types, verifications and citations are those of now.",
        "الأسماء والأسماء الأخرى والجهات المدمجة وتواريخ الاستحقاق والأنواع والتحقق والاستشهادات هي كما هي الآن.");

    /// <summary>What a request asks for: today where it names no day.</summary>
    /// <exception cref="Refused">Its day or its moment is still to come, or its version was never had.</exception>
    public static async Task<Past> OfAsync(IPastRequest asked, View view, Reader reader)
    {
        ThrowIfAhead(reader, ("?asOf", asked.AsOf));
        return new Past(asked.AsOf ?? reader.Today, await KnownMoment.OfAsync(view, asked.KnownAt));
    }

    /// <summary>The same, and what its answer says of that. No past where what is kept as of now answers it; no basis where it asks for nothing of the kind.</summary>
    /// <exception cref="Refused">Its day or its moment is still to come, or its version was never had.</exception>
    public static async Task<(Past? Past, Basis? Basis)> WithBasisAsync(IPastRequest asked, View view, Reader reader)
    {
        if (asked is { AsOf: null, KnownAt: null })
        {
            return (null, null);
        }

        var past = await OfAsync(asked, view, reader);
        return (past.Known is null && past.Day == reader.Today ? null : past, past.BasisFor(reader.Language));
    }

    /// <exception cref="Refused">A day is still to come.</exception>
    public static void ThrowIfAhead(Reader reader, params (string Pointer, DateOnly? Day)[] days)
    {
        var last = reader.Today;
        var faults = days.Where(d => d.Day > last).Select(d => new Fault(d.Pointer, "date_out_of_range", new(
            $"Nothing is known of that day yet: send one up to {last:yyyy-MM-dd}.", $"لا يُعرف شيء عن ذلك اليوم بعد: أرسل يوما لا يتجاوز {last:yyyy-MM-dd}."))).ToList();
        if (faults.Count > 0)
        {
            throw Refused.Invalid(faults);
        }
    }

    /// <summary>Whoever reads on that day.</summary>
    public Reader Seen(Reader reader) => reader with { Today = Day };

    /// <summary>The parameters of <see cref="HasEntry"/>, beside others.</summary>
    public DynamicParameters WithEntries(object? others = null)
    {
        var parameters = new DynamicParameters(others);
        parameters.Add("day", Day);
        parameters.Add("lastEntry", Known?.LastEntry ?? long.MaxValue);
        return parameters;
    }

    /// <summary>The parameters of <see cref="HasStatement"/>, beside others.</summary>
    public DynamicParameters WithStatements(object? others = null)
    {
        var parameters = new DynamicParameters(others);
        parameters.Add("day", Day);
        parameters.Add("dayAfter", new DateTimeOffset(Day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero));
        parameters.Add("lastChange", Known?.Sequence ?? long.MaxValue);
        return parameters;
    }

    /// <summary>What counted of some headers.</summary>
    public async Task<ILookup<long, Entry>> EntriesAsync(Session session, List<long> list) => (list.Count == 0 ? [] : await session.Sql.QueryAsync<long, Entry, (long PledgeNo, Entry Entry)>($"""
        SELECT e.pledge_no, {Posting.EntryColumns} FROM {Posting.EntryTables} WHERE {session.Engine.AnyOf("e.pledge_no", "@list")} AND {HasEntry} ORDER BY e.pledge_no, e.no
        """, (pledge, entry) => (pledge, entry), WithEntries(new { list }), splitOn: "no")).ToLookup(row => row.PledgeNo, row => row.Entry);

    /// <summary>The headers that count, one after the other, with what counted of each. None is kept: there may be any number.</summary>
    /// <param name="narrowed">Which ones, of <c>pledge p</c>.</param>
    public async IAsyncEnumerable<(EntryThen First, List<Entry> Entries)> HeadersAsync(Session session, string narrowed, object? parameters = null)
    {
        EntryThen? first = null;
        List<Entry> entries = [];
        await foreach (var entry in session.Sql.QueryUnbufferedAsync<EntryThen>($"""
            SELECT e.pledge_no, p.fund_id, p.event_id, p.instrument, p.usage_years, {Posting.EntryColumns} FROM {Posting.EntryTables} JOIN pledge p ON p.no = e.pledge_no
            WHERE p.counted = TRUE AND {narrowed} AND {HasEntry} ORDER BY e.pledge_no, e.no
            """, WithEntries(parameters)))
        {
            if (first is not null && first.PledgeNo != entry.PledgeNo)
            {
                yield return (first, entries);
                (first, entries) = (null, []);
            }

            first ??= entry;
            entries.Add(entry);
        }

        if (first is not null)
        {
            yield return (first, entries);
        }
    }

    /// <summary>How an answer is read as of it.</summary>
    public Basis BasisFor(Language language) => new()
    {
        AsOf = Day,
        KnownAt = Known?.Shown,
        Rules =
        [
            new("counted_by_then", new LocalizedText($"What counts by the end of {Day:yyyy-MM-dd}, as corrected since.", $"ما يُحسب حتى نهاية يوم {Day:yyyy-MM-dd}، بعد تصحيحه.").In(language)!),
            .. Known is null ? [] : (BasisRule[])[new("known_by_then", new LocalizedText("Only what had been recorded by then.", "ما كان مسجلا حتى ذلك الوقت وحده.").In(language)!)],
            new("names_of_now", NamesOfNow.In(language)!),
        ],
    };

    /// <summary>An entry, with what its header is counted by.</summary>
    internal sealed record EntryThen : Entry
    {
        public required long PledgeNo { get; init; }
        public string? FundId { get; init; }
        public string? EventId { get; init; }
        public required string Instrument { get; init; }
        public required int[] UsageYears { get; init; }

        /// <summary>What its fund has of it on a day.</summary>
        public FundMoney MoneyOf(DateOnly day)
        {
            var (first, last) = Header.Span(UsageYears);
            return new(FundId!, Instrument, first, last, day);
        }
    }
}
