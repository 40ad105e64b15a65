using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Tests.Db;
using PledgeTracker.Tests.Ledger;

namespace PledgeTracker.Tests.Shortfalls;

/// <summary>One payment covers one period, and one statement.</summary>
public sealed class CoverageTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Contributions = "/v1/contributions";

    [Theory]
    // Two fiscal years; two halves of a year; a payment in January for what begins in February.
    [InlineData("2024-04-01 2025-03-31", "2025-04-01 2026-03-31", "2025-06-01", 0, 400)]
    [InlineData("2025-01-01 2025-06-30", "2025-07-01 2025-12-31", "2025-09-01", 0, 400)]
    [InlineData("2024-02-01 2025-01-31", "2025-02-01 2026-01-31", "2025-01-15", 400, 0)]
    public async Task One_payment_covers_the_period_that_its_day_lies_in_and_no_other(string one, string other, string day, int coversOne, int coversOther)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (first, second) = (await RequireAsync(fund, one), await RequireAsync(fund, other));
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 400, date: day));
        Assert.Equal((coversOne, coversOther), (await CoveredAsync(first), await CoveredAsync(second)));
        Assert.Equal((1000 - coversOne, 1000 - coversOther), ((await CoverageAsync(first)).Number("remaining"), (await CoverageAsync(second)).Number("remaining")));
        Assert.Equal((0, 0), (await AcrossAsync(first), await AcrossAsync(second)));
    }

    [Fact]
    public async Task A_payment_before_the_only_period_does_not_cover_it()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var requirement = await RequireAsync(fund, "2025-02-01 2026-01-31");
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 400, date: "2025-01-15"));
        Assert.Equal(0, await CoveredAsync(requirement));
    }

    [Fact]
    public async Task Money_paid_in_one_year_for_the_next_covers_the_next_alone()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (half, year) = (await RequireAsync(fund, "2024-07-01 2024-12-31"), await RequireAsync(fund, "2025-01-01 2025-12-31"));
        await PayForYearsAsync(donor, fund, 400, "2024-12-20", "[2025]");
        Assert.Equal((0, 400), (await CoveredAsync(half), await CoveredAsync(year)));
    }

    [Fact]
    public async Task Money_for_a_year_that_no_whole_year_requirement_speaks_of_covers_the_period_of_its_day()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (one, other) = (await RequireAsync(fund, "2024-07-01 2025-06-30"), await RequireAsync(fund, "2025-07-01 2026-06-30"));
        await PayForYearsAsync(donor, fund, 400, "2024-12-20", "[2025]");
        Assert.Equal((400, 0), (await CoveredAsync(one), await CoveredAsync(other)));
    }

    [Fact]
    public async Task Money_for_several_years_covers_the_period_that_holds_them_all_and_is_else_across_periods()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (both, third) = (await RequireAsync(fund, "2024-01-01 2025-12-31"), await RequireAsync(fund, "2026-01-01 2026-12-31"));
        await PayForYearsAsync(donor, fund, 400, "2024-06-01", "[2024, 2025]");
        await PayForYearsAsync(donor, fund, 30, "2025-06-01", "[2025, 2026]");
        Assert.Equal((400, 0), (await CoveredAsync(both), await CoveredAsync(third)));
        Assert.Equal((30, 30), (await AcrossAsync(both), await AcrossAsync(third)));
        Assert.Equal(430, (await server.FiguresAsync($"/v1/funds/{fund}")).Committed);
    }

    [Fact]
    public async Task Money_for_one_year_that_no_period_holds_is_across_none()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var year = await RequireAsync(fund, "2025-01-01 2025-12-31");
        await PayForYearsAsync(donor, fund, 400, "2025-06-01", "[2026]");
        Assert.Equal((0, 0), (await CoveredAsync(year), await AcrossAsync(year)));
    }

    [Fact]
    public async Task A_requirement_without_a_period_is_covered_by_all_that_was_committed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var requirement = await RequireAsync(fund, null);
        await PayForYearsAsync(donor, fund, 400, "2024-06-01", "[2024, 2025]");
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "commitment", 30, date: "2020-01-15"));
        Assert.Equal((430, 0), (await CoveredAsync(requirement), await AcrossAsync(requirement)));
    }

    [Fact]
    public async Task Money_taken_back_comes_off_the_latest_first_and_belongs_where_that_lay()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (first, second, third) = (await RequireAsync(fund, "2024-01-01 2024-12-31"), await RequireAsync(fund, "2025-01-01 2025-12-31"), await RequireAsync(fund, "2026-01-01 2026-12-31"));
        var header = (await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 300, date: "2024-06-01"))).Text("pledgeId")!;
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(header, "payment", 200, date: "2025-06-01"));
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(header, "refund", 250, date: "2026-02-01"));
        Assert.Equal((250, 0, 0), (await CoveredAsync(first), await CoveredAsync(second), await CoveredAsync(third)));
        Assert.Equal(750, (await CoverageAsync(first)).Number("remaining"));
    }

    [Fact]
    public async Task Promises_do_not_cover_a_requirement_until_they_bind()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var requirement = await RequireAsync(fund, "2026-01-01 2026-12-31");
        var pledge = await server.PledgeAsync(donor, fund, 900);
        Assert.Equal((900, 0), ((await CoverageAsync(requirement)).Number("pledgedSince"), await CoveredAsync(requirement)));
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "commitment", 600));
        Assert.Equal(600, await CoveredAsync(requirement));
    }

    [Theory]
    // By its usage years; by its day; and in neither period, by the statement that ends first.
    [InlineData("2025-06-01", "[2026]", 0, 400)]
    [InlineData("2025-08-01", "[2024]", 400, 0)]
    [InlineData("2025-08-01", null, 400, 0)]
    [InlineData("2026-08-01", null, 0, 400)]
    [InlineData("2025-03-01", null, 400, 0)]
    [InlineData("2025-03-01", "[2024]", 400, 0)]
    public async Task Money_in_the_windows_of_two_current_statements_covers_one_of_them(string day, string? years, int coversOne, int coversOther)
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var (one, other) = (await StateAsync(fund, "2025-01-01", "2025-07-01 2025-12-31"), await StateAsync(fund, "2025-01-02", "2026-01-01 2026-12-31"));
        if (years is null)
        {
            await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 400, date: day));
        }
        else
        {
            await PromiseForYearsAsync(donor, fund, 400, day, years);
        }

        Assert.Equal((coversOne, coversOther), (await CoveredAsync(one), await CoveredAsync(other)));
        Assert.Equal((0, 0), (await AcrossAsync(one), await AcrossAsync(other)));
    }

    [Fact]
    public async Task Money_of_before_a_statement_or_of_its_own_day_does_not_cover_it_and_the_day_it_counts_from_decides()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var today = await StateAsync(fund, "2026-11-21", null);
        // Given for tomorrow, it counts from today: it was no news to a statement of today.
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 400, date: "2026-11-22"));
        Assert.Equal(0, await CoveredAsync(today));
    }

    [Fact]
    public async Task A_promise_in_a_window_counts_net_of_what_became_of_it()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var stated = await StateAsync(fund, "2026-01-01", null);
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/revisions", """{ "change": -100, "date": "2026-04-01" }""");
        await server.Editor.RecordAsync($"/v1/pledges/{pledge}/withdrawals", """{ "amount": 300, "date": "2026-05-01" }""");
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", 50));
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "commitment", 70));
        var coverage = await CoverageAsync(stated);
        Assert.Equal((600, 120, 50, 670, 330), (coverage.Number("pledgedSince"), coverage.Number("committedSince"), coverage.Number("paidSince"), coverage.Number("covered"), coverage.Number("remaining")));
    }

    [Fact]
    public async Task What_covers_is_kept_apart_by_instrument_and_adds_up()
    {
        var (donor, fund, above) = (await server.OrganizationAsync(), server.NewId("fund"), await server.FundAsync());
        await server.Editor.RecordAsync("/v1/funds", new { id = fund, name = new { en = fund }, kind = "programme", parentId = above });
        var (stated, year) = (await StateAsync(fund, "2026-01-01", null), await RequireAsync(fund, "2026-01-01 2026-12-31"));
        await server.PledgeAsync(donor, fund, 100, instrument: "loan");
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(await server.PledgeAsync(donor, fund, 300), "payment", 50));
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "commitment", 70, more: """, "instrument": "loan" """));
        // For two years it is in no period, and it is the only guarantee; what was reversed is no more.
        await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "commitment", 9, more: """, "instrument": "guarantee", "usageYears": [2026, 2027]"""));
        var mistaken = await server.Editor.RecordAsync(Contributions, WriteServer.Direct(donor, fund, "payment", 8, more: """, "instrument": "in_kind" """));
        await server.Editor.RecordAsync($"/v1/entries/{mistaken.Id()}/reversal", """{ "reason": { "en": "A mistake" } }""");
        await server.PledgeAsync(donor, above, 7, instrument: "mou");
        await server.PledgeAsync(donor, above, 6, instrument: "grant");

        var coverage = await CoverageAsync(stated);
        Assert.Equal(["grant 300 50 50 300 0", "guarantee 0 9 0 9 0", "loan 100 70 0 170 0"], ByInstrument(coverage));
        Assert.Equal((400, 129, 50, 479), (coverage.Number("pledgedSince"), coverage.Number("committedSince"), coverage.Number("paidSince"), coverage.Number("covered")));
        var related = Assert.Single(coverage.GetProperty("related").EnumerateArray());
        Assert.Equal((above, 13), (related.RefId("fund"), related.Number("pledgedSince")));
        Assert.Equal([("grant", 6), ("mou", 7)], related.GetProperty("byInstrument").EnumerateArray().Select(i => (i.Text("instrument"), i.GetProperty("figures").Number("pledgedSince"))));
        coverage = await CoverageAsync(year);
        Assert.Equal(["grant 300 50 50 50 0", "guarantee 0 0 0 0 9", "loan 100 70 0 70 0"], ByInstrument(coverage));
        Assert.Equal((120, 9, 880), (coverage.Number("covered"), coverage.Number("acrossPeriods"), coverage.Number("remaining")));

        // Alone, in a list and with its fund it is the same.
        var listed = await server.AllAsync($"/v1/shortfalls?fund={fund}");
        Assert.Equal(2, listed.Count);
        foreach (var shown in listed.Concat((await server.GetAsync($"/v1/funds/{fund}")).GetProperty("currentShortfalls").EnumerateArray()))
        {
            Assert.True(JsonElement.DeepEquals(await CoverageAsync(shown.Id()), shown.GetProperty("coverage")), shown.GetRawText());
        }

        using var database = PlainConnection.Open(server);
        await Recomputation.CheckCoverageAsync(database, server.Client, fund);
    }

    [Fact]
    public async Task Where_nothing_has_come_in_there_is_nothing_to_keep_apart()
    {
        var coverage = await CoverageAsync(await StateAsync(await server.FundAsync(), "2026-01-01", null));
        Assert.Equal((0, 0), (coverage.Number("covered"), coverage.GetProperty("byInstrument").GetArrayLength()));
    }

    private static IEnumerable<string> ByInstrument(JsonElement coverage) => coverage.GetProperty("byInstrument").EnumerateArray().Select(i =>
        $"{i.Text("instrument")} {string.Join(' ', ((string[])["pledgedSince", "committedSince", "paidSince", "covered", "acrossPeriods"]).Select(member => i.GetProperty("figures").Number(member)))}");

    private sealed record Money(int Day, int Amount, int Years, bool Agreed, int TakenBack, int TakenBackDays, string Instrument);

    // Whole years, halves, fiscal years, odd ends and gaps between them; money for one year, for several or for none, and given back later.
    private static readonly Gen<(int[] Ends, Money[] Money)> Plans =
        from ends in Gen.ArrayOf(Gen.Elements(90, 181, 365, 366, 31, 400, 731), 4)
        from many in Gen.Choose(1, 8)
        from money in Gen.ArrayOf(
            from day in Gen.Choose(0, 1400)
            from amount in Gen.Choose(10, 400)
            from years in Gen.Choose(0, 5)
            from agreed in Gen.Elements(true, false)
            from back in Gen.Choose(0, 3)
            from later in Gen.Choose(0, 300)
            from instrument in Gen.Elements("grant", "loan", "in_kind")
            select new Money(day, amount, years, agreed, back, later, instrument), many)
        select (ends, money);

    private static readonly string?[] UsageYears = [null, null, "[2023]", "[2024]", "[2023, 2024]", "[2022, 2024, 2025]"];

    [Fact]
    public void Over_periods_that_do_not_overlap_nothing_is_covered_twice() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(20), Prop.ForAll(Arb.From(Plans), plan => CheckAsync(plan.Ends, plan.Money, requirements: true).GetAwaiter().GetResult()));

    [Fact]
    public void Two_current_statements_never_count_one_amount_twice() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(20), Prop.ForAll(Arb.From(Plans), plan => CheckAsync(plan.Ends, plan.Money, requirements: false).GetAwaiter().GetResult()));

    private async Task CheckAsync(int[] lengths, Money[] money, bool requirements)
    {
        var first = new DateOnly(2022, 1, 1);
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var statements = new List<string>();
        var start = first;
        foreach (var (length, i) in lengths.Select((length, i) => (length, i)))
        {
            // A period of a year is a calendar year now and then.
            var end = length == 366 ? new DateOnly(start.Year, 12, 31) : start.AddDays(length);
            var period = $"{Iso(start)} {Iso(end)}";
            statements.Add(requirements ? await RequireAsync(fund, period) : await StateAsync(fund, Iso(first.AddDays(i)), period));
            start = end.AddDays(length == 31 ? 20 : 1);
        }

        foreach (var one in money)
        {
            var day = first.AddDays(one.Day);
            var header = UsageYears[one.Years] is { } years
                ? await server.PledgeAsync(donor, fund, 500, more: $", \"usageYears\": {years}", instrument: one.Instrument, announcedOn: Iso(day))
                : null;
            var stage = one.Agreed ? "commitment" : "payment";
            const string Distinct = """, "distinctFrom": "all" """;
            var made = await server.Editor.RecordAsync(Contributions, header is null
                ? WriteServer.Direct(donor, fund, stage, one.Amount, date: Iso(day), more: $"{Distinct}, \"instrument\": \"{one.Instrument}\"")
                : WriteServer.Under(header, stage, one.Amount, date: Iso(day), more: Distinct));
            if (one.TakenBack > 0)
            {
                await server.Editor.RecordAsync(Contributions,
                    WriteServer.Under(made.Text("pledgeId")!, one.Agreed ? "release" : "refund", Math.Max(1, one.Amount / one.TakenBack), date: Iso(day.AddDays(one.TakenBackDays))));
            }
        }

        var coverages = new List<JsonElement>();
        foreach (var statement in statements)
        {
            coverages.Add(await CoverageAsync(statement));
        }

        var across = coverages[0].Number("acrossPeriods");
        Assert.All(coverages, c => Assert.Equal(across, c.Number("acrossPeriods")));
        var committed = (await server.FiguresAsync($"/v1/funds/{fund}")).Committed;
        Assert.True(coverages.Sum(c => c.Number("committedSince")) + across <= committed, $"{string.Join(", ", coverages)}: {committed}");
        Assert.True(requirements || across == 0);
        Assert.True(!requirements || coverages.Sum(c => c.Number("covered")) + across <= committed, $"{string.Join(", ", coverages)}: {committed}");
        using var database = PlainConnection.Open(server);
        await Recomputation.CheckCoverageAsync(database, server.Client, fund);
    }

    private async Task<string> RequireAsync(string fund, string? period) => (await server.Editor.RecordAsync("/v1/requirements", $$"""
        { "fundId": "{{fund}}", "kind": "original", "amount": 1000, "currency": "USD", "statedOn": "2024-01-01"{{Ends(period)}} }
        """)).Id();

    private async Task<string> StateAsync(string fund, string statedOn, string? period) => (await server.Editor.RecordAsync("/v1/shortfalls", $$"""
        { "fundId": "{{fund}}", "amount": 1000, "currency": "USD", "statedOn": "{{statedOn}}"{{Ends(period)}} }
        """)).Id();

    private static string Ends(string? period) => period is null ? "" : $", \"periodStart\": \"{period.Split(' ')[0]}\", \"periodEnd\": \"{period.Split(' ')[1]}\"";

    private Task<string> PromiseForYearsAsync(string donor, string fund, int amount, string day, string years) =>
        server.PledgeAsync(donor, fund, amount, more: $", \"usageYears\": {years}", announcedOn: day);

    private async Task PayForYearsAsync(string donor, string fund, int amount, string day, string years)
    {
        var pledge = await PromiseForYearsAsync(donor, fund, amount, day, years);
        await server.Editor.RecordAsync(Contributions, WriteServer.Under(pledge, "payment", amount, date: day));
    }

    private async Task<JsonElement> CoverageAsync(string statement) => (await server.GetAsync($"/v1/shortfalls/{statement}")).GetProperty("coverage");

    private async Task<decimal> CoveredAsync(string statement) => (await CoverageAsync(statement)).Number("covered");

    private async Task<decimal> AcrossAsync(string statement) => (await CoverageAsync(statement)).Number("acrossPeriods");

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
