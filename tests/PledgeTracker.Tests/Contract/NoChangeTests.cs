using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

/// <summary>A PATCH that leaves a record as it is tells of no change.</summary>
public sealed class NoChangeTests(NoChangeTests.SeededServer server) : IClassFixture<NoChangeTests.SeededServer>
{
    public sealed class SeededServer : TestServer;

    [Theory]
    [InlineData("/v1/funds/undp-ffs", "id name kind description countries website aliases", """{ "parentId": "iraq-stabilization" }""")]
    [InlineData("/v1/organizations/undp", "id name type country description website aliases", "{}")]
    [InlineData("/v1/events/kuwait-conference-2018", "id name startsOn endsOn place country description reportedTotal", "{}")]
    [InlineData("/v1/sources/state-note-2018-06-26", "id title publisher url language publishedOn dateQualifier reliability note", "{}")]
    [InlineData("/v1/countries/TUR", "aliases", """{ "aliases": null }""")]
    [InlineData("pledge", "dueOn instalments sectors earmarking description note", "{}")]
    public async Task A_patch_that_changes_nothing_moves_neither_the_version_of_the_dataset_nor_the_ETag(string path, string members, string more)
    {
        path = path == "pledge" ? $"/v1/pledges/{(await server.AllAsync("/v1/pledges?donor=usa"))[0].Id()}" : path;
        using var editor = await server.ClientAsync("editor");
        var before = await editor.ReadAsync(path);
        var version = await server.VersionAsync();
        var whole = members.Split(' ').Where(name => before.Body.TryGetProperty(name, out _)).ToDictionary(name => name, name => before.Body.GetProperty(name));
        foreach (var patch in new[] { "{}", JsonSerializer.Serialize(whole), more })
        {
            var reply = await editor.SendAsync(HttpMethod.Patch, path, patch, ("If-Match", before.EntityTag!));
            Assert.True(reply.Status == HttpStatusCode.OK, reply.Text);
            Assert.Equal(before.EntityTag!.Trim('"').Split('.')[0], reply.EntityTag!.Trim('"').Split('.')[0]);
            Assert.True(JsonElement.DeepEquals(before.Body, reply.Body), reply.Text);
        }

        Assert.Equal(version, await server.VersionAsync());
        Assert.Equal(before.EntityTag, (await editor.ReadAsync(path)).EntityTag);
        var stale = await editor.SendAsync(HttpMethod.Patch, path, "{}", ("If-Match", "\"999999.1\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
    }
}
