using System.Text.Json;

namespace PledgeTracker;

/// <summary>Every operation of the API, one class each: the table of contents.</summary>
internal static class Endpoints
{
    /// <summary>The operations on FastEndpoints. (It would find them, and their rules, by looking through every type there is.)</summary>
    public static readonly IReadOnlyList<Type> All =
    [
        typeof(Meta.GetIndex),
        typeof(Meta.GetMeta),
        typeof(Meta.Search),

        typeof(Pledges.ListPledges),
        typeof(Pledges.GetPledge),
        typeof(Pledges.GetPledgeLedger),
        typeof(Pledges.GetPledgeHistory),
        typeof(Pledges.GetCalendar),
        typeof(Pledges.RecordPledge),
        typeof(Pledges.AmendPledge),
        typeof(Pledges.RevisePledge),
        typeof(Pledges.WithdrawPledge),
        typeof(Pledges.ReclassifyPledge),

        typeof(Contributions.ListContributions),
        typeof(Contributions.GetContribution),
        typeof(Contributions.GetContributionHistory),
        typeof(Contributions.RecordContribution),
        typeof(Contributions.RecordContributions),
        typeof(Contributions.RecordAdjustment),
        typeof(Contributions.ConfirmContribution),
        typeof(Contributions.VerifyContribution),

        typeof(Entries.ReverseEntry),
        typeof(Entries.ReplaceEntry),
        typeof(Entries.AddCitations),

        typeof(Organizations.ListDonors),
        typeof(Organizations.GetDonor),
        typeof(Organizations.GetDonorRecord),
        typeof(Site.DrawDonor),
        typeof(Organizations.ListOrganizations),
        typeof(Organizations.GetOrganization),
        typeof(Organizations.CreateOrganization),
        typeof(Organizations.AmendOrganization),
        typeof(Organizations.MergeOrganization),

        typeof(Funds.ListFunds),
        typeof(Funds.GetFund),
        typeof(Funds.GetFundGauge),
        typeof(Site.DrawFund),
        typeof(Funds.CreateFund),
        typeof(Funds.AmendFund),
        typeof(Funds.ListRequirements),
        typeof(Funds.StateRequirement),

        typeof(Shortfalls.ListShortfalls),
        typeof(Shortfalls.GetShortfall),
        typeof(Shortfalls.GetShortfallCoverage),
        typeof(Shortfalls.ReportShortfall),

        typeof(Events.ListEvents),
        typeof(Events.GetEvent),
        typeof(Site.DrawEvent),
        typeof(Events.CreateEvent),
        typeof(Events.AmendEvent),

        typeof(Summaries.GetSummary),
        typeof(Summaries.GetTimeSeries),

        typeof(Sources.ListSources),
        typeof(Sources.GetSource),
        typeof(Sources.CreateSource),
        typeof(Sources.AmendSource),

        typeof(Countries.ListCountries),
        typeof(Countries.GetCountry),
        typeof(Countries.AmendCountry),

        typeof(Indicators.ListIndicators),
        typeof(Indicators.RecordIndicator),

        typeof(ExchangeRates.ListExchangeRates),
        typeof(ExchangeRates.RecordExchangeRate),

        typeof(Changes.ListChanges),
        typeof(Changes.GetChange),
        typeof(Changes.StreamChanges),
        typeof(Changes.GetChangeFeed),
        typeof(Changes.VerifyChanges),

        typeof(Imports.StartImport),
        typeof(Imports.ListImports),
        typeof(Imports.GetImport),
        typeof(Imports.ListImportRows),
        typeof(Imports.GetImportDifferences),
        typeof(Imports.GetImportCorrections),
        typeof(Imports.CancelImport),
        typeof(Imports.GetTemplate),

        typeof(Exports.ExportBundle),
        typeof(Exports.ExportIati),

        typeof(Redactions.ListRedactions),
        typeof(Redactions.RedactRecord),

        typeof(Keys.ListKeys),
        typeof(Keys.CreateKey),
        typeof(Keys.RevokeKey),
        typeof(Keys.GetMe),
        typeof(Keys.RenewKey),

        typeof(Health.CheckLiveness),
        typeof(Health.CheckReadiness),
        typeof(Health.GetVersion),
    ];

    /// <summary>The pages for people, on the same ground; the document is not about them.</summary>
    public static readonly IReadOnlyList<Type> Pages =
    [
        typeof(Site.HomePage),
        typeof(Site.DonorPage),
        typeof(Site.PledgePage),
        typeof(Site.AboutPage),
        typeof(Site.EventPage),
        typeof(Site.FundPage),
        typeof(Site.EmbedPage),
        typeof(Site.RecordPage),
    ];

    /// <summary>What clients of other systems ask, in those systems' own dialects; the document is not about them either.</summary>
    public static readonly IReadOnlyList<Type> Dialects =
    [
        typeof(Compat.Fts.ListFlows),
        typeof(Compat.Fts.GetPlanProgress),
        typeof(Compat.Fts.GetCountryTrends),
        typeof(Compat.Fts.ListLocations),
        typeof(Compat.Fts.ListOrganizationNames),
        typeof(Compat.Fts.ListEmergencies),
        typeof(Compat.Hapi.ListFunding),
    ];

    /// <summary>What the document sorts them under, in its order.</summary>
    public static readonly IReadOnlyDictionary<string, string> Tags = new Dictionary<string, string>
    {
        ["Meta"] = "What is in here, and what may be asked.",
        ["Pledges"] = "Public promises, and the headers of contributions that nobody had pledged.",
        ["Contributions"] = "Commitments and payments.",
        ["Donors"] = "Organizations that pledged or gave, with their figures.",
        ["Organizations"] = "Everyone who gives, receives or runs a fund.",
        ["Funds"] = "What money is given to, and what it says it needs.",
        ["Entries"] = "Corrections and citations of what stands in the ledger.",
        ["Shortfalls"] = "What funds still lack, reported or computed.",
        ["Events"] = "Conferences and meetings where pledges were announced.",
        ["Summaries"] = "Sums of money by any dimension, as of any day and over time.",
        ["Sources"] = "The documents that figures rest on.",
        ["Countries"] = "The countries of ISO 3166, and what they are called.",
        ["Indicators"] = "What the money is for, and what has come of it.",
        ["Exchange rates"] = "US dollars for other currencies.",
        ["Changes"] = "Every change of the data, and as it happens.",
        ["Imports"] = "Files of others, and spreadsheets, to be recorded.",
        ["Exports"] = "The data as others take it.",
        ["Redactions"] = "Free text that had to go, such as what names a private person.",
        ["Keys"] = "API keys, for those who run the server and those who hold one.",
        ["Health"] = "For those who run the server.",
    };

    /// <summary>What reads answer from the documented facts, by the name of the operation: a test asks a server that starts on them, and keeps what it says in the file.</summary>
    public static IReadOnlyDictionary<string, AnswerExample> Answers
    {
        get
        {
            using var file = typeof(Endpoints).Assembly.GetManifestResourceStream("answers.json")!;
            return JsonSerializer.Deserialize<Dictionary<string, AnswerExample>>(file, Json.Options)!;
        }
    }

    /// <summary>Each of them with the rules that stand nested in it.</summary>
    public static List<Type> WithRules => [.. All.Concat(Pages).Concat(Dialects).SelectMany(operation => operation.GetNestedTypes().Where(t => t.IsAssignableTo(typeof(IValidator))).Prepend(operation))];
}
