using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace PledgeTracker.Tests.Exports;

/// <summary>What a reader finds that knows IATI and nothing of us.</summary>
internal static partial class IatiReader
{
    private static readonly string Schema = Path.Combine(
        Environment.GetEnvironmentVariable("PLEDGETRACKER_DATA") ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data")), "iati", "2.03", "iati-activities-schema.xsd");

    private static readonly Lazy<XmlSchemaSet> Schemas = new(() =>
    {
        var schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
        using var reader = XmlReader.Create(Schema, new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = new XmlUrlResolver() });
        schemas.Add(null, reader);
        return schemas;
    });

    /// <summary>
    /// What we write, as the schema has it: in an element these, in this order, each so often (`1` once, `?` at most once, `+` at least once, `*`), with these attributes
    /// (`=` what must be there, and which form it has). The schema itself is not ours to keep.
    /// </summary>
    private static readonly Dictionary<string, (string[] Children, string[] Attributes)> Shapes = new()
    {
        ["iati-activities"] = (["iati-activity+"], [@"version=2\.03", $"generated-datetime={Instant}"]),
        ["iati-activity"] = (["iati-identifier1", "reporting-org1", "title1", "description+", "participating-org+", "activity-status1", "activity-date+", "contact-info?", "recipient-country?", "recipient-region?",
            "sector?", "budget*", "planned-disbursement*", "transaction*", "related-activity?"], [$"last-updated-datetime={Instant}", "lang=en", "default-currency=USD"]),
        ["iati-identifier"] = ([], []),
        ["reporting-org"] = (["narrative+"], ["ref=PLEDGETRACKER", "type=90", "secondary-reporter=1"]),
        ["title"] = (["narrative+"], []),
        ["description"] = (["narrative+"], ["type?=1|4"]),
        ["narrative"] = ([], ["lang=en|ar"]),
        ["participating-org"] = (["narrative+"], [$"ref?={Organization}", $"type?={OrganizationType}", "role=[124]"]),
        ["activity-status"] = ([], ["code=[12]"]),
        ["activity-date"] = ([], ["type=[12]", $"iso-date={Date}"]),
        ["contact-info"] = (["website1"], []),
        ["website"] = ([], []),
        ["recipient-country"] = ([], ["code=[A-Z]{2}"]),
        ["recipient-region"] = ([], ["vocabulary=1", "code=998"]),
        ["sector"] = ([], ["vocabulary=1", "code=[0-9]{5}"]),
        ["budget"] = (["period-start1", "period-end1", "value1"], ["type=[12]", "status=1"]),
        ["period-start"] = ([], [$"iso-date={Date}"]),
        ["period-end"] = ([], [$"iso-date={Date}"]),
        ["value"] = ([], ["currency=USD", $"value-date={Date}"]),
        ["planned-disbursement"] = (["period-start1", "value1", "provider-org?", "receiver-org?"], []),
        ["transaction"] = (["transaction-type1", "transaction-date1", "value1", "description1", "provider-org1", "receiver-org?", "sector1", "recipient-country?", "recipient-region?", "finance-type?", "aid-type?"],
            ["ref=.+", "humanitarian?=1"]),
        ["transaction-type"] = ([], ["code=1|11|13"]),
        ["transaction-date"] = ([], [$"iso-date={Date}"]),
        ["provider-org"] = (["narrative+"], [$"ref={Organization}", $"type?={OrganizationType}"]),
        ["receiver-org"] = (["narrative+"], [$"ref?={Organization}", $"type?={OrganizationType}", $"receiver-activity-id={Activity}"]),
        ["finance-type"] = ([], ["code=110|421|1100"]),
        ["aid-type"] = ([], ["vocabulary=2", "code=[1-4]"]),
        ["related-activity"] = ([], [$"ref={Activity}", "type=1"]),
    };

    private const string Date = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
    private const string Instant = Date + @"T[0-9:.]{12}Z";
    private const string Organization = "PLEDGETRACKER-ORG-[a-z0-9-]+";
    private const string Activity = "PLEDGETRACKER-((FUND|RECIPIENT)-[a-z0-9-]+|UNSPECIFIED)";
    private const string OrganizationType = "10|11|15|21|22|23|30|40|60|70|80|90";

    /// <summary>Whether IATI's own schema is at hand; it says where it is looked for.</summary>
    public static (bool Exists, string Path) SchemaFile => (File.Exists(Schema), Schema);

    /// <summary>Asks for an export, and reads it: it must have the form of IATI, and be valid where the schema is at hand.</summary>
    public static async Task<List<XElement>> ActivitiesAsync(HttpClient client, string query = "")
    {
        var document = XDocument.Parse((await client.ReadAsync($"/v1/exports/iati.xml{query}")).Text);
        HasTheForm(document);
        if (SchemaFile.Exists)
        {
            Validate(document);
        }

        return [.. document.Root!.Elements("iati-activity")];
    }

    public static void Validate(XDocument document)
    {
        var faults = new List<string>();
        document.Validate(Schemas.Value, (_, fault) => faults.Add(fault.Message));
        Assert.Empty(faults);
    }

    /// <summary>What was pledged and not withdrawn, committed and paid: transactions 13, 11 and 1, in US dollars.</summary>
    public static (decimal Pledged, decimal Committed, decimal Paid) Sums(params IEnumerable<XElement> activities)
    {
        var transactions = activities.SelectMany(activity => activity.Elements("transaction")).ToList();
        decimal Sum(string type) => transactions.Where(t => t.Code("transaction-type") == type).Sum(t => t.Value());
        return (Sum("13"), Sum("11"), Sum("1"));
    }

    /// <summary>The export of each fund comes to its figures.</summary>
    /// <param name="funds">How their ids begin.</param>
    public static async Task<int> CheckFundsAsync(HttpClient client, string funds = "")
    {
        var ids = (await client.ReadAsync("/v1/funds?limit=500")).Body.GetProperty("data").EnumerateArray().Select(fund => fund.Id()).Where(id => id.StartsWith(funds, StringComparison.Ordinal)).ToList();
        var activities = (await ActivitiesAsync(client, $"?fund={string.Join(',', ids)}")).ToDictionary(activity => activity.Identifier());
        Assert.Equal(ids.Count, activities.Count);
        foreach (var id in ids)
        {
            var figures = (await client.ReadAsync($"/v1/funds/{id}")).Body.GetProperty("figures");
            Assert.Equal((figures.Number("pledged") - figures.Number("withdrawn"), figures.Number("committed"), figures.Number("paid")), Sums(activities[$"PLEDGETRACKER-FUND-{id}"]));
        }

        return ids.Count;
    }

    /// <summary>All activities together come to the figures of everything, those outside of funds to what is in none.</summary>
    public static async Task CheckAllAsync(HttpClient client)
    {
        var activities = await ActivitiesAsync(client);
        Assert.Equal(activities.Count, activities.DistinctBy(Identifier).Count());
        var total = (await client.ReadAsync("/v1/summary")).Body.GetProperty("total").GetProperty("figures");
        Assert.Equal((total.Number("pledged") - total.Number("withdrawn"), total.Number("committed"), total.Number("paid")), Sums(activities));
    }

    public static string Identifier(this XElement activity) => activity.Element("iati-identifier")!.Value;

    public static string? Code(this XElement element, string child) => (string?)element.Element(child)?.Attribute("code");

    public static decimal Value(this XElement element) => decimal.Parse(element.Element("value")!.Value, CultureInfo.InvariantCulture);

    public static string? Narrative(this XElement element, string language = "en") =>
        element.Elements("narrative").SingleOrDefault(n => (string?)n.Attribute(XNamespace.Xml + "lang") == language)?.Value;

    /// <summary>Transactions as they are easily compared: type, day, value.</summary>
    public static List<(string? Type, string? On, decimal Value)> Transactions(this XElement activity) =>
        [.. activity.Elements("transaction").Select(t => (t.Code("transaction-type"), (string?)t.Element("transaction-date")!.Attribute("iso-date"), t.Value()))];

    private static void HasTheForm(XDocument document)
    {
        foreach (var element in document.Descendants())
        {
            Assert.Equal("", element.Name.NamespaceName);
            var (children, attributes) = Shapes[element.Name.LocalName];
            // The names of its children in a row, against the order in which they may stand.
            var pattern = string.Concat(children.Select(c => $"(?:{c[..^1]} ){(c[^1] == '1' ? "" : c[^1])}"));
            var row = string.Concat(element.Elements().Select(e => e.Name.LocalName + ' '));
            Assert.True(Regex.IsMatch(row, $@"\A{pattern}\z"), $"{element.Name}: {row}");
            var own = attributes.Select(a => AttributeRule().Match(a)).ToDictionary(m => m.Groups[1].Value, m => (IsNeeded: m.Groups[2].Value.Length == 0, Form: m.Groups[3].Value));
            var there = element.Attributes().Where(a => !a.IsNamespaceDeclaration && a.Name.NamespaceName != "urn:pledgetracker:iati").ToList();
            Assert.All(there, a => Assert.Matches($@"\A(?:{own[a.Name.LocalName].Form})\z", a.Value));
            Assert.Subset(there.Select(a => a.Name.LocalName).ToHashSet(), own.Where(a => a.Value.IsNeeded).Select(a => a.Key).ToHashSet());
            if (element.Elements("narrative").ToList() is { Count: > 0 } narratives)
            {
                Assert.Equal(narratives.Count, narratives.DistinctBy(n => (string?)n.Attribute(XNamespace.Xml + "lang")).Count());
                Assert.All(narratives, n => Assert.NotEqual("", n.Value.Trim()));
            }

            if (element.Name == "value")
            {
                Assert.Matches(@"\A-?[0-9]+(\.[0-9]{1,2})?\z", element.Value);
            }
        }

        foreach (var activity in document.Root!.Elements())
        {
            Assert.Matches($@"\A{Activity}\z", activity.Identifier());
            // Where the money goes and what for, its transactions say, or, where there is none, the activity.
            foreach (var place in activity.Elements("transaction").DefaultIfEmpty(activity))
            {
                Assert.Single(place.Elements(), e => e.Name.LocalName is "recipient-country" or "recipient-region");
                Assert.Single(place.Elements("sector"));
            }

            Assert.Equal(activity.Element("transaction") is null, activity.Element("sector") is not null);
        }

        var references = document.Descendants("transaction").Select(t => (t.Attribute("ref")!.Value, t.Code("transaction-type"))).ToList();
        Assert.Equal(references.Count, references.Distinct().Count());
    }

    [GeneratedRegex(@"\A([a-z-]+)(\??)=(.*)\z")]
    private static partial Regex AttributeRule();
}
