using System.Text.Json.Serialization;

namespace PledgeTracker.Pledges;

/// <summary>What a pledge shows in a list and alone. A header of origin `direct` stands for contributions that nobody pledged first.</summary>
public abstract record PledgeCore
{
    private protected PledgeCore(PledgeRow row, IEnumerable<PledgeDonor> donors, IEnumerable<Movement> movements, IEnumerable<Citation> citations, Reader reader)
    {
        Id = row.Id;
        Origin = row.Origin;
        Amount = row.AmountMinor is { } minor && row.Currency is { } currency ? PledgeTracker.Words.Currency.Major(minor, currency) : null;
        Currency = row.Currency;
        Qualifier = row.Qualifier;
        Donors = [.. donors];
        Fund = Ref.Of(row.FundId, row.FundName);
        Recipient = Ref.Of(row.RecipientId, row.RecipientName);
        Event = Ref.Of(row.EventId, row.EventName);
        AnnouncedOn = row.AnnouncedOn;
        DatePrecision = row.DatePrecision;
        DueOn = row.DueOn;
        Instalments = [.. StoredInstalment.Of(row.Instalments).Select(i => new Instalment(i.DueOn, PledgeTracker.Words.Currency.Major(i.AmountMinor, row.Currency!)))];
        Instrument = row.Instrument;
        Status = row.Status;
        Overdue = row.OverdueFrom < reader.Today;
        Countries = row.Countries;
        ByCountry = CountryFigures.Of(Ledger.Shares.Of(row.Countries, row.Shares), Donors.Select(d => d.Sums));
        Shared = row.Shared;
        Sectors = row.Sectors;
        UsageYears = row.UsageYears;
        Earmarking = row.Earmarking;
        Restates = row.Restates;
        PassedOnFrom = row.PassedOnFrom;
        Reclassifies = row.Reclassifies;
        ExternalSystem = row.ExternalSystem;
        ExternalId = row.ExternalId;
        SourceState = row.SourceState;
        SourceStateSince = row.SourceStateSince;
        Figures = FigureSet.Of(row.Sums);
        LastMovement = movements.FirstOrDefault();
        Citations = [.. citations];
        RecordedAt = row.RecordedAt;
        RecordedBy = row.RecordedBy;
        Redacted = row.RedactionId is null ? null : new(row.RedactionId, row.RedactedAt!.Value, new(row.RedactionEn, row.RedactionAr));
    }

    [Hxl("#meta+id")]
    public string Id { get; }

    /// <summary>`announced` for a promise, `direct` for contributions nobody had pledged.</summary>
    [OneOf(nameof(Vocabulary.Origins))]
    public string Origin { get; }

    /// <summary>What was promised, with its revisions, in the pledge's own currency; null where nothing was.</summary>
    [Hxl("#value+pledge")]
    public decimal? Amount { get; }

    /// <summary>The currency of the promise (ISO 4217); null where there is none.</summary>
    /// <example>USD</example>
    [Hxl("#currency+code")]
    public string? Currency { get; }

    /// <summary>How exact the source was.</summary>
    [OneOf(nameof(Vocabulary.Qualifiers))]
    public string Qualifier { get; }

    /// <summary>Who gives; each donor's part is a line with figures of its own.</summary>
    [Hxl("#org+funder")]
    public PledgeDonor[] Donors { get; }

    [Hxl("#activity+fund")]
    public Ref? Fund { get; }

    [Hxl("#org+recipient")]
    public Ref? Recipient { get; }

    [Hxl("#event+conference")]
    public Ref? Event { get; }

    /// <summary>The day of the promise; for direct contributions the day of the first one.</summary>
    [Hxl("#date+announced")]
    public DateOnly AnnouncedOn { get; }

    [OneOf(nameof(Vocabulary.DatePrecisions))]
    public string DatePrecision { get; }

    [Hxl("#date+due")]
    public DateOnly? DueOn { get; }

    public Instalment[] Instalments { get; }

    [OneOf(nameof(Vocabulary.Instruments))]
    [Hxl("#modality+instrument")]
    public string Instrument { get; }

    [OneOf(nameof(Vocabulary.Statuses))]
    [Hxl("#status+code")]
    public string Status { get; }

    /// <summary>A due date has passed, and more is outstanding than later instalments will bring.</summary>
    public bool Overdue { get; }

    /// <summary>ISO 3166-1 alpha-3, in alphabetical order.</summary>
    [Hxl("#country+code")]
    public string[] Countries { get; }

    /// <summary>
    /// Each country's part, where the source gives their shares: the parts add up to `figures`. Empty where it gives none: what is for one country is all its own, and what several have
    /// without a split is for none of them alone.
    /// </summary>
    public CountryFigures[] ByCountry { get; }

    /// <summary>The source names several countries and no split: the amount counts once, and for none of them alone.</summary>
    public bool Shared { get; }

    /// <summary>OECD DAC 5-digit purpose codes.</summary>
    [Hxl("#sector+code")]
    public string[] Sectors { get; }

    /// <summary>The years the money is for.</summary>
    public int[] UsageYears { get; }

    [OneOf(nameof(Vocabulary.Earmarkings))]
    public string? Earmarking { get; }

    /// <summary>The earlier pledge that this one repackages. Such a pledge is left out of totals.</summary>
    public string? Restates { get; }

    /// <summary>The pledge whose money this passes on. Such a pledge is left out of totals.</summary>
    public string? PassedOnFrom { get; }

    /// <summary>The pledge whose entries were entered again here, under another classification.</summary>
    public string? Reclassifies { get; }

    public string? ExternalSystem { get; }

    [Hxl("#meta+id+external")]
    public string? ExternalId { get; }

    /// <summary>
    /// Of a pledge of another system's dataset that does not tell it any more as it stands here: `dropped` where it does not tell it at all, `changed` where what became of it went back, or something
    /// that was entered here keeps it from what is told. Null where it does, and where no dataset tells it.
    /// </summary>
    [OneOf(nameof(Vocabulary.SourceStates))]
    public string? SourceState { get; }

    /// <summary>The day on which the first snapshot came that said so.</summary>
    public DateOnly? SourceStateSince { get; }

    public FigureSet Figures { get; }

    /// <summary>The latest of its entries that were not reversed, by the date given; null where all were.</summary>
    public Movement? LastMovement { get; }

    /// <summary>The documents this rests on.</summary>
    [Hxl("#meta+source")]
    public Citation[] Citations { get; }

    /// <summary>When it was entered here.</summary>
    [Hxl("#date+recorded")]
    public DateTimeOffset RecordedAt { get; }

    /// <summary>`key:` and a key's id, `local` for the server's own machine, or `seed`.</summary>
    public string RecordedBy { get; }

    /// <summary>Set where an admin blanked free text of it.</summary>
    public Redacted? Redacted { get; }
}

/// <summary>What last happened to a pledge.</summary>
/// <param name="Kind">`pledge`, `revision`, `withdrawal`, `commitment`, `release`, `payment`, `refund` or `adjustment`.</param>
public sealed record Movement(string Kind, DateOnly Date);

/// <summary>A pledge in a list: its texts in the negotiated language.</summary>
public sealed record PledgeItem : PledgeCore
{
    internal PledgeItem(PledgeRow row, IEnumerable<PledgeDonor> donors, IEnumerable<Movement> movements, IEnumerable<Citation> citations, Reader reader)
        : base(row, donors, movements, citations, reader) => Description = LocalizedText.Of(row.DescriptionEn, row.DescriptionAr)?.In(reader.Language);

    [JsonPropertyOrder(1)]
    [Hxl("#description")]
    public string? Description { get; }
}

/// <summary>A pledge alone: its texts in both languages.</summary>
public sealed record Pledge : PledgeCore, IVersioned
{
    internal Pledge(PledgeRow row, IEnumerable<PledgeDonor> donors, IEnumerable<Movement> movements, IEnumerable<Citation> citations, Reader reader)
        : base(row, donors, movements, citations, reader) =>
        (Description, Note, Version) = (LocalizedText.Of(row.DescriptionEn, row.DescriptionAr), LocalizedText.Of(row.NoteEn, row.NoteAr), row.Version);

    [JsonPropertyOrder(1)]
    public LocalizedText? Description { get; }

    /// <summary>What is our own reading of the sources stands here, and is said to be so.</summary>
    [JsonPropertyOrder(1)]
    public LocalizedText? Note { get; }

    /// <summary>How it was read; only when asked for as of a day, with `asOf` or `knownAt`.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Basis? Basis { get; init; }

    [JsonIgnore]
    public long Version { get; }
}

/// <summary>One donor's line of a pledge.</summary>
public sealed record PledgeDonor
{
    [Hxl("+code")]
    public required string Id { get; init; }

    [Hxl("+name")]
    public required string? Name { get; init; }

    /// <summary>This donor's part, in the pledge's currency; null where nothing was promised.</summary>
    public required decimal? Amount { get; init; }

    [OneOf(nameof(Vocabulary.Statuses))]
    public required string Status { get; init; }

    public required FigureSet Figures { get; init; }

    internal Sums Sums { get; init; }
}

/// <summary>One country's part of a pledge.</summary>
public sealed record CountryFigures
{
    /// <summary>ISO 3166-1 alpha-3.</summary>
    /// <example>IRQ</example>
    public required string Country { get; init; }

    /// <summary>In percent.</summary>
    /// <example>62.5</example>
    public required decimal Share { get; init; }

    public required FigureSet Figures { get; init; }

    /// <summary>The parts of each line, added up.</summary>
    internal static CountryFigures[] Of((string Country, int Share)[] shares, IEnumerable<Sums> lines)
    {
        if (shares.Length == 0)
        {
            return [];
        }

        var parts = lines.Select(line => Shares.Split(line, shares)).ToList();
        return [.. shares.Select((share, i) => new CountryFigures
        {
            Country = share.Country,
            Share = Words.Currency.Major(share.Share, Shares.Decimals),
            Figures = FigureSet.Of(parts.Aggregate(default(Sums), (sum, line) => sum + line[i])),
        })];
    }
}

/// <summary>A part of a promise and the day it is due.</summary>
/// <param name="Amount">In the pledge's currency.</param>
public sealed record Instalment(DateOnly DueOn, decimal Amount);
