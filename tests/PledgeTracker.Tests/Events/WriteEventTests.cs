using System.Net;
using System.Text.Json;

namespace PledgeTracker.Tests.Events;

public sealed class WriteEventTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Fact]
    public async Task An_event_shows_its_reported_total_beside_what_was_itemised()
    {
        var (donor, fund, id) = (await server.OrganizationAsync(), await server.FundAsync(), server.NewId("conference"));
        var made = await server.Editor.RecordAsync("/v1/events", $$"""
            { "id": "{{id}}", "name": { "en": "Conference" }, "startsOn": "2026-03-01", "endsOn": "2026-03-02", "country": "KWT",
              "reportedTotal": { "amount": 5000, "currency": "USD", "qualifier": "at_least" }, "citations": [{ "sourceId": "press-note" }] }
            """);
        Assert.True(JsonElement.DeepEquals(made, await server.GetAsync($"/v1/events/{id}")));
        await server.PledgeAsync(donor, fund, 1000, more: $$""", "eventId": "{{id}}" """);
        var after = await server.GetAsync($"/v1/events/{id}");
        Assert.Equal(1000, after.GetProperty("figures").Number("pledged"));
        Assert.Equal(5000, after.GetProperty("reportedTotal").Number("amount"));
        await server.Editor.RefusedAsync("/v1/events", $$"""{ "id": "{{id}}", "name": { "en": "Again" }, "startsOn": "2026-03-01" }""", 409, "conflict");
        await server.Editor.RefusedAsync("/v1/events", """{ "id": "x", "name": { "en": "x" }, "startsOn": "2026-03-02", "endsOn": "2026-03-01" }""", 400, "invalid_request", "/endsOn");
        await server.Editor.RefusedAsync("/v1/events", """{ "id": "x", "name": { "en": "x" }, "startsOn": "2026-03-02", "endsOn": "9999-12-31" }""", 400, "invalid_request", "/endsOn");
        var later = await server.Editor.AmendAsync($"/v1/events/{id}", """{ "endsOn": "9999-12-31" }""");
        Assert.Equal((HttpStatusCode.BadRequest, "/endsOn"), (later.Status, Assert.Single(later.Pointers)));
    }

    [Fact]
    public async Task An_amendment_keeps_the_citations_and_can_clear_the_reported_total()
    {
        var id = server.NewId("conference");
        await server.Editor.RecordAsync("/v1/events", $$"""
            { "id": "{{id}}", "name": { "en": "Conference" }, "startsOn": "2026-03-01", "reportedTotal": { "amount": 5000, "currency": "USD" }, "citations": [{ "sourceId": "press-note" }] }
            """);
        var changed = await server.Editor.AmendAsync($"/v1/events/{id}", """{ "reportedTotal": { "amount": 6000 }, "place": { "ar": "الكويت" } }""");
        Assert.Equal(6000, changed.Body.GetProperty("reportedTotal").Number("amount"));
        Assert.Equal("الكويت", changed.Body.GetProperty("place").Text("ar"));
        var cleared = await server.Editor.AmendAsync($"/v1/events/{id}", """{ "reportedTotal": null }""");
        Assert.Equal(JsonValueKind.Null, cleared.Body.GetProperty("reportedTotal").ValueKind);
        Assert.Equal(1, cleared.Body.GetProperty("citations").GetArrayLength());
        var refused = await server.Editor.AmendAsync($"/v1/events/{id}", """{ "citations": [] }""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("/citations", refused.Pointers);
    }

    [Fact]
    public async Task An_event_names_the_earlier_round_of_the_same_conference()
    {
        var (first, second, third) = (server.NewId("round"), server.NewId("round"), server.NewId("round"));
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{first}}", "name": { "en": "Brussels I", "ar": "بروكسل الأول" }, "startsOn": "2024-04-05" }""");
        var made = await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{second}}", "name": { "en": "Brussels II" }, "startsOn": "2025-04-25", "precededBy": "{{first}}" }""");
        Assert.Equal((first, "Brussels I"), (made.RefId("precededBy"), made.GetProperty("precededBy").Text("name")));
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{third}}", "name": { "en": "Brussels III" }, "startsOn": "2026-03-14" }""");
        var amended = await server.Editor.AmendAsync($"/v1/events/{third}", $$"""{ "precededBy": "{{second}}" }""");
        Assert.Equal(second, amended.Body.RefId("precededBy"));
        var listed = (await server.AllAsync("/v1/events?lang=ar")).Single(e => e.Id() == second);
        Assert.Equal("بروكسل الأول", listed.GetProperty("precededBy").Text("name"));
        // Neither itself nor what came after it, however far.
        foreach (var later in new[] { first, second, third })
        {
            var cycle = await server.Editor.AmendAsync($"/v1/events/{first}", $$"""{ "precededBy": "{{later}}" }""");
            Assert.Equal((HttpStatusCode.BadRequest, "/precededBy"), (cycle.Status, Assert.Single(cycle.Pointers)));
        }

        var cleared = await server.Editor.AmendAsync($"/v1/events/{third}", """{ "precededBy": null }""");
        Assert.Equal(JsonValueKind.Null, cleared.Body.GetProperty("precededBy").ValueKind);
        var unknown = await server.Editor.AmendAsync($"/v1/events/{third}", """{ "precededBy": "no-such-event" }""");
        Assert.Equal((HttpStatusCode.BadRequest, "/precededBy"), (unknown.Status, Assert.Single(unknown.Pointers)));
        await server.Editor.RefusedAsync("/v1/events",
            """{ "id": "x-round", "name": { "en": "x" }, "startsOn": "2026-03-01", "precededBy": "no-such-event" }""", 400, "invalid_request", "/precededBy");
        // One that is not there yet cannot come before itself.
        await server.Editor.RefusedAsync("/v1/events",
            """{ "id": "x-round", "name": { "en": "x" }, "startsOn": "2026-03-01", "precededBy": "x-round" }""", 400, "invalid_request", "/precededBy");
    }

    [Fact]
    public async Task An_earlier_round_is_no_later_than_the_event_whichever_of_the_two_is_entered_or_moved()
    {
        var (early, late) = (server.NewId("round"), server.NewId("round"));
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{late}}", "name": { "en": "Geneva II" }, "startsOn": "2026-05-01" }""");
        var refused = await server.Editor.RefusedAsync("/v1/events",
            $$"""{ "id": "{{early}}", "name": { "en": "Geneva I" }, "startsOn": "2026-04-01", "precededBy": "{{late}}" }""", 400, "invalid_request", "/precededBy");
        Assert.Contains($"{late} began on 2026-05-01", refused.Text, StringComparison.Ordinal);
        await server.Editor.RecordAsync("/v1/events", $$"""{ "id": "{{early}}", "name": { "en": "Geneva I" }, "startsOn": "2026-04-01" }""");
        Assert.Equal(HttpStatusCode.OK, (await server.Editor.AmendAsync($"/v1/events/{late}", $$"""{ "precededBy": "{{early}}" }""")).Status);
        var moved = await server.Editor.AmendAsync($"/v1/events/{early}", """{ "startsOn": "2026-05-02" }""");
        Assert.Equal((HttpStatusCode.BadRequest, "/startsOn"), (moved.Status, Assert.Single(moved.Pointers)));
        moved = await server.Editor.AmendAsync($"/v1/events/{late}", """{ "startsOn": "2026-03-31" }""");
        Assert.Equal((HttpStatusCode.BadRequest, "/precededBy"), (moved.Status, Assert.Single(moved.Pointers)));
        Assert.Equal(HttpStatusCode.OK, (await server.Editor.AmendAsync($"/v1/events/{early}", """{ "startsOn": "2026-05-01" }""")).Status);
    }
}
