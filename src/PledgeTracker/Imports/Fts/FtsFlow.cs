using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PledgeTracker.Imports.Fts;

/// <summary>A flow as the Financial Tracking Service tells it, in whichever of its formats: all that is kept of it. What it does not tell is null; lists are in alphabetical order.</summary>
internal sealed record FtsFlow
{
    public static readonly string[] Statuses = ["pledge", "commitment", "paid"];

    private static readonly JsonSerializerOptions Kept = new(Http.Json.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public required string Id { get; init; }
    public required string Status { get; init; }

    /// <summary>Said of the place and the year of the dataset: `incoming`, `internal` or `outgoing`.</summary>
    public required string Boundary { get; init; }

    /// <summary>Whether the money is for that place and year alone: `single`; or for others as well: `shared`.</summary>
    public required string OnBoundary { get; init; }

    public required decimal AmountUsd { get; init; }
    public decimal? OriginalAmount { get; init; }
    public string? OriginalCurrency { get; init; }
    public decimal? ExchangeRate { get; init; }
    public DateOnly? Date { get; init; }
    public DateOnly? DecisionDate { get; init; }
    public DateOnly? FirstReportedDate { get; init; }
    public string? BudgetYear { get; init; }
    public string? FlowType { get; init; }
    public string? ContributionType { get; init; }
    public string? Method { get; init; }
    public bool? NewMoney { get; init; }
    public IReadOnlyList<string>? Earmarking { get; init; }
    public IReadOnlyList<string>? Keywords { get; init; }
    public string? Description { get; init; }

    /// <summary>Its number with the donor.</summary>
    public string? Reference { get; init; }

    /// <summary>The parked flow that it was taken from, which carries what is left of it.</summary>
    public string? ParentFlowId { get; init; }

    public IReadOnlyList<string>? ChildFlowIds { get; init; }
    /// <summary>What the numbers of places and emergencies in it stand for: on its way here alone, it is kept apart.</summary>
    public IReadOnlyList<FtsNumber>? Numbers { get; init; }

    public required FtsSide From { get; init; }
    public required FtsSide To { get; init; }

    /// <summary>In whole cents, as the ledger has them.</summary>
    [JsonIgnore]
    public decimal Usd => Math.Round(AmountUsd, 2, MidpointRounding.ToEven);

    [JsonIgnore]
    public bool IsIncoming => Boundary == "incoming";

    [JsonIgnore]
    public bool IsSingle => OnBoundary == "single";

    [JsonIgnore]
    public bool IsPledge => Status == "pledge";

    /// <summary>The plan that the money is for; null where there is none or there are several, which share it.</summary>
    [JsonIgnore]
    public FtsPlan? Plan => To.Plans is [{ Id: not null } only] ? only : null;

    public static FtsFlow Of(string content) => JsonSerializer.Deserialize<FtsFlow>(content, Kept)!;

    public string ToJson() => JsonSerializer.Serialize(this, Kept);

    /// <summary>With what its CSV does not say, as it was told before: that it does not stand there says nothing.</summary>
    public FtsFlow WithWhatCsvLacks(FtsFlow before) => this with
    {
        NewMoney = before.NewMoney,
        Earmarking = before.Earmarking,
        ParentFlowId = before.ParentFlowId,
        ChildFlowIds = before.ChildFlowIds,
        From = From.WithWhatCsvLacks(before.From) with
        {
            Plans = before.From.Plans,
            Countries = before.IsOfApi ? before.From.Countries : From.Countries,
            GlobalClusters = before.From.GlobalClusters,
            Emergencies = before.From.Emergencies,
            Projects = before.From.Projects,
        },
        // The file of a country leaves out others that share it.
        To = To.WithWhatCsvLacks(before.To) with { Countries = before is { IsOfApi: true, IsSingle: false } && IsPart(To.Countries, before.To.Countries) ? before.To.Countries : To.Countries },
    };

    /// <summary>Whether its API told it, which tells more than its CSV.</summary>
    [JsonIgnore]
    public bool IsOfApi => NewMoney is not null;

    private static bool IsPart(IReadOnlyList<string>? some, IReadOnlyList<string>? all) => some is not null && all is not null && some.All(all.Contains);
}

/// <summary>Whose money it is, or for whom and what.</summary>
internal sealed record FtsSide
{
    /// <summary>What its CSV writes where there are several.</summary>
    public const string Several = "Multiple";

    public IReadOnlyList<FtsOrganization>? Organizations { get; init; }
    public IReadOnlyList<FtsPlan>? Plans { get; init; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Locations that are no countries: regions, the world.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    public IReadOnlyList<string>? Clusters { get; init; }
    public IReadOnlyList<string>? GlobalClusters { get; init; }
    public IReadOnlyList<string>? Emergencies { get; init; }
    public IReadOnlyList<FtsProject>? Projects { get; init; }

    /// <summary>The first and the last of the years that the money is for.</summary>
    public int? FirstYear { get; init; }

    public int? LastYear { get; init; }

    /// <inheritdoc cref="FtsFlow.WithWhatCsvLacks"/>
    public FtsSide WithWhatCsvLacks(FtsSide before) => this with
    {
        Organizations = Same(Organizations, before.Organizations, organization => organization.Name),
        Plans = Same(Plans, before.Plans, plan => plan.Name),
        Emergencies = Same(Emergencies, before.Emergencies, emergency => emergency),
        Projects = Same(Projects, before.Projects, project => project.Code),
        Regions = before.Regions,
        Clusters = before.Clusters,
    };

    // The same names, or several of which the CSV says no more than that.
    private static IReadOnlyList<T>? Same<T>(IReadOnlyList<T>? now, IReadOnlyList<T>? before, Func<T, string?> name) =>
        before is not null && now is not null && (before.Select(name).SequenceEqual(now.Select(name)) || (before.Count > 1 && now is [var one] && name(one) == Several)) ? before : now;
}

/// <param name="Id">Its number there; its CSV has none.</param>
/// <param name="Type">What it is here: one of <see cref="Vocabulary.OrganizationTypes"/>.</param>
internal sealed record FtsOrganization(string Name, string? Type = null, string? Id = null);

internal sealed record FtsPlan(string? Id = null, string? Name = null, string? Code = null)
{
    /// <summary>The number of a plan; null of what is none.</summary>
    public static string? IdOf(string? sent) => sent?.Trim() is { Length: > 0 and <= 18 } id && id.All(char.IsAsciiDigit) ? id : null;
}

/// <param name="Kind">`location` or `emergency`.</param>
/// <param name="Name">Of a location its code: ISO 3166-1 alpha-3.</param>
internal sealed record FtsNumber(string Kind, long Number, string Name)
{
    /// <summary>Null of what is no number, or so high that it could be one of ours: 100,000 for a place (`Compat.Fts.Numbers`).</summary>
    public static FtsNumber? Of(string kind, string? sent, string? name) =>
        name is not null && long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= (kind == "location" ? 99_999 : int.MaxValue) ? new(kind, number, name) : null;

    /// <summary>Keeps what is not known yet.</summary>
    public static async Task KeepAsync(Write write, IReadOnlyList<FtsNumber>? numbers)
    {
        foreach (var number in numbers ?? [])
        {
            await write.Sql.ExecuteAsync("INSERT INTO fts_number (kind, number, name) VALUES (@Kind, @Number, @Name) ON CONFLICT (kind, number) DO NOTHING", number);
        }
    }
}

internal sealed record FtsProject(string? Code = null, string? Name = null);
