using System.Globalization;


namespace PledgeTracker.Compat.Fts;

/// <summary>Which flows are asked for, in our own words: of each kind any, and of the kinds all. Null where a kind was not asked.</summary>
/// <param name="Countries">ISO 3166-1 alpha-3, of the destination.</param>
/// <param name="Funds">Ids of the plans.</param>
/// <param name="Years">Those that the money is for, or, where nobody named any, the year of its date.</param>
/// <param name="Organizations">Ids of who gives or receives, and of those that were merged into them.</param>
/// <param name="Emergencies">As that service calls them.</param>
/// <param name="By">What they are grouped by: `plan`, `location`, `year` or `organization`.</param>
/// <param name="Narrower">The parameter that leaves fewer of them.</param>
internal sealed record Question(
    IReadOnlyList<string>? Countries = null, IReadOnlyList<string>? Funds = null, IReadOnlyList<int>? Years = null, IReadOnlyList<string>? Organizations = null, IReadOnlyList<string>? Emergencies = null,
    string? By = null, string Narrower = "locationid")
{
    /// <summary>The dataset of whose place and year just this is; null where it is another question.</summary>
    public string? Dataset => this is { Countries: [var country], Years: [var year], Funds: null, Organizations: null, Emergencies: null } ? string.Create(CultureInfo.InvariantCulture, $"fts:{country}:{year}") : null;

    /// <summary>Whether what is for several countries is others' as well in the answer.</summary>
    public bool TellsPlacesApart => Countries is not null || By == "location";

    /// <summary>The same of years.</summary>
    public bool TellsYearsApart => Years is not null || By == "year";

    /// <summary>More would have to be read for the answer than is read for one.</summary>
    public Refused TooMany => Refused.Invalid(new Fault("?" + Narrower, "too_many_found", new(
        $"Ask for fewer: name a location, a plan or appeal, an organization or a year. More than {Flows.Most:#,0} pledges and contributions are read for this.",
        $"اطلب أقل من ذلك: اذكر مكانا أو خطة أو نداء أو جهة أو سنة. يتطلب هذا قراءة أكثر من {Flows.Most:#,0} من التعهدات والمساهمات.")));

    /// <summary>The numbers of the headers among which the answer is: as far as an index or a column tells. What is left is asked of each flow.</summary>
    /// <exception cref="Refused">They are more than are read for one answer.</exception>
    public async Task<List<long>> HeadersAsync(Session session)
    {
        var filter = new Filter().Where("p.counted = TRUE")
            .WhereAny(session.Engine, "n.country", "country", Countries, any => $"p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE {any})")
            .WhereAny(session.Engine, "p.fund_id", "fund", Funds)
            .WhereAny(session.Engine, "l.donor_id", "organization", Organizations,
                any => $"(p.no IN (SELECT l.pledge_no FROM line l WHERE {any}) OR {any.Replace("l.donor_id", "p.recipient_id", StringComparison.Ordinal)})");
        if (Years is [])
        {
            filter.Where("1 = 0");
        }
        else if (Years is not null)
        {
            // Kept as [2025,2026]: a year is four digits wherever it stands. Of money for no year its days decide.
            filter.Where($"""
                ({string.Join(" OR ", Years.Select(year => $"p.usage_years LIKE '%{year}%'"))} OR (p.usage_years = '[]' AND EXISTS (SELECT 1 FROM ledger_entry y WHERE y.pledge_no = p.no
                    AND ({string.Join(" OR ", Years.Select((_, i) => $"y.value_date BETWEEN @from{i} AND @to{i}"))}))))
                """);
            foreach (var (i, year) in Years.Index())
            {
                filter.With($"from{i}", new DateOnly(year, 1, 1)).With($"to{i}", new DateOnly(year, 12, 31));
            }
        }

        var headers = (await session.Sql.QueryAsync<long>(new CommandDefinition($"SELECT p.no FROM pledge p {filter.Sql} LIMIT {Flows.Most + 1}", filter.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache))).AsList();
        return headers.Count <= Flows.Most ? headers : throw TooMany;
    }
}
