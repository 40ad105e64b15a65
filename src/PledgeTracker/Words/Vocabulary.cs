namespace PledgeTracker.Words;

/// <summary>
/// The closed vocabularies of the API, as they stand in JSON and in the database. The field's own words: UN OCHA FTS flow statuses,
/// IATI 2.03 transaction types and organisation types.
/// </summary>
internal static class Vocabulary
{
    public static readonly string[] Kinds = ["pledge", "revision", "withdrawal", "commitment", "payment", "adjustment"];

    public static readonly string[] Stages = ["commitment", "release", "payment", "refund", "adjustment"];

    /// <summary>Those that a contribution is entered with.</summary>
    public static readonly string[] EnteredStages = Stages[..4];

    /// <summary>What an adjustment corrects.</summary>
    public static readonly string[] Adjusted = ["pledge", "commitment", "payment"];

    /// <summary>Why a promise will not come.</summary>
    public static readonly string[] WithdrawalReasons = ["withdrawn_by_donor", "lapsed", "written_off", "unspecified"];

    public static readonly string[] Verifications = ["reported", "verified", "disputed"];

    public static readonly string[] Roles = ["recorder", "editor", "admin"];

    public static readonly string[] Instruments = ["grant", "loan", "credit_line", "guarantee", "investment", "in_kind", "mou", "unspecified"];

    public static readonly string[] Qualifiers = ["exact", "approximate", "at_least", "at_most"];

    public static readonly string[] FigureQualifiers = [.. Qualifiers, "mixed"];

    public static readonly string[] DatePrecisions = ["day", "month", "year", "approximate"];

    public static readonly string[] Origins = ["announced", "direct"];

    public static readonly string[] Earmarkings = ["unearmarked", "softly_earmarked", "tightly_earmarked", "earmarked"];

    /// <summary>From the least advanced to the furthest; see <see cref="Ledger.Figures"/> for what each means.</summary>
    public static readonly string[] Statuses =
        ["announced", "partially_committed", "committed", "partially_paid", "paid", "partially_withdrawn", "withdrawn", "taken_back", "adjusted", "void"];

    /// <summary>IATI OrganisationType codes, `group` for partners who pledge together and publish no split, and `pooled_fund` for a fund that itself gives.</summary>
    public static readonly string[] OrganizationTypes = ["10", "11", "15", "21", "22", "23", "30", "40", "60", "70", "80", "90", "group", "pooled_fund"];

    /// <summary>More are added at the end: the place of each is its number for the clients of FTS.</summary>
    public static readonly string[] FundKinds = ["facility", "trust_fund", "appeal", "programme", "pledge_drive"];

    public static readonly string[] Reliabilities = ["primary", "secondary"];

    /// <summary>What changes are of.</summary>
    public static readonly string[] Entities =
        ["organization", "fund", "event", "source", "country", "exchange_rate", "requirement", "shortfall", "indicator", "pledge", "contribution", "entry", "flow"];

    /// <summary>What changes do.</summary>
    public static readonly string[] Actions =
        ["created", "amended", "revised", "withdrawn", "reversed", "reclassified", "merged", "cited", "confirmed", "verified", "disputed", "redacted"];

    /// <summary>What has free text.</summary>
    public static readonly string[] Redactable = [.. Entities.Except(["country", "exchange_rate", "flow"])];

    /// <summary>What rows of summaries stand for.</summary>
    public static readonly string[] RowKinds = ["item", "other", "shared", "none"];

    /// <summary>How long the periods of a series are.</summary>
    public static readonly string[] Intervals = ["month", "quarter", "year"];

    /// <summary>What may have been said on a day of a series.</summary>
    public static readonly string[] Statements = ["pledge", "revision", "withdrawal", "shortfall", "requirement"];

    public static readonly string[] RequirementKinds = ["original", "revised"];

    /// <summary>Whether somebody said that money is missing, or requirements and commitments do.</summary>
    public static readonly string[] ShortfallBases = ["reported", "computed"];

    /// <summary>What the age of outstanding money is counted from.</summary>
    public static readonly string[] AgeingBases = ["pledge", "due"];

    /// <summary>What files are imported.</summary>
    public static readonly string[] ImportFormats = ["fts-json", "fts-csv", "contributions", "pledges", "requirements"];

    /// <summary>What is done with an import where rows of it are refused: nothing, or what the others say.</summary>
    public static readonly string[] ImportModes = ["all", "per-row"];

    /// <summary>How far an import is. `checked` ends one that was only tried out.</summary>
    public static readonly string[] ImportStates = ["staging", "checking", "applying", "done", "checked", "refused", "cancelled"];

    /// <summary>What came of a row of an import.</summary>
    public static readonly string[] RowOutcomes = ["created", "changed", "unchanged", "refused"];

    /// <summary>What a later snapshot of a dataset tells otherwise.</summary>
    public static readonly string[] Differences = ["new", "advanced", "went_back", "amount_changed", "changed", "dropped", "returned"];

    /// <summary>Whether a dataset still tells a pledge as it stands here.</summary>
    public static readonly string[] SourceStates = ["changed", "dropped"];
}
