using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Changes;
using PledgeTracker.Contributions;
using PledgeTracker.Data;
using PledgeTracker.Donors;
using PledgeTracker.Events;
using PledgeTracker.ExchangeRates;
using PledgeTracker.Funds;
using PledgeTracker.Http;
using PledgeTracker.Indicators;
using PledgeTracker.Ledger;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Sources;

namespace PledgeTracker.UnitTests.Db;

/// <summary>Enters data for a test, through the rules that every write goes through. What is refused fails the test.</summary>
internal sealed class Entering(Write write, ChangeLog log)
{
    private static readonly Actor Tester = new("test");

    public string Organization(string id, string? en = null, string? ar = null, string type = "10", string? country = null) =>
        Take(CreateOrganization.Record, new CreateOrganization.Request(id, new(en ?? id, ar), type, country));

    public string Fund(string id, string? en = null, string? ar = null, string kind = "programme", string? parent = null, params string[] countries) =>
        Take(CreateFund.Record, new CreateFund.Request(id, new(en ?? id, ar), kind, ParentId: parent, Countries: countries));

    public string Event(string id, string startsOn, string? en = null, string? ar = null, string? country = null) =>
        Take(CreateEvent.Record, new CreateEvent.Request(id, new(en ?? id, ar), Iso.ParseDate(startsOn), Country: country));

    public string Source(string id, string publishedOn, string? en = null, string? ar = null, string reliability = "primary") =>
        Take(CreateSource.Record, new CreateSource.Request(id, new(en ?? id, ar), Language: "en", PublishedOn: Iso.ParseDate(publishedOn), Reliability: reliability));

    public string Pledge(RecordPledge.Request request) => Take(RecordPledge.Record, request);

    /// <summary>A pledge in US dollars by one donor.</summary>
    public string Pledge(string donor, decimal amount, string announcedOn, string? fund = null, string instrument = "grant", string? dueOn = null) =>
        Pledge(new([new(donor, amount)], "USD", AnnouncedOn: Iso.ParseDate(announcedOn), FundId: fund, Instrument: instrument,
            DueOn: dueOn is null ? null : Iso.ParseDate(dueOn)));

    public string Revise(string pledge, decimal change, string date) =>
        Take((w, l, a, r) => RevisePledge.Record(w, l, a, pledge, r), new RevisePledge.Request(change, Iso.ParseDate(date)));

    public string Withdraw(string pledge, decimal amount, string date) =>
        Take((w, l, a, r) => WithdrawPledge.Record(w, l, a, pledge, r), new WithdrawPledge.Request(amount, Iso.ParseDate(date)));

    public string Contribution(RecordContribution.Request request) => Take(RecordContribution.Record, request);

    /// <summary>A contribution in US dollars to a pledge.</summary>
    public string Contribution(string pledge, string stage, decimal amount, string date) =>
        Contribution(new(pledge, Stage: stage, Amount: amount, Currency: "USD", Date: Iso.ParseDate(date)));

    public string Shortfall(string fund, decimal amount, string statedOn, string? start = null, string? end = null) => Take(ReportShortfall.Record,
        new ReportShortfall.Request(fund, amount, "USD", StatedOn: Iso.ParseDate(statedOn), PeriodStart: start is null ? null : Iso.ParseDate(start),
            PeriodEnd: end is null ? null : Iso.ParseDate(end)));

    public string Requirement(string fund, decimal amount, string statedOn, string? start = null, string? end = null) => Take(StateRequirement.Record,
        new StateRequirement.Request(fund, "original", amount, "USD", StatedOn: Iso.ParseDate(statedOn), PeriodStart: start is null ? null : Iso.ParseDate(start),
            PeriodEnd: end is null ? null : Iso.ParseDate(end)));

    public string Indicator(string measure, decimal value, string date, string? fund = null) =>
        Take(RecordIndicator.Record, new RecordIndicator.Request(measure, new(measure), value, "people", Date: Iso.ParseDate(date), FundId: fund));

    public long Rate(string currency, string date, decimal usdPerUnit) =>
        Take(RecordExchangeRate.Record, new RecordExchangeRate.Request(currency, Iso.ParseDate(date), usdPerUnit, "The Bank"));

    /// <summary>Enters what an editor found of a contribution.</summary>
    public void Verify(string contribution, string state)
    {
        log.Append(write, Tester, state, "contribution", contribution, new { state });
        write.Execute("UPDATE contribution SET verification = @state WHERE entry_no = (SELECT no FROM ledger_entry WHERE id = @id)",
            ("@state", state), ("@id", contribution));
    }

    /// <summary>Corrects an entry that was made by mistake.</summary>
    public string Reverse(string entryId)
    {
        var original = write.First<Original>("""
            SELECT no, pledge_no, donor_id, kind, amount_minor, currency, usd_minor, value_date FROM ledger_entry WHERE id = @id
            """, ("@id", entryId))!;
        var posting = Posting.Open(write, original.PledgeNo);
        var reversal = posting.Add(Tester, new NewEntry(original.Kind, original.DonorId, -original.AmountMinor, original.Currency,
            Usd.Reported(-original.UsdMinor), "exact", original.ValueDate, "day")
        { ReversesNo = original.No });
        posting.Settle(log.Append(write, Tester, "reversed", "entry", entryId, new { entryId }, pledgeId: posting.Header.Id));
        return reversal.Id;
    }

    private T Take<TRequest, T>(Func<Write, ChangeLog, Actor, TRequest, Outcome<T>> record, TRequest request)
    {
        var outcome = record(write, log, Tester, request);
        return outcome.Refusal is { } refusal
            ? throw new InvalidOperationException($"{request} is refused: {refusal.Code} {refusal.Detail?.En} {string.Join("; ", refusal.Faults ?? [])}")
            : outcome.Value!;
    }

    private sealed record Original
    {
        public required long No { get; init; }

        public required long PledgeNo { get; init; }

        public required string DonorId { get; init; }

        public required string Kind { get; init; }

        public required long AmountMinor { get; init; }

        public required string Currency { get; init; }

        public required long UsdMinor { get; init; }

        public required DateOnly ValueDate { get; init; }
    }
}

internal static class EnteringExtensions
{
    /// <summary>Enters data in one write; the answer comes once it is on the disk.</summary>
    public static Task<T> EnterAsync<T>(this Server server, Func<Entering, T> enter)
    {
        var log = server.Services.GetRequiredService<ChangeLog>();
        return server.Services.GetRequiredService<Writer>().WriteAsync(write => enter(new Entering(write, log)));
    }

    public static Task EnterAsync(this Server server, Action<Entering> enter) => server.EnterAsync(entering =>
    {
        enter(entering);
        return true;
    });
}

/// <summary>
/// A server with made-up data in which every filter has items that match and items that do not, and every order has ties.
/// </summary>
public sealed class GeneratedServer : Server
{
    private static readonly string[] Dates = ["2024-01-31", "2024-06-26", "2024-06-27", "2025-02-14", "2025-02-14", "2025-07-12", "2025-12-31", "2026-02-28"];

    public GeneratedServer() => Clock = new FixedClock(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A pledge with several entries in its ledger.</summary>
    public string BusyPledge { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        BusyPledge = await this.EnterAsync(Fill);
    }

    private static string Fill(Entering enter)
    {
        // Fixed, so that a failure can be repeated.
        var random = new Random(20180626);
        string[] donors =
        [
            enter.Organization("alpha", "Ministry of Alpha", "وزارة ألفا", "10", "USA"), enter.Organization("beta", "Beta Bank", "مصرف بيتا", "40"),
            enter.Organization("gamma", "Gamma Company", "شركة غاما", "70", "KWT"), enter.Organization("delta", "Delta Partners", "شركاء دلتا", "group"),
            enter.Organization("epsilon", "Epsilon", "إبسيلون", "10", "KWT"),
        ];
        string[] recipients = [enter.Organization("ngo-one", "First NGO", "المنظمة الأولى", "22", "IRQ"), enter.Organization("ngo-two", "Second NGO", "المنظمة الثانية", "22", "SYR")];
        string?[] funds =
        [
            enter.Fund("umbrella", "Umbrella", "المظلة", "programme", null, "IRQ", "SYR"), enter.Fund("facility", "Facility", "التسهيل", "facility", "umbrella", "IRQ"),
            enter.Fund("drive", "Drive", "الحملة", "pledge_drive"), null,
        ];
        enter.Fund("empty", "Empty", "الفارغ", "appeal", "umbrella", "SYR");
        string?[] events =
        [
            enter.Event("conference-a", "2024-06-26", "Conference A", "المؤتمر أ", "KWT"), enter.Event("conference-b", "2025-02-14", "Conference B", "المؤتمر ب", "MAR"),
            enter.Event("conference-c", "2025-02-14", "Conference C", "المؤتمر ج"), null, null,
        ];
        foreach (var date in Dates.Distinct())
        {
            enter.Rate("EUR", date, 1.1m);
            enter.Rate("KWD", date, 3.2m);
        }

        for (var i = 0; i < 9; i++)
        {
            enter.Source($"source-{i}", Dates[i % 5], $"Document {i}", $"الوثيقة {i}", i % 3 == 0 ? "secondary" : "primary");
        }

        T Pick<T>(params ReadOnlySpan<T> from) => from[random.Next(from.Length)];
        DateOnly Day() => Iso.ParseDate(Pick<string>(Dates));
        for (var i = 0; i < 60; i++)
        {
            var currency = Pick("USD", "USD", "EUR", "KWD");
            decimal? usd = currency == "USD" ? null : 250_000;
            var amount = currency == "USD" ? 100_000 * random.Next(1, 5) : 200_000;
            var share = new RecordPledge.DonorShare(Pick<string>(donors), amount, usd);
            RecordPledge.DonorShare[] shares = i % 9 == 0 ? [new("alpha", amount, usd), new("beta", amount, usd)] : [share];
            var pledge = enter.Pledge(new(shares, currency, AnnouncedOn: Day(), FundId: Pick<string?>(funds), EventId: Pick<string?>(events),
                RecipientId: Pick("ngo-one", "ngo-two", null, null), Instrument: Pick("grant", "loan", "mou", "unspecified"),
                Countries: Pick<string[]>([], ["IRQ"], ["SYR"], ["IRQ", "SYR"]), DueOn: Pick<DateOnly?>(null, null, new(2026, 1, 31), new(2027, 1, 31)),
                Description: new($"Pledge {i} for water", $"تعهد {i} للمياه")));
            if (shares.Length == 1)
            {
                _ = (i % 6) switch
                {
                    0 => enter.Contribution(new(pledge, Stage: "payment", Amount: amount, Currency: currency, AmountUsd: usd, Date: Day())),
                    1 => enter.Contribution(new(pledge, Stage: "commitment", Amount: amount / 2, Currency: currency, AmountUsd: usd / 2, Date: Day())),
                    2 => enter.Withdraw(pledge, amount, "2026-03-01"),
                    3 => enter.Contribution(new(pledge, Stage: "payment", Amount: amount / 4, Currency: currency, AmountUsd: usd / 4, Date: Day())),
                    _ => "",
                };
            }
        }

        for (var i = 0; i < 12; i++)
        {
            var contribution = enter.Contribution(new(DonorId: Pick<string>(donors), FundId: i % 2 == 0 ? "facility" : "drive", Stage: i % 3 == 0 ? "commitment" : "payment",
                Amount: 50_000, Currency: "USD", Date: Day(), Instrument: "grant"));
            if (i % 4 == 0)
            {
                enter.Reverse(contribution);
            }
            else
            {
                enter.Verify(contribution, i % 2 == 0 ? "verified" : "disputed");
            }
        }

        for (var year = 2022; year < 2026; year++)
        {
            foreach (var fund in new[] { "umbrella", "facility" })
            {
                enter.Shortfall(fund, 1_000_000, $"{year}-03-01", $"{year}-01-01", $"{year}-12-31");
                enter.Shortfall(fund, 2_000_000, $"{year}-06-01", $"{year}-01-01", $"{year}-12-31");
                enter.Requirement(fund, 5_000_000, $"{year}-01-15", $"{year}-01-01", $"{year}-12-31");
                enter.Requirement(fund, 6_000_000, $"{year}-06-01", $"{year}-01-01", $"{year}-12-31");
            }
        }

        for (var i = 0; i < 12; i++)
        {
            enter.Indicator(i % 3 == 0 ? "people-returned" : "schools-open", i, Dates[i % Dates.Length], i % 4 == 0 ? "facility" : null);
        }

        var busy = enter.Pledge("alpha", 1_000_000, "2025-01-01", "facility");
        for (var i = 1; i <= 8; i++)
        {
            enter.Contribution(busy, i % 2 == 0 ? "payment" : "commitment", 10_000 * i, "2025-03-01");
        }

        enter.Reverse(enter.Contribution(busy, "refund", 5_000, "2025-04-01"));
        enter.Revise(busy, 500_000, "2025-05-01");
        enter.Contribution(busy, "release", 1_000, "2025-06-01");
        return busy;
    }
}
