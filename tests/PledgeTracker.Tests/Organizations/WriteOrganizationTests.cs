using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Organizations;

public sealed class WriteOrganizationTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task An_organization_is_entered_once_and_found_at_once()
    {
        var id = server.NewId("ministry");
        var list = await server.Client.ReadAsync("/v1/organizations");
        var body = $$"""{ "id": "{{id}}", "name": { "en": "Ministry", "ar": "وزارة" }, "type": "11", "country": "IRQ", "website": "https://example.org/" }""";
        var made = await server.Editor.SendAsync(HttpMethod.Post, "/v1/organizations", body);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal($"/v1/organizations/{id}", made.Location!.ToString());
        Assert.NotEqual(list.EntityTag, (await server.Client.ReadAsync("/v1/organizations")).EntityTag);
        Assert.True(JsonElement.DeepEquals(made.Body, await server.GetAsync($"/v1/organizations/{id}")));
        var refused = await server.Editor.RefusedAsync("/v1/organizations", body, 409, "conflict");
        Assert.Equal($"/v1/organizations/{id}", refused.Body.Text("existing"));
    }

    [Fact]
    public async Task An_amendment_merges_clears_and_keeps_the_id()
    {
        var id = server.NewId("ministry");
        var path = $"/v1/organizations/{id}";
        await server.Editor.RecordAsync("/v1/organizations", $$"""{ "id": "{{id}}", "name": { "en": "Ministry", "ar": "وزارة" }, "type": "11", "country": "IRQ" }""");
        var amended = await server.Editor.AmendAsync(path, """{ "name": { "en": "Ministry of Planning" }, "country": null, "type": "10" }""");
        Assert.Equal(HttpStatusCode.OK, amended.Status);
        Assert.Equal("Ministry of Planning", amended.Body.GetProperty("name").Text("en"));
        Assert.Equal("وزارة", amended.Body.GetProperty("name").Text("ar"));
        Assert.Equal(JsonValueKind.Null, amended.Body.GetProperty("country").ValueKind);
        Assert.True(JsonElement.DeepEquals(amended.Body, await server.GetAsync(path)));
        foreach (var (patch, pointer) in new[]
            { ("""{ "id": "other" }""", "/id"), ("""{ "name": null }""", "/name"), ("""{ "name": { "en": null, "ar": null } }""", "/name/en"), ("""{ "type": "99" }""", "/type"), ("""{ "figures": {} }""", "/figures") })
        {
            var refused = await server.Editor.AmendAsync(path, patch);
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains(pointer, refused.Pointers);
        }
    }

    [Fact]
    public async Task Of_many_concurrent_entries_of_one_id_exactly_one_is_made()
    {
        for (var round = 0; round < 10; round++)
        {
            var body = $$"""{ "id": "{{server.NewId("race")}}", "name": { "en": "Race" }, "type": "90" }""";
            var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => server.Editor.SendAsync(HttpMethod.Post, "/v1/organizations", body)));
            Assert.Single(replies, r => r.Status == HttpStatusCode.Created);
            Assert.Equal(9, replies.Count(r => r.Status == HttpStatusCode.Conflict));
        }
    }
}
