using PledgeTracker.Imports.Fts;

namespace PledgeTracker.Compat.Fts;

/// <summary>A donor's line under a pledge or a contribution, as it stands now.</summary>
internal sealed record FlowLine
{
    /// <summary>The header's.</summary>
    public required long No { get; init; }

    public string? FundId { get; init; }

    /// <summary>What the recipient is called today, where it was merged since.</summary>
    public string? RecipientId { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string[] Countries { get; init; }

    public required bool Shared { get; init; }

    /// <summary>Those that the money is for; none where nobody named them.</summary>
    public required int[] UsageYears { get; init; }

    public required DateOnly AnnouncedOn { get; init; }
    public required string DonorId { get; init; }

    /// <summary>In US cents, as the two that follow.</summary>
    public required long CommittedUsd { get; init; }

    public required long PaidUsd { get; init; }
    public required long PromisedOnlyUsd { get; init; }
}

/// <summary>A flow of that dialect: a payment, what of a line is committed and not paid, or promised only; an adjustment; or money that did not come in, as it was told.</summary>
/// <param name="Status">`pledge`, `commitment` or `paid`.</param>
/// <param name="Usd">In US cents.</param>
/// <param name="Line">Null of what no line holds, because it did not come in.</param>
/// <param name="EntryNo">The entry that it is; null of what is left of a line.</param>
/// <param name="Date">The entry's; of what is left the last commitment's, or the promise's.</param>
/// <param name="Told">What that service last said of it; null of what is not its own.</param>
/// <param name="IsShared">Whether it is for others as well, to the question: what its source says; of our own whether it is for several of the countries or years that are told apart.</param>
internal sealed record Flow(string Status, long Usd, FlowLine? Line, long? EntryNo, DateOnly? Date, Told? Told, bool IsShared)
{
    /// <summary>ISO 3166-1 alpha-3, of the destination.</summary>
    public IReadOnlyList<string> Countries => Line?.Countries ?? Told?.Flow.To.Countries ?? [];

    /// <summary>Those that the money is for, or the year of its date.</summary>
    public IReadOnlyList<int> Years => Line?.UsageYears is [_, ..] years ? years : YearsOf(Told?.Flow.To, Line is null) ?? (Date is { } day ? [day.Year] : []);

    /// <summary>The fund that the money is for; null where there is none, or several.</summary>
    public string? FundId => Line is not null ? Line.FundId : FundOf(Told?.Flow.Plan);

    /// <summary>The plans from which money was carried over.</summary>
    public IEnumerable<string> FromFunds => (Told?.Flow.From.Plans ?? []).Select(FundOf).OfType<string>();

    public bool IsPledge => Status == "pledge";

    private static IReadOnlyList<int>? YearsOf(FtsSide? side, bool asked) =>
        asked && (side?.FirstYear ?? side?.LastYear) is { } first ? [.. Enumerable.Range(first, Math.Clamp((side!.LastYear ?? first) - first + 1, 1, 50))] : null;

    private static string? FundOf(FtsPlan? plan) => plan?.Id is { } id ? FtsLedger.FundOf(id) : null;
}

/// <summary>The ledger as flows of that dialect.</summary>
/// <param name="All">In a constant order.</param>
internal sealed record Flows(Question Question, List<Flow> All)
{
    /// <summary>How many headers, and flows of money that did not come in, are read for one answer.</summary>
    public const int Most = 100_000;

    public static async Task<Flows> OfAsync(Question question, View view)
    {
        if (question.IsForNothing)
        {
            return new(question, []);
        }

        var headers = await question.HeadersAsync(view);
        var told = await ToldFlows.OfAsync(view, headers, question);
        var lines = await view.Sql.QueryAsync<FlowLine>($"""
            SELECT p.no, p.fund_id, coalesce(r.merged_into, r.id) AS recipient_id, p.countries, p.shared, p.usage_years, p.announced_on, l.donor_id, l.committed_usd, l.paid_usd, l.promised_only_usd
            FROM pledge p JOIN line l ON l.pledge_no = p.no LEFT JOIN organization r ON r.id = p.recipient_id WHERE {view.Engine.AnyOf("p.no", "@headers")} ORDER BY p.no, l.donor_id
            """, new { headers });
        var entries = (await view.Sql.QueryAsync<Entry>($"""
            SELECT e.no, e.pledge_no, coalesce(o.merged_into, o.id) AS donor_id, e.kind, e.adjusts, e.usd_minor, e.value_date, e.reverses_no FROM ledger_entry e JOIN organization o ON o.id = e.donor_id
            WHERE {view.Engine.AnyOf("e.pledge_no", "@headers")} AND e.kind IN ('commitment', 'payment', 'adjustment') ORDER BY e.no
            """, new { headers })).AsList();
        var reversed = entries.Select(entry => entry.ReversesNo).OfType<long>().ToHashSet();
        var live = entries.Where(entry => entry.ReversesNo is null && !reversed.Contains(entry.No)).ToLookup(entry => (entry.PledgeNo, entry.DonorId));
        List<Flow> all = [];
        foreach (var line in lines)
        {
            var said = told.Of(line.No);
            all.AddRange(said.InPlaceOf([.. FlowsOf(line, live[(line.No, line.DonorId)], said, question)]));
        }

        // Money that did not come in, or does not any more, stands in no line.
        var standing = all.Select(flow => flow.Line!.No).ToHashSet();
        all.AddRange(told.Elsewhere.Where(of => !of.Lines.Any(standing.Contains)).Select(of => new Flow(of.Told.Status, of.Told.Usd, null, null, of.Told.Flow.Date, of.Told, !of.Told.IsSingle)));
        return new(question, all.FindAll(flow => IsAsked(question, flow)));
    }

    /// <summary>How a flow lies to what is asked for: `incoming`, `internal` or `outgoing`.</summary>
    public string BoundaryOf(Flow flow) =>
        Question.Funds is { } funds ? Crosses(flow.FundId is { } to && funds.Contains(to), flow.FromFunds.Any(funds.Contains))
        : Question.Organizations is { } organizations ? Crosses(organizations.Receives(flow), organizations.Gives(flow))
        : flow.Told?.Boundary ?? "incoming";

    /// <summary>Whether it counts in reports: what came in, whoever of those that are asked for gave or received it.</summary>
    public bool CameIn(Flow flow) => (Question.Organizations is null ? BoundaryOf(flow) : flow.Told?.Boundary ?? "incoming") == "incoming";

    private static string Crosses(bool isTo, bool isFrom) => !isFrom ? "incoming" : isTo ? "internal" : "outgoing";

    private static IEnumerable<Flow> FlowsOf(FlowLine line, IEnumerable<Entry> entries, ToldOfLine said, Question question)
    {
        var isShared = said.Asked is { } told ? !told.IsSingle
            : (question.TellsPlacesApart && line is { Shared: true } or { Countries.Length: > 1 }) || (question.TellsYearsApart && line.UsageYears.Length > 1);
        var left = line.CommittedUsd - line.PaidUsd;
        DateOnly? committedOn = null;
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                case "payment":
                    yield return new("paid", entry.UsdMinor, line, entry.No, entry.ValueDate, said.Asked, isShared);
                    break;
                case "adjustment":
                    left -= entry.Adjusts == "commitment" ? entry.UsdMinor : 0;
                    yield return new(entry.Adjusts == "payment" ? "paid" : entry.Adjusts!, entry.UsdMinor, line, entry.No, entry.ValueDate, said.Asked, isShared);
                    break;
                // What was released since says nothing of the day on which the rest was committed.
                case "commitment" when entry.UsdMinor > 0 && !(committedOn > entry.ValueDate):
                    committedOn = entry.ValueDate;
                    break;
            }
        }

        if (left > 0)
        {
            yield return new("commitment", left, line, null, committedOn, said.Asked, isShared);
        }

        // That service forgets what was promised when it tells something else, or nothing any more.
        if (line.PromisedOnlyUsd > 0 && (!said.IsTheirs || said.Last is { Status: "pledge", Boundary: "incoming" }))
        {
            yield return new("pledge", line.PromisedOnlyUsd, line, null, line.AnnouncedOn, said.Asked, isShared);
        }
    }

    // All of the question, where a header's place in the answer is as much as an index told.
    private static bool IsAsked(Question question, Flow flow) =>
        (question.Countries is not { } countries || flow.Countries.Any(countries.Contains) || (flow.Line is null && flow.Told!.Flow.From.Countries?.Any(countries.Contains) == true))
        && (question.Funds is not { } funds || (flow.FundId is { } fund && funds.Contains(fund)) || flow.FromFunds.Any(funds.Contains))
        && (question.Years is not { } years || flow.Years.Any(years.Contains))
        && (question.Organizations is not { } organizations || organizations.Gives(flow) || organizations.Receives(flow))
        && (question.Emergencies is not { } emergencies || flow.Told?.Flow.To.Emergencies?.Any(emergencies.Contains) == true);

    private sealed record Entry
    {
        public required long No { get; init; }
        public required long PledgeNo { get; init; }
        public required string DonorId { get; init; }
        public required string Kind { get; init; }
        public string? Adjusts { get; init; }
        public required long UsdMinor { get; init; }
        public required DateOnly ValueDate { get; init; }
        public long? ReversesNo { get; init; }
    }
}
