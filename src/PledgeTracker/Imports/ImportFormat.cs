namespace PledgeTracker.Imports;

/// <summary>How files of one format are read, and what becomes of their rows.</summary>
internal abstract class ImportFormat
{
    /// <summary>By the word that names each.</summary>
    public static readonly IReadOnlyDictionary<string, ImportFormat> All = new Dictionary<string, ImportFormat>
    {
        ["contributions"] = Sheets.SheetFormat.Contributions,
        ["pledges"] = Sheets.SheetFormat.Pledges,
        ["fts-json"] = new Fts.FtsFormat(isCsv: false),
        ["fts-csv"] = new Fts.FtsFormat(isCsv: true),
        ["requirements"] = new Fts.FtsRequirementsFormat(Sheets.SheetFormat.Requirements),
    };

    /// <summary>Of which dataset rows are that nobody named one for: one of which nothing is dropped.</summary>
    public const string Unnamed = "unnamed";

    /// <summary>The least role that may send one.</summary>
    public virtual Role Role => Role.Editor;

    /// <summary>Whether its rows are a dataset's, of which a later snapshot tells what became of them.</summary>
    public virtual bool IsOfDataset => false;

    /// <summary>
    /// Reads file after file, each once and from its beginning, row by row: what is read is never in memory as a whole. What is wrong with the shape of a row is among its faults; whatever
    /// has to be looked up is not looked at here.
    /// </summary>
    /// <param name="report">Hears what there is to say of the files as a whole.</param>
    /// <exception cref="Refused">A file cannot be read: `invalid_file`, with what is wrong and where; or it is larger than the limits.</exception>
    public abstract IAsyncEnumerable<ReadRow> ReadAsync(IAsyncEnumerable<ImportFile> files, ImportLimits limits, ImportReport report, CancellationToken cancellation);

    /// <summary>Counts a row that was read, is not refused, and did not stand there before: for the totals of the report.</summary>
    public virtual void Count(ReadRow row, ImportReport report)
    {
    }

    /// <summary>Begins with some rows, in one transaction: what they need to know of the records is read once.</summary>
    public abstract Task<ImportJob> BeginAsync(Write write, Import import);

    /// <summary>Does a part of what is left when all rows are in: what a complete snapshot does not tell any more. It ends early where there is no time left.</summary>
    /// <returns>Whether nothing is left.</returns>
    public virtual Task<bool> FinishAsync(Write write, Import import, Func<bool> hasTime) => Task.FromResult(true);
}

/// <summary>Some rows of an import, in one transaction.</summary>
internal abstract class ImportJob
{
    /// <summary>Adds what is wrong with a row beyond its shape: that what it names is not there, and the like. The row as it is to be applied, with what was found.</summary>
    public abstract Task<ReadRow> CheckAsync(ReadRow row);

    /// <summary>The names that were checked and are not known, with whom they may mean.</summary>
    public virtual IReadOnlyCollection<NameSuggestion> Suggestions => [];

    /// <summary>Records a row, through the same classes as the API.</summary>
    /// <exception cref="Refused">It is not recorded.</exception>
    public abstract Task<RowOutcome> ApplyAsync(StagedRow row);

    /// <summary>Why it was not, of what the refusal tells: where that stands in the row.</summary>
    public virtual RowFault Place(StagedRow row, Fault fault) => new(fault.Pointer.TrimStart('/'), null, fault.Code, fault.Detail);
}

/// <summary>A file of an import.</summary>
/// <param name="Name">As it was sent; a page of several has its number.</param>
/// <param name="MediaType">Without parameters, in small letters; of a file on the disk by its ending.</param>
/// <param name="Content">Not compressed any more. It can be read once.</param>
internal sealed record ImportFile(string Name, string MediaType, Stream Content);

/// <summary>How much is read. Null where there is no limit: what the command reads is its user's own.</summary>
/// <param name="Sent">Bytes of a body, as they were sent.</param>
/// <param name="Inflated">Bytes that they become.</param>
/// <param name="Ratio">How many times as many those may be.</param>
/// <param name="SheetRows">Rows of a sheet of XLSX.</param>
/// <param name="SheetInflated">Bytes that the parts of XLSX become.</param>
internal sealed record ImportLimits(long? Sent = null, long? Inflated = null, int? Ratio = null, long? SheetRows = null, long? SheetInflated = null)
{
    public static readonly ImportLimits None = new();

    public static readonly ImportLimits Http = new(256L << 20, 1L << 30, 200, 1_000_000, 512L << 20);
}

/// <summary>A row that was read.</summary>
/// <param name="Page">Which of the files it stands in, from 1.</param>
/// <param name="Line">Its row in the file as its programs count them, the first being 1; of JSON its place in the list of flows, from 1.</param>
/// <param name="Key">What no other row of the import has: another with the same is the same once more. Null where rows have none.</param>
/// <param name="Content">What is to be recorded, as JSON of the format's own; null where that could not be read.</param>
/// <param name="Faults">Why it is refused; none where it is not.</param>
/// <param name="Notes">What was read otherwise than it stands there.</param>
/// <param name="Cells">Its cells as they were read, so that it can be corrected and sent again; null of what has no cells.</param>
/// <param name="Counted">What <see cref="ImportFormat.Count"/> needs of it.</param>
internal sealed record ReadRow(
    int Page, long Line, string? Key, string? Content, IReadOnlyList<RowFault> Faults, IReadOnlyList<RowFault> Notes, IReadOnlyList<string>? Cells = null, object? Counted = null);

/// <summary>What is wrong with a row, or to be said of it, before it has a language.</summary>
/// <param name="Member">The member it is about: `amount`, `donors/0/amountUsd`; empty where it is about the row.</param>
/// <param name="Cell">The cell, as `E7`; null where there are none.</param>
/// <param name="Code">As in problem documents.</param>
internal sealed record RowFault(string Member, string? Cell, string Code, LocalizedText Text);

/// <summary>A row that waits to be applied.</summary>
internal sealed record StagedRow
{
    public required long No { get; init; }
    public required long Page { get; init; }
    public required long Line { get; init; }
    public string? Key { get; init; }
    public required string Content { get; init; }
}

/// <summary>What came of a row.</summary>
/// <param name="Outcome">`created`, `changed` or `unchanged`.</param>
/// <param name="RecordId">The pledge, contribution or fund that it speaks of now.</param>
/// <param name="Difference">Of a dataset: what is other than its last snapshot had it.</param>
internal sealed record RowOutcome(string Outcome, string? RecordId, RowDifference? Difference = null);

/// <summary>What a later snapshot of a dataset tells otherwise.</summary>
/// <param name="Kind">One of <see cref="Vocabulary.Differences"/>.</param>
/// <param name="DonorId">Whose money it is.</param>
/// <param name="BeforeStatus">The flow's status as the dataset had it; null of a new one. The dollars are US cents.</param>
internal sealed record RowDifference(string Kind, string? DonorId, string? BeforeStatus, long? BeforeUsd, string? AfterStatus, long? AfterUsd);

/// <summary>What there is to say of an import as a whole. It is kept with it, as JSON.</summary>
internal sealed record ImportReport
{
    /// <summary>What was found of the files: that one is in windows-1256, say.</summary>
    public List<RowFault> Notes { get; init; } = [];

    /// <summary>The names of the columns as they stand in the file, for a file of corrections.</summary>
    public List<string> Columns { get; init; } = [];

    /// <summary>Names that are not known here and resemble some that are.</summary>
    public List<NameSuggestion> Suggestions { get; init; } = [];

    /// <summary>Whether the files say themselves that they are not all of what was asked for.</summary>
    public bool IsIncomplete { get; set; }

    /// <summary>The totals by the publisher's own rules; null where it has none.</summary>
    public ImportTotals? Totals { get; set; }
}

/// <summary>A name of a file that is not known here, and whom it may mean.</summary>
/// <param name="Name">As it stands in the file.</param>
/// <param name="Organizations">Ids of organizations with names like it, the nearest first.</param>
public sealed record NameSuggestion(string Name, IReadOnlyList<string> Organizations);

/// <summary>The totals of a snapshot of flows by its publisher's own rules, in US dollars.</summary>
public sealed record ImportTotals
{
    /// <summary>Incoming, for this place and year alone (`onBoundary` is `single`), and no pledge.</summary>
    public decimal FundingUsd { get; set; }

    /// <summary>The same of flows that are pledges still.</summary>
    public decimal PledgedUsd { get; set; }

    /// <summary>By plan: what comes into it from outside of it, for this place and year alone, and is no pledge.</summary>
    public List<PlanTotal> Plans { get; init; } = [];

    /// <summary>By country, ISO 3166-1 alpha-3, as the total of all.</summary>
    public List<CountryTotal> Countries { get; init; } = [];
}

/// <param name="FundId">The fund that the plan is here.</param>
/// <param name="Name">What the publisher calls it.</param>
/// <param name="FundingUsd">What came into it, or was committed to it, from outside of it.</param>
/// <param name="RequirementsUsd">What it needs for the years of its flows, as it is stated here; null where nothing is.</param>
/// <param name="Progress">Its funding as a share of that, from 0.</param>
public sealed record PlanTotal(string FundId, string Name, decimal FundingUsd, decimal? RequirementsUsd = null, decimal? Progress = null);

/// <param name="Country">ISO 3166-1 alpha-3.</param>
/// <param name="FundingUsd">As of all.</param>
/// <param name="PledgedUsd">As of all.</param>
public sealed record CountryTotal(string Country, decimal FundingUsd, decimal PledgedUsd);
