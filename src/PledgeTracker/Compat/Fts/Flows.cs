using PledgeTracker.Imports.Fts;
using PledgeTracker.Summaries;

namespace PledgeTracker.Compat.Fts;

/// <summary>A flow as a dataset of that service last told it.</summary>
internal sealed record Told(string Dataset, string Id, FtsFlow Flow, string? SourceState, long Version)
{
    public bool IsDropped => SourceState == "dropped";
}

/// <summary>A flow of that dialect: a payment, what of a line is committed and not paid, or promised only; an adjustment; or money that did not come in, as it was told.</summary>
/// <param name="Status">`pledge`, `commitment` or `paid`.</param>
/// <param name="Usd">In US cents.</param>
/// <param name="Line">Null of what no line holds, because it did not come in.</param>
/// <param name="EntryNo">The entry that it is; null of what is left of a line.</param>
/// <param name="Date">The entry's; of what is left the last commitment's, or the promise's.</param>
/// <param name="Told">What that service last said of it; null of what is not its own.</param>
/// <param name="IsShared">Whether it is for others as well, to the question: what its source says; of our own whether it is for several of the countries or years that are told apart.</param>
internal sealed record Flow(string Status, long Usd, SummedLine? Line, long? EntryNo, DateOnly? Date, Told? Told, bool IsShared)
{
    /// <summary>ISO 3166-1 alpha-3, of the destination.</summary>
    public IReadOnlyList<string> Countries => Line?.Header.Countries ?? Told?.Flow.To.Countries ?? [];

    /// <summary>Those that the money is for, or the year of its date.</summary>
    public IReadOnlyList<int> Years { get; } = Line?.Header.UsageYears is [_, ..] years ? years : YearsOf(Told?.Flow.To, Line is null) ?? (Date is { } day ? [day.Year] : []);

    /// <summary>The fund that the money is for; null where there is none, or several.</summary>
    public string? FundId { get; } = Line is not null ? Line.Header.FundId : FundOf(Told?.Flow.Plan);

    /// <summary>The plans from which money was carried over.</summary>
    public IReadOnlyList<string> FromFunds { get; } = [.. (Told?.Flow.From.Plans ?? []).Select(FundOf).OfType<string>()];

    public bool IsPledge => Status == "pledge";

    private static IReadOnlyList<int>? YearsOf(FtsSide? side, bool asked) =>
        asked && (side?.FirstYear ?? side?.LastYear) is { } first ? [.. Enumerable.Range(first, Math.Clamp((side!.LastYear ?? first) - first + 1, 1, 50))] : null;

    private static string? FundOf(FtsPlan? plan) => plan?.Id is { } id ? FtsLedger.FundOf(id) : null;
}

/// <summary>The ledger as flows of that dialect.</summary>
/// <param name="All">In a constant order.</param>
internal sealed record Flows(Question Question, List<Flow> All)
{
    /// <summary>How many headers are read for one answer.</summary>
    public const int Most = 100_000;

    public static async Task<Flows> OfAsync(Question question, View view, DateOnly today)
    {
        var headers = await question.HeadersAsync(view);
        var told = await ToldAsync(view, headers, question);
        List<Flow> all = [];
        await foreach (var line in new Selection(new Everything(), view, today, null, null, headers, headers, null, today).LinesAsync())
        {
            all.AddRange(FlowsOf(line, today, told.Of(line.Header.No), question));
        }

        // Money that did not come in, or does not any more, stands in no line.
        var standing = all.Select(flow => flow.Line!.Header.No).ToHashSet();
        all.AddRange(told.Elsewhere.Where(flow => !flow.Lines.Any(standing.Contains)).Select(flow => flow.Told).Select(flow => new Flow(flow.Flow.Status, Currency.Minor(flow.Flow.Usd, "USD")!.Value, null, null, flow.Flow.Date, flow, !flow.Flow.IsSingle)));
        return new(question, all.FindAll(flow => IsAsked(question, flow)));
    }

    /// <summary>How a flow lies to what is asked for: `incoming`, `internal` or `outgoing`.</summary>
    public string BoundaryOf(Flow flow) =>
        Question.Funds is { } funds ? Crosses(flow.FundId is { } to && funds.Contains(to), flow.FromFunds.Any(funds.Contains))
        : Question.Organizations is { } all ? Crosses(flow.Line?.Header.RecipientId is { } recipient && all.Contains(recipient), flow.Line is { DonorId: var donor } && all.Contains(donor))
        : flow.Told?.Flow.Boundary ?? "incoming";

    private static string Crosses(bool isTo, bool isFrom) => !isFrom ? "incoming" : isTo ? "internal" : "outgoing";

    private static IEnumerable<Flow> FlowsOf(SummedLine line, DateOnly today, (bool IsTheirs, Told? Told) source, Question question)
    {
        if (line.AsOf(today) is not { } stands)
        {
            yield break;
        }

        var isShared = source.Told is { } told ? !told.Flow.IsSingle
            : (question.TellsPlacesApart && line.Header is { Shared: true } or { Countries.Length: > 1 }) || (question.TellsYearsApart && line.Header.UsageYears.Length > 1);
        long corrected = 0;
        foreach (var entry in line.Entries)
        {
            switch (entry.Kind)
            {
                case "payment":
                    yield return new("paid", entry.UsdMinor, line, entry.No, entry.ValueDate, source.Told, isShared);
                    break;
                case "adjustment":
                    corrected += entry.Adjusts == "commitment" ? entry.UsdMinor : 0;
                    yield return new(entry.Adjusts == "payment" ? "paid" : entry.Adjusts!, entry.UsdMinor, line, entry.No, entry.ValueDate, source.Told, isShared);
                    break;
            }
        }

        if (stands.Sums.Committed - stands.Sums.Paid - corrected is > 0 and var left)
        {
            yield return new("commitment", left, line, null, line.Entries.FindLast(entry => entry.Kind == "commitment")?.ValueDate, source.Told, isShared);
        }

        // That service forgets what was promised when it tells something else, or nothing any more.
        if (stands.Sums.PromisedOnly is > 0 and var promised && (!source.IsTheirs || source.Told?.Flow.IsPledge == true))
        {
            yield return new("pledge", promised, line, null, line.Entries.Find(entry => entry.Kind == "pledge")?.ValueDate, source.Told, isShared);
        }
    }

    private static bool IsAsked(Question question, Flow flow) =>
        (question.Countries is not { } countries || flow.Countries.Any(countries.Contains) || (flow.Line is null && flow.Told!.Flow.From.Countries?.Any(countries.Contains) == true))
        && (question.Funds is not { } funds || (flow.FundId is { } fund && funds.Contains(fund)) || flow.FromFunds.Any(funds.Contains))
        && (question.Years is not { } years || flow.Years.Any(years.Contains))
        && (question.Organizations is null || flow.Line is not null)
        && (question.Emergencies is not { } emergencies || flow.Told?.Flow.To.Emergencies?.Any(emergencies.Contains) == true);

    /// <summary>What that service told of the headers, and of money that did not come in: of each flow what the dataset of the question says, or else what was told last.</summary>
    private static async Task<ToldFlows> ToldAsync(View view, Filter headers, Question question)
    {
        var parameters = new DynamicParameters(headers.Parameters);
        var clauses = (question.Countries ?? []).Select((country, i) => Like($"country{i}", $"%\"{country}\"%"))
            .Concat((question.Funds ?? []).Select((fund, i) => Like($"plan{i}", $"%\"{fund[(fund.LastIndexOf('-') + 1)..]}\"%"))).ToList();
        // A header that was reclassified since by hand is found by way of the one that it stands for. What did not come in is narrowed by what stands in it.
        var rows = await view.Sql.QueryAsync<Row>(new CommandDefinition($"""
            WITH RECURSIVE earlier (no, was) AS (
                SELECT p.no, p.no FROM pledge p {headers.Sql}
                UNION SELECT e.no, p.reclassifies_no FROM earlier e JOIN pledge p ON p.no = e.was WHERE p.reclassifies_no IS NOT NULL)
            SELECT e.no, f.dataset, f.external_id, f.content, f.source_state, f.version FROM earlier e JOIN flow f ON f.pledge_no = e.was
            UNION SELECT NULL, f.dataset, f.external_id, f.content, f.source_state, f.version FROM flow f WHERE f.boundary <> 'incoming'
                {(clauses.Count == 0 ? "" : $"AND ({string.Join(" OR ", clauses)})")}
            """, parameters, flags: CommandFlags.NoCache));
        var found = new ToldFlows();
        foreach (var flow in rows.GroupBy(row => row.ExternalId, StringComparer.Ordinal))
        {
            var told = flow.OrderBy(row => string.Equals(row.Dataset, question.Dataset, StringComparison.OrdinalIgnoreCase)).ThenBy(row => row.No is not null).ThenBy(row => row.Version)
                .Where(row => row.SourceState != "dropped").Select(row => new Told(row.Dataset, row.ExternalId, FtsFlow.Of(row.Content), row.SourceState, row.Version)).LastOrDefault();
            var lines = flow.Select(row => row.No).OfType<long>().ToList();
            lines.ForEach(no => found.Headers[no] = told);
            if (told is { Flow.IsIncoming: false })
            {
                found.Elsewhere.Add((told, lines));
            }
        }

        found.Elsewhere.Sort((a, b) => (a.Told.Id.Length, a.Told.Id).CompareTo((b.Told.Id.Length, b.Told.Id)));
        return found;

        string Like(string name, string like)
        {
            parameters.Add(name, like);
            return $"f.content LIKE @{name}";
        }
    }

    private sealed record ToldFlows
    {
        /// <summary>By header; null where it is not told any more.</summary>
        public Dictionary<long, Told?> Headers { get; } = [];

        /// <summary>What did not come in, as it is told last, with the headers under which it once stood.</summary>
        public List<(Told Told, List<long> Lines)> Elsewhere { get; } = [];

        public (bool IsTheirs, Told? Told) Of(long header) => (Headers.TryGetValue(header, out var told), told);
    }

    private sealed record Row
    {
        public long? No { get; init; }
        public required string Dataset { get; init; }
        public required string ExternalId { get; init; }
        public required string Content { get; init; }
        public string? SourceState { get; init; }
        public required long Version { get; init; }
    }

    private sealed record Everything : SelectionRequest;
}
