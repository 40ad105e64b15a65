using System.Globalization;
using System.Text.Json.Serialization;

namespace PledgeTracker.Compat.Fts;

/// <summary>Flows, or what they come to by what they are for.</summary>
public sealed class ListFlows : FtsReads<ListFlows.Request, ListFlows.Answer>
{
    private const int MostOfPage = 1000;

    /// <param name="LocationId">Numbers of countries, of the destination.</param>
    /// <param name="PlanId">Numbers of plans. Nothing means any.</param>
    /// <param name="Year">The years that the money is for, or, where nobody named any, that of its date.</param>
    /// <param name="EmergencyId">Numbers of emergencies.</param>
    /// <param name="OrganizationAbbrev">Who gives or receives: an id, a name, or another name.</param>
    /// <param name="FilterBy">`destinationLocationId:…`, `destinationPlanId:…` or `destinationUsageYearId:…`.</param>
    /// <param name="GroupBy">`plan`, `location`, `year` or `organization`: sums in place of flows.</param>
    /// <param name="Report">`3`, by destination: there is no other.</param>
    /// <param name="Limit">How many flows a page has.</param>
    /// <param name="Page">From 1.</param>
    public sealed record Request(
        IReadOnlyList<string>? LocationId = null, IReadOnlyList<string>? PlanId = null, IReadOnlyList<int>? Year = null,
        IReadOnlyList<string>? EmergencyId = null, IReadOnlyList<string>? OrganizationAbbrev = null, IReadOnlyList<string>? FilterBy = null, string? GroupBy = null, int? Report = null,
        int? Limit = null, int? Page = null) : FtsRequest
    {
        /// <summary>ISO 3166-1 alpha-3 in any case, of the destination.</summary>
        [JsonPropertyName("countryISO3")]
        public IReadOnlyList<string>? CountryIso3 { get; init => field = value is null ? null : [.. value.Select(code => code.ToUpperInvariant())]; }
    }

    public sealed class Rules : FtsRules<Request>
    {
        public Rules()
        {
            RuleForEach(r => r.LocationId).Must(IsNumber).Or("wrong_type", NumberNeeded);
            RuleForEach(r => r.CountryIso3).IsCountry().OverridePropertyName("countryISO3");
            RuleForEach(r => r.PlanId).Must(id => id.Length == 0 || IsNumber(id)).Or("wrong_type", NumberNeeded);
            RuleForEach(r => r.Year).IsUsageYear();
            RuleForEach(r => r.EmergencyId).Must(IsNumber).Or("wrong_type", NumberNeeded);
            RuleForEach(r => r.OrganizationAbbrev).IsNoLongerThan(300);
            RuleForEach(r => r.FilterBy).Must((r, part) => Narrowed.Read(r.FilterBy!).TrueForAll(by => by.Names is not null)).Or("unsupported_filter",
                "Send destinationLocationId:, destinationPlanId: or destinationUsageYearId: with a number.", "أرسل destinationLocationId: أو destinationPlanId: أو destinationUsageYearId: مع رقم.");
            RuleFor(r => r.GroupBy).Must(by => by is null or "plan" or "location" or "year" or "organization").Or("unsupported_grouping",
                "Send plan, location, year or organization: flows are not grouped by anything else here.", "أرسل plan أو location أو year أو organization: لا تُجمع التدفقات هنا بحسب غير ذلك.");
            RuleFor(r => r.Report).Must(report => report is null or 3).Or("unsupported_report", "Send 3, or leave it out: there is no other report here.", "أرسل 3 أو لا ترسلها: لا يوجد تقرير آخر هنا.");
            RuleFor(r => r.Limit).IsWithin(1, MostOfPage, MostOfPage);
            RuleFor(r => r.Page).IsWithin(1, 1_000_000, 1);
        }

        private static readonly LocalizedText NumberNeeded = new("Send a whole number, or several with commas.", "أرسل عددا صحيحا أو عدة أعداد تفصلها فواصل.");
    }

    public override void Configure() => Answers("Flows, or what they come to", "/v1/fts/flow/custom-search", "/v1/public/fts/flow");

    protected override async Task<FtsAnswer<Answer>> ReadAsync(Request request, View view)
    {
        var numbers = await Numbers.OfAsync(view);
        var question = await QuestionAsync(request, view, numbers);
        var flows = await Flows.OfAsync(question, view);
        return request.GroupBy is { } by ? Ok(await GroupedAsync(flows, by, view, numbers)) : await ListedAsync(flows, request, view, numbers);
    }

    // Of what is not known nothing is found.
    private static async Task<Question> QuestionAsync(Request request, View view, Numbers numbers)
    {
        var by = Narrowed.Read(request.FilterBy ?? []);
        return new(
            "locationid",
            Both(Both(request.CountryIso3, Of(request.LocationId, numbers.PlaceOf)), Of(Narrowed.By(by, "destinationLocationId"), numbers.PlaceOf)),
            Both(Of(request.PlanId is { } plans && plans.Any(id => id.Length > 0) ? [.. plans.Where(id => id.Length > 0)] : null, numbers.FundOf), Of(Narrowed.By(by, "destinationPlanId"), numbers.FundOf)),
            Both<int>(request.Year, Narrowed.By(by, "destinationUsageYearId") is { } asked ? [.. asked.Select(Numbers.YearOf).OfType<int>()] : null),
            request.OrganizationAbbrev is null ? null : await OrganizationsAsked.OfAsync(view, request.OrganizationAbbrev),
            Of(request.EmergencyId, numbers.EmergencyOf),
            request.GroupBy);

        static IReadOnlyList<string>? Of(IReadOnlyList<string>? sent, Func<string, string?> known) => sent is null ? null : [.. sent.Select(known).OfType<string>()];

        static IReadOnlyList<T>? Both<T>(IReadOnlyList<T>? one, IReadOnlyList<T>? other) => one is null ? other : other is null ? one : [.. one.Intersect(other)];
    }

    private async Task<FtsAnswer<Answer>> ListedAsync(Flows flows, Request request, View view, Numbers numbers)
    {
        var (limit, page) = (request.Limit ?? MostOfPage, request.Page ?? 1);
        var shown = flows.All.Skip((page - 1) * limit).Take(limit).ToList();
        var details = await FlowDetails.OfAsync(view, numbers, Reader, shown);
        var lying = flows.All.ToLookup(flows.BoundaryOf);
        return Ok(
            new Answer
            {
                Incoming = FlowTotals.Of(lying["incoming"]),
                Outgoing = FlowTotals.Of(lying["outgoing"]),
                Internal = FlowTotals.Of(lying["internal"]),
                Flows = shown.ConvertAll(flow => details.Of(flow, flows.BoundaryOf(flow))),
            },
            flows.All.Count, page * limit < flows.All.Count ? NextLink(page + 1) : null);
    }

    private string NextLink(int page)
    {
        var others = HttpContext.Request.Query.Where(q => !q.Key.Equals("page", StringComparison.OrdinalIgnoreCase)).SelectMany(q => q.Value.Select(value => KeyValuePair.Create(q.Key, value)));
        return Pipeline.Whole(HttpContext, HttpContext.Request.Path + QueryString.Create(others).Add("page", page.ToString(CultureInfo.InvariantCulture))).AbsoluteUri;
    }

    private async Task<Answer> GroupedAsync(Flows flows, string by, View view, Numbers numbers)
    {
        var (table, ids) = by switch { "plan" => ("fund", flows.All.Select(flow => flow.FundId)), "organization" => ("organization", flows.All.Select(flow => flow.Line?.RecipientId)), _ => ("", []) };
        var list = ids.OfType<string>().Distinct().ToList();
        var names = list.Count == 0 ? [] : (await view.Sql.QueryAsync<(string, string)>($"SELECT x.id, {Reader.Text("x.name")} FROM {table} x WHERE {view.Engine.AnyOf("x.id", "@list")}", new { list })).ToDictionary();
        // A plan into which nothing came is no fund here.
        foreach (var flow in flows.All.Where(flow => by == "plan" && flow is { Line: null, FundId: not null }))
        {
            names.TryAdd(flow.FundId!, flow.Told!.Flow.Plan!.Name ?? flow.Told.Flow.Plan.Code ?? flow.Told.Flow.Plan.Id!);
        }

        return new()
        {
            Report3 = FlowReport.Of(flows, by, id => by switch
            {
                "plan" => (Written(numbers.OfFund(id)), names[id]),
                "location" => (Written(numbers.OfPlace(id)), Country.NameOf(id)!.In(Reader.Language)!),
                "year" => (Written(Numbers.OfYear(int.Parse(id, CultureInfo.InvariantCulture))), id),
                _ => (id, names[id]),
            }),
            Requirements = await PlanRequirements.OfAsync(view, flows.Question, flows.All.Select(flow => flow.FundId).OfType<string>().Distinct().ToList(), by, numbers, Reader),
        };

        static string Written(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Flows with their totals; or a report with what is required. What was not asked for is left out.</summary>
    public sealed record Answer
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public FlowTotals? Incoming { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public FlowTotals? Outgoing { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public FlowTotals? Internal { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<FlowItem>? Flows { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public PlanRequirements? Requirements { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public FlowReport? Report3 { get; init; }
    }

    /// <summary>What `filterBy` says: a word and a number; the words of those that stand without one is that of the one in front.</summary>
    private static class Narrowed
    {
        private static readonly string[] Words = ["destinationLocationId", "destinationPlanId", "destinationUsageYearId"];

        /// <returns>Without a word what is not one of ours, or has no number.</returns>
        public static List<(string? Names, string Number)> Read(IReadOnlyList<string> sent)
        {
            string? names = null;
            return [.. sent.Select(part =>
            {
                var number = part;
                if (part.Split(':', 2) is [var word, var behind])
                {
                    (names, number) = (Words.FirstOrDefault(known => known.Equals(word.Trim(), StringComparison.OrdinalIgnoreCase)), behind.Trim());
                }

                return (number.Length > 0 && number.All(char.IsAsciiDigit) ? names : null, number);
            })];
        }

        public static IReadOnlyList<string>? By(List<(string? Names, string Number)> all, string names) => all.Exists(by => by.Names == names) ? [.. all.Where(by => by.Names == names).Select(by => by.Number)] : null;
    }
}
