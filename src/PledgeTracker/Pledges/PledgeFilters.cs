namespace PledgeTracker.Pledges;

/// <summary>What pledges are filtered by, where they are listed and where they are summed.</summary>
public interface IPledgeFilters
{
    IReadOnlyList<string>? Donor { get; }
    IReadOnlyList<string>? Fund { get; }
    IReadOnlyList<string>? Recipient { get; }
    IReadOnlyList<string>? Country { get; }
    IReadOnlyList<string>? Event { get; }
    IReadOnlyList<string>? Status { get; }
    IReadOnlyList<string>? Instrument { get; }
    bool? GrantsOnly { get; }
    string? Origin { get; }
    IReadOnlyList<string>? Currency { get; }
    DateOnly? AnnouncedFrom { get; }
    DateOnly? AnnouncedTo { get; }
    decimal? MinAmountUsd { get; }
    decimal? MaxAmountUsd { get; }
    bool? Overdue { get; }
    IReadOnlyList<string>? Verification { get; }
    IReadOnlyList<string>? ExternalSystem { get; }
    IReadOnlyList<string>? ExternalId { get; }
    IReadOnlyList<string>? RecordedBy { get; }
    string? Q { get; }
}

/// <summary>The rules of those filters, and the WHERE that they make.</summary>
internal static class PledgeFilters
{
    // More are not added up in the time that anybody waits for an answer.
    private const int MostSummed = 20_000;

    /// <summary>But for the currencies, which have another name where sums are shown in one.</summary>
    public static void AddPledgeFilters<T>(this AbstractValidator<T> rules)
        where T : IPledgeFilters
    {
        rules.ForAnyOf(r => r.Donor).IsSlug("usa");
        rules.ForAnyOf(r => r.Fund).IsSlug("ne-syria-stabilization");
        rules.ForAnyOf(r => r.Recipient).IsSlug("irq-mof");
        rules.ForAnyOf(r => r.Country).IsCountry();
        rules.ForAnyOf(r => r.Event).IsSlug("kuwait-conference-2018");
        rules.ForAnyOf(r => r.Status).IsOneOf(Vocabulary.Statuses);
        rules.ForAnyOf(r => r.Instrument).IsOneOf(Vocabulary.Instruments);
        rules.RuleFor(r => r.GrantsOnly).IsGrantsOnly(r => r.Instrument is null || r.Instrument.All(word => word == "grant") ? null : r.Instrument[0]);
        rules.ForAnyOf(r => r.Verification).IsOneOf(Vocabulary.Verifications);
        rules.ForAnyOf(r => r.ExternalSystem).IsText(100);
        rules.ForAnyOf(r => r.ExternalId).IsText(200);
        rules.ForAnyOf(r => r.RecordedBy).IsRecorder();
        rules.RuleFor(r => r.AnnouncedTo).IsNotBefore("announcedFrom", r => r.AnnouncedFrom);
        rules.RuleFor(r => r.MinAmountUsd).IsUsd();
        rules.RuleFor(r => r.MaxAmountUsd).IsUsd();
        rules.RuleFor(r => r.MaxAmountUsd).IsNotBelow("minAmountUsd", r => r.MinAmountUsd);
        rules.RuleFor(r => r.Q).IsSearch();
    }

    /// <summary>Narrows to what the filters ask for of <c>pledge p</c>, whatever its money stands at.</summary>
    /// <param name="donors">The clause of the donors, where they stand in another table than <c>line d</c>.</param>
    /// <param name="countries">The same of the countries, of <c>pledge_country n</c>.</param>
    /// <param name="announcedOn">The column that an index of the order has.</param>
    /// <param name="past">As of when its contributions are looked at; null for now.</param>
    /// <param name="isSummed">All that is left is read, and not a page of it.</param>
    public static async Task<Filter> WhereAsync(this Filter filter, IPledgeFilters asked, Session session, HttpContext context,
        (string Column, Func<string, string> Clause)? donors = null, (string Column, Func<string, string> Clause)? countries = null, string announcedOn = "p.announced_on",
        Past? past = null, bool isSummed = false)
    {
        var engine = session.Engine;
        var (actors, organizations) = Recorders.Of(asked.RecordedBy, context);
        var (donor, ofDonors) = donors ?? ("d.donor_id", any => $"EXISTS (SELECT 1 FROM line d WHERE d.pledge_no = p.no AND {any})");
        var (country, ofCountries) = countries ?? ("n.country", any => $"EXISTS (SELECT 1 FROM pledge_country n WHERE {any} AND n.pledge_no = p.no)");
        filter
            .WhereAny(engine, donor, "donor", await References.SurvivorsAsync(session, asked.Donor), ofDonors)
            .WhereAny(engine, country, "country", asked.Country, ofCountries)
            .WhereAny(engine, "p.fund_id", "fund", asked.Fund)
            // A header keeps the recipient it was entered for. Where others were merged into the one asked for, its pledges stand under several ids.
            .WhereAny(engine, "p.recipient_id", "recipient", await References.NamesAsync(session, asked.Recipient))
            .WhereAny(engine, "p.event_id", "event", asked.Event)
            .WhereAny(engine, "p.instrument", "instrument", asked.Instrument)
            .Where("p.instrument = 'grant'", asked.GrantsOnly == true)
            .WhereAny(engine, "p.currency", "currency", asked.Currency)
            .WhereAny(engine, "p.external_system", "system", asked.ExternalSystem?.Select(system => system.ToLowerInvariant()).Distinct().ToList())
            .WhereAny(engine, "p.external_id", "number", asked.ExternalId)
            .WhereAny(engine, "m.verification", "verification", asked.Verification,
                any => $"EXISTS (SELECT 1 FROM contribution m WHERE m.pledge_no = p.no AND {any} AND {(past is null ? "m.reversed = FALSE" : Past.HasContribution)})")
            .WhereOverlaps(announcedOn, "p.date_precision", asked.AnnouncedFrom, asked.AnnouncedTo);

        if (past is not null)
        {
            filter.With("day", past.Day).With("lastEntry", past.LastEntry);
        }

        // By these actors, or in the name of these organizations: either will do.
        List<string> recorded = [];
        if (actors is not null)
        {
            recorded.Add(filter.AnyOf(engine, "p.recorded_by", "actor", actors));
        }

        if (await References.NamesAsync(session, organizations) is { } names)
        {
            recorded.Add($"""
                p.no IN (SELECT m.pledge_no FROM contribution_key k JOIN contribution m ON m.entry_no = k.entry_no WHERE k.filter = 'recordedBy' AND {filter.AnyOf(engine, "k.value", "organization", names)}
                    {(past is null ? "" : "AND m.entry_no <= @lastEntry")})
                """);
        }

        filter.Where($"({string.Join(" OR ", recorded)})", recorded.Count > 0);
        var others = filter.Sql;
        var isSelected = await filter.WhereEachWordAsync(session, asked.Q, "p.no", (word, like) =>
        {
            var (countries, events) = (Searched.CountriesCalled(word), $"SELECT v.id FROM event v WHERE {Searched.Called("v", word, like)}");
            var (called, funds) = ($"SELECT o.id FROM organization o WHERE {Searched.Called("o", word, like)}", $"SELECT f.id FROM fund f WHERE {Searched.FundCalled("f", word, like)}");
            var recipients = $"SELECT r.id FROM organization r JOIN organization o ON o.id = coalesce(r.merged_into, r.id) WHERE {Searched.Called("o", word, like)}";
            return (engine.PledgesWithWords(word), $"""
                SELECT s.pledge_no FROM pledge_country s WHERE s.country IN ({countries})
                UNION ALL SELECT s.pledge_no FROM line s WHERE s.donor_id IN ({called})
                UNION ALL SELECT s.no FROM pledge s WHERE s.fund_id IN ({funds})
                UNION ALL SELECT s.no FROM pledge s WHERE s.event_id IN ({events})
                UNION ALL SELECT s.no FROM pledge s WHERE s.recipient_id IN ({recipients})
                """, $"""
                p.fund_id IN ({funds}) OR p.event_id IN ({events}) OR p.recipient_id IN ({recipients})
                OR EXISTS (SELECT 1 FROM line s WHERE s.pledge_no = p.no AND s.donor_id IN ({called}))
                OR EXISTS (SELECT 1 FROM pledge_country s WHERE s.pledge_no = p.no AND s.country IN ({countries}))
                """);
        });
        // Where no word is a place to begin, all that the other filters leave would be looked at.
        if (isSummed && asked.Q is not null
            && await session.Sql.ExecuteScalarAsync<long>($"SELECT count(*) FROM (SELECT 1 FROM pledge p {(isSelected ? filter.Sql : others)} LIMIT {MostSummed + 1}) c", filter.Parameters) > MostSummed)
        {
            throw Refused.Invalid(new Fault("?q", "too_many_found", new(
                $"Add a word, or narrow the filters: these words find too many pledges. At most {MostSummed:#,0} that words find are added up.",
                $"أضف كلمة أو ضيق نطاق المرشحات: تجد هذه الكلمات تعهدات أكثر من اللازم. لا يُجمع مما تجده الكلمات أكثر من {MostSummed:#,0} تعهد.")));
        }

        return filter;
    }

    /// <summary>Narrows to what the filters ask for of its money, as it stands today.</summary>
    public static Filter WhereStanding(this Filter filter, IPledgeFilters asked, Engine engine, DateOnly today)
    {
        filter
            .WhereAny(engine, "p.status", "status", asked.Status)
            .Where("p.pledged_usd >= @least", "least", CodeRules.Cents(asked.MinAmountUsd))
            .Where("p.pledged_usd <= @most", "most", CodeRules.Cents(asked.MaxAmountUsd));
        return asked.Overdue is { } overdue
            ? filter.Where(overdue ? "p.overdue_from < @today" : "(p.overdue_from IS NULL OR p.overdue_from >= @today)", "today", today)
            : filter;
    }

    /// <summary>The same of a pledge as its money stands at the end of a day.</summary>
    /// <param name="pledged">In US cents.</param>
    public static bool Stands(this IPledgeFilters asked, string status, long pledged, DateOnly? overdueFrom, DateOnly day) =>
        asked.Status?.Contains(status) != false && !(pledged < CodeRules.Cents(asked.MinAmountUsd)) && !(pledged > CodeRules.Cents(asked.MaxAmountUsd))
        && (asked.Overdue is not { } overdue || overdue == (overdueFrom < day));
}
