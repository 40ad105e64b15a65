namespace PledgeTracker.Meta;

/// <summary>What is in here and what may be asked.</summary>
public sealed record MetaInfo
{
    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>The last change's sequence and the beginning of its hash: what the header `Dataset-Version` says.</summary>
    public required string DatasetVersion { get; init; }

    /// <summary>When anything was last recorded; null where nothing ever was.</summary>
    public required DateTimeOffset? ChangedAt { get; init; }

    public required MetaCounts Counts { get; init; }

    /// <summary>The first month that any figure counts from, such as `2018-02`; null where there is none.</summary>
    public required string? FirstMonth { get; init; }

    /// <summary>The last month that any figure counts from.</summary>
    public required string? LastMonth { get; init; }

    public required MetaLists Lists { get; init; }

    /// <summary>ISO 4217, with those that were withdrawn, by code.</summary>
    public required IReadOnlyList<MetaCurrency> Currencies { get; init; }

    /// <summary>ISO 3166, with those that were withdrawn, by code.</summary>
    public required IReadOnlyList<MetaCountry> Countries { get; init; }

    /// <summary>The codes of problem documents (RFC 9457), with their statuses.</summary>
    public required IReadOnlyList<MetaProblem> Problems { get; init; }
}

/// <summary>How many there are.</summary>
public sealed record MetaCounts
{
    /// <summary>Announced pledges, as `/v1/pledges` lists them.</summary>
    public required long Pledges { get; init; }

    /// <summary>Commitments and payments with their releases and refunds, those that were reversed left out, as `/v1/contributions` lists them.</summary>
    public required long Contributions { get; init; }

    /// <summary>Entries of the ledger, reversals included.</summary>
    public required long Entries { get; init; }

    /// <summary>Everyone who gives, receives or runs a fund; those that were merged into others left out.</summary>
    public required long Organizations { get; init; }

    /// <summary>What money is given to.</summary>
    public required long Funds { get; init; }

    /// <summary>Conferences and meetings.</summary>
    public required long Events { get; init; }

    /// <summary>Documents that figures rest on.</summary>
    public required long Sources { get; init; }

    /// <summary>Statements of what funds need.</summary>
    public required long Requirements { get; init; }

    /// <summary>Shortfalls as they were reported: `/v1/shortfalls?basis=reported`.</summary>
    public required long Shortfalls { get; init; }

    /// <summary>Statements of what money is for and what came of it.</summary>
    public required long Indicators { get; init; }

    /// <summary>Rates of a day by a provider.</summary>
    public required long ExchangeRates { get; init; }
}

/// <summary>The closed lists of words, each in its order.</summary>
public sealed record MetaLists
{
    /// <summary>IATI OrganisationType codes, `group` and `pooled_fund`.</summary>
    public required IReadOnlyList<MetaWord> OrganizationTypes { get; init; }

    /// <summary>Of funds.</summary>
    public required IReadOnlyList<MetaWord> FundKinds { get; init; }

    /// <summary>How money is given.</summary>
    public required IReadOnlyList<MetaWord> Instruments { get; init; }

    /// <summary>From the least advanced to the furthest.</summary>
    public required IReadOnlyList<MetaWord> Statuses { get; init; }

    /// <summary>Whether anybody had pledged it.</summary>
    public required IReadOnlyList<MetaWord> Origins { get; init; }

    /// <summary>How closely donors say what money is for.</summary>
    public required IReadOnlyList<MetaWord> Earmarkings { get; init; }

    /// <summary>Of the ledger.</summary>
    public required IReadOnlyList<MetaWord> EntryKinds { get; init; }

    /// <summary>Of contributions.</summary>
    public required IReadOnlyList<MetaWord> Stages { get; init; }

    /// <summary>How exact an amount is.</summary>
    public required IReadOnlyList<MetaWord> Qualifiers { get; init; }

    /// <summary>Why a promise will not come.</summary>
    public required IReadOnlyList<MetaWord> WithdrawalReasons { get; init; }

    /// <summary>Of contributions.</summary>
    public required IReadOnlyList<MetaWord> Verifications { get; init; }

    /// <summary>How exact dates are.</summary>
    public required IReadOnlyList<MetaWord> DatePrecisions { get; init; }

    /// <summary>Of requirements.</summary>
    public required IReadOnlyList<MetaWord> RequirementKinds { get; init; }

    /// <summary>Of sources.</summary>
    public required IReadOnlyList<MetaWord> Reliabilities { get; init; }

    /// <summary>What summaries and series are grouped by.</summary>
    public required IReadOnlyList<MetaWord> GroupBy { get; init; }

    /// <summary>What rows of summaries and series stand for.</summary>
    public required IReadOnlyList<MetaWord> RowKinds { get; init; }

    /// <summary>How long the periods of series are.</summary>
    public required IReadOnlyList<MetaWord> Intervals { get; init; }

    /// <summary>What may have been said on a day of a series.</summary>
    public required IReadOnlyList<MetaWord> Statements { get; init; }

    /// <summary>What summaries and records of donors measure.</summary>
    public required IReadOnlyList<MetaWord> Measures { get; init; }

    /// <summary>What the age of outstanding money is counted from.</summary>
    public required IReadOnlyList<MetaWord> AgeingBases { get; init; }

    /// <summary>Of shortfalls.</summary>
    public required IReadOnlyList<MetaWord> ShortfallBases { get; init; }

    /// <summary>What changes are of.</summary>
    public required IReadOnlyList<MetaWord> ChangedEntities { get; init; }

    /// <summary>What changes do.</summary>
    public required IReadOnlyList<MetaWord> ChangeActions { get; init; }

    /// <summary>What files may be that are imported.</summary>
    public required IReadOnlyList<MetaWord> ImportFormats { get; init; }

    /// <summary>What is done with an import of which rows are refused.</summary>
    public required IReadOnlyList<MetaWord> ImportModes { get; init; }

    /// <summary>How far an import is.</summary>
    public required IReadOnlyList<MetaWord> ImportStates { get; init; }

    /// <summary>What came of a row of an import.</summary>
    public required IReadOnlyList<MetaWord> RowOutcomes { get; init; }

    /// <summary>What a later snapshot of a dataset tells otherwise.</summary>
    public required IReadOnlyList<MetaWord> Differences { get; init; }

    /// <summary>Whether a dataset still tells a pledge as it stands here.</summary>
    public required IReadOnlyList<MetaWord> SourceStates { get; init; }

    /// <summary>Of keys, each may do what those before it may.</summary>
    public required IReadOnlyList<MetaWord> Roles { get; init; }
}

/// <param name="Code">As it is sent and answered.</param>
/// <param name="Name">What it is called.</param>
public sealed record MetaWord(string Code, LocalizedText Name);

/// <param name="Code">ISO 4217.</param>
/// <param name="Decimals">Of its minor unit: JPY 0, USD 2, KWD 3.</param>
/// <param name="Withdrawn">Whether the code is historic: money of its time is entered in it.</param>
public sealed record MetaCurrency(string Code, int Decimals, bool Withdrawn);

/// <summary>A country, with all names by which it is found.</summary>
public sealed record MetaCountry
{
    /// <summary>ISO 3166-1 alpha-3, or the code that ISO 3166-3 gives for one that was withdrawn.</summary>
    public required string Code { get; init; }

    public required LocalizedText Name { get; init; }

    /// <summary>Whether the code was withdrawn.</summary>
    public required bool Withdrawn { get; init; }

    /// <summary>Other names, in any language.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }
}

/// <param name="Code">The `code` of the problem document.</param>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Title">What it means.</param>
public sealed record MetaProblem(string Code, int Status, LocalizedText Title);
