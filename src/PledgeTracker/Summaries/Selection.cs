using System.Globalization;
using PledgeTracker.Pledges;

namespace PledgeTracker.Summaries;

/// <summary>What money is summed, and as of when.</summary>
public abstract record SelectionRequest : TableRequest, IPledgeFilters, IPastRequest
{
    /// <summary>Only money of these donors: of a joint pledge, their lines. For example `usa`.</summary>
    public IReadOnlyList<string>? Donor { get; init; }

    /// <summary>Only money for these funds. For example `ne-syria-stabilization`.</summary>
    public IReadOnlyList<string>? Fund { get; init; }

    /// <summary>Only money for these recipient organizations. For example `irq-mof`.</summary>
    public IReadOnlyList<string>? Recipient { get; init; }

    /// <summary>Only money for these countries, alone or among others: whole, also where a part is for others. ISO 3166-1 alpha-3. For example `IRQ`.</summary>
    public IReadOnlyList<string>? Country { get; init; }

    /// <summary>Only money announced at these events. For example `kuwait-conference-2018`.</summary>
    public IReadOnlyList<string>? Event { get; init; }

    /// <summary>Only pledges that had these statuses on the day.</summary>
    public IReadOnlyList<string>? Status { get; init; }

    /// <summary>Only money of these instruments.</summary>
    public IReadOnlyList<string>? Instrument { get; init; }

    /// <summary>`true` is short for `instrument=grant`: what is `unspecified` is left out, too.</summary>
    public bool? GrantsOnly { get; init; }

    /// <summary>Announced pledges alone, or contributions alone that nobody had pledged; both where it is left out.</summary>
    public string? Origin { get; init; }

    /// <summary>Only pledges made in these currencies. ISO 4217. For example `EUR`.</summary>
    public IReadOnlyList<string>? PledgedIn { get; init; }

    /// <summary>Announced on this day or later, or in a month or a year that has a day as late. For example `2018-01-01`.</summary>
    public DateOnly? AnnouncedFrom { get; init; }

    /// <summary>Announced on this day or earlier, or in a month or a year that has a day as early. For example `2018-12-31`.</summary>
    public DateOnly? AnnouncedTo { get; init; }

    /// <summary>Only pledges of at least so many US dollars on the day.</summary>
    public decimal? MinAmountUsd { get; init; }

    /// <summary>Only pledges of at most so many US dollars on the day.</summary>
    public decimal? MaxAmountUsd { get; init; }

    /// <summary>Whether a due date had been missed on the day.</summary>
    public bool? Overdue { get; init; }

    /// <summary>Only pledges with a contribution that editors found so, or have not looked at.</summary>
    public IReadOnlyList<string>? Verification { get; init; }

    /// <summary>Only pledges with a number of these systems, in capitals or not. A value that contains a comma, or begins with a quotation mark, stands between quotation marks, and those inside are doubled: `"a,b"`.</summary>
    [Identifier]
    public IReadOnlyList<string>? ExternalSystem { get; init; }

    /// <summary>Only pledges with these numbers, in whatever system. A value that contains a comma, or begins with a quotation mark, stands between quotation marks, and those inside are doubled: `"a,b"`.</summary>
    [Identifier]
    public IReadOnlyList<string>? ExternalId { get; init; }

    /// <summary>Only what these recorded: `recordedBy` as it is shown, the id of an organization for what stands under the pledge in its name, or with your key `me`.</summary>
    public IReadOnlyList<string>? RecordedBy { get; init; }

    /// <summary>Words in the pledge's texts, in what its countries are called, or in the names of its donor, fund, recipient or event, in either language. All must occur. For example `stabilization`.</summary>
    public string? Q { get; init; }

    /// <summary>Only money that is for one of these years, by the years that its pledge names. For example `2026`.</summary>
    public IReadOnlyList<int>? UsageYear { get; init; }

    /// <summary>`true` keeps of commitments, payments and adjustments those alone that editors verified; promises stay.</summary>
    public bool? Verified { get; init; }

    /// <summary>As it stood at the end of this day, by the corrected truth of now. For example `2018-07-01`.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>What was believed then: only what had been recorded by this instant (RFC 3339, such as `2026-01-31T12:00:00Z`) or by this `Dataset-Version`.</summary>
    public string? KnownAt { get; init; }

    IReadOnlyList<string>? IPledgeFilters.Currency => PledgedIn;
}

/// <summary>The rules of what is summed.</summary>
public abstract class SelectionRules<TRequest> : TableRules<TRequest>
    where TRequest : SelectionRequest
{
    protected SelectionRules()
    {
        this.AddPledgeFilters();
        this.ForAnyOf(r => r.PledgedIn).IsCurrency();
        RuleFor(r => r.Origin).IsOneOf(Vocabulary.Origins);
        RuleFor(r => r.UsageYear).HasAtMost(50);
        RuleForEach(r => r.UsageYear).IsUsageYear();
        RuleFor(r => r.KnownAt).IsMoment();
    }
}

/// <summary>A header whose money is summed.</summary>
internal sealed record SummedHeader
{
    public required long No { get; init; }
    public required string Origin { get; init; }
    public string? FundId { get; init; }
    public string? EventId { get; init; }

    /// <summary>What the recipient is called today, where it was merged since.</summary>
    public string? RecipientId { get; init; }

    public required string Instrument { get; init; }
    public string? Earmarking { get; init; }

    /// <summary>The pledge's; of a contribution that nobody had pledged, that of its first entry.</summary>
    public required string Currency { get; init; }

    public required DateOnly AnnouncedOn { get; init; }
    public DateOnly? DueOn { get; init; }
    public required string Instalments { get; init; }
    public required string[] Countries { get; init; }
    public required int[] Shares { get; init; }
    public required bool Shared { get; init; }
    public required string[] Sectors { get; init; }
}

/// <summary>A donor's line under a header, with what is known of it.</summary>
/// <param name="Entries">Those that stand, whatever their day.</param>
internal sealed record SummedLine(SummedHeader Header, string DonorId, List<Entry> Entries)
{
    private readonly Course _course = new(DonorId, Entries);

    /// <summary>All lines of the header, whatever was asked for.</summary>
    public required IReadOnlyList<SummedLine> OfHeader { get; init; }

    /// <summary>What it comes to at the end of a day; null where nothing counts by then.</summary>
    public Line? AsOf(DateOnly day) => Entries.Exists(e => e.CountsFrom <= day) ? _course.AsOf(day) : null;

    /// <summary>Each day, up to one, that something of it counts from, with what it came to before and at its end.</summary>
    public IEnumerable<(DateOnly Day, Line Before, Line After)> Steps(DateOnly until)
    {
        var days = _course.From(DateOnly.MinValue).TakeWhile(then => then.Day <= until).ToList();
        return days.Zip(days.Skip(1), (before, after) => (after.Day, before.Line, after.Line));
    }
}

/// <summary>The headers and lines that a request asks for, as of its day, by what was known at its moment. Restating pledges and money passed on are left out.</summary>
/// <param name="LastEntry">The last entry that was known; null for all.</param>
/// <param name="Known">The change that was the last one then.</param>
internal sealed record Selection(SelectionRequest Request, View View, DateOnly Day, long? LastEntry, KnownMoment? Known, Filter Headers, IReadOnlyList<string>? Donors, DateOnly Today)
{
    // The headers whose lines were read, where what they stood at decides; null where the filter says it all.
    private HashSet<long>? _summed;

    /// <summary>What its money stood at on an earlier day, or by what was known, no column says.</summary>
    public bool IsOfNow => Day == Today && LastEntry is null && Request.Verified != true;

    /// <exception cref="Refused">Its day or its moment is still to come, or its version was never had.</exception>
    public static async Task<Selection> OfAsync(SelectionRequest request, View view, Reader reader, HttpContext context)
    {
        var past = await Past.OfAsync(request, view, reader);
        var headers = await new Filter()
            .Where("p.counted = TRUE")
            .Where("p.origin = @origin", "origin", request.Origin)
            // Sums are of all that is left, in no order: what stands under a donor or a country is looked up there, and not of each pledge whether it does.
            .WhereAsync(request, view, context,
                ("d.donor_id", any => $"p.no IN (SELECT d.pledge_no FROM line d WHERE {any})"), ("n.country", any => $"p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE {any})"));
        // Kept as [2025,2026]: a year is four digits wherever it stands.
        headers.Where($"({string.Join(" OR ", request.UsageYear?.Select(year => $"p.usage_years LIKE '%{year}%'") ?? [])})", request.UsageYear is not null);
        var selection = new Selection(request, view, past.Day, past.Known?.LastEntry, past.Known, headers, await References.SurvivorsAsync(view, request.Donor), reader.Today);
        if (selection.IsOfNow)
        {
            headers.WhereStanding(request, view.Engine, reader.Today);
        }

        return selection;
    }

    /// <summary>The lines, read from the ledger header by header.</summary>
    public IAsyncEnumerable<SummedLine> LinesAsync() => LinesAsync(Headers);

    /// <param name="only">Some of the headers.</param>
    public async IAsyncEnumerable<SummedLine> LinesAsync(Filter only)
    {
        var headers = new Queue<SummedHeader>((await View.Sql.QueryAsync<SummedHeader>(new CommandDefinition($"""
            SELECT p.no, p.origin, p.fund_id, p.event_id, coalesce(r.merged_into, r.id) AS recipient_id, p.instrument, p.earmarking,
                   coalesce(p.currency, (SELECT e.currency FROM ledger_entry e WHERE e.pledge_no = p.no ORDER BY e.no LIMIT 1), 'USD') AS currency,
                   p.announced_on, p.due_on, p.instalments, p.countries, p.shares, p.shared, p.sectors
            FROM pledge p LEFT JOIN organization r ON r.id = p.recipient_id {only.Sql} ORDER BY p.no
            """, only.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache))).AsList());
        if (headers.Count == 0)
        {
            yield break;
        }

        var entries = new Filter()
            .Where($"e.pledge_no IN (SELECT p.no FROM pledge p {only.Sql})")
            .Where("e.no <= @lastEntry", "lastEntry", LastEntry)
            // A reversal is no contribution, and takes back whatever was left.
            .Where("(e.kind NOT IN ('commitment', 'payment', 'adjustment') OR e.reverses_no IS NOT NULL OR EXISTS (SELECT 1 FROM contribution c WHERE c.entry_no = e.no AND c.verification = 'verified'))", Request.Verified == true);
        entries.Parameters.AddDynamicParams(only.Parameters);
        var rows = await View.Sql.QueryAsync<long, Entry, (long PledgeNo, Entry Entry)>(new CommandDefinition(
            $"SELECT e.pledge_no, {Posting.EntryColumns} FROM {Posting.EntryTables} {entries.Sql} ORDER BY e.pledge_no, e.no", entries.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache),
            (pledge, entry) => (pledge, entry), splitOn: "no");
        List<Entry> own = [];
        foreach (var (pledgeNo, entry) in rows)
        {
            while (headers.TryPeek(out var header) && header.No < pledgeNo)
            {
                foreach (var line in Lines(headers.Dequeue(), own))
                {
                    yield return line;
                }

                own = [];
            }

            own.Add(entry);
        }

        foreach (var line in headers.TryPeek(out var last) ? Lines(last, own) : [])
        {
            yield return line;
        }
    }

    /// <summary>What members paid on the lines of their groups that are summed here, in US cents.</summary>
    public async Task<Dictionary<string, long>> PaidForGroupsAsync()
    {
        var payments = Headers.Copy()
            .Where("e.paid_by > ''")
            // Nearly all entries reverse nothing, and few were paid by a member: SQLite would look for the former in an index, and go through the whole ledger.
            .Where("coalesce(e.reverses_no, 0) = 0")
            .Where("coalesce(e.counts_from, e.value_date) <= @day").With("day", Day)
            .Where("e.no <= @lastEntry", "lastEntry", LastEntry)
            .Where("NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_no = e.no AND r.no <= @lastKnown)").With("lastKnown", LastEntry ?? long.MaxValue)
            .Where("EXISTS (SELECT 1 FROM contribution c WHERE c.entry_no = e.no AND c.verification = 'verified')", Request.Verified == true);
        return (await View.Sql.QueryAsync<(string Member, string Donor, long Pledge, long Usd)>(new CommandDefinition($"""
            SELECT coalesce(m.merged_into, m.id), coalesce(o.merged_into, o.id), e.pledge_no, e.usd_minor
            FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no JOIN organization m ON m.id = e.paid_by JOIN organization o ON o.id = e.donor_id {payments.Sql}
            """, payments.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache)))
            .Where(payment => _summed?.Contains(payment.Pledge) != false && Donors?.Contains(payment.Donor) != false)
            .GroupBy(payment => payment.Member).ToDictionary(of => of.Key, of => of.Sum(payment => payment.Usd));
    }

    private List<SummedLine> Lines(SummedHeader header, List<Entry> entries)
    {
        var live = Figures.Live(entries);
        List<SummedLine> lines = [];
        lines.AddRange(live.Select(e => e.DonorId).Distinct().Select(donor => new SummedLine(header, donor, live.FindAll(e => e.DonorId == donor)) { OfHeader = lines }));
        if (!IsOfNow)
        {
            _summed ??= [];
            if (!StandsAsAsked(header, lines))
            {
                return [];
            }

            _summed.Add(header.No);
        }

        return Donors is null ? lines : lines.FindAll(line => Donors.Contains(line.DonorId));
    }

    private bool StandsAsAsked(SummedHeader header, List<SummedLine> all)
    {
        if (Request is { Status: null, MinAmountUsd: null, MaxAmountUsd: null, Overdue: null })
        {
            return true;
        }

        List<Line> lines = [.. all.Select(line => line.AsOf(Day)).OfType<Line>()];
        if (lines.Count == 0)
        {
            return false;
        }

        return Request.Stands(Figures.HeaderStatus(lines), lines.Sum().Pledged, Figures.OverdueFrom(lines, header.Instalments, header.DueOn), Day);
    }
}
