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

/// <summary>What that service says of a line.</summary>
/// <param name="IsTheirs">Whether it ever told it.</param>
/// <param name="Asked">By the dataset that the question asks for, or else as `Last`; null where it is not told any more.</param>
/// <param name="Last">By whichever dataset told it last, as the ledger has it.</param>
/// <param name="IsDropped">Whether the dataset that the question asks for does not tell it any more.</param>
internal readonly record struct ToldOfLine(bool IsTheirs, Told? Asked, Told? Last, bool IsDropped)
{
    /// <summary>What the dataset that is asked for says in place of what another says; where somebody here entered something else, that.</summary>
    public List<Flow> InPlaceOf(List<Flow> flows) =>
        Last is not { } last || Asked is not { } asked || flows is not [var only] || (only.Status, only.Usd) != (last.Status, last.Usd) ? flows
        : IsDropped ? [] : (asked.Status, asked.Usd) == (last.Status, last.Usd) ? flows : [only with { Status = asked.Status, Usd = asked.Usd, EntryNo = null, Date = asked.Flow.Date }];
}

/// <summary>What that service told of a question: of each flow what the dataset of the question says, or else what was told last.</summary>
internal sealed record ToldFlows
{
    /// <summary>By header.</summary>
    public Dictionary<long, ToldOfLine> Headers { get; } = [];

    /// <summary>What did not come in, as it is told last, with the headers under which it once stood.</summary>
    public List<(Told Told, List<long> Lines)> Elsewhere { get; } = [];

    /// <summary>Of these headers, and of money that did not come in.</summary>
    /// <exception cref="Refused">They are more than are read for one answer.</exception>
    public static async Task<ToldFlows> OfAsync(View view, List<long> headers, Question question)
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
                SELECT {columns} FROM flow f WHERE f.boundary <> 'incoming' {(among.Count == 0 ? "" : $"AND ({string.Join(" OR ", among)})")} LIMIT {Flows.Most + 1 - headers.Count}) f
            """, parameters, flags: CommandFlags.NoCache))).AsList();
        if (headers.Count + rows.Count(row => row.No is null) > Flows.Most)
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

    public ToldOfLine Of(long header) => Headers.GetValueOrDefault(header);

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
}
