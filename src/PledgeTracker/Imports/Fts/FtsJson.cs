using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PledgeTracker.Imports.Fts;

/// <summary>
/// Pages of the Financial Tracking Service's API, and its overview of plans: one flow or plan of `data.flows` and `data.plans` after the other, however long the page is.
/// </summary>
internal static class FtsJson
{
    public static async IAsyncEnumerable<ReadRow> ReadAsync(IAsyncEnumerable<ImportFile> files, ImportReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var page = 0;
        var anyFlows = false;
        // Of one question, which may be answered in several pages.
        long counted = 0;
        var goesOn = false;
        var begun = new HashSet<string>();
        await foreach (var file in files)
        {
            page++;
            var pages = new JsonPage(file);
            long line = 0;
            var isAgain = false;
            await foreach (var (isFlow, item) in pages.ReadAsync(cancellation))
            {
                line++;
                if (isFlow)
                {
                    var flow = Flow(page, line, item);
                    // A page that was sent twice stands for no other.
                    isAgain = line == 1 ? flow.Key is { } first && !begun.Add(first) : isAgain;
                    counted += isAgain ? 0 : 1;
                    yield return flow;
                }
                else
                {
                    foreach (var row in FtsRequirements.OfPlan(page, line, item))
                    {
                        yield return row;
                    }
                }
            }

            if (!pages.HasFlows)
            {
                if (pages.HasPlans)
                {
                    continue;
                }

                throw new Refused("invalid_file", new($"{file.Name}: there is no list of flows in it (data.flows).", $"{file.Name}: ليست فيه قائمة تدفقات (data.flows)."));
            }

            anyFlows = true;
            goesOn = pages.GoesOn;
            if (!goesOn)
            {
                report.IsIncomplete |= counted < pages.Count;
                counted = 0;
                begun.Clear();
            }
        }

        // An overview of plans tells no flow, and so drops none.
        report.IsIncomplete |= goesOn || !anyFlows;
    }

    /// <summary>A flow as it stands in a page.</summary>
    internal static ReadRow Flow(int page, long line, JsonElement item)
    {
        var reading = new FtsReading();
        var of = new JsonMembers(item, reading);
        var id = reading.Id("id", of.Text("id"));
        List<FtsNumber> numbers = [];
        var flow = item.ValueKind != JsonValueKind.Object ? null : new FtsFlow
        {
            Id = id ?? "",
            Status = reading.Word("status", of.Text("status"), FtsFlow.Statuses),
            Boundary = reading.Word("boundary", of.Text("boundary"), "incoming", "internal", "outgoing"),
            OnBoundary = reading.Word("onBoundary", of.Text("onBoundary"), "single", "shared", "overlap"),
            AmountUsd = reading.Usd("amountUSD", of.Number("amountUSD")),
            OriginalAmount = of.Number("originalAmount"),
            OriginalCurrency = reading.Name("originalCurrency", of.Text("originalCurrency"))?.ToUpperInvariant(),
            ExchangeRate = of.Number("exchangeRate"),
            Date = reading.Day("date", of.Text("date")),
            DecisionDate = reading.Day("decisionDate", of.Text("decisionDate")),
            FirstReportedDate = reading.Day("firstReportedDate", of.Text("firstReportedDate")),
            BudgetYear = reading.Name("budgetYear", of.Text("budgetYear")),
            FlowType = reading.Name("flowType", of.Text("flowType")),
            ContributionType = reading.Name("contributionType", of.Text("contributionType")),
            Method = reading.Name("method", of.Text("method")),
            NewMoney = of.Flag("newMoney"),
            Earmarking = Texts("grandBargainEarmarkingType"),
            Keywords = Texts("keywords"),
            Description = reading.Description("description", of.Text("description")),
            Reference = reading.Reference("refCode", of.Text("refCode")),
            ParentFlowId = reading.Reference("parentFlowId", of.Text("parentFlowId")),
            ChildFlowIds = Texts("childFlowIds"),
            From = Side("sourceObjects"),
            To = Side("destinationObjects"),
        };
        flow = flow is null ? null : flow with { Numbers = Listed(numbers, number => number.Name) };
        return new(page, line, id, flow is null || reading.Faults.Count > 0 ? null : flow.ToJson(), reading.Faults, reading.Notes, Counted: flow is null ? null : new FtsCounted(flow, []));

        List<string>? Texts(string member) => Listed([.. of.List(member).Select(each => reading.Name(each.Place, each.Text())).OfType<string>()], text => text);

        FtsSide Side(string member)
        {
            List<FtsOrganization> organizations = [];
            List<FtsPlan> plans = [];
            List<FtsProject> projects = [];
            List<string> countries = [], regions = [], clusters = [], globalClusters = [], emergencies = [];
            List<int> years = [];
            foreach (var each in of.Objects(member))
            {
                var name = reading.Name(each.At("name"), each.Text("name"));
                switch (each.Text("type"))
                {
                    case "Organization" when name is not null && !FtsWords.IsNobody(name):
                        organizations.Add(new(name, FtsWords.TypeOf(each.First("organizationTypes"), each.First("organizationSubTypes")), reading.Reference(each.At("id"), each.Text("id"))));
                        break;
                    case "Plan":
                        plans.Add(new(FtsPlan.IdOf(each.Text("id")), name, reading.Name(each.At("code"), each.Text("code"))));
                        break;
                    case "Location" when name is not null:
                        var country = FtsWords.CountryOf(name);
                        (country is not null ? countries : regions).Add(country ?? name);
                        numbers.AddRange(FtsNumber.Of("location", each.Text("id"), country) is { } place ? [place] : []);
                        break;
                    case "Cluster" when name is not null:
                        clusters.Add(name);
                        break;
                    case "GlobalCluster" when name is not null:
                        globalClusters.Add(name);
                        break;
                    case "Emergency" when name is not null:
                        emergencies.Add(name);
                        numbers.AddRange(FtsNumber.Of("emergency", each.Text("id"), name) is { } emergency ? [emergency] : []);
                        break;
                    case "Project":
                        projects.Add(new(reading.Name(each.At("code"), each.Text("code")), name));
                        break;
                    case "UsageYear" when reading.Year(each.At("name"), name) is { } year:
                        years.Add(year);
                        break;
                }
            }

            return new FtsSide
            {
                Organizations = Listed(organizations, organization => organization.Name),
                Plans = Listed(plans, plan => plan.Name ?? plan.Id ?? ""),
                Projects = Listed(projects, project => project.Code ?? project.Name ?? ""),
                Countries = Listed(countries, code => code),
                Regions = Listed(regions, name => name),
                Clusters = Listed(clusters, name => name),
                GlobalClusters = Listed(globalClusters, name => name),
                Emergencies = Listed(emergencies, name => name),
                FirstYear = years.Count == 0 ? null : years.Min(),
                LastYear = years.Count == 0 ? null : years.Max(),
            };
        }
    }

    /// <summary>A list as it is kept: each once, in alphabetical order; null for an empty one.</summary>
    internal static List<T>? Listed<T>(List<T> all, Func<T, string> name) => all.Count == 0 ? null : [.. all.Distinct().OrderBy(name, StringComparer.Ordinal)];
}

/// <summary>Members of an object as it was sent; one of another type than it should be is a fault that names it.</summary>
internal readonly struct JsonMembers
{
    private readonly JsonElement _of;
    private readonly FtsReading _reading;

    public JsonMembers(JsonElement of, FtsReading reading, string place = "")
    {
        (_of, _reading, Place) = (of, reading, place);
        if (of.ValueKind != JsonValueKind.Object)
        {
            Wrong(place, "an object", "كائنا");
        }
    }

    /// <summary>Where it stands, as `sourceObjects/0`; empty for the flow itself.</summary>
    private string Place { get; }

    public string At(string member) => Place.Length == 0 ? member : $"{Place}/{member}";

    /// <summary>A text, or a number as one: what is the one on some pages is the other on others.</summary>
    public string? Text(string member) => Member(member) is { } value ? TextOf(value, At(member)) : null;

    public decimal? Number(string member)
    {
        if (Member(member) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number))
        {
            return _reading.Kept(At(member), number);
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return _reading.Number(At(member), TextOf(value, At(member)));
        }

        Wrong(At(member), "a number", "عددا");
        return null;
    }

    public bool? Flag(string member)
    {
        if (Member(member) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Wrong(At(member), "true or false", "true أو false");
        return null;
    }

    /// <summary>The items of a list of texts, each with its place.</summary>
    public List<JsonItem> List(string member)
    {
        var (list, self) = (new List<JsonItem>(), this);
        switch (Member(member))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Array } array:
                foreach (var (i, item) in array.EnumerateArray().Index())
                {
                    var place = $"{self.At(member)}/{i}";
                    list.Add(new(place, () => item.ValueKind == JsonValueKind.Null ? null : self.TextOf(item, place)));
                }

                break;
            case var other:
                list.Add(new(At(member), () => self.TextOf(other.Value, self.At(member))));
                break;
        }

        return list;
    }

    public string? First(string member) => List(member) is [var first, ..] ? first.Text() : null;

    /// <summary>The items of a list of objects.</summary>
    public List<JsonMembers> Objects(string member)
    {
        var objects = new List<JsonMembers>();
        switch (Member(member))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Array } array:
                foreach (var (i, item) in array.EnumerateArray().Index())
                {
                    objects.Add(new(item, _reading, $"{At(member)}/{i}"));
                }

                break;
            default:
                Wrong(At(member), "a list", "قائمة");
                break;
        }

        return objects;
    }

    /// <summary>A member that is an object itself.</summary>
    public JsonMembers? Object(string member) => Member(member) is { } value ? new(value, _reading, At(member)) : null;

    private JsonElement? Member(string name) =>
        _of.ValueKind == JsonValueKind.Object && _of.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    private string? TextOf(JsonElement value, string place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    return value.GetString();
                }
                catch (InvalidOperationException)
                {
                    // Half of a surrogate pair, or bytes that are no UTF-8.
                    _reading.Fault(place, "invalid_text", "Send a text in UTF-8.", "أرسل نصا بترميز UTF-8.");
                    return null;
                }

            case JsonValueKind.Number:
                return value.GetRawText();
            default:
                Wrong(place, "a text", "نصا");
                return null;
        }
    }

    private void Wrong(string place, string en, string ar) => _reading.Fault(place, "wrong_type", $"Send {en}.", $"أرسل {ar}.");
}

/// <summary>An item of a list of texts.</summary>
internal sealed record JsonItem(string Place, Func<string?> Text);
