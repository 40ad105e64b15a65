using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

/// <summary>
/// Texts of anything that Unicode has, as every text member and every `q`: nothing fails, what is taken comes back as it is kept, and its own words find it.
/// <c>PLEDGETRACKER_TEXTS</c> says how many.
/// </summary>
public sealed class RandomTextTests(WriteServer server) : IClassFixture<WriteServer>
{
    private static readonly int Texts = Environment.GetEnvironmentVariable("PLEDGETRACKER_TEXTS") is { } texts ? int.Parse(texts, CultureInfo.InvariantCulture) : 200;

    // Where texts go: what is sent, with {0} for the text and {1} for a new id; where the answer shows it; the list whose q searches it.
    private static readonly (string Path, string Body, string Pointer, string? List)[] Members =
    [
        ("organizations", """{"id":"{1}","name":{"en":"{0}"},"type":"22"}""", "/name/en", "organizations"),
        ("organizations", """{"id":"{1}","name":{"ar":"{0}"},"type":"22"}""", "/name/ar", "organizations"),
        ("organizations", """{"id":"{1}","name":{"en":"A"},"type":"22","aliases":["{0}"]}""", "/aliases/0", "organizations"),
        ("organizations", """{"id":"{1}","name":{"en":"A"},"type":"22","description":{"en":"{0}"}}""", "/description/en", null),
        ("funds", """{"id":"{1}","name":{"ar":"{0}"},"kind":"appeal"}""", "/name/ar", "funds"),
        ("funds", """{"id":"{1}","name":{"en":"A"},"kind":"appeal","aliases":["{0}"]}""", "/aliases/0", "funds"),
        ("events", """{"id":"{1}","name":{"en":"{0}"},"startsOn":"2026-01-01"}""", "/name/en", "events"),
        ("events", """{"id":"{1}","name":{"en":"A"},"startsOn":"2026-01-01","place":{"ar":"{0}"}}""", "/place/ar", "events"),
        ("sources", """{"id":"{1}","title":{"en":"{0}"},"language":"en","publishedOn":"2026-01-01","reliability":"primary"}""", "/title/en", "sources"),
        ("sources", """{"id":"{1}","title":{"en":"A"},"publisher":{"en":"{0}"},"language":"en","publishedOn":"2026-01-01","reliability":"primary"}""", "/publisher/en", "sources"),
        ("pledges", """{"donors":[{"donorId":"donor-of-texts","amount":1}],"currency":"USD","announcedOn":"2026-01-01","instrument":"grant","description":{"en":"{0}"}}""", "/description/en", "pledges"),
        ("pledges", """{"donors":[{"donorId":"donor-of-texts","amount":1}],"currency":"USD","announcedOn":"2026-01-01","instrument":"grant","note":{"ar":"{0}"}}""", "/note/ar", "pledges"),
        ("pledges", """{"donors":[{"donorId":"donor-of-texts","amount":1}],"currency":"USD","announcedOn":"2026-01-01","instrument":"grant","externalSystem":"{1}","externalId":"{0}"}""", "/externalId", null),
        ("contributions", """{"donorId":"donor-of-texts","fundId":"fund-of-texts","stage":"commitment","amount":1,"currency":"USD","date":"2026-01-01","distinctFrom":"all","note":{"en":"{0}"}}""", "/note/en", "contributions"),
        ("contributions", """{"donorId":"donor-of-texts","fundId":"fund-of-texts","stage":"commitment","amount":1,"currency":"USD","date":"2026-01-01","distinctFrom":"all","reference":"{0}"}""", "/reference", null),
        ("shortfalls", """{"fundId":"fund-of-texts","amount":1,"currency":"USD","statedOn":"2026-01-01","statedBy":{"en":"{0}"}}""", "/statedBy/en", null),
        ("requirements", """{"fundId":"fund-of-texts","kind":"original","amount":1,"currency":"USD","statedOn":"2026-01-01","note":{"ar":"{0}"}}""", "/note/ar", null),
        ("indicators", """{"measure":"of-texts","name":{"en":"{0}"},"value":1,"unit":"people","date":"2026-01-01"}""", "/name", null),
    ];

    // Ranges from which characters are drawn; those that do something are drawn more often than they would be.
    private static readonly (int First, int Last)[] Ranges =
    [
        (0x20, 0x7E), (0x41, 0x5A), (0x61, 0x7A), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x5FF), (0x600, 0x6FF), (0x620, 0x64A), (0x900, 0x97F), (0xE00, 0xE7F),
        (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x2100, 0x214F), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xD800, 0xDFFF), (0xE000, 0xE010),
        (0xFB00, 0xFDFF), (0xFE00, 0xFEFF), (0xFF00, 0xFFEF), (0xFFF0, 0xFFFF), (0x0, 0x1F), (0x80, 0x9F), (0x10330, 0x1034A), (0x1E900, 0x1E95F), (0x1F300, 0x1F64F), (0x20000, 0x2A6DF), (0xE0001, 0xE007F),
    ];

    private static readonly string[] Words = [" ", " ", " ", "OR", " AND ", ":*", "&", "%", "_", "\"", "'", "*", "NEAR(", "\r\n", "\u200B", "\u202E", "\u202C", "الـ", "سورية", "stabilisation", "ß", "\\", "|", "!", "<->"];

    [Fact]
    public async Task Nothing_fails_what_is_taken_comes_back_normalized_and_its_own_words_find_it()
    {
        await server.EnterAsync(enter => enter.OrganizationAsync("donor-of-texts"));
        await server.EnterAsync(enter => enter.FundAsync("fund-of-texts"));
        // Fixed, so that a failure can be repeated.
        var random = new Random(20260615);
        var (taken, found) = (0, 0);
        for (var i = 0; i < Texts; i++)
        {
            var text = Made(random);
            foreach (var list in (string[])["organizations", "funds", "events", "sources", "pledges", "contributions", "donors"])
            {
                var searched = await server.Client.SendAsync(HttpMethod.Get, $"/v1/{list}?limit=1&q={Uri.EscapeDataString(text)}");
                Assert.True(searched.Status is HttpStatusCode.OK || (searched.Status is HttpStatusCode.BadRequest && searched.Pointers.SequenceEqual(["?q"])), $"{list} {Escaped(text)}: {(int)searched.Status} {searched.Text}");
            }

            var (path, body, pointer, searchedBy) = Members[i % Members.Length];
            var made = await SendAsync(path, body, text);
            if (made.Status == HttpStatusCode.BadRequest)
            {
                Assert.StartsWith(pointer, Assert.Single(made.Pointers), StringComparison.Ordinal);
                continue;
            }

            Assert.True(made.Status is HttpStatusCode.Created, $"{path} {Escaped(text)}: {(int)made.Status} {made.Text}");
            taken++;
            var kept = pointer[1..].Split('/').Aggregate(made.Body, (at, part) => at.ValueKind == JsonValueKind.Array ? at[0] : at.GetProperty(part)).GetString()!;
            Assert.Equal(kept.Trim(), kept);
            Assert.True(kept.IndexOfAny(['\u200B', '\uFEFF', '\u00AD', '\r', '\0']) < 0, Escaped(kept));
            var again = await SendAsync(path, body, kept);
            Assert.True(again.Status == HttpStatusCode.Created && again.Text.Contains(JsonEncodedText.Encode(kept, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(), StringComparison.Ordinal),
                $"{Escaped(kept)} is not what it becomes: {again.Text}");
            if (searchedBy is not null && kept.EnumerateRunes().Any(rune => Rune.IsLetter(rune) && rune.Value is not ('ء' or 'ـ' or (>= 0x2B0 and <= 0x2FF))))
            {
                var search = $"/v1/{searchedBy}?limit=500&q={Uri.EscapeDataString(Beginning(kept))}";
                var reply = await server.Client.SendAsync(HttpMethod.Get, search);
                Assert.True(reply.Status == HttpStatusCode.OK, $"{Escaped(kept)}: {reply.Text}");
                Assert.True(reply.Body.GetProperty("data").EnumerateArray().Any(item => item.Id() == made.Body.Id()) || reply.Body.Text("next") is not null, $"{path} {Escaped(kept)} is not found by its own words");
                found++;
            }
        }

        Assert.True(taken > Texts / 10 && found > Texts / 20, $"{taken} were taken, {found} found: the test shows nothing.");
    }

    private Task<Reply> SendAsync(string path, string body, string text) => server.Editor.SendAsync(HttpMethod.Post, "/v1/" + path,
        body.Replace("{1}", server.NewId("text"), StringComparison.Ordinal).Replace("{0}", Escaped(text), StringComparison.Ordinal));

    // Half a pair is sent as half a pair; a serializer would replace it.
    private static string Escaped(string text) => string.Concat(text.Select(c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}")));

    // No more than a query takes, and no part of a word. (A word that is longer is looked for by its beginning.) What changes the direction of writing is no word, and would not end.
    private static string Beginning(string text)
    {
        var seen = string.Concat(text.Where(c => c is not (>= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069'))).EnumerateRunes().ToList();
        var end = seen.Count <= 200 ? seen.Count : seen.FindLastIndex(199, rune => rune.Value == ' ') is > 0 and var space ? space : 199;
        return string.Concat(seen.Take(end));
    }

    private static string Made(Random random)
    {
        var text = new StringBuilder();
        // Most texts are of few scripts, and say something.
        var ranges = random.GetItems(Ranges, random.Next(1, 4));
        for (var left = random.Next(1, random.Next(4) == 0 ? 120 : 12); left > 0; left--)
        {
            if (random.Next(5) == 0)
            {
                text.Append(Words[random.Next(Words.Length)]);
                continue;
            }

            var (first, last) = ranges[random.Next(ranges.Length)];
            var code = random.Next(first, last + 1);
            text.Append(code > 0xFFFF ? char.ConvertFromUtf32(code) : ((char)code).ToString());
        }

        return text.ToString();
    }
}
