using PledgeTracker.Imports.Fts;

namespace PledgeTracker.Compat.Fts;

/// <summary>A flow as a dataset of that service last told it: whole (`Flow`) only where it is asked for, since most sums need no more than the rest.</summary>
internal sealed class Told(string id, string status, string boundary, string onBoundary, long usd, string content)
{
    private FtsFlow? _flow;

    public string Id => id;
    public string Status => status;
    public string Boundary => boundary;
    public bool IsSingle => onBoundary == "single";

    /// <summary>In US cents.</summary>
    public long Usd => usd;

    public FtsFlow Flow => _flow ??= FtsFlow.Of(content);
}

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
        var told = await ToldAsync(view, headers, question);
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

    /// <summary>What that service told of the headers, and of money that did not come in: of each flow what the dataset of the question says, or else what was told last.</summary>
    private static async Task<ToldFlows> ToldAsync(View view, List<long> headers, Question question)
    {
        var plans = question.Funds?.Select(FtsLedger.PlanOf).OfType<string>().ToList();
        var parameters = new DynamicParameters(new { headers, plans });
        List<string> among = [.. (question.Countries ?? []).Select((country, i) => Like($"country{i}", $"%\"{country}\"%"))];
        if (plans is not null)
        {
            among.AddRange([view.Engine.AnyOf("f.source_plan", "@plans"), view.Engine.AnyOf("f.destination_plan", "@plans")]);
        }

        // A header that was reclassified since by hand is found by way of the one that it stands for. What did not come in is narrowed by what stands in it.
        const string columns = "f.dataset, f.external_id, f.status, f.boundary, f.on_boundary, f.amount_usd, f.content, f.source_state, f.version";
        var rows = (await view.Sql.QueryAsync<Row>(new CommandDefinition($"""
            WITH RECURSIVE earlier (no, was) AS (
                SELECT p.no, p.reclassifies_no FROM pledge p WHERE {view.Engine.AnyOf("p.no", "@headers")} AND p.reclassifies_no IS NOT NULL
                UNION SELECT e.no, p.reclassifies_no FROM earlier e JOIN pledge p ON p.no = e.was WHERE p.reclassifies_no IS NOT NULL)
            SELECT f.pledge_no AS no, {columns} FROM flow f WHERE {view.Engine.AnyOf("f.pledge_no", "@headers")}
            UNION ALL SELECT e.no, {columns} FROM earlier e JOIN flow f ON f.pledge_no = e.was
            UNION ALL SELECT CAST(NULL AS bigint), {columns} FROM (
                SELECT {columns} FROM flow f WHERE f.boundary <> 'incoming' {(among.Count == 0 ? "" : $"AND ({string.Join(" OR ", among)})")} LIMIT {Most + 1 - headers.Count}) f
            """, parameters, flags: CommandFlags.NoCache))).AsList();
        if (headers.Count + rows.Count(row => row.No is null) > Most)
        {
            throw question.TooMany;
        }

        var found = new ToldFlows();
        foreach (var same in rows.GroupBy(row => row.ExternalId, StringComparer.Ordinal))
        {
            // What came in somewhere stands in the ledger, whatever was said of another place since.
            var last = same.Where(row => row.SourceState != "dropped").OrderBy(row => row.No is not null).ThenBy(row => row.Version).LastOrDefault();
            var own = same.LastOrDefault(row => string.Equals(row.Dataset, question.Dataset, StringComparison.OrdinalIgnoreCase));
            var asked = own is null or { SourceState: "dropped" } ? last : own;
            var lines = same.Select(row => row.No).OfType<long>().ToList();
            lines.ForEach(no => found.Headers[no] = new(true, asked?.Told, last?.Told, own is { SourceState: "dropped" }));
            if (asked is { Boundary: not "incoming" } && own is not { SourceState: "dropped" })
            {
                found.Elsewhere.Add((asked.Told, lines));
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

    /// <summary>What that service says of a line.</summary>
    /// <param name="IsTheirs">Whether it ever told it.</param>
    /// <param name="Asked">By the dataset that the question asks for, or else as `Last`; null where it is not told any more.</param>
    /// <param name="Last">By whichever dataset told it last, as the ledger has it.</param>
    /// <param name="IsDropped">Whether the dataset that the question asks for does not tell it any more.</param>
    private readonly record struct ToldOfLine(bool IsTheirs, Told? Asked, Told? Last, bool IsDropped)
    {
        /// <summary>What the dataset that is asked for says in place of what another says; where somebody here entered something else, that.</summary>
        public List<Flow> InPlaceOf(List<Flow> flows) =>
            Last is not { } last || Asked is not { } asked || flows is not [var only] || (only.Status, only.Usd) != (last.Status, last.Usd) ? flows
            : IsDropped ? [] : (asked.Status, asked.Usd) == (last.Status, last.Usd) ? flows : [only with { Status = asked.Status, Usd = asked.Usd, EntryNo = null, Date = asked.Flow.Date }];
    }

    private sealed record ToldFlows
    {
        /// <summary>By header.</summary>
        public Dictionary<long, ToldOfLine> Headers { get; } = [];

        /// <summary>What did not come in, as it is told last, with the headers under which it once stood.</summary>
        public List<(Told Told, List<long> Lines)> Elsewhere { get; } = [];

        public ToldOfLine Of(long header) => Headers.GetValueOrDefault(header);
    }

    private sealed record Row
    {
        public long? No { get; init; }
        public required string Dataset { get; init; }
        public required string ExternalId { get; init; }
        public required string Status { get; init; }
        public required string Boundary { get; init; }
        public required string OnBoundary { get; init; }
        public required string Content { get; init; }
        public required long AmountUsd { get; init; }
        public string? SourceState { get; init; }
        public required long Version { get; init; }

        public Told Told => field ??= new(ExternalId, Status, Boundary, OnBoundary, AmountUsd, Content);
    }

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
