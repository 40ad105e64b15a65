using System.Text.Json;
using PledgeTracker.Changes;

namespace PledgeTracker.Pledges;

/// <summary>A header as it is read, with the names of what it names, for whatever shows pledges.</summary>
internal sealed record PledgeRow : SumsRow
{
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
    public required int[] Shares { get; init; }
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
    public string? FundName { get; init; }
    public string? RecipientId { get; init; }
    public string? RecipientName { get; init; }
    public string? EventId { get; init; }
    public string? EventName { get; init; }
    public string? Restates { get; init; }
    public string? PassedOnFrom { get; init; }
    public string? Reclassifies { get; init; }
    public required string RecordedBy { get; init; }
    public string? RedactionId { get; init; }
    public DateTimeOffset? RedactedAt { get; init; }
    public string? RedactionEn { get; init; }
    public string? RedactionAr { get; init; }
    public string? SourceState { get; init; }
    public DateOnly? SourceStateSince { get; init; }

    // What it came to as of a day, in place of what it comes to now.
    private Sums? _then;

    public override Sums Sums => _then ?? base.Sums;

    // What its datasets say of it now, where none of them tells it as it stands here.
    private static string Told(string what) => $"(SELECT CASE WHEN count(w.source_state) = count(*) THEN {what} END FROM flow w WHERE w.pledge_no = p.no)";

    /// <summary>What is selected, and from what, behind the FROM that finds <c>pledge p</c>.</summary>
    public static string Select(string from, Reader reader) => $"""
        SELECT p.no, p.id, p.origin, p.amount_minor, p.currency, p.qualifier, p.announced_on, p.date_precision, p.due_on, p.instalments, p.instrument, p.status,
               p.overdue_from, p.countries, p.shares, p.shared, p.sectors, p.usage_years, p.earmarking, p.description_en, p.description_ar, p.note_en, p.note_ar,
               p.external_system, p.external_id, {Sums.Select("p", Sums.OfLines)},
               p.recorded_at, p.recorded_by, p.version, f.id AS fund_id, {reader.Text("f.name")} AS fund_name, r.id AS recipient_id, {reader.Text("r.name")} AS recipient_name,
               v.id AS event_id, {reader.Text("v.name")} AS event_name, x.id AS restates, y.id AS passed_on_from, z.id AS reclassifies,
               {Told("min(w.source_state)")} AS source_state, {Told("max(w.source_state_since)")} AS source_state_since, {RedactableRow.RedactionColumns}
        FROM {from}
        LEFT JOIN fund f ON f.id = p.fund_id LEFT JOIN event v ON v.id = p.event_id
        LEFT JOIN organization n ON n.id = p.recipient_id LEFT JOIN organization r ON r.id = coalesce(n.merged_into, n.id)
        LEFT JOIN pledge x ON x.no = p.restates_no LEFT JOIN pledge y ON y.no = p.passed_on_from_no LEFT JOIN pledge z ON z.no = p.reclassifies_no
        LEFT JOIN redaction rd ON rd.seq = p.redacted_by
        """;

    public static Task<PledgeRow?> FindAsync(Session session, string id, Reader reader) =>
        session.Sql.QueryFirstOrDefaultAsync<PledgeRow>($"{Select("pledge p", reader)} WHERE p.id = @id", new { id });

    /// <summary>With what was said of it before it was amended, but for its due dates.</summary>
    public PledgeRow Said(JsonElement then) => this with
    {
        Sectors = then.Words("sectors"),
        Earmarking = then.Word("earmarking"),
        DescriptionEn = then.Member("description").Word("en"),
        DescriptionAr = then.Member("description").Word("ar"),
        NoteEn = then.Member("note").Word("en"),
        NoteAr = then.Member("note").Word("ar"),
    };

    /// <summary>The pledge as the entries make it that counted as of a day.</summary>
    public PledgeThen Then(List<Entry> entries)
    {
        var lines = Figures.Lines(entries);
        var then = this with
        {
            AmountMinor = Currency is null ? null : lines.Sum(l => l.AmountMinor),
            Qualifier = Figures.Qualifier(entries) ?? Qualifier,
            Status = Figures.HeaderStatus(lines),
            OverdueFrom = Figures.OverdueFrom(lines, Instalments, DueOn),
        };
        then._then = lines.Sum();
        return new PledgeThen(then, lines, Figures.Live(entries).MaxBy(e => (e.ValueDate, e.No)));
    }

    /// <summary>The donors' lines, the last movements and the citations of some pledges as of a day.</summary>
    public static async Task<(ILookup<long, PledgeDonor> Donors, ILookup<long, Movement> Movements, ILookup<long, Citation> Citations)> PartsAsync(Session session, IReadOnlyList<PledgeThen> pledges, Reader reader)
    {
        var list = pledges.SelectMany(p => p.Lines).Select(l => l.DonorId).Distinct().ToList();
        var names = (list.Count == 0 ? [] : await session.Sql.QueryAsync<(string Id, string? Name)>($"SELECT o.id, {reader.Text("o.name")} FROM organization o WHERE {session.Engine.AnyOf("o.id", "@list")}", new { list }))
            .ToDictionary(o => o.Id, o => o.Name);
        return (
            (from pledge in pledges
             from line in pledge.Lines.OrderByDescending(l => l.AmountMinor).ThenBy(l => l.DonorId, StringComparer.Ordinal)
             select (pledge.Row, Line: line)).ToLookup(of => of.Row.No, of => new PledgeDonor
             {
                 Id = of.Line.DonorId,
                 Name = names[of.Line.DonorId],
                 Amount = of.Line.HasPledge ? Words.Currency.Major(of.Line.AmountMinor, of.Row.Currency!) : null,
                 Status = of.Line.Status,
                 Figures = FigureSet.Of(of.Line.Sums),
                 Sums = of.Line.Sums,
             }),
            pledges.Where(p => p.Last is not null).ToLookup(p => p.Row.No, p => new Movement(Posting.StageOf(p.Last!.Kind, p.Last.AmountMinor), p.Last.ValueDate)),
            await Ledger.Citations.OfAsync(session, "pledge_no", pledges.Select(p => p.Row.No), reader));
    }

    /// <summary>The donors' lines, the last movements and the citations of some pledges.</summary>
    public static async Task<(ILookup<long, PledgeDonor> Donors, ILookup<long, Movement> Movements, ILookup<long, Citation> Citations)> PartsAsync(Session session, IReadOnlyList<PledgeRow> rows, Reader reader)
    {
        var list = rows.Select(r => r.No).ToList();
        var currencies = rows.ToDictionary(r => r.No, r => r.Currency);
        var lines = list.Count == 0 ? [] : (await session.Sql.QueryAsync<LineRow>($"""
            SELECT l.pledge_no, l.donor_id, {reader.Text("o.name")} AS name, l.has_pledge, l.amount_minor, l.status,
                   {Sums.Select("l", Sums.OfLines)},
                   m.kind AS moved_by, m.value_date AS moved_on, m.amount_minor AS moved_minor
            FROM line l JOIN organization o ON o.id = l.donor_id
            LEFT JOIN (
                SELECT e.pledge_no, e.kind, e.value_date, e.amount_minor, row_number() OVER (PARTITION BY e.pledge_no ORDER BY e.value_date DESC, e.no DESC) AS place
                FROM ledger_entry e LEFT JOIN ledger_entry r ON r.reverses_no = e.no
                WHERE {session.Engine.AnyOf("e.pledge_no", "@list")} AND e.reverses_no IS NULL AND r.no IS NULL) m ON m.pledge_no = l.pledge_no AND m.place = 1
            WHERE {session.Engine.AnyOf("l.pledge_no", "@list")} ORDER BY l.pledge_no, l.amount_minor DESC, l.donor_id
            """, new { list })).AsList();
        return (lines.ToLookup(l => l.PledgeNo, l => l.ToDonor(currencies[l.PledgeNo])),
            lines.Where(l => l.MovedBy is not null).ToLookup(l => l.PledgeNo, l => new Movement(Posting.StageOf(l.MovedBy!, l.MovedMinor), l.MovedOn!.Value)), await Ledger.Citations.OfAsync(session, "pledge_no", list, reader));
    }

    private sealed record LineRow : SumsRow
    {
        public required long PledgeNo { get; init; }
        public required string DonorId { get; init; }
        public string? Name { get; init; }
        public required bool HasPledge { get; init; }
        public required long AmountMinor { get; init; }
        public required string Status { get; init; }
        public string? MovedBy { get; init; }
        public DateOnly? MovedOn { get; init; }
        public long MovedMinor { get; init; }

        public PledgeDonor ToDonor(string? currency) => new()
        {
            Id = DonorId,
            Name = Name,
            Amount = HasPledge ? Words.Currency.Major(AmountMinor, currency!) : null,
            Status = Status,
            Figures = FigureSet.Of(Sums),
            Sums = Sums,
        };
    }
}

/// <summary>A pledge as of a day.</summary>
/// <param name="Row">With what it came to then.</param>
/// <param name="Last">What had moved last; null where all had been taken back.</param>
internal sealed record PledgeThen(PledgeRow Row, List<Line> Lines, Entry? Last);
