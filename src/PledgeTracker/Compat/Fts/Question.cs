using System.Globalization;
using PledgeTracker.Imports.Fts;

namespace PledgeTracker.Compat.Fts;

/// <summary>Which flows are asked for, in our own words: of each kind any, and of the kinds all. Null where a kind was not asked.</summary>
/// <param name="Narrower">The parameter that leaves fewer of them.</param>
/// <param name="Countries">ISO 3166-1 alpha-3, of the destination.</param>
/// <param name="Funds">Ids of the plans.</param>
/// <param name="Years">Those that the money is for, or, where nobody named any, the year of its date.</param>
/// <param name="Organizations">Who gives or receives.</param>
/// <param name="Emergencies">As that service calls them.</param>
/// <param name="By">What they are grouped by: `plan`, `location`, `year` or `organization`.</param>
internal sealed record Question(
    string Narrower, IReadOnlyList<string>? Countries = null, IReadOnlyList<string>? Funds = null, IReadOnlyList<int>? Years = null, OrganizationsAsked? Organizations = null, IReadOnlyList<string>? Emergencies = null,
    string? By = null)
{
    /// <summary>The dataset of whose place and year just this is; null where it is another question.</summary>
    public string? Dataset => this is { Countries: [var country], Years: [var year], Funds: null, Organizations: null, Emergencies: null } ? string.Create(CultureInfo.InvariantCulture, $"fts:{country}:{year}") : null;

    /// <summary>Whether something was asked for that nothing is.</summary>
    public bool IsForNothing => this is { Countries: [] } or { Funds: [] } or { Years: [] } or { Emergencies: [] };

    /// <summary>Whether what is for several countries is others' as well in the answer.</summary>
    public bool TellsPlacesApart => Countries is not null || By == "location";

    /// <summary>The same of years.</summary>
    public bool TellsYearsApart => Years is not null || By == "year";

    /// <summary>More would have to be read for the answer than is read for one.</summary>
    public Refused TooMany => Refused.Invalid(new Fault("?" + Narrower, "too_many_found", new(
        $"Ask for fewer, by this or by another parameter: more than {Flows.Most:#,0} pledges and contributions would be read for this.",
        $"اطلب أقل من ذلك بهذه المعلمة أو بغيرها: يتطلب هذا قراءة أكثر من {Flows.Most:#,0} من التعهدات والمساهمات.")));

    /// <summary>The numbers of the headers among which the answer is: as far as an index or a column tells. What is left is asked of each flow.</summary>
    /// <exception cref="Refused">They are more than are read for one answer.</exception>
    public async Task<List<long>> HeadersAsync(Session session)
    {
        var filter = new Filter().Where("p.counted = TRUE")
            .WhereAny(session.Engine, "n.country", "country", Countries, any => $"p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE {any})");
        if (Funds is not null)
        {
            // Out of a plan goes what another has of it.
            filter.Where($"""
                ({filter.AnyOf(session.Engine, "p.fund_id", "fund", Funds)}
                    OR p.no IN (SELECT f.pledge_no FROM flow f WHERE f.pledge_no IS NOT NULL AND {filter.AnyOf(session.Engine, "f.source_plan", "plan", [.. Funds.Select(FtsLedger.PlanOf).OfType<string>()])}))
                """);
        }

        if (Organizations is { Ids: var ids })
        {
            filter.Where($"(p.no IN (SELECT l.pledge_no FROM line l WHERE {filter.AnyOf(session.Engine, "l.donor_id", "donor", ids)}) OR {filter.AnyOf(session.Engine, "p.recipient_id", "recipient", ids)})");
        }

        if (Years is not null)
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

/// <summary>Organizations as the ledger knows them, and as that service calls them in what is no entry here.</summary>
/// <param name="Ids">With those of what was merged into them.</param>
/// <param name="Names">All that these are called, and what was asked for, as <see cref="SearchText"/> folds it.</param>
internal sealed record OrganizationsAsked(IReadOnlyList<string> Ids, HashSet<string> Names)
{
    public static async Task<OrganizationsAsked> OfAsync(Session session, IReadOnlyList<string> called)
    {
        var names = called.Select(name => SearchText.Fold(name)).ToHashSet();
        var all = (await session.Sql.QueryAsync<(string Id, string? En, string? Ar, string[] Aliases, string? MergedInto)>("SELECT o.id, o.name_en, o.name_ar, o.aliases, o.merged_into FROM organization o"))
            .Select(o => (o.Id, Survivor: o.MergedInto ?? o.Id, Names: ((string?[])[o.En, o.Ar, .. o.Aliases]).OfType<string>().Select(name => SearchText.Fold(name)).ToList())).ToList();
        var survivors = all.Where(o => called.Contains(o.Id) || o.Names.Exists(names.Contains)).Select(o => o.Survivor).ToHashSet();
        var found = all.FindAll(o => survivors.Contains(o.Survivor));
        return new(found.ConvertAll(o => o.Id), [.. names, .. found.SelectMany(o => o.Names)]);
    }

    public bool Gives(Flow flow) => flow.Line is { } line ? Ids.Contains(line.DonorId) : Has(flow.Told!.Flow.From);

    public bool Receives(Flow flow) => flow.Line is { } line ? line.RecipientId is { } recipient && Ids.Contains(recipient) : Has(flow.Told!.Flow.To);

    private bool Has(FtsSide side) => side.Organizations?.Any(told => Names.Contains(SearchText.Fold(told.Name))) == true;
}
