using System.Net;

namespace PledgeTracker.Tests.Contributions;

/// <summary>A contribution's number belongs to the system that gave it.</summary>
public sealed class ExternalSystemTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Path = "/v1/contributions";

    [Fact]
    public async Task Numbers_of_two_systems_do_not_meet()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var fts = await server.Editor.RecordAsync(Path, Body(donor, fund, 10, "2026-01-01", "fts", "S-1"));
        var iati = await server.Editor.RecordAsync(Path, Body(donor, fund, 20, "2026-02-01", "iati", "S-1"));
        var own = await server.Editor.RecordAsync(Path, Body(donor, fund, 30, "2026-03-01", null, "S-1"));
        Assert.Equal(3, new[] { fts.Id(), iati.Id(), own.Id() }.Distinct().Count());
        Assert.Equal(("fts", "S-1"), (fts.Text("externalSystem"), fts.Text("externalId")));
        Assert.Null(own.Text("externalSystem"));
        Assert.Equal("iati", (await server.GetAsync($"{Path}/{iati.Id()}")).Text("externalSystem"));
        Assert.Equal("fts", Assert.Single(await server.LedgerAsync(fts.Text("pledgeId")!)).Text("externalSystem"));
    }

    [Fact]
    public async Task One_number_of_one_system_is_one_record_whoever_sends_it()
    {
        var (donor, recipient) = (await server.OrganizationAsync(), await server.OrganizationAsync("22"));
        var body = $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": 10, "currency": "USD", "date": "2026-01-01",
              "externalSystem": "fts", "externalId": "S-2" }
            """;
        using var giver = await server.ClientAsync("recorder", donor);
        using var taker = await server.ClientAsync("recorder", recipient);
        var made = await giver.RecordAsync(Path, body);
        var again = await taker.SendAsync(HttpMethod.Post, Path, body);
        Assert.Equal((HttpStatusCode.OK, made.Id()), (again.Status, again.Body.Id()));
        var other = await taker.RefusedAsync(Path, body.Replace("\"amount\": 10", "\"amount\": 11", StringComparison.Ordinal), 409, "conflict", "/amount");
        Assert.Equal($"{Path}/{made.Id()}", other.Body.Text("existing"));
    }

    [Fact]
    public async Task Without_a_system_a_number_is_its_organizations_own()
    {
        var (donor, recipient) = (await server.OrganizationAsync(), await server.OrganizationAsync("22"));
        using var giver = await server.ClientAsync("recorder", donor);
        using var taker = await server.ClientAsync("recorder", recipient);
        var given = await giver.RecordAsync(Path, Payment(10, "2026-01-01"));
        var taken = await taker.RecordAsync(Path, Payment(25, "2026-05-01"));
        Assert.NotEqual(given.Id(), taken.Id());

        string Payment(int amount, string date) => $$"""
            { "donorId": "{{donor}}", "recipientId": "{{recipient}}", "stage": "payment", "amount": {{amount}}, "currency": "USD", "date": "{{date}}", "externalId": "S-3" }
            """;
    }

    [Fact]
    public async Task A_system_without_a_number_is_refused()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RefusedAsync(Path, Body(donor, fund, 10, "2026-01-01", "fts", null), 400, "invalid_request", "/externalId");
        await server.Editor.RefusedAsync(Path, Body(donor, fund, 10, "2026-01-01", new string('x', 101), "S-4"), 400, "invalid_request", "/externalSystem");
    }

    [Fact]
    public async Task A_number_keeps_its_system_when_its_contribution_is_reclassified_and_is_free_when_it_is_reversed()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var body = Body(donor, fund, 10, "2026-01-01", "fts", "S-5");
        var made = await server.Editor.RecordAsync(Path, body);
        var moved = await server.Editor.RecordAsync($"/v1/pledges/{made.Text("pledgeId")}/reclassifications", """{ "changes": { "instrument": "loan" }, "reason": { "en": "It is a loan" } }""");
        var copy = Assert.Single(await server.LedgerAsync(moved.Id()));
        Assert.Equal(("fts", "S-5"), (copy.Text("externalSystem"), copy.Text("externalId")));
        await server.Editor.RecordAsync($"/v1/entries/{copy.Id()}/reversal", """{ "reason": { "en": "A mistake" } }""");
        Assert.NotEqual(made.Id(), (await server.Editor.RecordAsync(Path, body)).Id());
    }

    private static string Body(string donor, string fund, int amount, string date, string? system, string? number) => WriteServer.Direct(donor, fund, "payment", amount, date: date,
        more: (system is null ? "" : $", \"externalSystem\": \"{system}\"") + (number is null ? "" : $", \"externalId\": \"{number}\""));

    [Fact]
    public async Task A_system_is_one_however_its_name_is_written()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync(Path, Body(donor, fund, 10, "2026-01-01", "FTS", "S-11"));
        Assert.Equal("fts", made.Text("externalSystem"));
        var again = await server.Editor.SendAsync(HttpMethod.Post, Path, Body(donor, fund, 10, "2026-01-01", "Fts", "S-11"));
        Assert.Equal((HttpStatusCode.OK, made.Id()), (again.Status, again.Body.Id()));
        Assert.Equal([made.Id()], (await server.AllAsync($"{Path}?externalSystem=FTS&externalId=S-11")).Select(Asking.Id));
        var pledge = await server.PledgeAsync(donor, fund, 1, more: """, "externalSystem": "FTS", "externalId": "S-11" """);
        var same = await server.Editor.SendAsync(HttpMethod.Post, "/v1/pledges", WriteServer.PledgeBody(donor, fund, 1, more: """, "externalSystem": "fts", "externalId": "S-11" """));
        Assert.Equal((HttpStatusCode.OK, pledge), (same.Status, same.Body.Id()));
        Assert.Equal([pledge], (await server.AllAsync("/v1/pledges?externalSystem=fTS&externalId=S-11")).Select(Asking.Id));
    }

    [Fact]
    public async Task A_number_that_contains_a_comma_or_a_quotation_mark_is_filtered_for_between_quotation_marks()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        string[] numbers = ["A,1", "A", "1", "say \"so\", twice", "\"quoted\"", "12\""];
        foreach (var (i, number) in numbers.Index())
        {
            var named = $", \"externalSystem\": \"comma, inc\", \"externalId\": {System.Text.Json.JsonSerializer.Serialize(number)}";
            await server.Editor.RecordAsync(Path, WriteServer.Direct(donor, fund, "payment", 700 + i, more: named));
            await server.PledgeAsync(donor, fund, 700 + i, more: named);
        }

        foreach (var path in new[] { Path, "/v1/pledges" })
        {
            await ShowsAsync("\"A,1\"", "A,1");
            await ShowsAsync("A,1", "A", "1");
            await ShowsAsync("\"A,1\",1", "A,1", "1");
            await ShowsAsync("12\",\"say \"\"so\"\", twice\"", "12\"", "say \"so\", twice");
            await ShowsAsync("\"\"\"quoted\"\"\"", "\"quoted\"");
            Assert.Equal(numbers.Length, (await server.AllAsync($"{path}?externalSystem={Uri.EscapeDataString("\"Comma, Inc\"")}")).Count);
            foreach (var broken in new[] { "\"A,1", "\"A\"1", "1,\"A,1" })
            {
                var refused = await server.Client.SendAsync(HttpMethod.Get, $"{path}?externalId={Uri.EscapeDataString(broken)}");
                Assert.Equal((HttpStatusCode.BadRequest, "?externalId"), (refused.Status, Assert.Single(refused.Pointers)));
            }

            // The way to the next page asks the same.
            Assert.Equal(2, (await server.WalkAsync($"{path}?fund={fund}&externalId={Uri.EscapeDataString("\"A,1\",A")}", 1)).Count);

            async Task ShowsAsync(string sent, params string[] found) => Assert.Equal(found.Order(StringComparer.Ordinal),
                (await server.AllAsync($"{path}?fund={fund}&externalId={Uri.EscapeDataString(sent)}")).Select(item => item.Text("externalId")).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_number_of_no_system_is_ones_own_of_pledges_too()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1, more: """, "externalId": "P-1" """);
        Assert.Equal($"/v1/pledges/{pledge}", (await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 2, more: """, "externalId": "P-1" """), 409, "conflict")).Body.Text("existing"));
        await server.PledgeAsync(donor, fund, 1, more: """, "externalSystem": "iati", "externalId": "P-1" """);
        await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 2, more: """, "externalSystem": "iati" """), 400, "invalid_request", "/externalId");
    }
}
