using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using PledgeTracker.Changes;

namespace PledgeTracker.Pledges;

/// <summary>The days on which something that is still outstanding falls due, as a calendar (RFC 5545).</summary>
public sealed class GetCalendar : Reads<GetCalendar.Request, string>
{
    /// <param name="Donor">Only pledges of these donors. For example `usa`.</param>
    /// <param name="Fund">Only pledges to these funds. For example `ne-syria-stabilization`.</param>
    /// <param name="Event">Only pledges announced at these events. For example `kuwait-conference-2018`.</param>
    public sealed record Request(IReadOnlyList<string>? Donor = null, IReadOnlyList<string>? Fund = null, IReadOnlyList<string>? Event = null) : ReadRequest;

    public sealed class Rules : ReadRules<Request>
    {
        public Rules()
        {
            this.ForAnyOf(r => r.Donor).IsSlug("usa");
            this.ForAnyOf(r => r.Fund).IsSlug("ne-syria-stabilization");
            this.ForAnyOf(r => r.Event).IsSlug("kuwait-conference-2018");
        }
    }

    private const int MostDays = 5000;

    private protected override Format Own => Format.Calendar;

    public override void Configure()
    {
        Get("/v1/calendar.ics");
        Tells("Pledges", "Calendar of due dates", "iCalendar (RFC 5545), to be subscribed to: an event of a whole day for each day on which a pledge, or an instalment of it, falls due and something of that is " +
            "outstanding. Payments take what falls due first; what is paid in full is no longer there, and what is overdue stays on its day. An event keeps its `UID` (the pledge's id and the day) and has the time of the " +
            "pledge's last change. A pledge that restates an earlier one is left out: its money falls due there. Of more than " +
            $"{MostDays:#,0} days those of the pledges announced last are shown, and the calendar says so in `X-WR-CALDESC`. `lang=ar` is for readers that send no `Accept-Language`. " +
            "Several values of a filter are joined by commas and mean any of them.");
    }

    protected override async Task<string> ReadAsync(Request request, View view)
    {
        var donors = await References.SurvivorsAsync(view, request.Donor);
        // As in lists: one donor's lines are walked in their own order. What has nothing to fall due has no day that could be missed.
        var isOfOne = donors is { Count: 1 };
        var (from, owner, no) = isOfOne ? ("line l JOIN pledge p ON p.no = l.pledge_no", "l", "l.pledge_no") : ("pledge p", "p", "p.no");
        var filter = new Filter()
            .Where($"{owner}.origin = 'announced' AND p.overdue_from IS NOT NULL AND p.restates_no IS NULL")
            .WhereAny(view.Engine, "l.donor_id", "donor", donors, any => isOfOne ? any : $"EXISTS (SELECT 1 FROM line l WHERE l.pledge_no = p.no AND {any})")
            .WhereAny(view.Engine, "p.fund_id", "fund", request.Fund)
            .WhereAny(view.Engine, "p.event_id", "event", request.Event);
        var rows = (await view.Sql.QueryAsync<Row>($"""
            SELECT p.no, p.id, p.amount_minor, p.currency, p.qualifier, p.announced_on, p.date_precision, p.due_on, p.instalments, p.instrument, p.status, c.at AS changed_at,
                   (SELECT CAST(sum(o.outstanding_minor) AS BIGINT) FROM line o WHERE o.pledge_no = p.no) AS outstanding_minor,
                   (SELECT CAST(coalesce(sum(e.amount_minor), 0) AS BIGINT) FROM ledger_entry e WHERE e.pledge_no = p.no AND e.kind = 'withdrawal') AS withdrawn_minor,
                   p.fund_id, p.event_id, coalesce(r.merged_into, r.id) AS recipient_id
            FROM (SELECT {no} AS no FROM {from} {filter.Sql} ORDER BY {owner}.announced_on DESC, {no} DESC LIMIT {MostDays + 1}) w
            JOIN pledge p ON p.no = w.no JOIN change c ON c.seq = p.version LEFT JOIN organization r ON r.id = p.recipient_id
            ORDER BY p.announced_on DESC, p.no DESC
            """, filter.Parameters)).AsList();
        List<(Row Pledge, DateOnly On, long Due, long Outstanding)> days = [];
        var isCut = false;
        foreach (var row in rows)
        {
            var falls = row.Days();
            isCut = days.Count + falls.Count > MostDays;
            if (isCut)
            {
                break;
            }

            days.AddRange(falls.Select(day => (row, day.On, day.Due, day.Outstanding)));
        }

        var list = days.Select(day => day.Pledge.No).Distinct().ToList();
        var givers = (list.Count == 0 ? [] : await view.Sql.QueryAsync<(long No, string DonorId)>($"""
            SELECT l.pledge_no, l.donor_id FROM line l WHERE {view.Engine.AnyOf("l.pledge_no", "@list")} AND l.has_pledge = TRUE ORDER BY l.pledge_no, l.amount_minor DESC, l.donor_id
            """, new { list })).ToLookup(line => line.No, line => line.DonorId);
        var names = await Names.OfAsync(view, [.. donors ?? [], .. givers.SelectMany(line => line), .. days.Select(day => day.Pledge.RecipientId)],
            [.. request.Fund ?? [], .. days.Select(day => day.Pledge.FundId)], [.. request.Event ?? [], .. days.Select(day => day.Pledge.EventId)], []);

        var calendar = new Ical.Net.Calendar { ProductId = $"-//PledgeTracker//PledgeTracker//{Reader.Language.Code().ToUpperInvariant()}" };
        calendar.AddProperty("X-WR-CALNAME", In(names.Title(new("Due dates", "مواعيد الاستحقاق"), donors, request.Fund, request.Event)));
        if (isCut)
        {
            calendar.AddProperty("X-WR-CALDESC", In(new(
                $"Only the days of the pledges announced last, {days.Count:#,0}: narrow it by donor, fund or event.", $"لا تظهر إلا مواعيد أحدث التعهدات إعلانا، وعددها {days.Count:#,0}: ضيق النطاق بالجهة المانحة أو الصندوق أو الفعالية.")));
        }

        foreach (var (row, on, due, outstanding) in days.OrderBy(day => day.On).ThenBy(day => day.Pledge.No))
        {
            calendar.Events.Add(Event(row, on, due, outstanding, Sentence.Joined([.. givers[row.No].Select(id => names["organization", id]!)]), names));
        }

        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private CalendarEvent Event(Row row, DateOnly on, long due, long outstanding, LocalizedText donors, Names names)
    {
        var (left, pledged) = (Sentence.Qualified(row.Qualifier, Currency.Amount(outstanding, row.Currency)), Sentence.Qualified(row.Qualifier, Currency.Amount(row.AmountMinor, row.Currency)));
        var (to, announced) = (Sentence.To(names["organization", row.RecipientId], names["fund", row.FundId]), Sentence.On(row.AnnouncedOn, row.DatePrecision));
        var at = names["event", row.EventId] is { } held ? new LocalizedText($" at {held.En}", $" خلال {held.Ar}") : new("", "");
        var (instrument, status) = (Labels.Instruments[row.Instrument], Labels.Statuses[row.Status]);
        var isOverdue = on < Reader.Today;
        var address = Pipeline.Whole(HttpContext, $"/v1/pledges/{row.Id}");
        return new CalendarEvent
        {
            Uid = $"{row.Id}-{on:yyyyMMdd}",
            // Of the clock they would say: another answer, though nothing has changed.
            DtStamp = new CalDateTime(row.ChangedAt.UtcDateTime),
            LastModified = new CalDateTime(row.ChangedAt.UtcDateTime),
            Start = new CalDateTime(on),
            Transparency = "TRANSPARENT",
            Summary = In(new($"{(isOverdue ? "Overdue: " : "")}{donors.En}, {left.En}{to.En}", $"{(isOverdue ? "متأخر: " : "")}{donors.Ar}، {left.Ar}{to.Ar}")),
            Description = In(new(
                $"Outstanding: {left.En} of {Currency.Amount(due, row.Currency)} due on {Iso.Date(on)}.\nPledge of {pledged.En}, announced {announced.En}{at.En}.\nInstrument: {instrument.En}. Status: {status.En}.\n{address}",
                $"المتبقي: {left.Ar} من {Currency.Amount(due, row.Currency)} تستحق في {Iso.Date(on)}.\nتعهد بقيمة {pledged.Ar}، أُعلن {announced.Ar}{at.Ar}.\nنوع التمويل: {instrument.Ar}. الحالة: {status.Ar}.\n{address}")),
            Url = address,
            Categories = [In(isOverdue ? new("Overdue", "متأخر") : new("Upcoming", "قادم")), In(instrument)],
        };
    }

    private string In(LocalizedText text) => text.In(Reader.Language)!;

    private sealed record Row
    {
        public required long No { get; init; }
        public required string Id { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required string Qualifier { get; init; }
        public required DateOnly AnnouncedOn { get; init; }
        public required string DatePrecision { get; init; }
        public DateOnly? DueOn { get; init; }
        public required string Instalments { get; init; }
        public required string Instrument { get; init; }
        public required string Status { get; init; }
        public required DateTimeOffset ChangedAt { get; init; }
        public required long OutstandingMinor { get; init; }
        public required long WithdrawnMinor { get; init; }
        public string? FundId { get; init; }
        public string? EventId { get; init; }
        public string? RecipientId { get; init; }

        /// <summary>The days on which something falls due that is outstanding.</summary>
        public List<(DateOnly On, long Due, long Outstanding)> Days() => Figures.OutstandingOn(AmountMinor - WithdrawnMinor, OutstandingMinor, StoredInstalment.Of(Instalments), DueOn);
    }
}
