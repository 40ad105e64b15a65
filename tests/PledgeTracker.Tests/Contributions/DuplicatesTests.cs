namespace PledgeTracker.Tests.Contributions;

/// <summary>One payment is recorded once, by whomever it is told.</summary>
public sealed class DuplicatesTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Path = "/v1/contributions";

    [Fact]
    public async Task Ones_own_payment_of_the_same_day_is_a_possible_duplicate_and_one_of_another_day_is_not()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        foreach (var client in new[] { recorder, server.Editor })
        {
            var other = await server.FundAsync();
            var first = await client.RecordAsync(Path, WriteServer.Direct(donor, other, "payment", 500));
            var refused = await client.RefusedAsync(Path, WriteServer.Direct(donor, other, "payment", 500), 409, "possible_duplicate");
            Assert.Equal($"{Path}/{first.Id()}", refused.Body.Text("existing"));
            await client.RecordAsync(Path, WriteServer.Direct(donor, other, "payment", 500, date: "2026-06-02"));
            await client.RecordAsync(Path, WriteServer.Direct(donor, other, "payment", 501));
            await client.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", client == recorder ? 500 : 600));
            Assert.Equal(1501, (await server.FiguresAsync($"/v1/funds/{other}")).Paid);
        }
    }

    [Fact]
    public async Task A_commitment_that_is_sent_twice_is_a_possible_duplicate_as_a_payment_is()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var first = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "commitment", 500));
        var refused = await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "commitment", 500), 409, "possible_duplicate");
        Assert.Equal($"{Path}/{first.Id()}", refused.Body.Text("existing"));
        Assert.StartsWith("A commitment of this amount", refused.Body.Text("detail"), StringComparison.Ordinal);
        // A payment of what was committed is another thing, and so is what bears another number of one system.
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 500));
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "commitment", 500, more: """, "distinctFrom": "all" """));
        Assert.Equal((1500, 500), (await server.FiguresAsync($"/v1/funds/{fund}")) is var figures ? (figures.Committed, figures.Paid) : default);
    }

    [Fact]
    public async Task A_country_alone_is_a_destination_in_which_doubles_and_refunds_are_found()
    {
        var donor = await server.OrganizationAsync();
        var paid = await server.Editor.RecordAsync(Path, Body("payment", "SYR"));
        Assert.Equal((null, null), (paid.RefId("fund"), paid.RefId("recipient")));
        await server.Editor.RefusedAsync(Path, Body("payment", "SYR"), 409, "possible_duplicate");
        await server.Editor.RecordAsync(Path, Body("payment", "IRQ"));
        await server.Editor.RecordAsync(Path, Body("refund", "SYR"));
        await server.Editor.RefusedAsync(Path, Body("refund", "LBN"), 409, "not_enough_then");
        Assert.Equal(500, (await server.FiguresAsync($"/v1/donors/{donor}")).Paid);
        await server.Editor.RefusedAsync(Path, Body("payment", "SYR").Replace("\"SYR\"", "", StringComparison.Ordinal), 400, "invalid_request", "/fundId");

        string Body(string stage, string country) => $$"""
            { "donorId": "{{donor}}", "countries": ["{{country}}"], "stage": "{{stage}}", "amount": 500, "currency": "USD", "date": "2026-06-01" }
            """;
    }

    [Fact]
    public async Task Every_candidate_is_named_and_of_more_than_a_hundred_it_is_said_how_many_there_are()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await RecordAsync(1, 25);
        var some = await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 500), 409, "possible_duplicate");
        Assert.Equal((25, false), (some.Body.GetProperty("candidates").GetArrayLength(), some.Body.TryGetProperty("candidatesInAll", out _)));
        var taken = await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "refund", 500), 409, "conflict");
        Assert.Equal(25, taken.Body.GetProperty("candidates").GetArrayLength());
        await RecordAsync(26, 105);
        var many = await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 500), 409, "possible_duplicate");
        Assert.Equal((100, 105), (many.Body.GetProperty("candidates").GetArrayLength(), many.Body.GetProperty("candidatesInAll").GetInt32()));
        Assert.Equal(105, (await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "refund", 500), 409, "conflict")).Body.GetProperty("candidatesInAll").GetInt32());

        Task RecordAsync(int first, int last) => server.Editor.RecordAsync($"{Path}/batch",
            $$"""{ "contributions": [{{string.Join(',', Enumerable.Range(first, last - first + 1).Select(i => WriteServer.Direct(donor, fund, "payment", 500, more: $", \"externalId\": \"{fund}/{i}\"")))}}] }""");
    }

    [Fact]
    public async Task All_said_twice_is_all()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var first = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 500));
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 500, more: """, "distinctFrom": ["all", "all"] """));
        var refused = await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 500, more: $$""", "distinctFrom": ["all", "{{first.Id()}}"] """), 400, "invalid_request", "/distinctFrom/0");
        Assert.Equal("Send the ids of contributions, or all alone.", refused.Body.GetProperty("errors")[0].Text("detail"));
    }

    [Fact]
    public async Task Three_clicks_pay_once()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => recorder.SendAsync(HttpMethod.Post, Path, WriteServer.Direct(donor, fund, "payment", 500))));
        Assert.Equal([201, 409, 409], replies.Select(r => (int)r.Status).Order());
        Assert.Equal(500, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task Every_candidate_is_told_and_each_or_all_may_be_said_to_be_distinct()
    {
        var (donor, recipient) = (await server.OrganizationAsync(), await server.OrganizationAsync("22"));
        using var asDonor = await server.ClientAsync("recorder", donor);
        using var asRecipient = await server.ClientAsync("recorder", recipient);
        var first = (await asDonor.RecordAsync(Path, Body("2026-06-01"))).Id();
        var second = (await asDonor.RecordAsync(Path, Body("2026-06-02"))).Id();
        var refused = await asRecipient.RefusedAsync(Path, Body("2026-06-03"), 409, "possible_duplicate");
        Assert.Contains(first, refused.Text, StringComparison.Ordinal);
        Assert.Contains(second, refused.Text, StringComparison.Ordinal);
        var one = await asRecipient.RefusedAsync(Path, Body("2026-06-03", $"\"{first}\""), 409, "possible_duplicate");
        Assert.DoesNotContain(first, one.Text, StringComparison.Ordinal);
        Assert.Contains(second, one.Text, StringComparison.Ordinal);
        await asRecipient.RecordAsync(Path, Body("2026-06-03", $"[\"{first}\", \"{second}\"]"));
        await asRecipient.RecordAsync(Path, Body("2026-06-04", "\"all\""));
        Assert.Equal(2000, (await server.FiguresAsync($"/v1/donors/{donor}")).Paid);

        string Body(string date, string? distinctFrom = null) => $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": 500, "currency": "USD",
              "date": "{{date}}"{{(distinctFrom is null ? "" : $", \"distinctFrom\": {distinctFrom}")}} }
            """;
    }

    [Fact]
    public async Task A_payment_under_a_pledge_and_the_same_one_recorded_directly_are_possible_duplicates()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        await server.Editor.RecordAsync(Path, WriteServer.Under(pledge, "payment", 500));
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 500), 409, "possible_duplicate");
        await server.Editor.RefusedAsync(Path, WriteServer.Under(pledge, "payment", 500), 409, "possible_duplicate");
        Assert.Equal(500, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task A_payment_that_was_reversed_has_no_double()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var wrong = await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 500));
        await server.Editor.RecordAsync($"/v1/entries/{wrong.Id()}/reversal", """{ "reason": { "en": "Entered by mistake" } }""");
        await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 500));
        Assert.Equal(500, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task Records_with_different_numbers_of_one_system_are_never_suspected()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RecordAsync(Path, Numbered("1"));
        await server.Editor.RecordAsync(Path, Numbered("2"));
        await server.Editor.RefusedAsync(Path, WriteServer.Direct(donor, fund, "payment", 500), 409, "possible_duplicate");
        await server.Editor.RefusedAsync(Path, Numbered("3", "another-system"), 409, "possible_duplicate");
        Assert.Equal(1000, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);

        string Numbered(string number, string system = "fts") =>
            WriteServer.Direct(donor, fund, "payment", 500, more: $$""", "externalSystem": "{{system}}", "externalId": "{{fund}}-{{number}}" """);
    }
}
