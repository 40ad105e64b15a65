using System.Globalization;
using System.Text.Json.Serialization;
using PledgeTracker.Imports.Fts;

namespace PledgeTracker.Compat.Fts;

/// <summary>A flow as that service shows it. What nobody told is null.</summary>
public sealed record FlowItem
{
    /// <summary>Its number there, of what came from there; else one of ours.</summary>
    public required string Id { get; init; }

    [JsonPropertyName("amountUSD")]
    public required decimal AmountUsd { get; init; }

    public string? BudgetYear { get; init; }
    public IReadOnlyList<string>? ChildFlowIds { get; init; }

    /// <summary>`financial` or `in kind`.</summary>
    public required string ContributionType { get; init; }

    public required string? CreatedAt { get; init; }

    /// <summary>A day, as an instant: 2020-03-31T00:00:00Z; null of what that service told without any.</summary>
    public required string? Date { get; init; }

    public string? DecisionDate { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<string>? GrandBargainEarmarkingType { get; init; }
    public decimal? ExchangeRate { get; init; }
    public string? FirstReportedDate { get; init; }
    public required string FlowType { get; init; }
    public IReadOnlyList<string>? Keywords { get; init; }
    public required bool NewMoney { get; init; }
    public decimal? OriginalAmount { get; init; }
    public string? OriginalCurrency { get; init; }
    public string? Method { get; init; }
    public long? ParentFlowId { get; init; }

    /// <summary>`pledge`, `commitment` or `paid`.</summary>
    public required string Status { get; init; }

    public required string? UpdatedAt { get; init; }
    public required IReadOnlyList<FlowObject> SourceObjects { get; init; }
    public required IReadOnlyList<FlowObject> DestinationObjects { get; init; }

    /// <summary>`incoming`, `internal` or `outgoing`.</summary>
    public required string Boundary { get; init; }

    /// <summary>`single` or `shared`.</summary>
    public required string OnBoundary { get; init; }

    public IReadOnlyList<object> ReportDetails { get; } = [];
    public string? RefCode { get; init; }
}

/// <summary>Whose money it is, or for whom and what.</summary>
/// <param name="Type">`Organization`, `Plan`, `Location`, `UsageYear`, `Cluster`, `GlobalCluster`, `Emergency` or `Project`.</param>
/// <param name="Behavior">`single`, or `shared` where there are several of the type.</param>
public sealed record FlowObject(string Type, string? Id, string Name, string Behavior)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? OrganizationTypes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }
}

/// <summary>What a page of flows shows beside their figures, read for all of them at once.</summary>
internal sealed class FlowDetails
{
    // As that service calls them.
    private static readonly Dictionary<string, string> Types = new()
    {
        ["10"] = "Governments",
        ["11"] = "Governments",
        ["15"] = "Governments",
        ["21"] = "NGOs",
        ["22"] = "NGOs",
        ["23"] = "NGOs",
        ["40"] = "Multilateral Organizations",
        ["60"] = "Private organization/foundation",
        ["70"] = "Private organization/foundation",
        ["80"] = "Academic/training/research institution",
        ["pooled_fund"] = "Pooled Funds",
    };

    private readonly Numbers _numbers;
    private readonly Language _language;
    private readonly Dictionary<long, EntryRow> _entries;
    private readonly Dictionary<long, HeaderRow> _headers;
    private readonly Dictionary<string, OrganizationRow> _organizations;
    private readonly Dictionary<string, string> _funds;

    private FlowDetails(Numbers numbers, Language language, List<EntryRow> entries, List<HeaderRow> headers, List<OrganizationRow> organizations, List<(string Id, string Name)> funds) =>
        (_numbers, _language, _entries, _headers, _organizations, _funds) =
            (numbers, language, entries.ToDictionary(e => e.No), headers.ToDictionary(h => h.No), organizations.ToDictionary(o => o.Id), funds.ToDictionary());

    public static async Task<FlowDetails> OfAsync(Session session, Numbers numbers, Reader reader, IReadOnlyCollection<Flow> flows)
    {
        var lines = flows.Select(flow => flow.Line).OfType<FlowLine>().ToList();
        return new(numbers, reader.Language,
            await RowsAsync<EntryRow, long>("SELECT e.no, e.id, e.amount_minor, e.currency, e.reference, lower(e.external_system) AS external_system, e.external_id FROM ledger_entry e WHERE", "e.no",
                flows.Select(flow => flow.EntryNo).OfType<long>().Distinct().ToList()),
            await RowsAsync<HeaderRow, long>($"SELECT p.no, p.id, {reader.Text("p.description")} AS description, p.instrument, p.recorded_at FROM pledge p WHERE", "p.no", lines.Select(line => line.No).Distinct().ToList()),
            await RowsAsync<OrganizationRow, string>($"SELECT o.id, {reader.Text("o.name")} AS name, o.type, o.country FROM organization o WHERE", "o.id",
                lines.SelectMany(line => new[] { line.DonorId, line.RecipientId }).OfType<string>().Distinct().ToList()),
            await RowsAsync<(string, string), string>($"SELECT f.id, {reader.Text("f.name")} FROM fund f WHERE", "f.id", lines.Select(line => line.FundId).OfType<string>().Distinct().ToList()));

        async Task<List<TRow>> RowsAsync<TRow, TKey>(string select, string column, List<TKey> list) =>
            list.Count == 0 ? [] : (await session.Sql.QueryAsync<TRow>($"{select} {session.Engine.AnyOf(column, "@list")}", new { list })).AsList();
    }

    public FlowItem Of(Flow flow, string boundary)
    {
        var (told, line) = (flow.Told?.Flow, flow.Line);
        var header = line is null ? null : _headers[line.No];
        var entry = flow.EntryNo is { } no ? _entries[no] : null;
        // It is that service's own where it is what it told last; the rest of the line is ours to name.
        var isTheirs = told is not null && told.Status == flow.Status && (entry is null || (entry.ExternalSystem == FtsLedger.ExternalSystem && entry.ExternalId == told.Id));
        // Its amount in another currency is not that of what was corrected here.
        var isWhole = isTheirs && flow.Told!.Usd == flow.Usd;
        var recorded = Instant(header?.RecordedAt) ?? Day(told?.FirstReportedDate ?? told?.Date) ?? Day(flow.Date);
        return new()
        {
            Id = isTheirs ? told!.Id : entry?.Id ?? $"{header!.Id}-{line!.DonorId}-{flow.Status}",
            AmountUsd = Currency.Usd(flow.Usd),
            BudgetYear = told?.BudgetYear,
            ChildFlowIds = told?.ChildFlowIds,
            ContributionType = told?.ContributionType ?? (header?.Instrument == "in_kind" ? "in kind" : "financial"),
            CreatedAt = recorded,
            Date = Day(flow.Date) ?? recorded,
            DecisionDate = Day(told?.DecisionDate),
            Description = header?.Description ?? told?.Description,
            GrandBargainEarmarkingType = told?.Earmarking,
            ExchangeRate = isWhole ? told!.ExchangeRate : null,
            FirstReportedDate = Day(told?.FirstReportedDate),
            FlowType = told?.FlowType ?? "Standard",
            Keywords = told?.Keywords,
            NewMoney = told?.NewMoney ?? true,
            OriginalAmount = isWhole ? told!.OriginalAmount : entry is null or { Currency: "USD" } ? null : Currency.Major(entry.AmountMinor, entry.Currency),
            OriginalCurrency = isWhole ? told!.OriginalCurrency : entry is null or { Currency: "USD" } ? null : entry.Currency,
            Method = told?.Method ?? "Traditional aid",
            ParentFlowId = long.TryParse(told?.ParentFlowId, NumberStyles.None, CultureInfo.InvariantCulture, out var parent) ? parent : null,
            Status = flow.Status,
            UpdatedAt = recorded,
            SourceObjects = SourceOf(flow),
            DestinationObjects = DestinationOf(flow),
            Boundary = boundary,
            OnBoundary = flow.IsShared ? "shared" : "single",
            RefCode = entry?.Reference ?? told?.Reference,
        };
    }

    private List<FlowObject> SourceOf(Flow flow)
    {
        var side = flow.Told?.Flow.From;
        var donor = flow.Line is { } line ? _organizations[line.DonorId] : null;
        return
        [
            .. donor is not null ? [Organization(donor, 1)] : Organizations(side),
            .. Objects("Location", side?.Countries ?? (donor?.Country is { } home ? [home] : []), PlaceId, PlaceName),
            .. Plans(side),
            .. Objects("UsageYear", Years(side), YearId, year => year),
            .. Others(side),
        ];
    }

    private List<FlowObject> DestinationOf(Flow flow)
    {
        var side = flow.Told?.Flow.To;
        return
        [
            .. flow.Line is null ? Organizations(side) : flow.Line.RecipientId is { } recipient ? [Organization(_organizations[recipient], 1)] : Array.Empty<FlowObject>(),
            .. flow.Line?.FundId is { } fund ? [new FlowObject("Plan", _numbers.OfFund(fund).ToString(CultureInfo.InvariantCulture), _funds[fund], "single")] : Plans(side),
            .. Objects("Location", flow.Countries, PlaceId, PlaceName),
            .. Objects("UsageYear", [.. flow.Years.Select(year => year.ToString(CultureInfo.InvariantCulture))], YearId, year => year),
            .. Others(side),
        ];
    }

    private string PlaceId(string code) => _numbers.OfPlace(code).ToString(CultureInfo.InvariantCulture);

    private string PlaceName(string code) => Country.NameOf(code)!.In(_language)!;

    private static string YearId(string year) => Numbers.OfYear(int.Parse(year, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);

    private static FlowObject Organization(OrganizationRow of, int count) => new("Organization", of.Id, of.Name, Behavior(count)) { OrganizationTypes = [Types.GetValueOrDefault(of.Type, "Other")] };

    private static IEnumerable<FlowObject> Organizations(FtsSide? side) => (side?.Organizations ?? []).Select(told => new FlowObject("Organization", told.Id, told.Name, Behavior(side!.Organizations!.Count))
    {
        OrganizationTypes = told.Type is null ? null : [Types.GetValueOrDefault(told.Type, "Other")],
    });

    private static IEnumerable<FlowObject> Plans(FtsSide? side) =>
        (side?.Plans ?? []).Select(plan => new FlowObject("Plan", plan.Id, plan.Name ?? plan.Code ?? "", Behavior(side!.Plans!.Count)) { Code = plan.Code });

    private static IReadOnlyList<string> Years(FtsSide? side) =>
        (side?.FirstYear ?? side?.LastYear) is not { } first ? [] : [.. Enumerable.Range(first, Math.Clamp((side!.LastYear ?? first) - first + 1, 1, 50)).Select(year => year.ToString(CultureInfo.InvariantCulture))];

    // What the ledger has no place for, as it was told.
    private IEnumerable<FlowObject> Others(FtsSide? side) =>
    [
        .. Objects("Cluster", side?.Clusters ?? [], _ => null, name => name),
        .. Objects("GlobalCluster", side?.GlobalClusters ?? [], _ => null, name => name),
        .. Objects("Emergency", side?.Emergencies ?? [], _numbers.OfEmergency, name => name),
        .. (side?.Projects ?? []).Select(project => new FlowObject("Project", null, project.Name ?? project.Code ?? "", Behavior(side!.Projects!.Count)) { Code = project.Code }),
    ];

    private static IEnumerable<FlowObject> Objects(string type, IReadOnlyList<string> all, Func<string, string?> id, Func<string, string> name) =>
        all.Select(one => new FlowObject(type, id(one), name(one), Behavior(all.Count)));

    private static string Behavior(int count) => count > 1 ? "shared" : "single";

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);

    private static string? Instant(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed record EntryRow
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public string? Reference { get; init; }
        public string? ExternalSystem { get; init; }
        public string? ExternalId { get; init; }
    }

    private sealed record HeaderRow
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public string? Description { get; init; }
        public required string Instrument { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
    }

    private sealed record OrganizationRow
    {
        public required string Id { get; init; }
        public required string Name { get; init; }
        public required string Type { get; init; }
        public string? Country { get; init; }
    }
}
