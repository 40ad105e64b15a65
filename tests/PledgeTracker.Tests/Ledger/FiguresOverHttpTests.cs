using System.Globalization;
using System.Text.Json;

namespace PledgeTracker.Tests.Ledger;

/// <summary>The figures of promises, with the values that were worked out by hand.</summary>
public sealed class FiguresOverHttpTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Contributions = "/v1/contributions";
    private const string Reason = """{ "reason": { "en": "Entered by mistake" } }""";

    [Fact]
    public async Task A_promise_in_euros_paid_half_in_euros_and_then_with_the_very_dollars_shown_as_outstanding_is_closed()
    {
        var pledge = await PledgeAsync(1000, "EUR", 1100);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 500, "EUR", more: """, "amountUsd": 561.23"""));
        Assert.Equal(550, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 550));
        Assert.Equal(new Dollars(1100, 0, 1111.23m, 1111.23m, 0), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        Assert.Equal("paid", await StatusAsync(pledge));
        Assert.Equal(0, (await ReadAsync(pledge)).Number("excess"));
    }

    [Fact]
    public async Task A_promise_in_yen_paid_in_part_in_yen_and_then_with_the_very_dollars_shown_as_outstanding_is_closed()
    {
        var pledge = await PledgeAsync(100_003, "JPY", 963.77m);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 33_335, "JPY", more: """, "amountUsd": 300"""));
        var outstanding = (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding;
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", outstanding));
        Assert.Equal(("paid", 0), (await StatusAsync(pledge), (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding));
    }

    [Theory]
    [InlineData("EUR", 2, 20180626)]
    [InlineData("JPY", 0, 20180712)]
    [InlineData("KWD", 3, 20180214)]
    public async Task The_dollars_shown_as_outstanding_close_any_promise(string currency, int decimals, int seed)
    {
        // Fixed, so that a failure can be repeated.
        var random = new Random(seed);
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        for (var round = 0; round < 15; round++)
        {
            var amount = Some(10_000, 900_000);
            var pledge = await server.PledgeAsync(donor, fund, amount, currency, random.Next(5_000, 5_000_000) / 100m);
            if (random.Next(2) == 0)
            {
                await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", $$"""{ "amount": {{Plain(Some(1, 3000))}}, "date": "2026-04-02" }""");
            }

            await server.Editor.RecordAsync(Contributions,
                WriteServer.Under(pledge, "payment", Some(1, 5000), currency, more: $", \"amountUsd\": {Plain(random.Next(1, 9999) / 100m)}"));
            var outstanding = (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding;
            await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", outstanding, date: $"2026-07-{round + 1:00}", more: """, "distinctFrom": "all" """));
            var figures = await ReadAsync(pledge);
            Assert.Equal((0, 0), (figures.Number("outstanding"), figures.Number("excess")));
            Assert.Contains(await StatusAsync(pledge), new[] { "paid", "partially_withdrawn" });
        }

        decimal Some(int least, int most) => random.Next(least, most) / (decimal)Math.Pow(10, decimals);
    }

    [Fact]
    public async Task The_last_withdrawal_takes_the_last_cent()
    {
        var pledge = await PledgeAsync(100, "EUR", 110.01m);
        foreach (var part in (decimal[])[33.33m, 33.33m, 33.34m])
        {
            await WithdrawAsync(pledge, part, "2026-04-01");
        }

        Assert.Equal([110.01m, 36.67m, 36.66m, 36.68m], (await server.LedgerAsync(pledge)).Select(e => e.Number("amountUsd")));
        Assert.Equal(new Dollars(110.01m, 110.01m, 0, 0, 0), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        Assert.Equal("withdrawn", await StatusAsync(pledge));
    }

    [Fact]
    public async Task A_withdrawal_entered_for_an_earlier_day_never_takes_the_promise_below_nothing()
    {
        var pledge = await PledgeAsync(100, "EUR", 110.01m);
        await WithdrawAsync(pledge, 50, "2026-07-01");
        await WithdrawAsync(pledge, 50, "2026-05-01");
        // Half of 110.01 is 55.005, of which 55.00 stay; the earlier day takes what the later one left.
        Assert.Equal([110.01m, 55.01m, 55.00m], (await server.LedgerAsync(pledge)).Select(e => e.Number("amountUsd")));
        Assert.Equal(new Dollars(110.01m, 110.01m, 0, 0, 0), await server.FiguresAsync($"/v1/pledges/{pledge}"));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(100)]
    [InlineData(0)]
    public async Task A_promise_revised_to_nothing_is_withdrawn_with_all_its_dollars_whatever_the_source_gives(decimal dollars)
    {
        var pledge = await PledgeAsync(100, "EUR", 110);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions",
            $$"""{ "change": -100, "date": "2026-04-01"{{(dollars == 0 ? "" : $", \"changeUsd\": -{Plain(dollars)}")}} }""");
        var figures = await ReadAsync(pledge);
        Assert.Equal((0, 110, 0, 0), (figures.Number("pledged"), figures.Number("revisedDown"), figures.Number("withdrawn"), figures.Number("outstanding")));
        Assert.Equal(JsonValueKind.Null, figures.GetProperty("paidShare").ValueKind);
        Assert.Equal("withdrawn", await StatusAsync(pledge));
        Assert.Equal(-110, (await server.LedgerAsync(pledge))[1].Number("amountUsd"));
    }

    [Fact]
    public async Task A_revision_keeps_the_dollars_that_its_source_gave_and_otherwise_takes_the_promises_own()
    {
        var pledge = await PledgeAsync(100, "EUR", 110);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": -20, "changeUsd": -24, "date": "2026-04-01" }""");
        // 80 EUR are 86 USD now.
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": -40, "date": "2026-04-02" }""");
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": 10, "changeUsd": 15, "date": "2026-04-03" }""");
        Assert.Equal([110m, -24m, -43m, 15m], (await server.LedgerAsync(pledge)).Select(e => e.Number("amountUsd")));
        var figures = await ReadAsync(pledge);
        Assert.Equal((58, 67, 58), (figures.Number("pledged"), figures.Number("revisedDown"), figures.Number("outstanding")));
        await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/revisions", """{ "change": 10, "changeUsd": -15, "date": "2026-04-03" }""", 400, "invalid_request", "/changeUsd");
    }

    [Fact]
    public async Task Stages_are_the_parts_of_what_was_pledged_and_add_up_to_it()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "commitment", 600));
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 250));
        await WithdrawAsync(pledge, 100, "2026-07-01");
        foreach (var path in new[] { $"/v1/pledges/{pledge}", $"/v1/donors/{donor}", $"/v1/funds/{fund}" })
        {
            var figures = (await server.GetAsync(path)).GetProperty("figures");
            Assert.Equal((300, 350, 250, 100), Stages(figures));
            Assert.Equal((1000, 600, 250, 650, 0), (figures.Number("pledged"), figures.Number("committed"), figures.Number("paid"), figures.Number("outstanding"), figures.Number("excess")));
            Assert.Equal(0.277778m, figures.Number("paidShare"));
        }
    }

    [Fact]
    public async Task What_was_paid_beyond_a_promise_is_excess_apart_and_the_paid_share_stays_at_one()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000, "EUR", 1100);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 1250, "EUR", more: """, "amountUsd": 1500"""));
        var figures = (await server.GetAsync($"/v1/funds/{fund}")).GetProperty("figures");
        Assert.Equal((0, 0, 1100, 0), Stages(figures));
        Assert.Equal((1500, 300, 1), (figures.Number("paid"), figures.Number("excess"), figures.Number("paidShare")));
        Assert.Equal("paid", await StatusAsync(pledge));
    }

    [Fact]
    public async Task A_withdrawal_dated_before_the_revision_that_it_needs_is_refused_with_the_day_and_what_stood()
    {
        var pledge = await PledgeAsync(100);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": 50, "date": "2026-06-01" }""");
        var refused = await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 120, "date": "2026-04-01" }""", 409, "not_enough_then");
        Assert.Contains("2026-04-01", refused.Body.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("100", refused.Body.Text("detail"), StringComparison.Ordinal);
        await WithdrawAsync(pledge, 120, "2026-06-01");
        // Nor is what it needs reversed under it.
        var revision = (await server.LedgerAsync(pledge)).Single(e => e.Text("kind") == "revision");
        var kept = await server.Editor.RefusedAsync($"/v1/entries/{revision.Id()}/reversal", Reason, 409, "not_enough_then");
        Assert.Contains("2026-06-01", kept.Body.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(new Dollars(150, 120, 0, 0, 30), await server.FiguresAsync($"/v1/pledges/{pledge}"));
    }

    [Fact]
    public async Task Money_is_not_given_back_on_a_day_on_which_it_had_not_come()
    {
        var pledge = await PledgeAsync(100);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 100));
        var refused = await server.Editor.RefusedAsync(Contributions, WriteServer.Under(pledge, "refund", 40, date: "2026-05-31"), 409, "not_enough_then");
        Assert.Contains("2026-05-31", refused.Body.Text("detail"), StringComparison.Ordinal);
        var refund = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "refund", 40, date: "2026-06-01"));
        var payment = (await server.LedgerAsync(pledge)).First(e => e.Text("kind") == "payment");
        await server.Editor.RefusedAsync($"/v1/entries/{payment.Id()}/reversal", Reason, 409, "not_enough_then");
        await server.Editor.RecordAsync($"/v1/entries/{refund.Id()}/reversal", Reason);
        await server.Editor.RecordAsync($"/v1/entries/{payment.Id()}/reversal", Reason);
    }

    [Theory]
    [InlineData("payment", "refund")]
    [InlineData("commitment", "release")]
    public async Task A_contribution_given_back_in_full_is_taken_back_and_void_is_only_what_was_reversed(string stage, string back)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var given = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, stage, 80));
        var header = given.Text("pledgeId")!;
        var returned = await server.Editor.RecordAsync(Contributions, WriteServer.Under(header, back, 80));
        Assert.Equal("taken_back", await StatusAsync(header));
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
        await server.Editor.RecordAsync($"/v1/entries/{returned.Id()}/reversal", Reason);
        await server.Editor.RecordAsync($"/v1/entries/{given.Id()}/reversal", Reason);
        Assert.Equal("void", await StatusAsync(header));
        var mistaken = await PledgeAsync(100);
        await server.Editor.RecordAsync($"/v1/entries/{(await server.LedgerAsync(mistaken))[0].Id()}/reversal", Reason);
        Assert.Equal("void", await StatusAsync(mistaken));
    }

    [Fact]
    public async Task A_pledge_that_restates_another_takes_no_entries_and_says_where_they_belong()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var first = await server.PledgeAsync(donor, fund, 100);
        var second = await server.PledgeAsync(donor, fund, 100, more: $$""", "restates": "{{first}}" """);
        foreach (var (path, body) in new[]
        {
            (Contributions, WriteServer.Under(second, "payment", 10)), (Contributions, WriteServer.Under(second, "commitment", 10)),
            ($"/v1/pledges/{second}/revisions", """{ "change": 10, "date": "2026-04-01" }"""), ($"/v1/pledges/{second}/withdrawals", """{ "amount": 10, "date": "2026-04-01" }"""),
        })
        {
            var refused = await server.Editor.RefusedAsync(path, body, 409, "restates");
            Assert.Equal($"/v1/pledges/{first}", refused.Body.Text("existing"));
        }

        Assert.Equal(new Dollars(100, 0, 0, 0, 100), await server.FiguresAsync($"/v1/funds/{fund}"));
    }

    [Fact]
    public async Task An_entry_counts_from_the_day_given_or_from_the_day_on_which_it_was_recorded_whichever_is_earlier_and_so_do_its_reversal_and_its_copy()
    {
        await using var own = new WriteServer();
        await own.InitializeAsync();
        var (donor, fund) = (await own.OrganizationAsync(), await own.FundAsync());
        var made = await own.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 80, date: "2026-11-22"));
        var early = await own.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 20, date: "2026-11-20"));
        Assert.Equal(["2026-11-22 2026-11-21"], await DaysAsync(made.Text("pledgeId")!));
        Assert.Equal(["2026-11-20 2026-11-20"], await DaysAsync(early.Text("pledgeId")!));
        Assert.Equal("2026-11-22", made.Text("date"));
        own.Clock!.Now = own.Clock.Now.AddDays(4);
        var copy = await own.Editor.RecordAsync($"/v1/pledges/{made.Text("pledgeId")}/reclassifications",
            """{ "changes": { "usageYears": [2027] }, "reason": { "en": "As the source says" } }""");
        Assert.Equal(["2026-11-22 2026-11-21", "2026-11-22 2026-11-21"], await DaysAsync(made.Text("pledgeId")!));
        Assert.Equal(["2026-11-22 2026-11-21"], await DaysAsync(copy.Id()));
        await own.Editor.RecordAsync($"/v1/entries/{early.Id()}/reversal", Reason);
        Assert.Equal(["2026-11-20 2026-11-20", "2026-11-20 2026-11-20"], await DaysAsync(early.Text("pledgeId")!));

        async Task<List<string>> DaysAsync(string header) => [.. (await own.LedgerAsync(header)).Select(e => $"{e.Text("valueDate")} {e.Text("countsFrom")}")];
    }

    [Fact]
    public async Task A_promise_in_euros_settled_in_dollars_closes()
    {
        var pledge = await PledgeAsync(1000, "EUR", 1100);
        var paid = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 1050, more: """, "settles": { "amount": 1000, "currency": "EUR" }"""));
        Assert.Equal((1000, "EUR"), (paid.GetProperty("settles").Number("amount"), paid.GetProperty("settles").Text("currency")));
        Assert.Equal(new Dollars(1100, 0, 1050, 1050, 0), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        Assert.Equal("paid", await StatusAsync(pledge));
        Assert.Equal((0, 0, 1100, 0), Stages(await ReadAsync(pledge)));
        // What is given back says what it opens again.
        var back = await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "refund", 105, more: """, "settles": { "amount": 100, "currency": "EUR" }"""));
        Assert.Equal(110, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding);
        await server.Editor.RecordAsync($"/v1/entries/{back.Id()}/reversal", Reason);
        Assert.Equal(0, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding);
        await server.Editor.RefusedAsync(Contributions, WriteServer.Under(pledge, "payment", 1, more: """, "settles": { "amount": 1, "currency": "JPY" }"""),
            400, "invalid_request", "/settles/currency");
    }

    [Fact]
    public async Task Dollars_settle_at_the_promises_own_rate_where_nobody_says_more_and_as_the_day_stood_when_they_were_entered()
    {
        var pledge = await PledgeAsync(1000, "EUR", 1100);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 1050));
        // 1,050 ÷ 1.1 = 954.55 EUR; 45.45 EUR are 49.995 USD.
        Assert.Equal(new Dollars(1100, 0, 1050, 1050, 50), await server.FiguresAsync($"/v1/pledges/{pledge}"));
        // A later revision at another rate settles nothing anew.
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": 1000, "changeUsd": 2000, "date": "2026-05-01" }""");
        // 1,045.45 of 2,000 EUR, which are 3,100 USD.
        Assert.Equal(1620.45m, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Outstanding);
    }

    [Fact]
    public async Task A_promise_whose_dollars_round_to_nothing_is_announced_and_then_paid()
    {
        await server.Editor.RecordAsync("/v1/exchange-rates", """{ "currency": "IRR", "date": "2026-03-01", "usdPerUnit": 0.00000095, "provider": "A" }""");
        await server.Editor.RecordAsync("/v1/exchange-rates", """{ "currency": "IRR", "date": "2026-06-01", "usdPerUnit": 0.00000095, "provider": "A" }""");
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 500, "IRR");
        Assert.Equal("announced", await StatusAsync(pledge));
        Assert.Equal(default, await server.FiguresAsync($"/v1/pledges/{pledge}"));
        // There is no rate by which dollars would settle it.
        await server.Editor.RefusedAsync(Contributions, WriteServer.Under(pledge, "payment", 0.01m), 400, "invalid_request", "/settles");
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 0.01m, more: """, "settles": { "amount": 200, "currency": "IRR" }"""));
        Assert.Equal("partially_paid", await StatusAsync(pledge));
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 300, "IRR"));
        Assert.Equal("paid", await StatusAsync(pledge));
        var direct = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 500, "IRR"));
        Assert.Equal("paid", await StatusAsync(direct.Text("pledgeId")!));
    }

    [Fact]
    public async Task Sums_keep_their_qualifier_and_say_how_many_parts_are_inexact()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        Assert.Equal(("exact", 0), await QualifierAsync());
        await server.PledgeAsync(donor, fund, 1000);
        Assert.Equal(("exact", 0), await QualifierAsync());
        await server.PledgeAsync(donor, fund, 2000, more: """, "qualifier": "approximate" """);
        Assert.Equal(("approximate", 1), await QualifierAsync());
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 30, more: """, "qualifier": "approximate" """));
        Assert.Equal(("approximate", 2), await QualifierAsync());
        var atLeast = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 40, more: """, "qualifier": "at_least" """));
        Assert.Equal(("mixed", 3), await QualifierAsync());
        await server.Editor.RecordAsync($"/v1/entries/{atLeast.Id()}/reversal", Reason);
        Assert.Equal(("approximate", 2), await QualifierAsync());
        var listed = (await server.GetAsync("/v1/donors?limit=500")).GetProperty("data").EnumerateArray().Single(d => d.Id() == donor).GetProperty("figures");
        Assert.Equal(("approximate", 2), (listed.Text("qualifier"), listed.Number("inexact")));

        async Task<(string?, decimal)> QualifierAsync()
        {
            var figures = (await server.GetAsync($"/v1/funds/{fund}")).GetProperty("figures");
            return (figures.Text("qualifier"), figures.Number("inexact"));
        }
    }

    [Fact]
    public async Task The_dollars_of_an_amount_have_a_qualifier_of_their_own()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = (await server.Editor.RecordAsync("/v1/pledges", $$"""
            { "donors": [{ "donorId": "{{donor}}", "amount": 500000000, "amountUsd": 617000000, "usdQualifier": "approximate" }], "currency": "EUR",
              "announcedOn": "2026-03-01", "fundId": "{{fund}}", "instrument": "grant" }
            """)).Id();
        Assert.Equal("exact", (await server.GetAsync($"/v1/pledges/{pledge}")).Text("qualifier"));
        Assert.Equal(("approximate", 1), ((await ReadAsync(pledge)).Text("qualifier"), (await ReadAsync(pledge)).Number("inexact")));
        var paid = await server.Editor.RecordAsync(Contributions,
            WriteServer.Direct(donor, fund, "payment", 9, "EUR", more: """, "amountUsd": 10, "qualifier": "at_most", "usdQualifier": "exact" """));
        Assert.Equal(("exact", 0), ((await ReadAsync(paid.Text("pledgeId")!)).Text("qualifier"), (await ReadAsync(paid.Text("pledgeId")!)).Number("inexact")));
        Assert.Equal(1, (await server.GetAsync($"/v1/funds/{fund}")).GetProperty("figures").Number("inexact"));
    }

    [Fact]
    public async Task Figures_of_direct_contributions_are_told_apart_from_those_of_pledges()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 100));
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 40));
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "commitment", 7));
        foreach (var path in new[] { $"/v1/funds/{fund}", $"/v1/donors/{donor}" })
        {
            var figures = (await server.GetAsync(path)).GetProperty("figures");
            Assert.Equal((147, 140), (figures.Number("committed"), figures.Number("paid")));
            Assert.Equal((47, 40), (figures.GetProperty("direct").Number("committed"), figures.GetProperty("direct").Number("paid")));
            Assert.Equal(0.1m, figures.Number("paidShare"));
        }
    }

    [Fact]
    public async Task Rows_that_sum_over_instruments_show_each_apart_alone_and_in_lists()
    {
        var (donor, fund, summit) = (await server.OrganizationAsync(), await server.FundAsync(), server.NewId("event"));
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{summit}}", "name": { "en": "Summit" }, "startsOn": "2026-03-01" }""");
        foreach (var (instrument, amount) in new[] { ("grant", 10), ("loan", 200), ("unspecified", 3000) })
        {
            await server.PledgeAsync(donor, fund, amount, more: $$""", "eventId": "{{summit}}" """, instrument: instrument);
        }

        foreach (var (list, id) in new[] { ("donors", donor), ("funds", fund), ("events", summit) })
        {
            var alone = await server.GetAsync($"/v1/{list}/{id}");
            var item = (await server.GetAsync($"/v1/{list}?limit=500")).GetProperty("data").EnumerateArray().Single(i => i.Id() == id);
            foreach (var shown in new[] { alone, item })
            {
                Assert.Equal([("grant", 10m), ("loan", 200m), ("unspecified", 3000m)],
                    shown.GetProperty("byInstrument").EnumerateArray().Select(i => (i.Text("instrument")!, i.GetProperty("figures").Number("pledged"))).Order());
                Assert.Equal(3210, shown.GetProperty("figures").Number("pledged"));
            }
        }
    }

    [Theory]
    [InlineData("donors")]
    [InlineData("funds")]
    [InlineData("pledges")]
    public async Task Grants_only_leaves_out_what_no_source_calls_a_grant_and_contradicts_another_instrument(string list)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.PledgeAsync(donor, fund, 3000, instrument: "unspecified");
        Assert.DoesNotContain((await server.GetAsync($"/v1/{list}?grantsOnly=true&limit=500")).GetProperty("data").EnumerateArray(),
            i => i.Id() == donor || i.Id() == fund || (list == "pledges" && i.RefId("fund") == fund));
        var refused = await server.Client.SendAsync(HttpMethod.Get, $"/v1/{list}?grantsOnly=true&instrument=loan");
        Assert.Equal(400, (int)refused.Status);
        Assert.Contains(refused.Pointers, pointer => pointer is "?grantsOnly" or "?instrument");
        await server.GetAsync($"/v1/{list}?grantsOnly=true&instrument=grant");
    }

    [Fact]
    public async Task The_document_says_that_grants_only_leaves_out_what_no_source_calls_a_grant()
    {
        var paths = (await server.GetAsync("/openapi.json")).GetProperty("paths");
        var said = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .SelectMany(operation => operation.Value.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : Array.Empty<JsonElement>())
            .Where(parameter => parameter.TryGetProperty("name", out var name) && name.GetString() == "grantsOnly").Select(parameter => parameter.Text("description")!).ToList();
        Assert.NotEmpty(said);
        Assert.All(said, description => Assert.Contains("unspecified", description, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Withdrawals_say_why_and_nobody_is_accused_by_omission()
    {
        var (donor, fund, summit) = (await server.OrganizationAsync(), await server.FundAsync(), server.NewId("event"));
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{summit}}", "name": { "en": "Summit" }, "startsOn": "2026-03-01" }""");
        var pledge = await server.PledgeAsync(donor, fund, 1000, more: $$""", "eventId": "{{summit}}" """);
        foreach (var (reason, amount) in new[] { ("withdrawn_by_donor", 1), ("lapsed", 20), ("written_off", 300), (null, 40) })
        {
            await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals",
                $$"""{ "amount": {{amount}}, "date": "2026-04-01"{{(reason is null ? "" : $", \"reason\": \"{reason}\"")}} }""");
        }

        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": -50, "date": "2026-04-02" }""");
        await server.Editor.RefusedAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 1, "date": "2026-04-01", "reason": "forgotten" }""", 400, "invalid_request", "/reason");
        foreach (var path in new[] { $"/v1/donors/{donor}", $"/v1/funds/{fund}", $"/v1/events/{summit}" })
        {
            var figures = (await server.GetAsync(path)).GetProperty("figures");
            var by = figures.GetProperty("withdrawnBy");
            Assert.Equal((1, 20, 300, 40), (by.Number("donor"), by.Number("lapsed"), by.Number("writtenOff"), by.Number("unspecified")));
            Assert.Equal((950, 361, 50), (figures.Number("pledged"), figures.Number("withdrawn"), figures.Number("revisedDown")));
        }

        Assert.Equal(["withdrawn_by_donor", "lapsed", "written_off", "unspecified"],
            (await server.LedgerAsync(pledge)).Where(e => e.Text("kind") == "withdrawal").Select(e => e.Text("reason")));
    }

    [Fact]
    public async Task A_plan_that_was_withdrawn_needs_nothing_any_more()
    {
        var fund = await server.FundAsync();
        await server.Editor.RecordAsync("/v1/requirements", Body("original", 1000, "2026-01-01"));
        var revised = await server.Editor.RecordAsync("/v1/requirements", Body("revised", 0, "2026-05-01"));
        var current = Assert.Single((await server.GetAsync($"/v1/funds/{fund}")).GetProperty("currentShortfalls").EnumerateArray());
        Assert.Equal((revised.Id(), 0), (current.Id(), current.Number("amount")));
        Assert.Equal(JsonValueKind.Null, current.GetProperty("coverage").GetProperty("coveredShare").ValueKind);

        string Body(string kind, int amount, string statedOn) => $$"""
            { "fundId": "{{fund}}", "kind": "{{kind}}", "amount": {{amount}}, "currency": "USD", "periodStart": "2026-01-01", "periodEnd": "2026-12-31", "statedOn": "{{statedOn}}" }
            """;
    }

    private async Task<string> PledgeAsync(decimal amount, string currency = "USD", decimal? usd = null) =>
        await server.PledgeAsync(await server.OrganizationAsync(), await server.FundAsync(), amount, currency, usd);

    private async Task WithdrawAsync(string pledge, decimal amount, string date) =>
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", $$"""{ "amount": {{Plain(amount)}}, "date": "{{date}}" }""");

    private async Task<string?> StatusAsync(string pledge) => (await server.GetAsync($"/v1/pledges/{pledge}")).Text("status");

    private async Task<JsonElement> ReadAsync(string pledge) => (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("figures");

    private static (decimal PromisedOnly, decimal CommittedUnpaid, decimal Paid, decimal Withdrawn) Stages(JsonElement figures)
    {
        var stages = figures.GetProperty("stages");
        return (stages.Number("promisedOnly"), stages.Number("committedUnpaid"), stages.Number("paid"), stages.Number("withdrawn"));
    }

    private static string Plain(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
