using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CsvHelper;
using PledgeTracker.Compat.Fts;

namespace PledgeTracker.Compat.Hapi;

/// <summary>What appeals require and have, in the dialect of the Humanitarian API of HDX. The document does not describe it: docs/compat.md does.</summary>
public sealed class ListFunding : Reads<ListFunding.Request, string>
{
    private const int MostOfPage = 10_000;

    private static readonly JsonSerializerOptions Snake = new(Http.Json.Options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // As JSON names and orders them, and with its texts to the letter: programs read this.
    private static readonly IList<JsonPropertyInfo> Columns = Snake.GetTypeInfo(typeof(Appeal)).Properties;

    /// <param name="LocationName">A part of the country's name, in any case.</param>
    /// <param name="AppealCode">As it is shown, in any case.</param>
    /// <param name="AppealType">The same.</param>
    /// <param name="HasHrp">Not known here.</param>
    /// <param name="InGho">Not known here.</param>
    /// <param name="OutputFormat">`json` or `csv`.</param>
    /// <param name="Limit">How many rows a page has.</param>
    /// <param name="Offset">How many rows come before it.</param>
    /// <param name="AppIdentifier">Taken and not looked at, as is the header `X-HDX-HAPI-APP-IDENTIFIER`.</param>
    public sealed record Request(
        [property: JsonPropertyName("location_name")] string? LocationName = null,
        [property: JsonPropertyName("appeal_code")] string? AppealCode = null, [property: JsonPropertyName("appeal_type")] string? AppealType = null,
        [property: JsonPropertyName("has_hrp")] string? HasHrp = null, [property: JsonPropertyName("in_gho")] string? InGho = null,
        [property: JsonPropertyName("output_format")] string? OutputFormat = null, int? Limit = null, int? Offset = null,
        [property: JsonPropertyName("app_identifier")] string? AppIdentifier = null) : ReadRequest, IDialect
    {
        /// <summary>ISO 3166-1 alpha-3, in any case.</summary>
        [JsonPropertyName("location_code")]
        public string? LocationCode { get; init => field = value is "" ? null : value?.ToUpperInvariant(); }
    }

    public sealed class Rules : ReadRules<Request>
    {
        private static readonly LocalizedText NotKnown = new("Leave this out: which countries have such a plan or overview is not known here.", "لا ترسل هذه المعلمة: لا يُعرف هنا أي البلدان لها خطة أو لمحة كهذه.");

        public Rules()
        {
            RuleFor(r => r.LocationCode).IsCountry().OverridePropertyName("location_code");
            RuleFor(r => r.LocationName).IsNoLongerThan(300).OverridePropertyName("location_name");
            RuleFor(r => r.AppealCode).IsNoLongerThan(300).OverridePropertyName("appeal_code");
            RuleFor(r => r.AppealType).IsNoLongerThan(300).OverridePropertyName("appeal_type");
            RuleFor(r => r.HasHrp).Must(asked => asked is null).Or("unsupported_filter", NotKnown).OverridePropertyName("has_hrp");
            RuleFor(r => r.InGho).Must(asked => asked is null).Or("unsupported_filter", NotKnown).OverridePropertyName("in_gho");
            RuleFor(r => r.OutputFormat).IsOneOf(["json", "csv"]).OverridePropertyName("output_format");
            RuleFor(r => r.Limit).IsWithin(0, MostOfPage, MostOfPage);
            RuleFor(r => r.Offset).IsWithin(0, int.MaxValue, 0);
            RuleFor(r => r.AppIdentifier).IsNoLongerThan(1000).OverridePropertyName("app_identifier");
        }
    }

    private bool IsCsv => HttpContext.Request.Query["output_format"] == "csv";

    private protected override Format Own => IsCsv ? Format.Csv : Format.Json;

    // `output_format` says it, whatever a client always accepts.
    private protected override Format Asked => Own;

    public override void Configure()
    {
        Get(Dialects.Hapi + "/api/v1/coordination-context/funding");
        Definition.Summary(s => s.Summary = "What appeals require and have");
        Definition.Description(builder => builder.ExcludeFromDescription(), clearDefaults: true);
    }

    protected override async Task<string> ReadAsync(Request request, View view)
    {
        List<Appeal> page = [.. (await RowsAsync(request, view)).Skip(request.Offset ?? 0).Take(request.Limit ?? MostOfPage)];
        return IsCsv ? Csv(page) : JsonSerializer.Serialize(new { data = page }, Snake);
    }

    // An appeal for a country and a period; of one for several countries the part of each that is for it alone, since what it requires for each nobody stated.
    private async Task<List<Appeal>> RowsAsync(Request request, View view)
    {
        var numbers = await Numbers.OfAsync(view);
        List<Appeal> rows = [];
        // What is required says nearly all of whose money is asked for: nothing is read of others.
        var plans = (await RequiredPlan.OfAsync(view, Reader, null, null)).Where(plan => (request.AppealCode is not { Length: > 0 } code || plan.CodeBy(numbers).Equals(code, StringComparison.OrdinalIgnoreCase))
            && (request.AppealType is not { Length: > 0 } type || TypeOf(plan).Equals(type, StringComparison.OrdinalIgnoreCase)) && (plan.Countries is not [var only] || IsAsked(only))).ToList();
        var flows = (await Flows.OfAsync(new("location_code", Funds: plans.ConvertAll(plan => plan.Id)), view)).All.ToLookup(flow => flow.FundId);
        foreach (var plan in plans.SelectMany(plan => plan.Periods.Select(plan.For)))
        {
            var own = flows[plan.Id].ToList();
            // What is required is known of a country where it alone is stated.
            var isForOne = plan.Countries is [_];
            string[] countries = isForOne ? plan.Countries : [.. plan.Countries.Concat(own.SelectMany(flow => flow.Countries).Order(StringComparer.Ordinal)).Distinct()];
            foreach (var country in countries.Where(IsAsked))
            {
                decimal? required = isForOne ? plan.Revised : null;
                var funding = plan.FundingOf(isForOne ? own : own.Where(flow => flow.Countries is [var only] && only == country));
                rows.Add(new(null, plan.CodeBy(numbers), plan.Name, TypeOf(plan), required, funding, required is { } asked ? GetPlanProgress.Progress(funding, asked) : null,
                    numbers.OfPlace(country), country, NameOf(country), Written(plan.Periods[0].Start), Written(plan.Periods[0].End)));
            }
        }

        return rows;

        bool IsAsked(string country) => (request.LocationCode is not { } code || country == code) && (request.LocationName is not { } name || NameOf(country).Contains(name, StringComparison.OrdinalIgnoreCase));

        string NameOf(string country) => Country.NameOf(country)!.In(Reader.Language)!;

        static string TypeOf(RequiredPlan plan) => Labels.FundKinds[plan.Kind].En!;
    }

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd'T00:00:00'", CultureInfo.InvariantCulture);

    private static string Csv(List<Appeal> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
        {
            foreach (var cells in rows.Select(row => Columns.Select(column => Convert.ToString(column.Get!(row), CultureInfo.InvariantCulture))).Prepend(Columns.Select(column => column.Name)))
            {
                foreach (var cell in cells)
                {
                    csv.WriteField(cell);
                }

                csv.NextRecord();
            }
        }

        return text.ToString();
    }

    /// <summary>An appeal's part for a country.</summary>
    /// <param name="ResourceHdxId">Null: it rests on no resource of HDX.</param>
    /// <param name="AppealCode">At most 32 characters.</param>
    /// <param name="RequirementsUsd">Null where nobody stated it for the country.</param>
    /// <param name="FundingPct">In percent; null where nothing is required.</param>
    /// <param name="LocationRef">The country's number.</param>
    public sealed record Appeal(
        string? ResourceHdxId, string AppealCode, string AppealName, string AppealType, decimal? RequirementsUsd, decimal FundingUsd, decimal? FundingPct, long LocationRef, string LocationCode,
        string LocationName, string ReferencePeriodStart, string ReferencePeriodEnd);
}
