using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Sources;

public sealed class WriteSourceTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task A_source_is_entered_amended_and_shown_with_what_cites_it()
    {
        var (donor, fund, id) = (await server.OrganizationAsync(), await server.FundAsync(), server.NewId("note"));
        var body = $$"""{ "id": "{{id}}", "title": { "ar": "مذكرة" }, "language": "ar", "publishedOn": "2026-02-01", "url": "https://example.org/note", "reliability": "primary" }""";
        var made = await server.Editor.RecordAsync("/v1/sources", body);
        Assert.True(JsonElement.DeepEquals(made, await server.GetAsync($"/v1/sources/{id}")));
        await server.Editor.RefusedAsync("/v1/sources", body, 409, "conflict");
        var pledge = await server.PledgeAsync(donor, fund, 10, more: $$""", "citations": [{ "sourceId": "{{id}}", "quote": "عشرة" }]""");
        var citing = Assert.Single((await server.GetAsync($"/v1/sources/{id}")).GetProperty("citedBy").EnumerateArray());
        Assert.Equal(pledge, citing.Id());
        var amended = await server.Editor.AmendAsync($"/v1/sources/{id}", """{ "title": { "en": "Note" }, "url": null, "dateQualifier": "approximate" }""");
        Assert.Equal(HttpStatusCode.OK, amended.Status);
        Assert.Equal("Note", amended.Body.GetProperty("title").Text("en"));
        Assert.Equal("مذكرة", amended.Body.GetProperty("title").Text("ar"));
        Assert.Equal(JsonValueKind.Null, amended.Body.GetProperty("url").ValueKind);
        // The new title stands in the citation at once.
        Assert.Equal("Note", (await server.GetAsync($"/v1/pledges/{pledge}")).GetProperty("citations")[0].GetProperty("source").Text("title"));
        foreach (var (patch, pointer) in new[] { ("""{ "id": "x" }""", "/id"), ("""{ "language": "not a tag" }""", "/language"), ("""{ "publishedOn": "2026-11-23" }""", "/publishedOn"), ("""{ "url": "ftp://x" }""", "/url") })
        {
            Assert.Contains(pointer, (await server.Editor.AmendAsync($"/v1/sources/{id}", patch)).Pointers);
        }
    }
}
