using System.Xml.Linq;

namespace PledgeTracker.Tests.Exports;

/// <summary>What our words become in IATI, as docs/iati.md says.</summary>
public sealed class IatiMappingTests(WriteServer server) : IClassFixture<WriteServer>
{
    private static readonly XNamespace Own = "urn:pledgetracker:iati";

    [Fact]
    public async Task Withdrawals_and_reductions_are_pledges_below_nothing_releases_and_refunds_of_their_own_type()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.EnterAsync(async enter =>
        {
            var pledge = await enter.PledgeAsync(donor, 1000, "2026-01-01", fund);
            await enter.ReviseAsync(pledge, 100, "2026-01-02");
            await enter.ReviseAsync(pledge, -300, "2026-01-03");
            await enter.WithdrawAsync(pledge, 200, "2026-01-04");
            await enter.ContributionAsync(pledge, "commitment", 500, "2026-01-05");
            await enter.ContributionAsync(pledge, "release", 50, "2026-01-06");
            await enter.ContributionAsync(pledge, "payment", 400, "2026-01-07");
            await enter.ContributionAsync(pledge, "refund", 30, "2026-01-08");
        });
        Assert.Equal([("13", "2026-01-01", 1000), ("13", "2026-01-02", 100), ("13", "2026-01-03", -300), ("13", "2026-01-04", -200), ("11", "2026-01-05", 500), ("11", "2026-01-06", -50),
            ("1", "2026-01-07", 400), ("1", "2026-01-08", -30)], (await ActivityAsync(fund)).Transactions());
    }

    [Fact]
    public async Task What_was_reversed_is_left_out_with_its_reversal_and_what_stands_in_its_place_is_there()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var wrong = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "commitment", 700))).Id();
        await server.Editor.RecordAsync($"/v1/entries/{wrong}/replacement", """{ "reason": { "en": "A mistake" }, "changes": { "amount": 70 } }""");
        var gone = (await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 900, date: "2026-06-03"))).Id();
        await server.Editor.RecordAsync($"/v1/entries/{gone}/reversal", """{ "reason": { "en": "A mistake" } }""");
        Assert.Equal([("11", "2026-06-01", 70)], (await ActivityAsync(fund)).Transactions());
    }

    [Fact]
    public async Task Money_that_arrived_was_committed_as_far_as_nobody_said_so()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.EnterAsync(async enter =>
        {
            var unsaid = await enter.PledgeAsync(donor, 1000, "2026-01-01", fund);
            await enter.ContributionAsync(unsaid, "payment", 100, "2026-02-01");
            await enter.ContributionAsync(unsaid, "refund", 40, "2026-02-02");
            var said = await enter.PledgeAsync(donor, 2000, "2026-03-01", fund);
            await enter.ContributionAsync(said, "payment", 400, "2026-03-02");
            await enter.ContributionAsync(said, "commitment", 500, "2026-03-03");
            await enter.ContributionAsync(said, "payment", 600, "2026-03-04");
            await enter.ContributionAsync(said, "refund", 200, "2026-03-05");
        });
        var activity = await ActivityAsync(fund);
        Assert.Equal([("13", "2026-01-01", 1000), ("1", "2026-02-01", 100), ("11", "2026-02-01", 100), ("1", "2026-02-02", -40), ("11", "2026-02-02", -40),
            ("13", "2026-03-01", 2000), ("1", "2026-03-02", 400), ("11", "2026-03-03", 500), ("1", "2026-03-04", 600), ("11", "2026-03-04", 500), ("1", "2026-03-05", -200), ("11", "2026-03-05", -200)],
            activity.Transactions());
        Assert.Equal((3000, 860, 860), IatiReader.Sums(activity));
        var unsaidOnes = activity.Elements("transaction").Where(t => t.Attribute("ref")!.Value.EndsWith("-committed", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, unsaidOnes.Count);
        Assert.StartsWith("Committed, since it was paid: payment of 100 USD on 2026-02-01", unsaidOnes[0].Element("description")!.Narrative(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_are_dollars_and_what_was_said_in_another_currency_stands_beside()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000, "EUR", 1100.55m, """, "qualifier": "approximate", "datePrecision": "month" """);
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "commitment", 500.5m, "KWD", more: """, "amountUsd": 1600, "settles": { "amount": 900, "currency": "EUR" }, "note": { "ar": "ملاحظة" }"""));
        var transactions = (await ActivityAsync(fund)).Elements("transaction").ToList();
        Assert.Equal([("1100.55", "1000", "EUR"), ("1600", "500.5", "KWD")],
            transactions.Select(t => t.Element("value")!).Select(v => (v.Value, (string?)v.Attribute(Own + "amount"), (string?)v.Attribute(Own + "currency"))));
        var told = transactions[0].Element("description")!;
        Assert.Equal(("Pledge of about 1,000 EUR (1,100.55 USD) in 2026-03", "تعهد بقيمة نحو 1,000 EUR (1,100.55 USD) في 2026-03"), (told.Narrative(), told.Narrative("ar")));
        // A note in one language is no text of the other.
        Assert.Equal(("Commitment of 500.500 KWD (1,600 USD) on 2026-06-01", true),
            (transactions[1].Element("description")!.Narrative(), transactions[1].Element("description")!.Narrative("ar")!.EndsWith("\nملاحظة", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Adjustments_count_where_they_count_in_figures()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        foreach (var (adjusts, amount) in ((string, decimal)[])[("pledge", -1), ("commitment", -20), ("payment", 300)])
        {
            await server.Editor.RecordAsync("/v1/adjustments", new { adjusts, amount, currency = "USD", date = "2026-05-01", donorId = donor, fundId = fund });
        }

        var activity = await ActivityAsync(fund);
        Assert.Equal([("11", "2026-05-01", -20), ("11", "2026-05-01", 300), ("1", "2026-05-01", 300)], activity.Transactions());
        var figures = await server.FiguresAsync($"/v1/funds/{fund}");
        Assert.Equal((0, figures.Committed, figures.Paid), IatiReader.Sums(activity));
    }

    [Fact]
    public async Task A_member_that_paid_for_its_group_is_the_provider_and_no_type_is_made_up_for_the_group()
    {
        var (group, member, fund) = (await server.OrganizationAsync("group"), await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(group, fund, 1000);
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 100, more: $", \"paidBy\": \"{member}\""));
        var activity = await ActivityAsync(fund);
        Assert.Equal([(group, null), (member, "10"), (member, "10")], activity.Elements("transaction").Select(t => Party(t.Element("provider-org")!)));
        Assert.Equal([(group, null), (member, "10")], activity.Elements("participating-org").Select(Party));
        Assert.All(activity.Elements("participating-org"), o => Assert.Equal("1", (string?)o.Attribute("role")));
    }

    [Fact]
    public async Task What_restates_or_passes_on_is_left_out()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var first = await server.PledgeAsync(donor, fund, 1000);
        await server.PledgeAsync(donor, fund, 300, more: $", \"restates\": \"{first}\"");
        await server.PledgeAsync(await server.OrganizationAsync("40"), fund, 200, more: $", \"passedOnFrom\": \"{first}\"");
        Assert.Equal([("13", "2026-03-01", 1000)], (await ActivityAsync(fund)).Transactions());
    }

    [Fact]
    public async Task Money_that_is_split_between_countries_is_split_so_that_nothing_is_lost_and_what_is_not_split_is_for_no_single_one()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.PledgeAsync(donor, fund, 100.01m, more: """, "countries": [{ "country": "IRQ", "share": 62.5 }, { "country": "SYR", "share": 37.5 }]""");
        await server.PledgeAsync(donor, fund, 20, announcedOn: "2026-03-02", more: """, "countries": ["IRQ", "SYR"]""");
        await server.PledgeAsync(donor, fund, 30, announcedOn: "2026-03-03", more: """, "countries": ["XKX"]""");
        await server.PledgeAsync(donor, fund, 40, announcedOn: "2006-03-04", more: """, "countries": ["SCG"]""");
        var activity = await ActivityAsync(fund);
        Assert.Equal([("998", 40), ("IQ", 62.51m), ("SY", 37.50m), ("998", 20), ("XK", 30)],
            activity.Elements("transaction").Select(t => (t.Code("recipient-country") ?? t.Code("recipient-region"), t.Value())));
        Assert.Contains("\nFor Iraq, Syria", activity.Elements("transaction").ElementAt(3).Element("description")!.Narrative(), StringComparison.Ordinal);
        Assert.Contains("\nFor Serbia and Montenegro", activity.Elements("transaction").First().Element("description")!.Narrative(), StringComparison.Ordinal);
        Assert.DoesNotContain("\nFor ", activity.Elements("transaction").ElementAt(1).Element("description")!.Narrative(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Money_that_names_no_country_goes_where_its_fund_works()
    {
        var (donor, fund, id) = (await server.OrganizationAsync(), await server.FundAsync(), server.NewId("fund"));
        await server.Editor.RecordAsync("/v1/funds", new { id, name = new { en = "A & B <c> \"d\" \uFFFF" }, kind = "appeal", countries = new[] { "YEM" }, parentId = fund, administratorId = donor, website = "https://example.org/?a=1&b=2" });
        var empty = await ActivityAsync(id);
        Assert.Equal(("YE", "99810", "1", "2026-11-21"),
            (empty.Code("recipient-country"), empty.Code("sector"), empty.Code("activity-status"), (string?)empty.Element("activity-date")!.Attribute("iso-date")));
        Assert.Equal(("A & B <c> \"d\"", "https://example.org/?a=1&b=2", $"PLEDGETRACKER-FUND-{fund}"),
            (empty.Element("title")!.Narrative()!.Trim(), empty.Element("contact-info")!.Element("website")!.Value, (string?)empty.Element("related-activity")!.Attribute("ref")));
        Assert.Equal("2", (string?)Assert.Single(empty.Elements("participating-org")).Attribute("role"));
        await server.PledgeAsync(donor, id, 40);
        var activity = await ActivityAsync(id);
        Assert.Equal((null, "YE", (donor, "10")), (activity.Element("recipient-country"), Assert.Single(activity.Elements("transaction")).Code("recipient-country"),
            Party(activity.Element("transaction")!.Element("receiver-org")!)));
        Assert.Equal(["1", "2"], activity.Elements("participating-org").Select(o => (string?)o.Attribute("role")));
    }

    [Fact]
    public async Task Sectors_instruments_and_earmarking_have_codes_where_they_surely_mean_the_same()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        string[] instruments = ["grant", "loan", "guarantee", "credit_line", "investment", "in_kind", "mou", "unspecified"];
        foreach (var (i, instrument) in instruments.Index())
        {
            string?[] earmarked = ["unearmarked", "softly_earmarked", "earmarked", "tightly_earmarked", null];
            string[][] sectors = [["72010"], ["15220"], ["72010", "15220"], []];
            await server.Editor.RecordAsync("/v1/pledges", new
            {
                donors = new[] { new { donorId = donor, amount = 10 + i } }, currency = "USD", announcedOn = $"2026-03-0{i + 1}", fundId = fund, instrument, earmarking = earmarked[i % 5] ?? "earmarked", sectors = sectors[i % 4],
            });
        }

        var transactions = (await ActivityAsync(fund)).Elements("transaction").ToList();
        Assert.Equal(["110", "421", "1100", null, null, null, null, null], transactions.Select(t => t.Code("finance-type")));
        Assert.Equal(["1", "2", "3", "4", "3", "1", "2", "3"], transactions.Select(t => t.Code("aid-type")));
        Assert.Equal(["72010", "15220", "99810", "99810", "72010", "15220", "99810", "99810"], transactions.Select(t => t.Code("sector")));
        Assert.Equal(["1", null, null, null, "1", null, null, null], transactions.Select(t => (string?)t.Attribute("humanitarian")));
        Assert.Contains("\nSectors 72010, 15220", transactions[2].Element("description")!.Narrative(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requirements_are_budgets_and_what_was_revised_is_shown_before_it_where_it_was_of_the_same_period()
    {
        var fund = await server.FundAsync();
        foreach (var (kind, amount, from, to, on) in ((string, int, string, string, string)[])[("original", 100, "2026-01-01", "2026-12-31", "2026-01-01"), ("original", 110, "2026-01-01", "2026-12-31", "2026-01-02"),
            ("revised", 120, "2026-01-01", "2026-12-31", "2026-01-03"), ("revised", 130, "2026-01-01", "2026-12-31", "2026-01-04"), ("original", 200, "2027-01-01", "2027-06-30", "2026-01-05"),
            ("revised", 300, "2027-01-01", "2027-12-31", "2026-01-06")])
        {
            await server.Editor.RecordAsync("/v1/requirements", new { fundId = fund, kind, amount, currency = "EUR", amountUsd = amount + 1, periodStart = from, periodEnd = to, statedOn = on });
        }

        Assert.Equal([("1", "2026-01-01", "2026-12-31", 111, "110"), ("2", "2026-01-01", "2026-12-31", 131, "130"), ("2", "2027-01-01", "2027-12-31", 301, "300")],
            (await ActivityAsync(fund)).Elements("budget").Select(b => ((string?)b.Attribute("type"), (string?)b.Element("period-start")!.Attribute("iso-date"), (string?)b.Element("period-end")!.Attribute("iso-date"),
                b.Value(), (string?)b.Element("value")!.Attribute(Own + "amount"))));
    }

    [Fact]
    public async Task What_a_fund_needs_for_more_than_a_year_is_told_in_words_since_IATI_has_no_such_budget()
    {
        var fund = await server.FundAsync();
        foreach (var (amount, from, to) in ((int, string, string)[])[(100, "2024-02-29", "2025-02-28"), (200, "2026-01-01", "2027-01-01"), (300, "2028-01-01", "2029-01-02"), (400, "2030-01-01", "2050-12-31")])
        {
            await server.Editor.RecordAsync("/v1/requirements", new { fundId = fund, kind = "original", amount, currency = "USD", periodStart = from, periodEnd = to, statedOn = "2026-01-01", statedBy = new { ar = "الصندوق" } });
        }

        var activity = await ActivityAsync(fund);
        Assert.Equal([100, 200], activity.Elements("budget").Select(b => b.Value()));
        Assert.Equal([("Original requirement, from 2028-01-01 to 2029-01-02: 300 USD, stated on 2026-01-01 by الصندوق", "الاحتياج الأصلي من 2028-01-01 إلى 2029-01-02: 300 USD، ورد في 2026-01-01 عن الصندوق"),
            ("Original requirement, from 2030-01-01 to 2050-12-31: 400 USD, stated on 2026-01-01 by الصندوق", "الاحتياج الأصلي من 2030-01-01 إلى 2050-12-31: 400 USD، ورد في 2026-01-01 عن الصندوق")],
            activity.Elements("description").Where(d => (string?)d.Attribute("type") == "4").Select(d => (d.Narrative(), d.Narrative("ar"))));
    }

    [Fact]
    public async Task Nothing_that_happened_is_in_the_future_nor_before_the_start()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000, announcedOn: "2026-12-31", more: """, "datePrecision": "year" """);
        Assert.Equal(("2", "2026-11-21"), (await StartAsync(pledge, "2026-11-30", """, "datePrecision": "month" """)));
        Assert.Equal(("2", "2026-03-05"), (await StartAsync(pledge, "2026-03-05", "")));
        var transactions = (await ActivityAsync(fund)).Elements("transaction").ToList();
        Assert.Equal([("11", "2026-03-05"), ("13", "2026-11-21"), ("11", "2026-11-21")],
            transactions.Select(t => (t.Code("transaction-type")!, (string)t.Element("transaction-date")!.Attribute("iso-date")!)));
        Assert.All(transactions, t => Assert.Equal((string?)t.Element("transaction-date")!.Attribute("iso-date"), (string?)t.Element("value")!.Attribute("value-date")));
        Assert.Equal(["Commitment of 10 USD on 2026-03-05", "Pledge of 1,000 USD in 2026", "Commitment of 10 USD in 2026-11"], transactions.Select(t => t.Element("description")!.Narrative()));

        async Task<(string?, string?)> StartAsync(string under, string date, string more)
        {
            await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(under, "commitment", 10, date: date, more: more));
            var start = Assert.Single((await ActivityAsync(fund)).Elements("activity-date"));
            return ((string?)start.Attribute("type"), (string?)start.Attribute("iso-date"));
        }
    }

    [Fact]
    public async Task What_is_outstanding_is_planned_for_the_days_on_which_it_falls_due()
    {
        var (donor, other, fund) = (await server.OrganizationAsync(), await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000, "EUR", 1100.01m,
            """, "dueOn": "2028-06-30", "instalments": [{ "dueOn": "2027-12-31", "amount": 300 }, { "dueOn": "2026-12-31", "amount": 300 }]""");
        await server.Editor.RecordAsync("/v1/contributions", WriteServer.Under(pledge, "payment", 400, "EUR", more: """, "amountUsd": 450"""));
        await server.Editor.RecordAsync("/v1/pledges", new
        {
            donors = new[] { new { donorId = donor, amount = 30 }, new { donorId = other, amount = 20 } }, currency = "USD", announcedOn = "2026-03-02", fundId = fund, instrument = "grant", dueOn = "2029-01-01",
        });
        await server.PledgeAsync(donor, fund, 77);
        var planned = (await ActivityAsync(fund)).Elements("planned-disbursement").ToList();
        // 600 of 1,000 euros are outstanding: 660.01 dollars.
        Assert.Equal([("2027-12-31", 220m, "200", donor), ("2028-06-30", 440.01m, "400", donor), ("2029-01-01", 50, null, null)],
            planned.Select(p => ((string?)p.Element("period-start")!.Attribute("iso-date"), p.Value(), (string?)p.Element("value")!.Attribute(Own + "amount"), p.Element("provider-org") is { } party ? Party(party).Id : null)));
        Assert.Equal((await server.FiguresAsync($"/v1/funds/{fund}")).Outstanding - 77, planned.Sum(p => p.Value()));
    }

    [Fact]
    public async Task Money_outside_of_funds_has_an_activity_for_each_recipient_and_one_for_what_names_none()
    {
        var (donor, fund, recipient, old) = (await server.OrganizationAsync(), await server.FundAsync(), await server.OrganizationAsync("22"), await server.OrganizationAsync("22"));
        async Task GiveAsync(string? fundId, string? recipientId, int amount) => await server.Editor.RecordAsync("/v1/pledges", new
        {
            donors = new[] { new { donorId = donor, amount } }, currency = "USD", announcedOn = "2026-03-02", fundId, recipientId, instrument = "grant", countries = new[] { "LBN" },
        });
        await GiveAsync(fund, recipient, 1);
        await GiveAsync(null, recipient, 20);
        await GiveAsync(null, old, 300);
        await GiveAsync(null, null, 4000);
        await server.Admin.RecordAsync($"/v1/organizations/{old}/merge-into/{recipient}", "{}");
        var activities = (await IatiReader.ActivitiesAsync(server.Client)).ToDictionary(IatiReader.Identifier);
        Assert.Equal([1], activities[$"PLEDGETRACKER-FUND-{fund}"].Elements("transaction").Select(t => t.Value()));
        Assert.Equal(["1 " + donor, "4 " + recipient], activities[$"PLEDGETRACKER-FUND-{fund}"].Elements("participating-org").Select(o => $"{(string?)o.Attribute("role")} {Party(o).Id}"));
        Assert.Equal([20, 300], activities[$"PLEDGETRACKER-RECIPIENT-{recipient}"].Elements("transaction").Select(t => t.Value()));
        Assert.DoesNotContain($"PLEDGETRACKER-RECIPIENT-{old}", activities.Keys);
        var rest = activities["PLEDGETRACKER-UNSPECIFIED"];
        Assert.Contains(4000, rest.Elements("transaction").Select(t => t.Value()));
        Assert.All(rest.Elements("transaction"), t => Assert.Null(t.Element("receiver-org")));
        await IatiReader.CheckAllAsync(server.Client);
    }

    private async Task<XElement> ActivityAsync(string fund)
    {
        await IatiReader.CheckFundsAsync(server.Client, fund);
        return Assert.Single(await IatiReader.ActivitiesAsync(server.Client, $"?fund={fund}"));
    }

    private static (string? Id, string? Type) Party(XElement party) => (((string?)party.Attribute("ref"))?["PLEDGETRACKER-ORG-".Length..], (string?)party.Attribute("type"));
}
