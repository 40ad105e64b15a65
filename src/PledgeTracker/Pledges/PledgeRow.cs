using PledgeTracker.Data;

namespace PledgeTracker.Pledges;

/// <summary>The columns of a header as it is read, and those that a change needs as values.</summary>
internal sealed record PledgeRow
{
    /// <summary>Selects the row from `pledge p`.</summary>
    public const string Columns = """
        p.no, p.id, p.origin, p.amount_minor, p.currency, p.qualifier, p.announced_on, p.date_precision, p.due_on, p.instalments, p.instrument, p.status,
        p.overdue_from, p.countries, p.shared, p.sectors, p.usage_years, p.earmarking, p.description_en, p.description_ar, p.note_en, p.note_ar,
        p.external_system, p.external_id, p.pledged_usd, p.withdrawn_usd, p.committed_usd, p.paid_usd, p.paid_on_pledged_usd, p.outstanding_usd,
        p.recorded_at, p.version, p.fund_id, p.recipient_id, p.event_id, p.sole_donor_id,
        p.restates_no, p.passed_on_from_no, p.reclassifies_no
        """;

    private static readonly string[] InOrder = [.. Columns.Split(',').Select(c => c.Trim()["p.".Length..])];

    /// <summary>Where a column stands in <see cref="Columns"/>.</summary>
    public static int At(string column) => Array.IndexOf(InOrder, column) is >= 0 and var place ? place : throw new ArgumentException(column, nameof(column));

    /// <summary>The id of the pledge with this number.</summary>
    public static string? IdOf(IQueries queries, long? no) => no is null ? null : queries.First<string>("SELECT id FROM pledge WHERE no = @no", ("@no", no));

    public required long No { get; init; }

    public required string Origin { get; init; }

    public string? Currency { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly AnnouncedOn { get; init; }

    public required string DatePrecision { get; init; }

    public DateOnly? DueOn { get; init; }

    public required string Instalments { get; init; }

    public required string Instrument { get; init; }

    public required string[] Countries { get; init; }

    public required bool Shared { get; init; }

    public required string[] Sectors { get; init; }

    public required int[] UsageYears { get; init; }

    public string? Earmarking { get; init; }

    public string? DescriptionEn { get; init; }

    public string? DescriptionAr { get; init; }

    public string? NoteEn { get; init; }

    public string? NoteAr { get; init; }

    public required long Version { get; init; }

    public string? FundId { get; init; }

    public string? RecipientId { get; init; }

    public string? EventId { get; init; }

    public long? RestatesNo { get; init; }

    public long? PassedOnFromNo { get; init; }
}
