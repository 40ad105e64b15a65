using System.Text.Json;

namespace PledgeTracker.Ledger;

/// <summary>
/// The one place that writes entries. A posting opens a header, adds entries to it, and settles: whatever is derived from the entries (lines, the
/// header's sums and status, the days of lines and funds, totals and their months) is brought up to date by the difference between what
/// the rules say before and after. It never touches more than the one header's rows and their totals.
/// </summary>
internal sealed class Posting
{
    private const string HeaderSql = """
        SELECT p.no, p.id, p.origin, p.fund_id, p.event_id, (SELECT coalesce(merged_into, id) FROM organization WHERE id = p.recipient_id) AS recipient_id,
               p.instrument, p.currency, p.announced_on, p.due_on, p.instalments, p.usage_years, p.countries, p.shares, p.shared, p.counted,
               (SELECT s.id FROM pledge s WHERE s.no = p.restates_no) AS restates,
               (SELECT l.id FROM pledge l WHERE l.reclassifies_no = p.no ORDER BY l.no DESC LIMIT 1) AS reclassified_as
        FROM pledge p
        """;

    /// <summary>The columns of an <see cref="Entry"/>, in <see cref="EntryTables"/>.</summary>
    public const string EntryColumns = """
        e.no, coalesce(o.merged_into, o.id) AS donor_id, e.kind, e.amount_minor, e.currency, e.usd_minor, e.qualifier, e.usd_qualifier, e.value_date,
        coalesce(e.counts_from, e.value_date) AS counts_from, e.settles_minor, e.reason, e.adjusts, e.reverses_no
        """;

    public const string EntryTables = "ledger_entry e JOIN organization o ON o.id = e.donor_id";

    // What is promised stands in many indexes, and most entries leave it as it was: then it is not written.
    private static readonly string UpdateHeader = $"""
        UPDATE pledge SET version = @version, overdue_from = @overdueFrom, status = @status, {string.Join(", ", Sums.OfLines.Where(c => c != "pledged_usd").Select(c => $"{c} = @{c}"))} WHERE no = @No
        """;

    // What stands there before the first entry is nothing, not zero; the qualifier stays when no promise is left that has one.
    private static readonly string UpdatePromise = $"""
        UPDATE pledge SET version = @version, overdue_from = @overdueFrom, status = @status, {string.Join(", ", Sums.OfLines.Select(c => $"{c} = @{c}"))}, amount_minor = @amount,
            qualifier = coalesce(@qualifier, qualifier)
        WHERE no = @No
        """;

    private const int Page = 1000;

    private static readonly string PutLine = $"""
        INSERT INTO line (pledge_no, donor_id, origin, announced_on, has_pledge, amount_minor, outstanding_minor, status, header_pledged_usd, header_outstanding_usd, {string.Join(", ", Sums.OfLines)})
        VALUES (@No, @DonorId, @Origin, @AnnouncedOn, @HasPledge, @AmountMinor, @OutstandingMinor, @Status, @headerPledged, @headerOutstanding, {string.Join(", ", Sums.OfLines.Select(c => "@" + c))})
        ON CONFLICT (pledge_no, donor_id) DO UPDATE SET has_pledge = excluded.has_pledge, amount_minor = excluded.amount_minor, outstanding_minor = excluded.outstanding_minor, status = excluded.status,
            header_pledged_usd = excluded.header_pledged_usd, header_outstanding_usd = excluded.header_outstanding_usd, {string.Join(", ", Sums.OfLines.Select(c => $"{c} = excluded.{c}"))}
        """;

    private static readonly string PutLineDay = $"""
        INSERT INTO line_day (pledge_no, donor_id, day, {string.Join(", ", Sums.OfTotals)}) VALUES (@No, @DonorId, @On, {string.Join(", ", Sums.OfTotals.Select(c => "@" + c))})
        ON CONFLICT (pledge_no, donor_id, day) DO UPDATE SET {string.Join(", ", Sums.OfTotals.Select(c => $"{c} = excluded.{c}"))}
        """;

    private readonly Write _write;
    private readonly List<Entry> _entries;
    private readonly int _entriesBefore;

    private Posting(Write write, Header header, List<Entry> entries) => (_write, Header, _entries, _entriesBefore) = (write, header, entries, entries.Count);

    public Header Header { get; }

    /// <summary>The header's entries, with those added here.</summary>
    public List<Entry> Entries => _entries;

    /// <summary>The day that an entry of this date counts from: what is recorded before its date counts at once.</summary>
    public DateOnly CountsFrom(DateOnly date) => DateOnly.FromDateTime(_write.At.UtcDateTime) is var today && today < date ? today : date;

    /// <summary>The lines as the entries make them now.</summary>
    public List<Line> Lines => Figures.Lines(_entries);

    /// <summary>How a donor's line goes, by the entries as they are now.</summary>
    public Course Course(string donorId) => new(donorId, _entries);

    /// <summary>Opens the header with this number.</summary>
    public static async Task<Posting> OpenAsync(Write write, long no) =>
        await OpenAsync(write, await write.Sql.QueryFirstAsync<Header>($"{HeaderSql} WHERE p.no = @no", new { no }));

    /// <summary>Opens the header with this id; null when there is none.</summary>
    public static async Task<Posting?> FindAsync(Write write, string id) =>
        await write.Sql.QueryFirstOrDefaultAsync<Header>($"{HeaderSql} WHERE p.id = @id", new { id }) is { } header ? await OpenAsync(write, header) : null;

    /// <summary>Opens the headers behind a number, in the order of their numbers, as many as are opened at once; none behind the last.</summary>
    public static async Task<List<Posting>> PageAsync(Write write, long after)
    {
        var headers = (await write.Sql.QueryAsync<Header>($"{HeaderSql} WHERE p.no > @after ORDER BY p.no LIMIT {Page}", new { after })).AsList();
        var entries = (headers.Count == 0 ? [] : await write.Sql.QueryAsync<long, Entry, (long PledgeNo, Entry Entry)>($"""
            SELECT e.pledge_no, {EntryColumns} FROM {EntryTables} WHERE e.pledge_no > @after AND e.pledge_no <= @last ORDER BY e.pledge_no, e.no
            """, (pledge, entry) => (pledge, entry), new { after, last = headers[^1].No }, splitOn: "no")).ToLookup(row => row.PledgeNo, row => row.Entry);
        return headers.ConvertAll(header => new Posting(write, header, [.. entries[header.No]]));
    }

    private static async Task<Posting> OpenAsync(Write write, Header header) => new(write, header, (await write.Sql.QueryAsync<Entry>(
        $"SELECT {EntryColumns} FROM {EntryTables} WHERE e.pledge_no = @No ORDER BY e.no", new { header.No })).AsList());

    /// <summary>Writes a header and opens it for its first entries.</summary>
    public static async Task<Posting> BeginAsync(Write write, NewHeader header)
    {
        var id = write.NewId();
        var (countries, shares) = CountryShare.Kept(header.Countries);
        var instalments = JsonSerializer.Serialize(header.Instalments);
        var instrument = header.Instrument ?? "unspecified";
        var no = await write.Sql.QueryFirstAsync<long>("""
            INSERT INTO pledge (no, id, origin, fund_id, recipient_id, event_id, instrument, currency, qualifier, shared, announced_on, date_precision, due_on,
                instalments, countries, shares, sectors, usage_years, earmarking, description_en, description_ar, note_en, note_ar, restates_no, passed_on_from_no,
                reclassifies_no, external_system, external_id, recorded_at, recorded_by, version)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM pledge), @id, @Origin, @FundId, @RecipientId, @EventId, @instrument, @Currency, @qualifier, @Shared,
                @AnnouncedOn, @precision, @DueOn, @instalments, @countries, @shares, @sectors, @years, @Earmarking, @descriptionEn, @descriptionAr, @noteEn, @noteAr,
                @RestatesNo, @PassedOnFromNo, @ReclassifiesNo, @ExternalSystem, @ExternalId, @At, @by, 0)
            RETURNING no
            """, new
        {
            id, header.Origin, header.FundId, header.RecipientId, header.EventId, instrument, header.Currency, qualifier = header.Qualifier ?? "exact", header.Shared,
            header.AnnouncedOn, precision = header.DatePrecision ?? "day", header.DueOn, instalments, countries, shares, sectors = header.Sectors.ToArray(),
            years = header.UsageYears.ToArray(), header.Earmarking, descriptionEn = header.Description?.En, descriptionAr = header.Description?.Ar,
            noteEn = header.Note?.En, noteAr = header.Note?.Ar, header.RestatesNo, header.PassedOnFromNo, header.ReclassifiesNo, header.ExternalSystem,
            header.ExternalId, write.At, by = write.By.Id,
        });
        await ListCountriesAsync(write, no, header.Origin, header.AnnouncedOn, countries);
        await IndexTextAsync(write, no, header.Description, header.Note);
        return new Posting(write, new Header
        {
            No = no,
            Id = id,
            Origin = header.Origin,
            FundId = header.FundId,
            EventId = header.EventId,
            RecipientId = header.RecipientId,
            Instrument = instrument,
            Currency = header.Currency,
            AnnouncedOn = header.AnnouncedOn,
            DueOn = header.DueOn,
            Instalments = instalments,
            UsageYears = [.. header.UsageYears],
            Countries = countries,
            Shares = shares,
            Shared = header.Shared,
            Counted = header.RestatesNo is null && header.PassedOnFromNo is null,
        }, []);
    }

    /// <summary>Lists the header under its countries, with what is promised still to be settled.</summary>
    public static async Task ListCountriesAsync(Write write, long no, string origin, DateOnly announcedOn, IEnumerable<string> countries)
    {
        foreach (var country in countries)
        {
            await write.Sql.ExecuteAsync("""
                INSERT INTO pledge_country (country, pledge_no, origin, announced_on, pledged_usd, outstanding_usd) VALUES (@country, @no, @origin, @announcedOn, 0, 0)
                """, new { country, no, origin, announcedOn });
        }
    }

    /// <summary>What a commitment or a payment is called as a contribution.</summary>
    public static string StageOf(string kind, long amountMinor) => (kind, amountMinor < 0) switch
    {
        ("adjustment", _) => "adjustment",
        ("commitment", true) => "release",
        ("payment", true) => "refund",
        _ => kind,
    };

    /// <summary>Makes the header findable by its own texts.</summary>
    public static Task IndexTextAsync(Write write, long no, LocalizedText? description, LocalizedText? note) =>
        write.Sql.ExecuteAsync(write.Engine.IndexText, new { no, text = SearchText.Searched(description?.En, description?.Ar, note?.En, note?.Ar) });

    /// <summary>Makes a contribution findable by its own note.</summary>
    public static Task IndexNoteAsync(Write write, long entryNo, LocalizedText? note) =>
        write.Sql.ExecuteAsync(write.Engine.IndexNote, new { no = entryNo, text = SearchText.Searched(note?.En, note?.Ar) });

    /// <summary>Adds an entry. The donor is one of today's organizations, not one that was merged away.</summary>
    public async Task<(long No, string Id)> AddAsync(NewEntry entry)
    {
        var id = _write.NewId();
        var counts = entry.CountsFrom ?? CountsFrom(entry.ValueDate);
        var no = await _write.Sql.QueryFirstAsync<long>("""
            INSERT INTO ledger_entry (no, id, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, usd_basis, rate_no, qualifier, value_date,
                date_precision, recorded_at, recorded_by, recorded_for, paid_by, reverses_no, replaces_no, reference, external_system, external_id, note_en, note_ar,
                settles_minor, counts_from, reason, adjusts, usd_qualifier)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM ledger_entry), @id, @pledge, @DonorId, @Kind, @AmountMinor, @Currency, @usd, @basis, @rate, @Qualifier,
                @ValueDate, @DatePrecision, @At, @by, @for, @PaidBy, @ReversesNo, @ReplacesNo, @Reference, @ExternalSystem, @ExternalId, @noteEn, @noteAr,
                @SettlesMinor, @counts, @Reason, @Adjusts, @UsdQualifier)
            RETURNING no
            """, new
        {
            id, pledge = Header.No, entry.DonorId, entry.Kind, entry.AmountMinor, entry.Currency, usd = entry.Usd.Minor, basis = entry.Usd.Basis, rate = entry.Usd.RateNo,
            entry.Qualifier, entry.ValueDate, entry.DatePrecision, _write.At, by = _write.By.Id, @for = entry.RecordedFor ?? _write.By.OrganizationId, entry.PaidBy,
            entry.ReversesNo, entry.ReplacesNo, entry.Reference, entry.ExternalSystem, entry.ExternalId, noteEn = entry.Note?.En, noteAr = entry.Note?.Ar,
            entry.SettlesMinor, counts = counts == entry.ValueDate ? null : (DateOnly?)counts, entry.Reason, entry.Adjusts, entry.UsdQualifier,
        });
        _entries.Add(new Entry
        {
            No = no,
            DonorId = entry.Survivor ?? entry.DonorId,
            Kind = entry.Kind,
            AmountMinor = entry.AmountMinor,
            Currency = entry.Currency,
            UsdMinor = entry.Usd.Minor,
            Qualifier = entry.Qualifier,
            UsdQualifier = entry.UsdQualifier,
            ValueDate = entry.ValueDate,
            CountsFrom = counts,
            SettlesMinor = entry.SettlesMinor,
            Reason = entry.Reason,
            Adjusts = entry.Adjusts,
            ReversesNo = entry.ReversesNo,
        });
        if (entry.ReversesNo is { } reversed)
        {
            await _write.Sql.ExecuteAsync("UPDATE contribution SET reversed = TRUE, version = 0 WHERE entry_no = @reversed", new { reversed });
        }
        else if (entry.Kind is "commitment" or "payment" or "adjustment")
        {
            await _write.Sql.ExecuteAsync("""
                INSERT INTO contribution (entry_no, pledge_no, stage, donor_id, fund_id, value_date, reversed)
                VALUES (@no, @pledge, @stage, @DonorId, @FundId, @ValueDate, FALSE)
                """, new { no, pledge = Header.No, stage = StageOf(entry.Kind, entry.AmountMinor), entry.DonorId, Header.FundId, entry.ValueDate });
            await ContributionKeys.ListAsync(_write, no);
            if (entry.Note is not null)
            {
                await IndexNoteAsync(_write, no, entry.Note);
            }
        }

        return (no, id);
    }

    /// <summary>
    /// What commitments and payments in another currency settle of a promise, in the promise's: what they say; all that is outstanding on their day, where
    /// that is what their dollars come to; or their dollars at the promise's rate of that day. Null in the promise's own currency and where there is none.
    /// </summary>
    /// <param name="said">What the entry says that it settles, in minor units, signed like its amount.</param>
    public long? Settles(Faults faults, string donorId, string currency, long usd, DateOnly countsFrom, long? said)
    {
        var pledge = Figures.Live(_entries).Find(e => e.DonorId == donorId && e.Kind == "pledge");
        if (pledge is null || pledge.Currency == currency)
        {
            return null;
        }

        var line = Course(donorId).AsOf(countsFrom);
        if (said is not null || (usd > 0 && usd == line.Sums.Outstanding))
        {
            return said ?? line.OutstandingMinor;
        }

        var (minor, cents) = line is { HasPledge: true, PromisedMinor: > 0 } ? (line.PromisedMinor, line.PromisedUsd) : (pledge.AmountMinor, pledge.UsdMinor);
        if (cents != 0 && Money.ScaleWithin(usd, minor, cents, pledge.Currency) is not null)
        {
            return Money.ScaleEven(usd, minor, cents);
        }

        faults.Add("/settles", "required", cents != 0 ? $"At the pledge's rate this is more than can be recorded: say how many {pledge.Currency} it settles." : $"The pledge comes to no US dollars: say how many {pledge.Currency} this settles.",
            cents != 0 ? $"المبلغ بسعر التعهد أكبر مما يمكن تسجيله: اذكر كم يسدد بعملة {pledge.Currency}." : $"لا يبلغ التعهد سنتا أمريكيا واحدا: اذكر كم يسدد هذا المبلغ بعملة {pledge.Currency}.");
        return null;
    }

    /// <summary>Refuses what would leave a line with less than nothing on any day.</summary>
    /// <param name="from">The first day that is touched.</param>
    /// <exception cref="Refused">It names the day and what stood.</exception>
    public void ThrowIfShort(string donorId, DateOnly from)
    {
        if (Course(donorId).ShortagesFrom(from) is [var shortage, ..])
        {
            var missing = Currency.Major(-shortage.Minor, shortage.Currency);
            var (en, ar) = shortage.Words;
            throw NotEnoughThen(
                $"This takes back {missing} {shortage.Currency} more than was {en} on {shortage.Day:yyyy-MM-dd}. What is taken back must have been there on every day from its own day on.",
                $"يزيد هذا الاسترداد بمقدار {missing} {shortage.Currency} على {ar} في {shortage.Day:yyyy-MM-dd}. يجب أن يكون ما يُسترد قائما في كل يوم ابتداء من يومه.", Header.Id);
        }
    }

    /// <summary>Refuses a release or a refund, the entry added last, that takes back more than stood on any day from its own on.</summary>
    /// <exception cref="Refused">It says how much can be taken back.</exception>
    public void ThrowIfTooMuchIsTaken()
    {
        var taken = _entries[^1];
        if (Course(taken.DonorId).ShortagesFrom(taken.CountsFrom) is not [var first, ..] shortages)
        {
            return;
        }

        var least = shortages.Where(s => s.IsOfDollars == first.IsOfDollars).MinBy(s => s.Minor)!;
        var takes = least.IsOfDollars ? taken.UsdMinor : taken.SettlesMinor ?? taken.AmountMinor;
        var left = Currency.Major(Math.Max(0, least.Minor - takes), least.Currency);
        var (en, ar) = least.Words;
        throw left == 0
            ? NotEnoughThen($"Nothing can be taken back on {taken.CountsFrom:yyyy-MM-dd}: nothing of what was {en} stands on {least.Day:yyyy-MM-dd}.",
                $"لا يمكن استرداد شيء في {taken.CountsFrom:yyyy-MM-dd}: لا شيء من {ar} قائم في {least.Day:yyyy-MM-dd}.", Header.Id)
            : NotEnoughThen($"At most {left} {least.Currency} can be taken back on {taken.CountsFrom:yyyy-MM-dd}: no more of what was {en} stands on {least.Day:yyyy-MM-dd}.",
                $"أقصى ما يمكن استرداده في {taken.CountsFrom:yyyy-MM-dd} هو {left} {least.Currency}: لا يقوم من {ar} أكثر من ذلك في {least.Day:yyyy-MM-dd}.", Header.Id);
    }

    public static Refused NotEnoughThen(string en, string ar, string pledgeId) => new("not_enough_then", new(en, ar), existing: $"/v1/pledges/{pledgeId}/ledger");

    /// <summary>Brings all that is derived up to date.</summary>
    /// <param name="version">The change that the header now shows.</param>
    public Task SettleAsync(long version) => SettleAsync(_entries[.._entriesBefore], version);

    /// <summary>Settles a header whose entries stayed and whose donors were merged.</summary>
    /// <param name="before">The entries under the donors' old names.</param>
    public async Task SettleAsync(List<Entry> before, long version)
    {
        // Those that were entered, reversed or renamed here show this change from now on.
        await _write.Sql.ExecuteAsync("UPDATE contribution SET version = @version WHERE pledge_no = @No AND version = 0", new { version, Header.No });
        var gathered = _write.Gathered as AddedTotals;
        var totals = gathered ?? new AddedTotals();
        await DeriveAsync(before, version, totals);
        if (gathered is null)
        {
            await totals.WriteAsync(_write);
        }
    }

    /// <summary>Settles a header of which nothing is derived, as if all of its entries had just been made.</summary>
    /// <param name="version">The change that it shows, and goes on to show.</param>
    /// <param name="totals">Hears what totals it stands in; they are written together with those of others.</param>
    public Task SettleAnewAsync(long version, AddedTotals totals) => DeriveAsync([], version, totals);

    private async Task DeriveAsync(List<Entry> before, long version, AddedTotals totals)
    {
        var (was, now) = (Figures.Lines(before), Lines);
        await SettleHeaderAsync(before, was, now, version);
        await SettleLinesAsync(was, now);
        var (daysBefore, days) = (LineDays.Of(before), LineDays.Of(_entries));
        var (gone, come) = (daysBefore.Except(days).ToList(), days.Except(daysBefore).ToList());
        await SettleLineDaysAsync(gone, come);
        if (Header.Counted)
        {
            totals.Add(Header, gone, come);
            if (Header.FundId is not null)
            {
                await SettleFundDaysAsync(before);
            }
        }
    }

    private async Task SettleHeaderAsync(List<Entry> before, List<Line> was, List<Line> now, long version)
    {
        var (wasSums, sums) = (was.Sum(), now.Sum());
        // Due dates may have been amended, so what was overdue cannot be told from the entries.
        var overdueFrom = Figures.OverdueFrom(now, Header.Instalments, Header.DueOn);
        var (amount, qualifier) = (now.Sum(l => l.AmountMinor), Figures.Qualifier(_entries));
        var isPromise = before.Count == 0 || wasSums.Pledged != sums.Pledged || was.Sum(l => l.AmountMinor) != amount || Figures.Qualifier(before) != qualifier;
        await _write.Sql.ExecuteAsync(isPromise ? UpdatePromise : UpdateHeader,
            sums.With(new { version, overdueFrom, status = Figures.HeaderStatus(now), amount = Header.Currency is null ? null : (long?)amount, qualifier, Header.No }));
        if (Header.Countries.Length > 0 && (wasSums.Pledged != sums.Pledged || wasSums.Outstanding != sums.Outstanding))
        {
            await _write.Sql.ExecuteAsync("UPDATE pledge_country SET pledged_usd = @Pledged, outstanding_usd = @Outstanding WHERE pledge_no = @No",
                new { sums.Pledged, sums.Outstanding, Header.No });
        }
    }

    private async Task SettleLinesAsync(List<Line> was, List<Line> now)
    {
        foreach (var gone in was.Where(line => now.Of(line.DonorId) is null))
        {
            await _write.Sql.ExecuteAsync("DELETE FROM line WHERE pledge_no = @No AND donor_id = @DonorId", new { Header.No, gone.DonorId });
        }

        var sums = now.Sum();
        foreach (var line in now)
        {
            await _write.Sql.ExecuteAsync(PutLine, line.Sums.With(new
            {
                Header.No, line.DonorId, Header.Origin, Header.AnnouncedOn, line.HasPledge, line.AmountMinor, line.OutstandingMinor, line.Status,
                headerPledged = sums.Pledged, headerOutstanding = sums.Outstanding,
            }));
        }
    }

    private async Task SettleLineDaysAsync(List<LineDay> gone, List<LineDay> come)
    {
        var kept = gone.Where(day => day.IsKept).ToDictionary(day => (day.DonorId, day.On), day => day.Change);
        foreach (var day in come.Where(day => day.IsKept))
        {
            if (!kept.Remove((day.DonorId, day.On), out var change) || change != day.Change)
            {
                await _write.Sql.ExecuteAsync(PutLineDay, day.Change.With(new { Header.No, day.DonorId, day.On }));
            }
        }

        foreach (var (donorId, on) in kept.Keys)
        {
            await _write.Sql.ExecuteAsync("DELETE FROM line_day WHERE pledge_no = @No AND donor_id = @donorId AND day = @on", new { Header.No, donorId, on });
        }
    }

    private async Task SettleFundDaysAsync(List<Entry> before)
    {
        var days = FundDays.Of(_entries);
        foreach (var (day, was) in FundDays.Of(before))
        {
            days[day] = days.GetValueOrDefault(day) - was;
        }

        var (first, last) = Header.Years;
        foreach (var (day, delta) in days.Where(d => d.Value != default))
        {
            await _write.Sql.ExecuteAsync("""
                INSERT INTO fund_day (fund_id, first_year, last_year, day, instrument, pledged, committed, committed_direct, paid)
                VALUES (@FundId, @first, @last, @day, @Instrument, @Pledged, @Committed, @CommittedDirect, @Paid)
                ON CONFLICT (fund_id, first_year, last_year, day, instrument) DO UPDATE SET pledged = fund_day.pledged + excluded.pledged, committed = fund_day.committed + excluded.committed,
                    committed_direct = fund_day.committed_direct + excluded.committed_direct, paid = fund_day.paid + excluded.paid
                """, new { Header.FundId, first, last, day, Header.Instrument, delta.Pledged, delta.Committed, delta.CommittedDirect, delta.Paid });
        }
    }
}
