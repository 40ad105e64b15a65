using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Contributions;

public sealed class RecordContributionsTests(WriteServer server) : IClassFixture<WriteServer>
{
    private const string Batch = "/v1/contributions/batch";

    private static string Of(params IEnumerable<string> contributions) => $$"""{ "contributions": [{{string.Join(',', contributions)}}] }""";

    [Fact]
    public async Task Two_hundred_are_recorded_in_one_transaction_and_answered_in_their_order()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        using var recorder = await server.ClientAsync("recorder", donor);
        var version = await server.VersionAsync();
        var sent = Enumerable.Range(1, 200).Select(i => WriteServer.Direct(donor, fund, "payment", i, more: $", \"externalId\": \"N-{i}\"")).ToList();
        var made = (await recorder.RecordAsync(Batch, Of(sent))).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (decimal)i), made.Select(c => c.Number("amount")));
        Assert.Equal(version + 200, await server.VersionAsync());
        Assert.Equal(20_100, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
        // Sent again, they are there already.
        var again = (await recorder.RecordAsync(Batch, Of(sent))).GetProperty("data").EnumerateArray();
        Assert.Equal(made.Select(Asking.Id), again.Select(Asking.Id));
        Assert.Equal(version + 200, await server.VersionAsync());
        await recorder.RefusedAsync(Batch, Of(sent.Append(sent[0])), 400, "invalid_request", "/contributions");
        await recorder.RefusedAsync(Batch, Of(), 400, "invalid_request", "/contributions");
    }

    [Fact]
    public async Task All_faults_are_told_by_index_and_nothing_is_recorded()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var good = WriteServer.Direct(donor, fund, "payment", 1);
        var version = await server.VersionAsync();
        var shape = await server.Editor.RefusedAsync(Batch, Of(good, WriteServer.Direct(donor, fund, "paid", -1), good), 400, "invalid_request", "/contributions/1/stage");
        Assert.Contains("/contributions/1/amount", shape.Pointers);
        var facts = await server.Editor.RefusedAsync(Batch, Of(WriteServer.Direct(donor, "no-fund", "payment", 1), good, WriteServer.Direct("no-donor", fund, "payment", 2)), 400, "invalid_request");
        Assert.Equal(["/contributions/0/fundId", "/contributions/2/donorId"], facts.Pointers);
        var tooMuch = await server.Editor.RefusedAsync(Batch, Of(good, WriteServer.Direct(donor, fund, "refund", 5)), 409, "not_enough_then");
        Assert.Equal(["/contributions/1"], tooMuch.Pointers);
        using var stranger = await server.ClientAsync("recorder", await server.OrganizationAsync());
        Assert.Equal(["/contributions/0"], (await stranger.RefusedAsync(Batch, Of(good), 403, "forbidden")).Pointers);
        Assert.Equal(version + 1, await server.VersionAsync());
        Assert.Equal(default, await server.FiguresAsync($"/v1/funds/{fund}"));
    }

    [Fact]
    public async Task What_seems_to_be_recorded_already_is_named_and_what_is_refused_does_not_make_the_rest_wrong()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(donor, fund, "payment", 10));
        var twin = await server.Editor.RefusedAsync(Batch, Of(WriteServer.Direct(donor, fund, "payment", 10), WriteServer.Direct(donor, fund, "payment", 11)), 409, "possible_duplicate");
        Assert.Equal([$"/v1/contributions/{made.Id()}"], twin.Body.Texts("candidates"));
        Assert.Equal(["/contributions/0"], twin.Pointers);
        // The first refund is more than was paid; without it there is enough for the second.
        var refunds = await server.Editor.RefusedAsync(Batch, Of(
            WriteServer.Under(made.Text("pledgeId")!, "refund", 11), WriteServer.Under(made.Text("pledgeId")!, "refund", 10)), 409, "not_enough_then");
        Assert.Equal(["/contributions/0"], refunds.Pointers);
        Assert.Equal(10, (await server.FiguresAsync($"/v1/funds/{fund}")).Paid);
    }

    [Fact]
    public async Task What_is_no_contribution_hides_no_fault_of_the_others_and_what_was_taken_back_is_not_pointed_at()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var refused = await server.Editor.RefusedAsync(Batch, Of("null", WriteServer.Direct(donor, fund, "paid", -1)), 400, "invalid_request", "/contributions/0");
        Assert.Contains("/contributions/1/amount", refused.Pointers);
        const string Number = """, "externalSystem": "batch", "externalId": "1" """;
        var twice = await server.Editor.RefusedAsync(Batch, Of(WriteServer.Direct(donor, fund, "payment", 1, more: Number), WriteServer.Direct(donor, fund, "payment", 2, more: Number)), 409, "conflict");
        Assert.Equal(JsonValueKind.Undefined, twice.Body.TryGetProperty("existing", out var existing) ? existing.ValueKind : default);
    }

    [Fact]
    public async Task A_batch_is_sent_again_under_its_key_and_tried_out_beforehand()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var body = Of(WriteServer.Direct(donor, fund, "payment", 1), WriteServer.Direct(donor, fund, "payment", 2));
        var version = await server.VersionAsync();
        Assert.Equal(HttpStatusCode.Created, (await server.Editor.SendAsync(HttpMethod.Post, Batch + "?dryRun=true", body)).Status);
        Assert.Equal(version, await server.VersionAsync());
        var first = await server.Editor.SendAsync(HttpMethod.Post, Batch, body, ("Idempotency-Key", "batch-1"));
        var again = await server.Editor.SendAsync(HttpMethod.Post, Batch, body, ("Idempotency-Key", "batch-1"));
        Assert.Equal((first.Text, true), (again.Text, again.Replayed));
        Assert.Equal(version + 2, await server.VersionAsync());
        Assert.Equal(JsonValueKind.Array, first.Body.GetProperty("data").ValueKind);
    }

    [Fact]
    public async Task What_is_not_there_is_told_beside_what_is_not_whole_in_whichever_contribution()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var refused = await server.Editor.RefusedAsync(Batch,
            Of(WriteServer.Direct(donor, "no-such-fund-here", "payment", -1), WriteServer.Direct("nobody-at-all-here", fund, "payment", 1)), 400, "invalid_request");
        Assert.Equal(["/contributions/0/amount", "/contributions/0/fundId", "/contributions/1/donorId"], refused.Pointers.Order(StringComparer.Ordinal));
    }
}
