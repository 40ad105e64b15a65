using System.Text;
using System.Xml;
using PledgeTracker.Changes;
using PledgeTracker.Funds;

namespace PledgeTracker.Exports;

/// <summary>Funds, and what is given to whom outside of any, as activities of IATI 2.03. docs/iati.md maps our words to IATI's.</summary>
public sealed class ExportIati : Reads<ExportIati.Request, string>
{
    /// <param name="Fund">Only these funds, and nothing outside of funds. For example `undp-ffs`.</param>
    public sealed record Request(IReadOnlyList<string>? Fund = null) : ReadRequest;

    public sealed class Rules : ReadRules<Request>
    {
        public Rules() => this.ForAnyOf(r => r.Fund).IsSlug("undp-ffs");
    }

    private const int ActivitiesAtOnce = 200;
    private const int HeadersAtOnce = 500;

    // In characters; what is smaller is one part.
    private const int PartLength = 1 << 18;

    private static readonly XmlWriterSettings Layout = new() { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" };

    private static readonly LocalizedText Rest = new("Money for countries, without a fund and without a recipient", "أموال للبلدان بلا صندوق ولا جهة مستفيدة");

    private protected override Format Own => Format.Xml;

    private protected override bool IsFile(Format format) => true;

    public override void Configure()
    {
        Get("/v1/exports/iati.xml");
        Tells("Exports", "IATI activities", "Activities of the International Aid Transparency Initiative (IATI 2.03): one for each fund, one for each recipient of money outside of any fund, and one for what names neither. " +
            "Pledges are transactions 13 (withdrawals and reductions below 0), commitments 11, payments 1, all in US dollars: by type they add up to the figures of the fund (`pledged` − `withdrawn`, `committed`, `paid`). " +
            "Requirements are budgets, and what falls due planned disbursements. Names and descriptions are in English and Arabic, whatever is asked for. `docs/iati.md` maps every word. " +
            "Several funds are joined by commas.", 404);
    }

    protected override Task<string> ReadAsync(Request request, View view) => throw new NotSupportedException("It is read in parts.");

    private protected override async IAsyncEnumerable<string> PartsAsync(Request request, View view)
    {
        await ThrowIfMissingAsync(request.Fund, view);
        var text = new StringBuilder();
        using var xml = XmlWriter.Create(text, Layout);
        var writer = new IatiWriter(xml);
        writer.Begin(view.Head.At);
        var isEmpty = true;
        await foreach (var batch in BatchesAsync(request, view))
        {
            foreach (var activity in batch.Activities)
            {
                isEmpty = false;
                await BeginAsync(writer, view, batch, activity);
                await foreach (var page in PagesAsync(view, batch, activity))
                {
                    foreach (var header in page.Of(activity))
                    {
                        WritePlanned(writer, page, activity, header);
                    }

                    if (text.Length > PartLength)
                    {
                        yield return Taken();
                    }
                }

                await foreach (var page in PagesAsync(view, batch, activity))
                {
                    foreach (var header in page.Of(activity))
                    {
                        WriteTransactions(writer, page, activity, header);
                    }

                    if (text.Length > PartLength)
                    {
                        yield return Taken();
                    }
                }

                writer.EndActivity(activity.ParentId is { } parent ? IatiActivity.IdentifierOf("FUND", parent) : null);
            }

            if (Pipeline.IsHead(HttpContext))
            {
                yield break;
            }
        }

        if (isEmpty)
        {
            // Of none IATI makes no file.
            throw Refused.Missing("There is no fund and no recipient yet: nothing to export.", "لا يوجد صندوق ولا جهة مستفيدة بعد: لا شيء للتصدير.");
        }

        writer.End();
        yield return Taken();

        string Taken()
        {
            xml.Flush();
            var part = text.ToString();
            text.Clear();
            return part;
        }
    }

    private static async Task ThrowIfMissingAsync(IReadOnlyList<string>? funds, View view)
    {
        var list = funds?.ToList() ?? [];
        var known = list.Count == 0 ? [] : (await view.Sql.QueryAsync<string>($"SELECT f.id FROM fund f WHERE {view.Engine.AnyOf("f.id", "@list")}", new { list })).ToHashSet();
        if (list.Find(id => !known.Contains(id)) is { } missing)
        {
            throw await GetFund.MissingAsync(view, missing);
        }
    }

    // Small activities are read together, and each large one alone, page by page: once for who takes part, once for what falls due, once for its transactions.
    private static async IAsyncEnumerable<Batch> BatchesAsync(Request request, View view)
    {
        await foreach (var page in ActivitiesAsync(request, view))
        {
            var needs = await NeedsAsync(view, page);
            var batch = new List<IatiActivity>();
            foreach (var activity in page)
            {
                if (batch.Count > 0 && batch.Sum(a => a.Headers) + activity.Headers > HeadersAtOnce)
                {
                    yield return await BatchAsync(view, batch, needs);
                    batch = [];
                }

                batch.Add(activity);
            }

            yield return await BatchAsync(view, batch, needs);
        }
    }

    private static async Task<Batch> BatchAsync(View view, List<IatiActivity> activities, ILookup<string, Need> needs)
    {
        view.GiveTime();
        var ids = activities.ConvertAll(a => a.Id);
        var filter = new Filter().Where("p.counted = TRUE AND p.status <> 'void'");
        var (owner, headers) = activities[0].Kind switch
        {
            "FUND" => ("p.fund_id", filter.WhereAny(view.Engine, "p.fund_id", "ids", ids)),
            "RECIPIENT" => ("coalesce(r.merged_into, r.id)", filter.Where("coalesce(p.fund_id, '') = ''").WhereAny(view.Engine, "p.recipient_id", "ids", await References.NamesAsync(view, ids))),
            _ => ("''", filter.Where("p.fund_id IS NULL AND p.recipient_id IS NULL")),
        };
        var batch = new Batch(activities, needs, owner, headers);
        return activities.Sum(a => a.Headers) > HeadersAtOnce ? batch : batch with { Whole = await PageAsync(view, batch, null) };
    }

    private static async IAsyncEnumerable<List<IatiActivity>> ActivitiesAsync(Request request, View view)
    {
        foreach (var kind in request.Fund is null ? (string[])["FUND", "RECIPIENT", "UNSPECIFIED"] : ["FUND"])
        {
            for (string? after = ""; after is not null;)
            {
                view.GiveTime();
                var page = await ActivitiesAsync(kind, request, view, after);
                if (page.Count > 0)
                {
                    yield return page;
                }

                after = page.Count == ActivitiesAtOnce ? page[^1].Id : null;
            }
        }
    }

    private static async Task<List<IatiActivity>> ActivitiesAsync(string kind, Request request, View view, string after)
    {
        const string Shown = "sum(CASE WHEN p.counted = TRUE AND p.status <> 'void' THEN 1 ELSE 0 END)";
        // What only funds have.
        const string Fund = "NULL AS description_en, NULL AS description_ar, '[]' AS countries, NULL AS parent_id, NULL AS administrator_id";
        var filter = new Filter().With("after", after);
        return (await view.Sql.QueryAsync<IatiActivity>(kind switch
        {
            "FUND" => $"""
                SELECT 'FUND' AS kind, f.id, f.name_en, f.name_ar, f.description_en, f.description_ar, f.countries, f.website, f.parent_id, coalesce(a.merged_into, a.id) AS administrator_id,
                       {At("(SELECT min(x.seq) FROM change_about x WHERE x.kind = 'fund' AND x.id = f.id)")} AS recorded_at,
                       {At("(SELECT max(x.seq) FROM change_about x WHERE x.kind = 'fund' AND x.id = f.id)")} AS changed_at,
                       (SELECT count(*) FROM pledge p WHERE p.fund_id = f.id) AS headers
                FROM fund f LEFT JOIN organization a ON a.id = f.administrator_id {filter.Where("f.id > @after").WhereAny(view.Engine, "f.id", "fund", request.Fund).Sql} ORDER BY f.id LIMIT {ActivitiesAtOnce}
                """,
            // All that is given outside of funds is walked for each page: there is no other way to those who are given it, and no page is without them.
            "RECIPIENT" => $"""
                SELECT 'RECIPIENT' AS kind, o.id, o.name_en, o.name_ar, {Fund}, o.website, {At("o.version")} AS recorded_at, {At("CASE WHEN g.version > o.version THEN g.version ELSE o.version END")} AS changed_at, g.headers
                FROM (SELECT coalesce(r.merged_into, r.id) AS id, max(p.version) AS version, {Shown} AS headers FROM pledge p JOIN organization r ON r.id = p.recipient_id
                      WHERE p.fund_id IS NULL GROUP BY coalesce(r.merged_into, r.id)) g JOIN organization o ON o.id = g.id
                WHERE g.id > @after AND g.headers > 0 ORDER BY g.id LIMIT {ActivitiesAtOnce}
                """,
            _ => $"""
                SELECT 'UNSPECIFIED' AS kind, '' AS id, '{Rest.En}' AS name_en, '{Rest.Ar}' AS name_ar, {Fund}, NULL AS website, {At("g.since")} AS recorded_at, {At("g.version")} AS changed_at, g.headers
                FROM (SELECT min(p.version) AS since, max(p.version) AS version, {Shown} AS headers FROM pledge p WHERE p.fund_id IS NULL AND p.recipient_id IS NULL) g WHERE g.headers > 0
                """,
        }, filter.Parameters)).AsList();

        static string At(string seq) => $"(SELECT c.at FROM change c WHERE c.seq = {seq})";
    }

    /// <summary>What funds said they need, in the order of saying; see <see cref="Need.Shown"/>.</summary>
    private static async Task<ILookup<string, Need>> NeedsAsync(View view, List<IatiActivity> activities)
    {
        var list = activities.Where(a => a.Kind == "FUND").Select(a => a.Id).ToList();
        return (list.Count == 0 ? [] : await view.Sql.QueryAsync<Need>($"""
            SELECT t.fund_id, t.kind, t.period_start, t.period_end, t.amount_minor, t.currency, t.usd_minor, t.qualifier, t.stated_on, t.date_precision, t.stated_by_en, t.stated_by_ar, x.by_no
            FROM requirement t LEFT JOIN superseded x ON x.kind = 'requirement' AND x.no = t.no WHERE {view.Engine.AnyOf("t.fund_id", "@list")} ORDER BY t.stated_on, t.no
            """, new { list })).ToLookup(need => need.FundId);
    }

    private static async IAsyncEnumerable<Page> PagesAsync(View view, Batch batch, IatiActivity activity)
    {
        if (batch.Whole is { } whole)
        {
            yield return whole;
            yield break;
        }

        for (HeaderRow? last = null; ;)
        {
            var page = await PageAsync(view, batch, last);
            yield return page;
            if (page.Of(activity).Count < HeadersAtOnce)
            {
                yield break;
            }

            last = page.Of(activity)[^1].Row;
        }
    }

    private static async Task<Page> PageAsync(View view, Batch batch, HeaderRow? after)
    {
        view.GiveTime();
        var filter = after is null ? batch.Filter
            : batch.Filter.Copy().Where("(p.origin, p.announced_on, p.no) > (@Origin, @AnnouncedOn, @No)").With("Origin", after.Origin).With("AnnouncedOn", after.AnnouncedOn).With("No", after.No);
        var headers = (await view.Sql.QueryAsync<HeaderRow>($"""
            SELECT {batch.Owner} AS owner, p.no, p.origin, coalesce(r.merged_into, r.id) AS recipient_id, p.instrument, p.currency, p.announced_on, p.due_on, p.instalments, p.countries, p.shares, p.sectors,
                   p.earmarking, p.description_en, p.description_ar, p.note_en, p.note_ar
            FROM pledge p LEFT JOIN organization r ON r.id = p.recipient_id {filter.Sql}
            ORDER BY p.origin, p.announced_on, p.no LIMIT {HeadersAtOnce}
            """, filter.Parameters)).AsList();
        var list = headers.ConvertAll(header => header.No);
        var entries = (list.Count == 0 ? [] : await view.Sql.QueryAsync<EntryRow>($"""
            SELECT {Posting.EntryColumns}, e.id, e.pledge_no, e.date_precision, (SELECT coalesce(m.merged_into, m.id) FROM organization m WHERE m.id = e.paid_by) AS paid_by, e.note_en, e.note_ar
            FROM {Posting.EntryTables} WHERE {view.Engine.AnyOf("e.pledge_no", "@list")} ORDER BY e.pledge_no, e.no
            """, new { list })).ToLookup(entry => entry.PledgeNo);
        var ids = entries.SelectMany(header => header).SelectMany(entry => (string?[])[entry.DonorId, entry.PaidBy]).Concat(headers.Select(header => header.RecipientId))
            .Concat(batch.Activities.Select(activity => activity.AdministratorId)).OfType<string>().Distinct().ToList();
        var parties = ids.Count == 0 ? [] : await view.Sql.QueryAsync<IatiParty>($"SELECT o.id, o.name_en, o.name_ar, o.type FROM organization o WHERE {view.Engine.AnyOf("o.id", "@ids")}", new { ids });
        return new Page(headers.ConvertAll(row => new Given(row, [.. entries[row.No]])).GroupBy(header => header.Row.Owner).ToDictionary(own => own.Key, own => own.ToList()), parties.ToDictionary(party => party.Id));
    }

    // Who takes part, and when it began, stand in front of all else.
    private static async Task BeginAsync(IatiWriter writer, View view, Batch batch, IatiActivity activity)
    {
        var parties = new SortedDictionary<(string Role, string Id), IatiParty>();
        var (hasTransactions, hasMoney) = (false, false);
        DateOnly? since = null;
        await foreach (var page in PagesAsync(view, batch, activity))
        {
            // IATI's roles: 1 funds, 2 is accountable, 4 implements.
            void TakePart(string role, string? id)
            {
                if (id is not null)
                {
                    parties[(role, id)] = page.Parties[id];
                }
            }

            TakePart("2", activity.AdministratorId);
            foreach (var header in page.Of(activity))
            {
                foreach (var transaction in header.Transactions)
                {
                    hasTransactions = true;
                    hasMoney |= transaction.Type != IatiTransaction.Pledge;
                    since = since < transaction.On ? since : transaction.On;
                    TakePart("1", transaction.Entry.DonorId);
                    TakePart("1", ((EntryRow)transaction.Entry).PaidBy);
                }

                TakePart("4", header.Row.RecipientId);
            }
        }

        var needs = batch.Needs[activity.Id].ToList();
        var shown = Need.Shown(needs);
        LocalizedText what = activity.Kind == "RECIPIENT" ? new($"What is given to {activity.Name.In(Language.English)} outside of any fund.", $"ما يُمنح إلى {activity.Name.In(Language.Arabic)} خارج أي صندوق.")
            : LocalizedText.Of(activity.DescriptionEn, activity.DescriptionAr) ?? activity.Name;
        writer.BeginActivity(activity, [what, .. shown.Where(need => !need.IsBudget).Select(need => need.Told)], parties.Select(party => (party.Key.Role, party.Value)), hasMoney,
            since ?? needs.FirstOrDefault()?.StatedOn ?? DateOnly.FromDateTime(activity.RecordedAt.UtcDateTime), hasTransactions ? null : activity.Countries);
        foreach (var need in shown)
        {
            if (need is { IsBudget: true, PeriodStart: { } start, PeriodEnd: { } end })
            {
                writer.Budget(need.Kind == "original" ? "1" : "2", start, end, need.UsdMinor, need.StatedOn, need.AmountMinor, need.Currency);
            }
        }
    }

    private static void WritePlanned(IatiWriter writer, Page page, IatiActivity activity, Given header)
    {
        var lines = Figures.Lines(header.Entries).FindAll(line => line.HasPledge);
        var (outstanding, usd) = (lines.Sum(line => line.OutstandingMinor), lines.Sum(line => line.Sums.Outstanding));
        var days = Figures.OutstandingOn(lines.Sum(line => line.PromisedMinor), outstanding, StoredInstalment.Of(header.Row.Instalments), header.Row.DueOn);
        // The dollars of a day are its share of them; what no date speaks of has the rest.
        long before = 0;
        foreach (var (on, _, minor) in Enumerable.Reverse(days))
        {
            var cents = Money.ScaleEven(usd, before + minor, outstanding) - Money.ScaleEven(usd, before, outstanding);
            before += minor;
            writer.PlannedDisbursement(on, cents, minor, header.Row.Currency!, header.Row.AnnouncedOn, lines is [var one] ? page.Parties[one.DonorId] : null, page.Receiver(header, activity), activity);
        }
    }

    private static void WriteTransactions(IatiWriter writer, Page page, IatiActivity activity, Given header)
    {
        // Where money is for one country, or is split, each part says so; and for none of several that it is not split between.
        var row = header.Row;
        var countries = row.Countries.Length > 0 ? row.Countries : activity.Countries;
        List<(string Country, int Share)> shares = [.. row.Countries.Zip(row.Shares)];
        foreach (var transaction in header.Transactions)
        {
            var entry = (EntryRow)transaction.Entry;
            var id = entry.Id + (transaction.IsUnsaid || (entry.Adjusts == "payment" && transaction.Type == IatiTransaction.Commitment) ? "-committed" : "");
            if (shares.Count == 0)
            {
                Write(id, transaction.UsdMinor, transaction.AmountMinor, countries is [var country] ? country : null);
                continue;
            }

            var (cents, amounts) = (Shares.Split(transaction.UsdMinor, shares), transaction.AmountMinor is { } whole ? Shares.Split(whole, shares) : null);
            foreach (var (i, (part, _)) in shares.Index())
            {
                Write($"{id}-{part}", cents[i], amounts?[i], part);
            }

            void Write(string reference, long usd, long? minor, string? country) =>
                writer.Transaction(reference, transaction, usd, minor, Described(row, transaction, entry, country is null ? countries : Country.Alpha2(country) is null ? [country] : []),
                    page.Parties[entry.PaidBy ?? entry.DonorId], page.Receiver(header, activity), activity, country, row.Sectors is [var sector] ? sector : null, row.Instrument, row.Earmarking);
        }
    }

    /// <param name="countries">Those that it is for, where IATI's codes do not tell.</param>
    private static LocalizedText Described(HeaderRow header, IatiTransaction transaction, EntryRow entry, string[] countries)
    {
        var entered = Sentence.Entered(entry.Kind, entry.AmountMinor, entry.Currency, entry.Qualifier, entry.UsdMinor, entry.UsdQualifier, entry.ValueDate, entry.DatePrecision, entry.Reason);
        entered = transaction.IsUnsaid ? new($"Committed, since it was paid: {entered.En}", $"التزام لأن المبلغ دُفع: {entered.Ar}") : new($"{char.ToUpperInvariant(entered.En![0])}{entered.En[1..]}", entered.Ar);
        List<LocalizedText?> told = [entered];
        if (countries.Length > 0)
        {
            var names = Array.ConvertAll(countries, code => Country.NameOf(code) ?? new(code, code));
            told.Add(new($"For {string.Join(", ", names.Select(name => name.En))}", $"لصالح {string.Join("، ", names.Select(name => name.Ar))}"));
        }

        if (header.Sectors.Length > 1)
        {
            told.Add(new($"Sectors {string.Join(", ", header.Sectors)}", $"القطاعات {string.Join("، ", header.Sectors)}"));
        }

        // What was said of the whole stands with what it began with.
        if (entry.Kind == "pledge" || header.Origin == "direct")
        {
            told.AddRange(LocalizedText.Of(header.DescriptionEn, header.DescriptionAr), LocalizedText.Of(header.NoteEn, header.NoteAr));
        }

        told.Add(LocalizedText.Of(entry.NoteEn, entry.NoteAr));
        return new(string.Join('\n', told.Select(text => text?.En).OfType<string>()), string.Join('\n', told.Select(text => text?.Ar).OfType<string>()));
    }

    /// <summary>Activities that are read together.</summary>
    /// <param name="Owner">SQL for the id of the activity that `pledge p` belongs to.</param>
    /// <param name="Filter">Finds their headers.</param>
    private sealed record Batch(List<IatiActivity> Activities, ILookup<string, Need> Needs, string Owner, Filter Filter)
    {
        /// <summary>All their headers, where they are few.</summary>
        public Page? Whole { get; init; }
    }

    /// <summary>Some headers of some activities, with whoever takes part in them.</summary>
    private sealed record Page(Dictionary<string, List<Given>> Headers, Dictionary<string, IatiParty> Parties)
    {
        public List<Given> Of(IatiActivity activity) => Headers.GetValueOrDefault(activity.Id, []);

        public IatiParty? Receiver(Given header, IatiActivity activity) => (header.Row.RecipientId ?? activity.AdministratorId) is { } id ? Parties[id] : null;
    }

    private sealed record Given(HeaderRow Row, List<Entry> Entries)
    {
        public IReadOnlyList<IatiTransaction> Transactions => field ??= IatiTransaction.Of(Entries);
    }

    private sealed record HeaderRow
    {
        public required string Owner { get; init; }
        public required long No { get; init; }
        public required string Origin { get; init; }
        public string? RecipientId { get; init; }
        public required string Instrument { get; init; }
        public string? Currency { get; init; }
        public required DateOnly AnnouncedOn { get; init; }
        public DateOnly? DueOn { get; init; }
        public required string Instalments { get; init; }
        public required string[] Countries { get; init; }
        public required int[] Shares { get; init; }
        public required string[] Sectors { get; init; }
        public string? Earmarking { get; init; }
        public string? DescriptionEn { get; init; }
        public string? DescriptionAr { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
    }

    private sealed record EntryRow : Entry
    {
        public required string Id { get; init; }
        public required long PledgeNo { get; init; }
        public required string DatePrecision { get; init; }
        public string? PaidBy { get; init; }
        public string? NoteEn { get; init; }
        public string? NoteAr { get; init; }
    }

    private sealed record Need
    {
        public required string FundId { get; init; }
        public required string Kind { get; init; }
        public DateOnly? PeriodStart { get; init; }
        public DateOnly? PeriodEnd { get; init; }
        public required long AmountMinor { get; init; }
        public required string Currency { get; init; }
        public required long UsdMinor { get; init; }
        public required string Qualifier { get; init; }
        public required DateOnly StatedOn { get; init; }
        public required string DatePrecision { get; init; }
        public string? StatedByEn { get; init; }
        public string? StatedByAr { get; init; }
        public long? ByNo { get; init; }

        /// <summary>IATI has no budget without a period, nor over more than a year.</summary>
        public bool IsBudget => PeriodStart is { } start && start.AddYears(1) >= PeriodEnd;

        /// <summary>In words, where it is no budget.</summary>
        public LocalizedText Told
        {
            get
            {
                var (amount, on) = (Sentence.Qualified(Qualifier, Words.Currency.Amount(AmountMinor, Currency)), Sentence.On(StatedOn, DatePrecision));
                var (label, by) = (Labels.RequirementKinds[Kind], LocalizedText.Of(StatedByEn ?? StatedByAr, StatedByAr ?? StatedByEn));
                LocalizedText period = PeriodStart is { } start ? new($"from {Iso.Date(start)} to {Iso.Date(PeriodEnd!.Value)}", $"من {Iso.Date(start)} إلى {Iso.Date(PeriodEnd.Value)}") : new("for no period", "بلا فترة");
                return new($"{char.ToUpperInvariant(label.En![0])}{label.En[1..]}, {period.En}: {amount.En}, stated {on.En}{(by is null ? "" : $" by {by.En}")}",
                    $"{label.Ar} {period.Ar}: {amount.Ar}، ورد {on.Ar}{(by is null ? "" : $" عن {by.Ar}")}");
            }
        }

        /// <summary>
        /// Those that are current, and what one of them was before it was revised, where that was of the very same period: to add up what overlaps would count it twice.
        /// </summary>
        /// <param name="needs">Of one fund, in the order of saying.</param>
        public static List<Need> Shown(List<Need> needs) => [.. needs.Where(need => need.ByNo is null || (need is { Kind: "original", PeriodStart: not null }
            && needs.Exists(other => other is { Kind: "revised", ByNo: null } && other.IsOfPeriodOf(need)) && needs.FindLast(other => other.Kind == "original" && other.IsOfPeriodOf(need)) == need))];

        private bool IsOfPeriodOf(Need other) => (PeriodStart, PeriodEnd) == (other.PeriodStart, other.PeriodEnd);
    }
}
