using System.Globalization;
using System.Text.Json;
using PledgeTracker.Changes;
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

    /// <summary>
    /// `true` keeps of commitments, payments and adjustments those alone that editors verified; promises stay. Refunds and releases take no more than what is left of what was verified, and
    /// pledges have the status, and are overdue, by everything.
    /// </summary>
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
    public required string Id { get; init; }
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

    /// <summary>The years that the money is for; none where nobody named them.</summary>
    public required int[] UsageYears { get; init; }

    /// <summary>With what was said of it before it was amended.</summary>
    public SummedHeader Said(JsonElement then) => this with { Sectors = then.Words("sectors"), Earmarking = then.Word("earmarking") };
}

/// <summary>A donor's line under a header, with what is known of it.</summary>
/// <param name="Entries">Those that stand, whatever their day.</param>
internal sealed record SummedLine(SummedHeader Header, string DonorId, List<Entry> Entries)
{
    private readonly Course _course = new(DonorId, Entries);

    /// <summary>All lines of the header, whatever was asked for.</summary>
    public required IReadOnlyList<SummedLine> OfHeader { get; init; }

    /// <summary>The line with everything, where this one has of commitments, payments and adjustments only what was verified.</summary>
    public SummedLine? Whole { get; private init; }

    /// <summary>What it comes to at the end of a day; null where nothing counts by then. Its status goes by everything.</summary>
    public Line? AsOf(DateOnly day) => !Entries.Exists(e => e.CountsFrom <= day) ? null : Whole is null ? _course.AsOf(day) : _course.AsOf(day) with { Status = Whole.AsOf(day)!.Status };

    /// <summary>The same with what was verified alone.</summary>
    /// <param name="verified">Numbers of entries.</param>
    public SummedLine Verified(HashSet<long> verified) => new(Header, DonorId, Counted(verified)) { OfHeader = OfHeader, Whole = this };

    // What was taken back of money that does not count takes nothing from what does: day after day it counts down to nothing, and no further. Adjustments may stand below nothing
    // anywhere: their source does not say of what they are.
    private List<Entry> Counted(HashSet<long> verified)
    {
        var promise = Entries.Find(e => e.Kind == "pledge");
        var counted = Entries.Where(e => e.Kind is not ("commitment" or "payment" or "adjustment") || verified.Contains(e.No)).ToDictionary(e => e.No);
        var (minor, usd) = (new Dictionary<(string Kind, string Currency), long>(), new Dictionary<string, long>());
        foreach (var entry in counted.Values.Where(e => e.Kind is "commitment" or "payment").OrderBy(e => e.CountsFrom).ThenBy(e => e.AmountMinor < 0).ThenBy(e => e.No).ToList())
        {
            var (currency, settled) = promise is null ? (entry.Currency, entry.AmountMinor) : (promise.Currency, entry.Settled(promise));
            var (standing, dollars) = (minor.GetValueOrDefault((entry.Kind, currency)), usd.GetValueOrDefault(entry.Kind));
            if (standing + settled < 0 || dollars + entry.UsdMinor < 0)
            {
                (settled, var cents) = (Math.Max(settled, -standing), Math.Max(entry.UsdMinor, -dollars));
                counted[entry.No] = entry with { AmountMinor = settled, Currency = currency, SettlesMinor = null, UsdMinor = cents };
            }

            minor[(entry.Kind, currency)] = checked(standing + settled);
            usd[entry.Kind] = checked(dollars + counted[entry.No].UsdMinor);
        }

        return [.. Entries.Where(e => counted.ContainsKey(e.No)).Select(e => counted[e.No])];
    }

    /// <summary>Whether a due date of the header had been missed at the end of a day.</summary>
    public bool IsOverdueOn(DateOnly day) => Figures.OverdueFrom([.. OfHeader.Select(line => line.AsOf(day)).OfType<Line>()], Header.Instalments, Header.DueOn) < day;

    /// <summary>Each day, up to one, that something of it counts from, with what it came to before and at its end.</summary>
    public IEnumerable<(DateOnly Day, Line Before, Line After)> Steps(DateOnly until)
    {
        var days = _course.From(DateOnly.MinValue).TakeWhile(then => then.Day <= until).ToList();
        return days.Zip(days.Skip(1), (before, after) => (after.Day, before.Line, after.Line));
    }
}

/// <summary>What a member paid on the line of its group, where it stands.</summary>
/// <param name="Line">The group's.</param>
/// <param name="Usd">In US cents.</param>
internal sealed record PaidForGroup(SummedHeader Header, Line Line, string Member, long Usd);

/// <summary>The headers and lines that a request asks for, as of its day, by what was known at its moment. Restating pledges and money passed on are left out.</summary>
/// <param name="LastEntry">The last entry that was known; null for all.</param>
/// <param name="Known">The change that was the last one then.</param>
/// <param name="PaidFor">The headers on whose lines the donors that are asked for may have paid for their groups.</param>
internal sealed record Selection(
    SelectionRequest Request, View View, DateOnly Day, long? LastEntry, KnownMoment? Known, Filter Headers, Filter PaidFor, IReadOnlyList<string>? Donors, DateOnly Today)
{
    /// <summary>What its money stood at on an earlier day, or by what was known, no column says.</summary>
    public bool IsOfNow => Day == Today && LastEntry is null && Request.Verified != true;

    /// <exception cref="Refused">Its day or its moment is still to come, or its version was never had.</exception>
    public static async Task<Selection> OfAsync(SelectionRequest request, View view, Reader reader, HttpContext context)
    {
        var past = await Past.OfAsync(request, view, reader);
        var headers = await HeadersAsync();
        // A member has no line where it paid for its group.
        var paidFor = request.Donor is null ? headers
            : await HeadersAsync(("m.id", any => $"""
                p.no IN (SELECT g.pledge_no FROM ledger_entry g WHERE g.paid_by IN (SELECT m.id FROM organization m WHERE {any} UNION SELECT o.id FROM organization m JOIN organization o ON o.merged_into = m.id WHERE {any}))
                """));
        var selection = new Selection(request, view, past.Day, past.Known?.LastEntry, past.Known, headers, paidFor, await References.SurvivorsAsync(view, request.Donor), reader.Today);
        if (selection.IsOfNow)
        {
            foreach (var filter in (HashSet<Filter>)[headers, paidFor])
            {
                filter.WhereStanding(request, view.Engine, reader.Today);
            }
        }

        return selection;

        // Sums are of all that is left, in no order: what stands under a donor or a country is looked up there, and not of each pledge whether it does.
        async Task<Filter> HeadersAsync((string Column, Func<string, string> Clause)? donors = null) => (await new Filter()
            .Where("p.counted = TRUE")
            .Where("p.origin = @origin", "origin", request.Origin)
            .WhereAsync(request, view, context, donors ?? ("d.donor_id", any => $"p.no IN (SELECT d.pledge_no FROM line d WHERE {any})"),
                ("n.country", any => $"p.no IN (SELECT n.pledge_no FROM pledge_country n WHERE {any})"), past: past.IsNow(reader) ? null : past, isSummed: true))
            // Kept as [2025,2026]: a year is four digits wherever it stands.
            .Where($"({string.Join(" OR ", request.UsageYear?.Select(year => $"p.usage_years LIKE '%{year}%'") ?? [])})", request.UsageYear is not null);
    }

    /// <summary>The lines, read from the ledger header by header.</summary>
    public IAsyncEnumerable<SummedLine> LinesAsync() => LinesAsync(Headers);

    /// <param name="only">Some of the headers.</param>
    public IAsyncEnumerable<SummedLine> LinesAsync(Filter only) => LinesAsync(only, Donors);

    private async IAsyncEnumerable<SummedLine> LinesAsync(Filter only, IReadOnlyList<string>? donors)
    {
        var headers = new Queue<SummedHeader>((await View.Sql.QueryAsync<SummedHeader>(new CommandDefinition($"""
            SELECT p.no, p.id, p.origin, p.fund_id, p.event_id, coalesce(r.merged_into, r.id) AS recipient_id, p.instrument, p.earmarking,
                   coalesce(p.currency, (SELECT e.currency FROM ledger_entry e WHERE e.pledge_no = p.no ORDER BY e.no LIMIT 1), 'USD') AS currency,
                   p.announced_on, p.due_on, p.instalments, p.countries, p.shares, p.shared, p.sectors, p.usage_years
            FROM pledge p LEFT JOIN organization r ON r.id = p.recipient_id {only.Sql} ORDER BY p.no
            """, only.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache))).AsList());
        if (headers.Count == 0)
        {
            yield break;
        }

        if (Known is not null)
        {
            var said = await Known.SaidAsync(View, "pledge", $"c.entity_id IN (SELECT p.id FROM pledge p {only.Sql})", only.Parameters);
            headers = new(headers.Select(header => said.TryGetValue(header.Id, out var then) ? header.Said(then) : header));
        }

        var verified = Request.Verified != true ? null : (await View.Sql.QueryAsync<long>(new CommandDefinition(
            $"SELECT m.entry_no FROM contribution m WHERE m.verification = 'verified' AND m.pledge_no IN (SELECT p.no FROM pledge p {only.Sql})", only.Parameters,
            flags: CommandFlags.Buffered | CommandFlags.NoCache))).ToHashSet();
        var entries = new Filter();
        entries.Parameters.AddDynamicParams(only.Parameters);
        entries.Where($"e.pledge_no IN (SELECT p.no FROM pledge p {only.Sql})").Where("e.no <= @lastEntry", "lastEntry", LastEntry);
        var rows = await View.Sql.QueryAsync<long, Entry, (long PledgeNo, Entry Entry)>(new CommandDefinition(
            $"SELECT e.pledge_no, {Posting.EntryColumns} FROM {Posting.EntryTables} {entries.Sql} ORDER BY e.pledge_no, e.no", entries.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache),
            (pledge, entry) => (pledge, entry), splitOn: "no");
        List<Entry> own = [];
        foreach (var (pledgeNo, entry) in rows)
        {
            while (headers.TryPeek(out var header) && header.No < pledgeNo)
            {
                foreach (var line in Lines(headers.Dequeue(), own, donors, verified))
                {
                    yield return line;
                }

                own = [];
            }

            own.Add(entry);
        }

        foreach (var line in headers.TryPeek(out var last) ? Lines(last, own, donors, verified) : [])
        {
            yield return line;
        }
    }

    /// <summary>The lines of which a commitment or payment was verified that counts by the day, where that is measured.</summary>
    public async Task<HashSet<(long PledgeNo, string DonorId)>> VerifiedAsync(IMeasured asked)
    {
        if (asked.Measures?.Contains("dataQuality") != true)
        {
            return [];
        }

        var verified = new Filter().Where("m.verification = 'verified'").Where(Past.HasContribution).WhereAny(View.Engine, "m.donor_id", "donor", Donors);
        verified.Parameters.AddDynamicParams(new Past(Day, Known).WithEntries());
        return [.. await View.Sql.QueryAsync<(long, string)>(new CommandDefinition(
            $"SELECT DISTINCT m.pledge_no, m.donor_id FROM contribution m {verified.Sql}", verified.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache))];
    }

    /// <summary>What the donors that are asked for paid as members of groups, on whatever lines of groups the other filters leave, as these lines stand.</summary>
    public async Task<List<PaidForGroup>> PaidForGroupsAsync()
    {
        var payments = PaidFor.Copy().Where("e.paid_by > ''").WhereAny(View.Engine, "coalesce(m.merged_into, m.id)", "member", Donors);
        var members = (await View.Sql.QueryAsync<(long EntryNo, string Member)>(new CommandDefinition($"""
            SELECT e.no, coalesce(m.merged_into, m.id) FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no JOIN organization m ON m.id = e.paid_by {payments.Sql}
            """, payments.Parameters, flags: CommandFlags.Buffered | CommandFlags.NoCache))).ToDictionary();
        List<PaidForGroup> paid = [];
        if (members.Count > 0)
        {
            await foreach (var line in LinesAsync(PaidFor.Copy().Where("p.no IN (SELECT g.pledge_no FROM ledger_entry g WHERE g.paid_by > '')", Donors is null), donors: null))
            {
                paid.AddRange(line.Entries.Where(e => e.CountsFrom <= Day && members.ContainsKey(e.No)).GroupBy(e => members[e.No])
                    .Select(of => new PaidForGroup(line.Header, line.AsOf(Day)!, of.Key, of.Sum(e => e.UsdMinor))));
            }
        }

        return paid;
    }

    private List<SummedLine> Lines(SummedHeader header, List<Entry> entries, IReadOnlyList<string>? donors, HashSet<long>? verified)
    {
        var live = Figures.Live(entries);
        List<SummedLine> lines = [];
        lines.AddRange(live.Select(e => e.DonorId).Distinct().Select(donor => new SummedLine(header, donor, live.FindAll(e => e.DonorId == donor)) { OfHeader = lines }));
        if (!IsOfNow && !StandsAsAsked(header, lines))
        {
            return [];
        }

        var asked = donors is null ? lines : lines.FindAll(line => donors.Contains(line.DonorId));
        return verified is null ? asked : asked.ConvertAll(line => line.Verified(verified)).FindAll(line => line.Entries.Count > 0);
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
