using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Pledges;

/// <summary>A header with the names it refers to, as it is read.</summary>
internal sealed record PledgeRow : SumsRow
{
    /// <summary>Selects the row from `pledge p`; a query puts its own source of `p` in front of the joins.</summary>
    public const string Columns = """
        p.no, p.id, p.origin, p.amount_minor, p.currency, p.qualifier, p.announced_on, p.date_precision, p.due_on, p.instalments, p.instrument, p.status,
        p.overdue_from, p.countries, p.shared, p.sectors, p.usage_years, p.earmarking, p.description_en, p.description_ar, p.note_en, p.note_ar,
        p.external_system, p.external_id, p.pledged_usd, p.withdrawn_usd, p.committed_usd, p.paid_usd, p.paid_on_pledged_usd, p.outstanding_usd,
        p.recorded_at, p.version, p.fund_id, f.name_en AS fund_en, f.name_ar AS fund_ar, p.recipient_id, o.name_en AS recipient_en,
        o.name_ar AS recipient_ar, p.event_id, v.name_en AS event_en, v.name_ar AS event_ar,
        (SELECT id FROM pledge WHERE no = p.restates_no) AS restates, (SELECT id FROM pledge WHERE no = p.passed_on_from_no) AS passed_on_from,
        (SELECT id FROM pledge WHERE no = p.reclassifies_no) AS reclassifies
        """;

    public const string Joins = """
        LEFT JOIN fund f ON f.id = p.fund_id LEFT JOIN organization r ON r.id = p.recipient_id
        LEFT JOIN organization o ON o.id = coalesce(r.merged_into, r.id) LEFT JOIN event v ON v.id = p.event_id
        """;

    public required long No { get; init; }

    public required string Id { get; init; }

    public required string Origin { get; init; }

    public long? AmountMinor { get; init; }

    public string? Currency { get; init; }

    public required string Qualifier { get; init; }

    public required DateOnly AnnouncedOn { get; init; }

    public required string DatePrecision { get; init; }

    public DateOnly? DueOn { get; init; }

    public required string Instalments { get; init; }

    public required string Instrument { get; init; }

    public required string Status { get; init; }

    public DateOnly? OverdueFrom { get; init; }

    public required string[] Countries { get; init; }

    public required bool Shared { get; init; }

    public required string[] Sectors { get; init; }

    public required int[] UsageYears { get; init; }

    public string? Earmarking { get; init; }

    public string? DescriptionEn { get; init; }

    public string? DescriptionAr { get; init; }

    public string? NoteEn { get; init; }

    public string? NoteAr { get; init; }

    public string? ExternalSystem { get; init; }

    public string? ExternalId { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required long Version { get; init; }

    public string? FundId { get; init; }

    public string? FundEn { get; init; }

    public string? FundAr { get; init; }

    public string? RecipientId { get; init; }

    public string? RecipientEn { get; init; }

    public string? RecipientAr { get; init; }

    public string? EventId { get; init; }

    public string? EventEn { get; init; }

    public string? EventAr { get; init; }

    public string? Restates { get; init; }

    public string? PassedOnFrom { get; init; }

    public string? Reclassifies { get; init; }
}

/// <summary>One donor's line of a header, with the donor's name.</summary>
internal sealed record LineRow : SumsRow
{
    public required long PledgeNo { get; init; }

    public required string Id { get; init; }

    public string? NameEn { get; init; }

    public string? NameAr { get; init; }

    public required bool HasPledge { get; init; }

    public required long AmountMinor { get; init; }

    public required string Status { get; init; }
}

/// <summary>What rows need to become pledges: the donors and the citations of all of them, fetched at once.</summary>
internal sealed class PledgeDetails
{
    private const string Lines = """
        SELECT l.pledge_no, o.id, o.name_en, o.name_ar, l.has_pledge, l.amount_minor, l.status, l.pledged_usd, l.withdrawn_usd, l.committed_usd,
               l.paid_usd, l.paid_on_pledged_usd, l.outstanding_usd
        """;

    private readonly View _view;
    private readonly ILookup<long, LineRow> _lines;
    private readonly ILookup<object, Citation> _citations;

    public PledgeDetails(IQueries queries, IEnumerable<PledgeRow> rows, View view)
    {
        _view = view;
        var numbers = $"[{string.Join(',', rows.Select(r => r.No))}]";
        _lines = queries.Query<LineRow>($"{Lines} FROM json_each(@numbers) n CROSS JOIN line l ON l.pledge_no = n.value JOIN organization o ON o.id = l.donor_id",
            ("@numbers", numbers)).ToLookup(l => l.PledgeNo);
        _citations = Citations.Of(queries, Citations.OfPledges, numbers, view.Language);
    }

    public PledgeItem Item(PledgeRow row) => new(row, InOrder(_lines[row.No]), _citations[row.No], _view.Language, _view.Today);

    /// <summary>One alone: looked up without the detour of a list of one.</summary>
    public static Pledge Whole(IQueries queries, PledgeRow row, View view) => new(row,
        InOrder(queries.Query<LineRow>($"{Lines} FROM line l JOIN organization o ON o.id = l.donor_id WHERE l.pledge_no = @no", ("@no", row.No))),
        Citations.Of(queries, Citations.OfPledges, row.No, view.Language), view.Language, view.Today);

    // The largest part first.
    private static IEnumerable<LineRow> InOrder(IEnumerable<LineRow> lines) =>
        lines.OrderByDescending(l => l.AmountMinor).ThenBy(l => l.Id, StringComparer.Ordinal);
}
