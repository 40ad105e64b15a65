using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Pledges;

/// <summary>A header as it is read.</summary>
internal sealed record PledgeRow : SumsRow
{
    /// <summary>Selects the row from `pledge p`.</summary>
    public const string Columns = """
        p.no, p.id, p.origin, p.amount_minor, p.currency, p.qualifier, p.announced_on, p.date_precision, p.due_on, p.instalments, p.instrument, p.status,
        p.overdue_from, p.countries, p.shared, p.sectors, p.usage_years, p.earmarking, p.description_en, p.description_ar, p.note_en, p.note_ar,
        p.external_system, p.external_id, p.pledged_usd, p.withdrawn_usd, p.committed_usd, p.paid_usd, p.paid_on_pledged_usd, p.outstanding_usd,
        p.recorded_at, p.version, p.fund_id, p.recipient_id, p.event_id,
        (SELECT id FROM pledge WHERE no = p.restates_no) AS restates, (SELECT id FROM pledge WHERE no = p.passed_on_from_no) AS passed_on_from,
        (SELECT id FROM pledge WHERE no = p.reclassifies_no) AS reclassifies
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

    public string? RecipientId { get; init; }

    public string? EventId { get; init; }

    public string? Restates { get; init; }

    public string? PassedOnFrom { get; init; }

    public string? Reclassifies { get; init; }
}

/// <summary>One donor's line of a header, as it is read.</summary>
internal sealed record LineRow : SumsRow
{
    public required long PledgeNo { get; init; }

    public required string DonorId { get; init; }

    public required bool HasPledge { get; init; }

    public required long AmountMinor { get; init; }

    public required string Status { get; init; }
}

/// <summary>What a row needs to become a pledge.</summary>
internal sealed record PledgeParts(PledgeRow Row, IEnumerable<LineRow> Lines, IEnumerable<Citation> Citations, IQueries Queries, View View);

/// <summary>The donors and the citations of several pledges, fetched at once.</summary>
internal sealed class PledgeDetails
{
    private const string Lines = """
        SELECT l.pledge_no, l.donor_id, l.has_pledge, l.amount_minor, l.status, l.pledged_usd, l.withdrawn_usd, l.committed_usd, l.paid_usd,
               l.paid_on_pledged_usd, l.outstanding_usd
        """;

    private readonly IQueries _queries;
    private readonly View _view;
    private readonly ILookup<long, LineRow> _lines;
    private readonly ILookup<object, Citation> _citations;

    public PledgeDetails(IQueries queries, IEnumerable<PledgeRow> rows, View view)
    {
        (_queries, _view) = (queries, view);
        var numbers = $"[{string.Join(',', rows.Select(r => r.No))}]";
        _lines = queries.Query<LineRow>($"{Lines} FROM json_each(@numbers) n CROSS JOIN line l ON l.pledge_no = n.value", ("@numbers", numbers)).ToLookup(l => l.PledgeNo);
        _citations = Citations.Of(queries, Citations.OfPledges, numbers, view.Language);
    }

    public PledgeItem Item(PledgeRow row) => new(new(row, _lines[row.No], _citations[row.No], _queries, _view));

    /// <summary>One alone: looked up without the detour of a list of one.</summary>
    public static Pledge Whole(IQueries queries, PledgeRow row, View view) => new(new(row,
        queries.Query<LineRow>($"{Lines} FROM line l WHERE l.pledge_no = @no", ("@no", row.No)), Citations.Of(queries, Citations.OfPledges, row.No, view.Language), queries, view));
}
