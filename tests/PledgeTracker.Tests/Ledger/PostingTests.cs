using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using PledgeTracker.Changes;
using PledgeTracker.Contributions;
using PledgeTracker.Data;
using PledgeTracker.Donors;
using PledgeTracker.Events;
using PledgeTracker.ExchangeRates;
using PledgeTracker.Funds;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Pledges;
using PledgeTracker.Shortfalls;
using PledgeTracker.Tests.Data;

namespace PledgeTracker.Tests.Ledger;

/// <summary>Sequences of entries on a real file; after each, every derived table is compared with the naive recomputation.</summary>
public sealed class PostingTests : IDisposable
{
    private static readonly DateOnly FirstDay = new(2020, 11, 20);
    private static readonly Actor Someone = new("local");
    private static readonly string[] Donors = ["anna", "bruno", "carla"];

    // Made once: a database that knows three donors, two funds, an event and a few rates.
    private static readonly Lazy<string> Template = new(MakeTemplate);

    private readonly TestDatabase _database = new(copyOf: Template.Value);

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Whatever_is_entered_everything_derived_is_what_the_ledger_says()
    {
        var refused = 0;
        var done = new Dictionary<string, int>();
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(60), Prop.ForAll(Arb.From(Sequences, Shorter), steps =>
        {
            using var database = new TestDatabase(copyOf: Template.Value);
            var outcomes = steps.Select(step => Take(database, step)).ToArray();
            for (var i = 0; i < steps.Length; i++)
            {
                var entered = outcomes[i].GetAwaiter().GetResult();
                refused += entered ? 0 : 1;
                done[steps[i].Action] = done.GetValueOrDefault(steps[i].Action) + (entered ? 1 : 0);
            }

            Recomputation.Check(database.Database);
        }));
        // The sequences are worth something only where most steps are taken, some refused, and every kind occurs.
        Assert.True(refused > 0 && done.Count == Actions.Distinct().Count() && done.Values.All(n => n > 2),
            $"{refused} refused; {string.Join(", ", done.Select(d => $"{d.Key} {d.Value}"))}");
    }

    [Fact]
    public async Task The_documented_facts_are_what_their_ledger_says()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        Recomputation.Check(new Database(server.DatabasePath));
    }

    [Fact]
    public async Task Donors_that_are_merged_share_one_line()
    {
        await RecordAsync(new([new("anna", 60), new("bruno", 40)], "USD", AnnouncedOn: FirstDay, FundId: "water", Instrument: "grant"));
        await RecordAsync(new([new("bruno", 70)], "USD", AnnouncedOn: FirstDay, FundId: "water", Instrument: "loan"));
        await PayAsync(new(PledgeId: Pledge(1), DonorId: "bruno", Stage: "payment", Amount: 25, Currency: "USD", Date: FirstDay.AddDays(3)));
        await MergeBrunoAsync(1, 2);
        Recomputation.Check(_database.Database);
        Assert.Equal(2, _database.Committed<long>("SELECT count(*) FROM line WHERE donor_id = 'anna'"));
        Assert.Equal(0, _database.Committed<long>("SELECT count(*) FROM line WHERE donor_id = 'bruno'"));
        Assert.Equal(14500, _database.Committed<long>("SELECT outstanding_usd FROM total WHERE (scope, id, instrument) = ('donor', 'anna', 'all')"));
    }

    [Fact]
    public async Task A_promise_taken_back_in_parts_comes_to_nothing_in_dollars_too()
    {
        // 100.00 EUR are 110.01 USD; thirds of it round, and the last part takes what the others left.
        await RecordAsync(new([new("anna", 100, 110.01m)], "EUR", AnnouncedOn: FirstDay, FundId: "water", Instrument: "grant"));
        foreach (var part in (decimal[])[33.33m, 33.33m, 33.34m])
        {
            await _database.WriteAsync(write => Kept(write, WithdrawPledge.Record(write, _database.Log, Someone, Pledge(1), new(part, FirstDay.AddDays(9)))));
        }

        Assert.Equal("11001 11001 0 withdrawn", _database.Committed<string>(
            "SELECT pledged_usd || ' ' || withdrawn_usd || ' ' || outstanding_usd || ' ' || status FROM pledge"));
        Recomputation.Check(_database.Database);
    }

    [Fact]
    public async Task Withdrawing_all_that_is_outstanding_leaves_not_a_cent_where_other_currencies_were_paid()
    {
        // 129.98 USD are outstanding: 99.98 EUR, which at the pledge's rate are only 129.97.
        await RecordAsync(new([new("anna", 100, 130)], "EUR", AnnouncedOn: FirstDay, FundId: "water", Instrument: "grant"));
        await PayAsync(new(PledgeId: Pledge(1), Stage: "payment", Amount: 0.02m, Currency: "USD", Date: FirstDay));
        var left = Currency.Major(_database.Committed<long>("SELECT outstanding_minor FROM line"), "EUR");
        await _database.WriteAsync(write => Kept(write, WithdrawPledge.Record(write, _database.Log, Someone, Pledge(1), new(left, FirstDay))));
        Assert.Equal("0 partially_withdrawn", _database.Committed<string>("SELECT outstanding_usd || ' ' || status FROM pledge"));
    }

    [Fact]
    public async Task Merged_promises_at_two_rates_are_withdrawn_at_the_rate_they_are_counted_at()
    {
        await RecordAsync(new([new("anna", 100, 110), new("bruno", 100, 200)], "EUR", AnnouncedOn: FirstDay, FundId: "water", Instrument: "grant"));
        await MergeBrunoAsync(1);
        await _database.WriteAsync(write => Kept(write, WithdrawPledge.Record(write, _database.Log, Someone, Pledge(1), new(50, FirstDay))));
        Assert.Equal("5500 16500", _database.Committed<string>("SELECT withdrawn_usd || ' ' || outstanding_usd FROM line"));
        Recomputation.Check(_database.Database);
    }

    [Fact]
    public async Task No_more_is_withdrawn_than_is_outstanding()
    {
        await RecordAsync(new([new("anna", 100)], "USD", AnnouncedOn: FirstDay, Instrument: "grant"));
        await PayAsync(new(PledgeId: Pledge(1), Stage: "payment", Amount: 40, Currency: "USD", Date: FirstDay));
        var tooMuch = await _database.WriteAsync(write =>
        {
            var outcome = WithdrawPledge.Record(write, _database.Log, Someone, Pledge(1), new(60.01m, FirstDay));
            write.Refuse();
            return outcome;
        });
        Assert.Equal("conflict", tooMuch.Refusal?.Code);
        await _database.WriteAsync(write => Kept(write, WithdrawPledge.Record(write, _database.Log, Someone, Pledge(1), new(60, FirstDay))));
        Assert.Equal("partially_withdrawn", _database.Committed<string>("SELECT status FROM pledge"));
    }

    [Theory]
    [InlineData("UPDATE ledger_entry SET note_en = 'x' WHERE no = 1", "append-only")]
    [InlineData("DELETE FROM ledger_entry WHERE no = 1", "append-only")]
    [InlineData("UPDATE change SET actor = 'x' WHERE seq = 1", "append-only")]
    [InlineData("DELETE FROM change WHERE seq = 1", "append-only")]
    [InlineData("UPDATE requirement SET amount_minor = 1", "append-only")]
    [InlineData("DELETE FROM requirement", "append-only")]
    [InlineData("UPDATE shortfall SET amount_minor = 1", "append-only")]
    [InlineData("DELETE FROM shortfall", "append-only")]
    [InlineData("DELETE FROM pledge WHERE no = 1", "never deleted")]
    // REPLACE deletes the row in its way: that too must meet the trigger.
    [InlineData("INSERT OR REPLACE INTO change SELECT seq, at, 'x', entity, entity_id, pledge_id, body, hash FROM change WHERE seq = 1", "append-only")]
    public async Task What_was_recorded_is_neither_changed_nor_deleted(string sql, string reason)
    {
        await EnterOneOfEachAsync();
        var fault = await Assert.ThrowsAsync<SqliteException>(() => _database.WriteAsync(write => write.Execute(sql)));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amount_minor", "-9999")]
    [InlineData("usd_minor", "-9999")]
    [InlineData("kind", "'revision'")]
    [InlineData("donor_id", "'bruno'")]
    [InlineData("pledge_no", "2")]
    [InlineData("value_date", "'2020-11-21'")]
    [InlineData("reverses_no", "99")]
    public async Task A_reversal_mirrors_one_entry(string column, string value)
    {
        await EnterOneOfEachAsync();
        await RecordAsync(new([new("anna", 100)], "EUR", AnnouncedOn: FirstDay, Instrument: "grant"));
        var fault = await Assert.ThrowsAsync<SqliteException>(() => _database.WriteAsync(write => write.Execute(Mirror(column, value))));
        Assert.Contains("a reversal mirrors one entry", fault.Message, StringComparison.Ordinal);
        // The same words without the difference are a reversal.
        Assert.Equal(1, await _database.WriteAsync(write => write.Execute(Mirror(null, null))));

        static string Mirror(string? column, string? value)
        {
            string[] columns =
                ["reverses_no", "pledge_no", "donor_id", "kind", "amount_minor", "currency", "usd_minor", "usd_basis", "qualifier", "value_date",
                 "date_precision", "recorded_at", "recorded_by"];
            var mirrored = columns.Select(name => name == column ? value : name switch
            {
                "reverses_no" => "no",
                "amount_minor" or "usd_minor" => "-" + name,
                _ => name,
            });
            return $"INSERT INTO ledger_entry (id, {string.Join(", ", columns)}) SELECT 'mirror', {string.Join(", ", mirrored)} FROM ledger_entry WHERE no = 1";
        }
    }

    [Fact]
    public async Task An_entry_is_reversed_at_most_once()
    {
        await EnterOneOfEachAsync();
        await ReverseAsync(2);
        var fault = await Assert.ThrowsAsync<SqliteException>(() => ReverseAsync(2));
        Assert.Contains("UNIQUE", fault.Message, StringComparison.Ordinal);
        Recomputation.Check(_database.Database);
    }

    [Fact]
    public async Task A_reversal_is_not_reversed()
    {
        await EnterOneOfEachAsync();
        await ReverseAsync(2);
        var fault = await Assert.ThrowsAsync<SqliteException>(() => ReverseAsync(3));
        Assert.Contains("not itself a reversal", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promise_its_revisions_and_its_withdrawals_share_one_currency()
    {
        await EnterOneOfEachAsync();
        var fault = await Assert.ThrowsAsync<SqliteException>(() => _database.WriteAsync(write => Posting.Open(write, 1).Add(Someone,
            new NewEntry("revision", "anna", 100, "USD", Usd.Reported(100), "exact", FirstDay, "day"))));
        Assert.Contains("share the header's currency", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id", "'another'")]
    [InlineData("origin", "'direct'")]
    [InlineData("fund_id", "'roads'")]
    [InlineData("recipient_id", "'bruno'")]
    [InlineData("event_id", "NULL")]
    [InlineData("instrument", "'loan'")]
    [InlineData("currency", "'JPY'")]
    [InlineData("shared", "1")]
    [InlineData("countries", "'[]'")]
    [InlineData("announced_on", "'2020-01-01'")]
    [InlineData("usage_years", "'[2021]'")]
    [InlineData("restates_no", "1")]
    [InlineData("passed_on_from_no", "1")]
    public async Task What_decides_totals_is_fixed_once_entries_exist(string column, string value)
    {
        await EnterOneOfEachAsync();
        var sql = $"UPDATE pledge SET {column} = {value} WHERE no = 1";
        var fault = await Assert.ThrowsAsync<SqliteException>(() => _database.WriteAsync(write => write.Execute(sql)));
        Assert.Contains("reclassified, not changed", fault.Message, StringComparison.Ordinal);

        // A header that nothing hangs on yet may still be put right, and words that decide nothing may always be.
        Assert.Equal(1, await _database.WriteAsync(write =>
        {
            var empty = new NewHeader { Id = "empty", Origin = "announced", AnnouncedOn = FirstDay, Currency = "EUR", EventId = "summit" }.Insert(write, Someone);
            return write.Execute(sql.Replace("no = 1", $"no = {empty.Header.No}", StringComparison.Ordinal));
        }));
        Assert.Equal(1, await _database.WriteAsync(write => write.Execute("UPDATE pledge SET description_en = 'clearer', fund_id = fund_id WHERE no = 1")));
    }

    private static readonly string[] Actions =
        ["pledge", "pledge", "pledge", "joint", "revise", "revise", "withdraw", "withdraw", "pay", "pay", "pay", "commit", "commit", "refund", "release",
         "direct", "direct", "passed_on", "restate", "reverse", "reverse", "reverse", "shortfall", "requirement"];

    /// <summary>A step of a sequence. Which records it is about is settled by what is there when it is taken.</summary>
    public sealed record Step(
        string Action, int Pick, string Donor, string? Fund, string? Event, string Instrument, string Currency, int Amount, bool Reported, int Day);

    private static readonly Gen<Step> Steps =
        from action in Gen.Elements(Actions)
        from pick in Gen.Choose(0, 999)
        from donor in Gen.Elements(Donors)
        from fund in Gen.Elements("water", "water", "roads", null)
        from summit in Gen.Elements("summit", null)
        from instrument in Gen.Elements("grant", "grant", "loan", "mou")
        from currency in Gen.Elements("USD", "EUR", "EUR", "JPY", "KWD")
        from amount in Gen.Elements(100, 100, 50, 50, 25, 7, 1000)
        from reported in Gen.Elements(true, false)
        from day in Gen.Choose(0, 80)
        select new Step(action, pick, donor, fund, summit, instrument, currency, amount, reported, day);

    private static readonly Gen<Step[]> Sequences = Gen.Choose(1, 45).SelectMany(length => Gen.ArrayOf(Steps, length));

    private static IEnumerable<Step[]> Shorter(Step[] steps) => Enumerable.Range(0, steps.Length).Select(i => (Step[])[.. steps.Where((_, at) => at != i)]);

    // True when it was entered, false when it was refused, and then it must have left nothing.
    private static Task<bool> Take(TestDatabase database, Step step) => database.WriteAsync(write =>
    {
        var (log, day) = (database.Log, FirstDay.AddDays(step.Day));
        var target = Target(write, step);
        var earlier = write.First<string>("SELECT id FROM pledge ORDER BY no DESC LIMIT 1 OFFSET @n", ("@n", step.Pick % 3));
        decimal? usd = step.Reported && step.Currency != "USD" ? step.Amount + 3.01m : null;
        string[] countries = step.Pick % 5 == 0 ? ["SYR", "IRQ"] : step.Pick % 5 == 1 ? ["IRQ"] : [];
        var start = day.AddDays(step.Pick % 30);
        Outcome<string>? outcome = step.Action switch
        {
            "pledge" => RecordPledge.Record(write, log, Someone, Promise([new(step.Donor, step.Amount, usd)])),
            "joint" => RecordPledge.Record(write, log, Someone, Promise([.. Donors.Select((d, i) =>
                new RecordPledge.DonorShare(d, step.Amount + (i * 11), usd is null ? null : usd + (i * 12.34m)))])),
            "restate" when earlier is not null => RecordPledge.Record(write, log, Someone, Promise([new(step.Donor, step.Amount, usd)]) with { Restates = earlier }),
            "revise" when target is { Origin: "announced" } => RevisePledge.Record(write, log, Someone, target.PledgeId,
                new(step.Pick % 3 == 0 ? -step.Amount : step.Amount, day, target.DonorId, Qualifier: step.Pick % 7 == 0 ? "at_least" : null)),
            // Sometimes all that is left, sometimes a part of it, sometimes more.
            "withdraw" when target is { Origin: "announced" } => WithdrawPledge.Record(write, log, Someone, target.PledgeId,
                new(step.Pick % 3 == 0 ? step.Amount : target.Left(step.Pick % 2 == 0 ? 1 : 3), day, target.DonorId)),
            "pay" or "commit" when target is { Origin: "announced" } && step.Pick % 3 == 0 && target.OutstandingMinor > 0 =>
                RecordContribution.Record(write, log, Someone, new(
                    PledgeId: target.PledgeId, DonorId: target.DonorId, Stage: step.Action == "pay" ? "payment" : "commitment",
                    Amount: target.Left(step.Pick % 2 == 0 ? 1 : 2), Currency: target.Currency, AmountUsd: target.Currency == "USD" ? null : usd, Date: day)),
            "pay" or "commit" when target is not null => RecordContribution.Record(write, log, Someone, new(
                PledgeId: target.PledgeId, DonorId: target.DonorId, Stage: step.Action == "pay" ? "payment" : "commitment",
                Amount: step.Amount, Currency: step.Currency, AmountUsd: usd, Date: day, PaidBy: step.Pick % 4 == 0 ? "carla" : null)),
            "refund" => TakeBack("payment"),
            "release" => TakeBack("commitment"),
            "direct" => RecordContribution.Record(write, log, Someone, Direct()),
            "passed_on" when earlier is not null => RecordContribution.Record(write, log, Someone, Direct() with { PassedOnFrom = earlier }),
            "reverse" => Reverse(write, log, step.Pick),
            "shortfall" => ReportShortfall.Record(write, log, Someone, new(step.Fund ?? "roads", step.Amount, "USD", StatedOn: day,
                PeriodStart: step.Pick % 3 == 0 ? start : null, PeriodEnd: step.Pick % 3 == 1 ? null : start.AddDays(20))),
            "requirement" => StateRequirement.Record(write, log, Someone, new(step.Fund ?? "roads", step.Pick % 2 == 0 ? "original" : "revised", step.Amount, "USD",
                PeriodStart: step.Pick % 3 == 0 ? null : start, PeriodEnd: step.Pick % 3 == 0 ? null : start.AddDays(15), StatedOn: day)),
            _ => default(Outcome<string>?),
        };
        if (outcome is { Refusal: null })
        {
            return true;
        }

        write.Refuse();
        return false;

        RecordPledge.Request Promise(IReadOnlyList<RecordPledge.DonorShare> donors) => new(donors, step.Currency, step.Pick % 6 == 0 ? "approximate" : null, day,
            FundId: step.Fund, EventId: step.Event, Instrument: step.Instrument, Countries: countries,
            UsageYears: step.Pick % 4 == 0 ? [2021, 2023] : step.Pick % 4 == 1 ? [2022] : null,
            DueOn: step.Pick % 3 == 0 ? day.AddDays(90) : null,
            Instalments: step.Pick % 2 == 0 ? [new(day.AddDays(20), step.Amount / 4), new(day.AddDays(10), step.Amount / 2)] : null);

        RecordContribution.Request Direct() => new(
            DonorId: step.Donor, FundId: step.Fund, RecipientId: step.Fund is null ? "carla" : null, Instrument: step.Instrument,
            Countries: countries, Stage: step.Pick % 3 == 0 ? "commitment" : "payment", Amount: step.Amount, Currency: step.Currency, AmountUsd: usd, Date: day);

        // Half of something that was paid or agreed, now and then more than there is.
        Outcome<string>? TakeBack(string kind)
        {
            var given = write.Query<Given>("""
                SELECT p.id AS pledge_id, e.donor_id, e.amount_minor, e.currency FROM ledger_entry e JOIN pledge p ON p.no = e.pledge_no
                WHERE e.kind = @kind AND e.amount_minor > 1 AND e.reverses_no IS NULL
                """, ("@kind", kind));
            return given.Count == 0 ? default(Outcome<string>?) : Back(given[step.Pick % given.Count]);

            Outcome<string> Back(Given entry) => RecordContribution.Record(write, log, Someone, new(PledgeId: entry.PledgeId, DonorId: entry.DonorId,
                Stage: kind == "payment" ? "refund" : "release",
                Amount: Currency.Major(step.Pick % 5 == 0 ? entry.AmountMinor * 3 : entry.AmountMinor / 2, entry.Currency),
                Currency: entry.Currency, AmountUsd: entry.Currency == "USD" ? null : step.Amount, Date: day));
        }
    });

    // A line that is there, most of the time; sometimes one that is not.
    private static Line? Target(Write write, Step step)
    {
        var lines = write.Query<Line>("""
            SELECT p.id AS pledge_id, p.origin, coalesce(p.currency, 'USD') AS currency, l.donor_id, l.outstanding_minor
            FROM line l JOIN pledge p ON p.no = l.pledge_no ORDER BY p.origin, l.pledge_no DESC, l.donor_id LIMIT 8
            """);
        return lines.Count == 0 ? null : lines[step.Pick % lines.Count] with { DonorId = step.Pick % 19 == 0 ? step.Donor : lines[step.Pick % lines.Count].DonorId };
    }

    private sealed record Line
    {
        public required string PledgeId { get; init; }

        public required string Origin { get; init; }

        public required string Currency { get; init; }

        public required string DonorId { get; init; }

        public required long OutstandingMinor { get; init; }

        public decimal Left(int part) => PledgeTracker.Ledger.Currency.Major(Math.Max(1, OutstandingMinor / part), Currency);
    }

    private sealed record Given
    {
        public required string PledgeId { get; init; }

        public required string DonorId { get; init; }

        public required long AmountMinor { get; init; }

        public required string Currency { get; init; }
    }

    private static Outcome<string>? Reverse(Write write, ChangeLog log, int pick)
    {
        var open = write.Query<long>("""
            SELECT no FROM ledger_entry
            WHERE reverses_no IS NULL AND no NOT IN (SELECT reverses_no FROM ledger_entry WHERE reverses_no IS NOT NULL)
            """);
        return open.Count == 0 ? default(Outcome<string>?) : Reverse(write, log, open[pick % open.Count]);
    }

    private static Outcome<string> Reverse(Write write, ChangeLog log, long no)
    {
        var posting = Posting.Open(write, write.First<long>("SELECT pledge_no FROM ledger_entry WHERE no = @no", ("@no", no)));
        var wrong = posting.Entries.Single(e => e.No == no);
        var entry = posting.Add(Someone, new NewEntry(wrong.Kind, wrong.DonorId, -wrong.AmountMinor, wrong.Currency, Usd.Reported(-wrong.UsdMinor), wrong.Qualifier,
            wrong.ValueDate, "day")
        { ReversesNo = no });
        posting.Settle(log.Append(write, Someone, "reversed", "entry", entry.Id, null, pledgeId: posting.Header.Id));
        return entry.Id;
    }

    private Task<Outcome<string>> ReverseAsync(long no) => _database.WriteAsync(write => Reverse(write, _database.Log, no));

    private Task<string> RecordAsync(RecordPledge.Request request) =>
        _database.WriteAsync(write => Kept(write, RecordPledge.Record(write, _database.Log, Someone, request)));

    private Task<string> PayAsync(RecordContribution.Request request) =>
        _database.WriteAsync(write => Kept(write, RecordContribution.Record(write, _database.Log, Someone, request)));

    private string Pledge(long no) => _database.Committed<string>($"SELECT id FROM pledge WHERE no = {no}")!;

    // A pledge (entry 1) with a payment (entry 2), a shortfall and a requirement.
    private async Task EnterOneOfEachAsync()
    {
        await RecordAsync(new([new("anna", 100, 110)], "EUR", AnnouncedOn: FirstDay, FundId: "water", EventId: "summit", Instrument: "grant", Countries: ["IRQ"]));
        await PayAsync(new(PledgeId: Pledge(1), Stage: "payment", Amount: 50, Currency: "EUR", AmountUsd: 60, Date: FirstDay));
        await _database.WriteAsync(write => Kept(write, ReportShortfall.Record(write, _database.Log, Someone, new("water", 5, "USD", StatedOn: FirstDay))));
        await _database.WriteAsync(write => Kept(write, StateRequirement.Record(write, _database.Log, Someone,
            new("water", "original", 5, "USD", StatedOn: FirstDay))));
    }

    private Task<int> MergeBrunoAsync(params long[] pledges) => _database.WriteAsync(write =>
    {
        var before = pledges.Select(no => Posting.Open(write, no).Entries).ToList();
        write.Execute("UPDATE organization SET merged_into = 'anna' WHERE id = 'bruno'");
        write.Execute("UPDATE contribution SET donor_id = 'anna' WHERE donor_id = 'bruno'");
        for (var i = 0; i < pledges.Length; i++)
        {
            var posting = Posting.Open(write, pledges[i]);
            posting.Settle(before[i], _database.Log.Append(write, Someone, "merged", "organization", "bruno", null, pledgeId: posting.Header.Id));
        }

        return 0;
    });

    private static T Kept<T>(Write write, Outcome<T> outcome)
    {
        if (outcome.Refusal is not { } refusal)
        {
            return outcome.Value!;
        }

        write.Refuse();
        throw new InvalidOperationException(
            $"Refused: {refusal.Code} {refusal.Detail?.En} {string.Join("; ", refusal.Faults?.Select(f => $"{f.Pointer} {f.Code}") ?? [])}");
    }

    private static string MakeTemplate()
    {
        var folder = Directory.CreateTempSubdirectory("pledgetracker-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        using var database = new TestDatabase();
        database.WriteAsync(write =>
        {
            foreach (var donor in Donors)
            {
                Kept(write, CreateOrganization.Record(write, database.Log, Someone, new(donor, new(donor, null), "10")));
            }

            Kept(write, CreateFund.Record(write, database.Log, Someone, new("water", new("Water", null), "facility")));
            Kept(write, CreateFund.Record(write, database.Log, Someone, new("roads", new("Roads", null), "facility")));
            Kept(write, CreateEvent.Record(write, database.Log, Someone, new("summit", new("Summit", null), FirstDay)));
            foreach (var (currency, day, rate) in ((string, int, decimal)[])
                     [("EUR", 0, 1.1873m), ("EUR", 40, 1.2214m), ("JPY", 10, 0.009637m), ("KWD", -10, 3.2701m)])
            {
                Kept(write, RecordExchangeRate.Record(write, database.Log, Someone, new(currency, FirstDay.AddDays(day), rate, "a bank")));
            }

            return 0;
        }).GetAwaiter().GetResult();
        // Closing the last connection writes the log back, so the file alone is the database.
        database.Writer.Dispose();
        var template = Path.Combine(folder, "template.db");
        File.Copy(database.Database.Path, template);
        return template;
    }
}
