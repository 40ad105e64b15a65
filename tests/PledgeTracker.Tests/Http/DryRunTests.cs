using System.Net;

namespace PledgeTracker.Tests.Http;

public sealed class DryRunTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_dry_run_answers_what_it_would_and_leaves_no_trace()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var pledge = await server.PledgeAsync(donor, fund, 1000);
        var version = await server.VersionAsync();
        var body = WriteServer.Under(pledge, "payment", 100);
        var tried = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions?dryRun=true", body, ("Idempotency-Key", "dry-1"));
        Assert.Equal(HttpStatusCode.Created, tried.Status);
        Assert.Equal(100, tried.Body.Number("amount"));
        Assert.Null(tried.Location);
        Assert.Null(tried.EntityTag);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.SendAsync(HttpMethod.Get, $"/v1/contributions/{tried.Body.Id()}")).Status);
        Assert.Equal(version, await server.VersionAsync());
        Assert.Equal(0, (await server.FiguresAsync($"/v1/pledges/{pledge}")).Paid);
        // No answer was kept: the same key is free for what is meant.
        var meant = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", WriteServer.Under(pledge, "payment", 101), ("Idempotency-Key", "dry-1"));
        Assert.Equal((HttpStatusCode.Created, false), (meant.Status, meant.Replayed));
        // Nor is an answer that was kept given to a dry run.
        var again = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions?dryRun=true", body, ("Idempotency-Key", "dry-1"));
        Assert.Equal((HttpStatusCode.Created, false), (again.Status, again.Replayed));
        var real = await server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions?dryRun=false", body);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(HttpMethod.Get, $"/v1/contributions/{real.Body.Id()}")).Status);
        await server.AssertCleanAsync();
    }

    [Fact]
    public async Task A_dry_run_is_refused_as_the_request_itself_would_be()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        await server.Editor.RefusedAsync("/v1/contributions?dryRun=true", WriteServer.Direct(donor, "no-fund", "payment", 1), 400, "invalid_request", "/fundId");
        await server.Editor.RefusedAsync("/v1/contributions?dryRun=true", WriteServer.Direct(donor, fund, "payment", -1), 400, "invalid_request", "/amount");
        await server.Editor.RefusedAsync("/v1/contributions?dryRun=maybe", WriteServer.Direct(donor, fund, "payment", 1), 400, "invalid_request", "?dryRun");
        await server.Editor.RefusedAsync("/v1/contributions?dryrun=true", WriteServer.Direct(donor, fund, "payment", 1), 400, "invalid_request", "?dryrun");
        using var stranger = await server.ClientAsync("recorder", await server.OrganizationAsync());
        await stranger.RefusedAsync("/v1/contributions?dryRun=true", WriteServer.Direct(donor, fund, "payment", 1), 403, "forbidden");
        // What shows a secret once cannot be tried.
        await server.Admin.RefusedAsync("/v1/keys?dryRun=true", """{ "name": "x", "role": "editor" }""", 400, "invalid_request", "?dryRun");
    }

    [Fact]
    public async Task Every_post_that_records_can_be_tried_out()
    {
        await using var own = new TestServer { Clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero)) };
        await own.InitializeAsync();
        using var admin = await own.ClientAsync("admin");
        var version = await own.VersionAsync();
        var operations = (await Contract.Operation.AllAsync(own)).Operations.Where(o => o.Method == "post" && !o.Path.EndsWith("/key", StringComparison.Ordinal) && o.Id != "CreateKey" && !o.TakesFile).ToList();
        Assert.True(operations.Count > 15);
        foreach (var operation in operations)
        {
            Assert.Contains(operation.QueryParameters, p => p.Name == "dryRun");
            var reply = await admin.SendAsync(HttpMethod.Post, operation.Address() + "?dryRun=true", operation.BodyExample?.ToJsonString());
            Assert.True((int)reply.Status is 200 or 201, $"{operation.Id}: {(int)reply.Status} {reply.Text}");
        }

        Assert.Equal(version, await own.VersionAsync());
        await own.AssertCleanAsync();
    }
}
