using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace PledgeTracker.Tests.Contract;

/// <summary>What becomes of a text on its way in, whatever member or parameter it is sent as.</summary>
public sealed class TextTests(WriteServer server) : IClassFixture<WriteServer>
{
    [Theory]
    [InlineData("Dan\u200BChurchAid", "DanChurchAid", "DanChurchAid")]
    [InlineData("Welt\u00ADhungerhilfe", "Welthungerhilfe", "Welthungerhilfe")]
    [InlineData("\uFEFFRelief Trust \u00A0 ", "Relief Trust", "relief trust")]
    [InlineData("Cafe\u0301 du Monde", "Café du Monde", "cafe monde")]
    [InlineData("e\u00ADcole\u0301", "ecolé", "ecole")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم", "ميخواهم")]
    [InlineData("\u2067صندوق\u2069 fund", "\u2067صندوق\u2069 fund", "صندوق fund")]
    public async Task A_name_is_kept_as_it_is_read_and_found_so(string sent, string kept, string words)
    {
        var id = server.NewId("named");
        var made = await server.Editor.RecordAsync("/v1/organizations", new { id, name = new { en = sent }, type = "22" });
        Assert.Equal(kept, made.GetProperty("name").Text("en"));
        Assert.Contains(id, await FoundAsync("organizations", words));
        Assert.Contains(id, await FoundAsync("organizations", sent));
    }

    [Fact]
    public async Task A_note_keeps_its_lines()
    {
        var made = await server.Editor.RecordAsync("/v1/contributions", WriteServer.Direct(await server.OrganizationAsync(), await server.FundAsync(), "payment", 5,
            more: """, "note": { "en": "first\r\nsecond\n\tthird  " } """));
        Assert.Equal("first\nsecond\n\tthird", made.GetProperty("note").Text("en"));
    }

    [Theory]
    [InlineData("Relief \\u202EednuF tsurT", "U+202E")]
    [InlineData("a\\u2066b", "U+2066")]
    [InlineData("a\\u202Cb", "U+202C")]
    [InlineData("\\u202Aone\\ntwo\\u202C", "U+202A")]
    [InlineData("a\\u0000b", "U+0000")]
    [InlineData("bell\\u0007", "U+0007")]
    [InlineData("next\\u0085line", "U+0085")]
    [InlineData("old\\rline", "U+000D")]
    [InlineData("half \\ud800 pair", "U+D800")]
    public async Task A_character_that_is_not_taken_is_named(string json, string name)
    {
        foreach (var (path, body, pointer) in new[]
        {
            ("/v1/organizations", $$"""{ "id": "x", "name": { "en": "{{json}}" }, "type": "22" }""", "/name/en"),
            ("/v1/funds", $$"""{ "id": "x", "name": { "en": "X" }, "kind": "appeal", "aliases": ["y", "{{json}}"] }""", "/aliases/1"),
            ("/v1/sources", $$"""{ "id": "x", "title": { "en": "X" }, "language": "{{json}}", "publishedOn": "2026-01-01", "reliability": "primary" }""", "/language"),
        })
        {
            var refused = await server.Editor.RefusedAsync(path, body, 400, "invalid_request", pointer);
            var fault = refused.Body.GetProperty("errors").EnumerateArray().Single(e => e.Text("pointer") == pointer);
            Assert.Equal("invalid_text", fault.Text("code"));
            Assert.Contains(name, fault.Text("detail"), StringComparison.Ordinal);
        }

        var read = await server.Client.SendAsync(HttpMethod.Get, $"/v1/organizations/{await server.OrganizationAsync()}");
        Assert.Equal(HttpStatusCode.OK, read.Status);
    }

    [Theory]
    [InlineData("\\u200B\\u200F")]
    [InlineData(" \\u00A0\\u3000\\t")]
    [InlineData("\\uFE0F\\u2060")]
    [InlineData("\\u3164\\u2800")]
    [InlineData("\\uFFFE\\uFDD0\\uD83F\\uDFFF")]
    [InlineData("")]
    public async Task A_name_of_nothing_that_can_be_seen_is_blank(string json) =>
        await server.Editor.RefusedAsync("/v1/organizations", $$"""{ "id": "x", "name": { "en": "{{json}}" }, "type": "22" }""", 400, "invalid_request", "/name/en");

    [Fact]
    public async Task A_description_holds_twenty_thousand_characters_and_all_of_its_words_are_found()
    {
        var text = string.Concat(Enumerable.Repeat("كلمة ", 3999)) + "qqfin";
        Assert.Equal(20_000, text.Length);
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var id = await server.PledgeAsync(donor, fund, 5, more: $$""", "description": { "ar": "{{text}}" } """);
        Assert.Contains(id, await FoundAsync("pledges", "qqfin"));
        await server.Editor.RefusedAsync("/v1/pledges", WriteServer.PledgeBody(donor, fund, 5, more: $$""", "description": { "ar": "{{text}}x" } """), 400, "invalid_request", "/description/ar");
    }

    [Theory]
    [InlineData("/v1/pledges?q=a%00b", "?q", "U+0000")]
    [InlineData("/v1/organizations?q=Relief%20%E2%80%AEednuF", "?q", "U+202E")]
    [InlineData("/v1/funds?parent=a%07", "?parent", "U+0007")]
    [InlineData("/v1/changes?actor=%00", "?actor", "U+0000")]
    public async Task A_parameter_passes_the_same_door(string path, string pointer, string name)
    {
        var client = path.StartsWith("/v1/changes", StringComparison.Ordinal) ? server.Admin : server.Client;
        var refused = await client.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(name, refused.Body.GetProperty("errors").EnumerateArray().Single(e => e.Text("pointer") == pointer).Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/funds/%ED%A0%80")]
    [InlineData("/v1/events/a%E2%80%AEb")]
    [InlineData("/v1/contributions/%EF%BF%BF")]
    public async Task A_path_with_such_a_character_leads_nowhere(string path)
    {
        var reply = await server.Client.SendAsync(HttpMethod.Get, path);
        Assert.True(reply.Status is HttpStatusCode.NotFound, $"{(int)reply.Status} {reply.Text}");
        // The web server itself lets no U+0000 through, wherever it would lead.
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.SendAsync(HttpMethod.Get, path + "%00")).Status);
    }

    [Fact]
    public async Task A_byte_order_mark_in_front_of_JSON_is_skipped_and_utf8_is_a_name_of_UTF_8()
    {
        foreach (var charset in (string?[])[null, "utf-8", "utf8", "UTF8"])
        {
            var id = server.NewId("marked");
            using var content = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($$"""{ "id": "{{id}}", "name": { "ar": "هيئة" }, "type": "22" }""")]);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json" + (charset is null ? "" : $"; charset={charset}"));
            using var response = await server.Editor.PostAsync("/v1/organizations", content);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }
    }

    [Fact]
    public async Task Trimmed_and_normalized_identifiers_never_make_two_records()
    {
        var (donor, fund) = (await server.OrganizationAsync(), await server.FundAsync());
        var tried = 0;
        var parts = Gen.Elements("TR", "2026", "é", "Å", "17", "-", "/", "ﬁ", "أ", "ك", "한").ListOf().Where(list => list.Count > 0);
        var dresses = Gen.Elements("", " ", "\u200B", "\u00A0", "\u200E", "\uFEFF", "\u00AD", "\u202E", "\t", "\u3000").ListOf();
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(25), Prop.ForAll(Arb.From(parts), Arb.From(dresses), (id, dress) =>
        {
            var plain = $"{++tried}: {string.Join(' ', id.Take(12))}";
            var ends = string.Concat(dress.Take(8));
            // Every way of writing a space, an accent as a character of its own, what is not seen anywhere, and white space at the ends.
            var dressed = ends + plain.Replace(" ", "\u00A0", StringComparison.Ordinal).Replace("é", "e\u0301", StringComparison.Ordinal).Replace("Å", "\u212B", StringComparison.Ordinal)
                .Replace("أ", "ا\u0654", StringComparison.Ordinal).Replace("-", "\u2060-\u200D", StringComparison.Ordinal) + ends;
            Assert.Equal(Recorded(plain, HttpStatusCode.Created), Recorded(dressed, HttpStatusCode.OK));
        }));

        (string Id, string? ExternalId) Recorded(string externalId, HttpStatusCode status)
        {
            var reply = server.Editor.SendAsync(HttpMethod.Post, "/v1/contributions", WriteServer.Direct(donor, fund, "payment", 5 + tried,
                more: $$""", "externalId": {{JsonSerializer.Serialize(externalId)}}, "reference": {{JsonSerializer.Serialize(externalId)}} """)).GetAwaiter().GetResult();
            Assert.True(reply.Status == status, $"{externalId}: {(int)reply.Status} {reply.Text}");
            return (reply.Body.Id(), reply.Body.Text("externalId"));
        }
    }

    [Fact]
    public void All_identifiers_that_people_type_pass_their_own_door()
    {
        var requests = typeof(Program).Assembly.GetTypes().Where(type => type.Name is "Request" or "Document");
        var typed = requests.SelectMany(type => type.GetProperties()).Where(p => p.Name is "ExternalId" or "ExternalSystem" or "Reference").ToList();
        Assert.NotEmpty(typed);
        Assert.Empty(typed.Where(p => p.GetCustomAttributes(false).All(a => a.GetType().Name != "IdentifierAttribute")).Select(p => $"{p.DeclaringType} {p.Name}"));
    }

    private async Task<List<string>> FoundAsync(string list, string words) =>
        (await server.AllAsync($"/v1/{list}?q={Uri.EscapeDataString(words)}")).ConvertAll(Asking.Id);

    [Theory]
    [InlineData("a\\tb")]
    [InlineData("a\\nb")]
    [InlineData("a\\r\\nb")]
    [InlineData("a\\u2028b")]
    [InlineData("a\\u2029b")]
    public async Task A_name_stands_in_one_line(string json)
    {
        foreach (var (path, body, pointer) in new[]
            {
                ("organizations", $$$"""{ "id": "{{{server.NewId("lines")}}}", "name": { "en": "{{{json}}}" }, "type": "22" }""", "/name/en"),
                ("organizations", $$$"""{ "id": "{{{server.NewId("lines")}}}", "name": { "en": "a" }, "type": "22", "aliases": ["{{{json}}}"] }""", "/aliases/0"),
                ("funds", $$$"""{ "id": "{{{server.NewId("lines")}}}", "name": { "ar": "{{{json}}}" }, "kind": "appeal" }""", "/name/ar"),
                ("events", $$$"""{ "id": "{{{server.NewId("lines")}}}", "name": { "en": "{{{json}}}" }, "startsOn": "2026-01-01" }""", "/name/en"),
                ("events", $$$"""{ "id": "{{{server.NewId("lines")}}}", "name": { "en": "a" }, "place": { "en": "{{{json}}}" }, "startsOn": "2026-01-01" }""", "/place/en"),
                ("sources", $$$"""{ "id": "{{{server.NewId("lines")}}}", "title": { "en": "{{{json}}}" }, "language": "en", "publishedOn": "2026-01-01", "reliability": "primary" }""", "/title/en"),
            })
        {
            var refused = await server.Editor.RefusedAsync("/v1/" + path, body, 400, "invalid_request", pointer);
            Assert.Contains("in one line", Assert.Single(refused.Body.GetProperty("errors").EnumerateArray()).Text("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Limits_count_characters_whatever_they_are_made_of()
    {
        var most = string.Concat(Enumerable.Repeat("𞤀", 300));
        await server.Editor.RecordAsync("/v1/organizations", new { id = server.NewId("long"), name = new { en = most }, type = "22" });
        await server.Editor.RefusedAsync("/v1/organizations", JsonSerializer.Serialize(new { id = server.NewId("long"), name = new { en = most + "a" }, type = "22" }), 400, "invalid_request", "/name/en");
        Assert.Single(await FoundAsync("organizations", string.Concat(Enumerable.Repeat("𞤀", 200))));
    }

    [Fact]
    public async Task The_name_of_a_key_passes_the_same_door_when_it_is_made_by_command()
    {
        async Task<Printed> CreateAsync(string name) => await Subcommand.RunAsync("keys", "create", "--name", name, "--role", "editor", "--Database:Connection", server.Connection);
        var refused = await CreateAsync("bell\u0007");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("U+0007", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await CreateAsync("two\nlines")).ExitCode);
        Assert.Equal(1, (await CreateAsync("\u200B ")).ExitCode);
        Assert.Equal(0, (await CreateAsync(" Fie\u00ADld office  ")).ExitCode);
        Assert.Contains("Field office", (await server.Admin.ReadAsync("/v1/keys")).Body.GetProperty("data").EnumerateArray().Select(k => k.Text("name")));
    }
}
