using System.Text.Json;
using PledgeTracker.Funds;

namespace PledgeTracker.Imports.Fts;

/// <summary>What a plan requires, as the publisher of flows says it: in its overview of plans, or in a file of HDX for a country.</summary>
/// <param name="Countries">ISO 3166-1 alpha-3, where the plan is.</param>
/// <param name="Statement">But for its fund.</param>
/// <param name="Numbers">What the numbers of these are there.</param>
internal sealed record FtsRequirement(FtsPlan Plan, IReadOnlyList<string> Countries, StateRequirement.Request Statement, IReadOnlyList<FtsNumber>? Numbers = null);

internal static class FtsRequirements
{
    /// <summary>What a row of it is known by in an import: no flow has such a number.</summary>
    public const string KeyOf = "plan:";

    /// <summary>The columns that a file of HDX has, of which the first tells it from others.</summary>
    public static readonly string[] Columns = ["countryCode", "id", "name", "code", "typeId", "typeName", "startDate", "endDate", "year", "requirements", "funding", "percentFunded"];

    private static readonly LocalizedText Publisher = new("UN OCHA Financial Tracking Service", "خدمة التتبع المالي التابعة لمكتب الأمم المتحدة لتنسيق الشؤون الإنسانية");

    /// <summary>A plan of the overview: what it required at first, and what it requires now.</summary>
    public static List<ReadRow> OfPlan(int page, long line, JsonElement item)
    {
        var reading = new FtsReading();
        var of = new JsonMembers(item, reading);
        var id = reading.Id("id", of.Text("id"));
        var name = reading.Name("name", of.Text("name"));
        var code = reading.Name("code", of.Text("code"));
        var numbers = of.Objects("countries").Select(country => country.Text("iso3") is { } iso3 && Country.Exists(iso3) ? FtsNumber.Of("location", country.Text("id"), iso3) : null).OfType<FtsNumber>().ToList();
        var countries = of.Objects("countries").ConvertAll(country => country.Text("iso3")).OfType<string>().Where(Country.Exists).Distinct().Order(StringComparer.Ordinal).ToList();
        var years = of.Objects("usageYears").ConvertAll(year => reading.Year(year.At("year"), year.Text("year"))).OfType<int>().ToList();
        var (start, end) = years.Count > 0 ? (new DateOnly(years.Min(), 1, 1), new DateOnly(years.Max(), 12, 31)) : (reading.Day("startDate", of.Text("startDate")), reading.Day("endDate", of.Text("endDate")));
        var amounts = of.Object("requirements");
        (string Kind, decimal? Usd, DateOnly? On)[] stated =
        [
            ("original", amounts?.Number("origRequirements"), reading.Day("createdAt", of.Text("createdAt"))),
            ("revised", amounts?.Number("revisedRequirements"), reading.Day("updatedAt", of.Text("updatedAt"))),
        ];
        if (reading.Faults.Count > 0)
        {
            return [new(page, line, id is null ? null : $"{KeyOf}{id}", null, reading.Faults, reading.Notes)];
        }

        // What a plan asked for at first is nothing where nobody said it; one that was withdrawn asks for nothing now.
        return [.. stated.Where(s => s.Usd > 0 || (s.Usd == 0 && s.Kind == "revised")).Select(s => Row(page, line, new(id, name, code), countries, s.Kind, s.Usd!.Value, start, end, s.On, new FtsReading(), null, numbers))];
    }

    /// <summary>A row of a file of HDX; null of one that states nothing: money outside of all plans, a plan without a requirement.</summary>
    public static ReadRow? OfCsv(int page, CsvTable csv)
    {
        var reading = new FtsReading();
        if (csv["id"] is null || csv["requirements"] is null)
        {
            return null;
        }

        var (id, name, code) = (reading.Id("id", csv["id"]), reading.Name("name", csv["name"]), reading.Name("code", csv["code"]));
        var usd = reading.Number("requirements", csv["requirements"]) ?? 0;
        var year = reading.Year("year", csv["year"]);
        var (start, end) = year is { } whole ? (new DateOnly(whole, 1, 1), new DateOnly(whole, 12, 31)) : (reading.Day("startDate", csv["startDate"]), reading.Day("endDate", csv["endDate"]));
        string[] countries = csv["countryCode"] is { } country && Country.Exists(country) ? [country] : [];
        if (countries.Length > 0 && csv["typeName"]?.Contains("regional", StringComparison.OrdinalIgnoreCase) == true)
        {
            // The file of a country gives the country's part of it.
            return null;
        }

        return reading.Faults.Count > 0 ? new(page, csv.Line, id is null ? null : $"{KeyOf}{id}", null, reading.Faults, reading.Notes, csv.PlainCells)
            : Row(page, csv.Line, new(id, name, code), countries, "revised", usd, start, end, null, reading, csv.PlainCells);
    }

    private static ReadRow Row(int page, long line, FtsPlan plan, IReadOnlyList<string> countries, string kind, decimal usd, DateOnly? start, DateOnly? end, DateOnly? on, FtsReading reading, string[]? cells, IReadOnlyList<FtsNumber>? numbers = null)
    {
        var rounded = Math.Round(usd, 2, MidpointRounding.ToEven);
        if (rounded != usd)
        {
            reading.Note("requirements", "invalid_amount", $"USD has 2 decimals: {usd} was rounded half to even, to {rounded}.", $"عدد المنازل العشرية لعملة USD هو 2: قُرّب {usd} إلى {rounded} (نصف الوحدة إلى الزوجي).");
        }

        var (from, to) = start is not null && end is not null && end >= start ? (start, end) : (null, null);
        var statement = new StateRequirement.Request(Kind: kind, Amount: rounded, Currency: "USD", PeriodStart: from, PeriodEnd: to, StatedOn: on, DatePrecision: on is null ? null : "approximate", StatedBy: Publisher);
        var faults = FtsJob.Check(new StateRequirement.Rules(), statement with { FundId = "fts-plan", StatedOn = on ?? DateOnly.MaxValue });
        return new(page, line, $"{KeyOf}{plan.Id}:{kind}:{from:yyyy}-{to:yyyy}", JsonSerializer.Serialize(new FtsRequirement(plan, countries, statement, numbers), Http.Json.Options), faults, reading.Notes, cells);
    }
}
