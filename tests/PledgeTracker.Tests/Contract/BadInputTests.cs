using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PledgeTracker.Tests.Contract;

/// <summary>Whatever is sent to a write, member by member of the OpenAPI document: it is refused with a pointer at the member, and leaves no trace.</summary>
public sealed class BadInputTests(BadInputTests.SeededServer server) : IClassFixture<BadInputTests.SeededServer>
{
    /// <summary>The members that the rules of money and time speak of.</summary>
    private static readonly string[] Amounts = ["amount", "amountUsd", "usdPerUnit"];
    private static readonly string[] ValueDates = ["date", "announcedOn", "statedOn", "publishedOn"];
    private static readonly string[] DueDates = ["dueOn", "startsOn", "endsOn", "periodEnd"];

    public sealed class SeededServer : TestServer
    {
        public SeededServer() => Clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

        public override async ValueTask DisposeAsync()
        {
            await AssertCleanAsync();
            await base.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_bad_member_of_every_write_is_pointed_at_and_nothing_is_recorded()
    {
        using var admin = await server.ClientAsync("admin");
        var before = await server.VersionAsync();
        var wrong = new List<string>();
        var sent = 0;
        var (document, operations) = await Operation.AllAsync(server);
        foreach (var operation in operations.Where(o => o.JsonSchema is not null))
        {
            var address = operation.Address();
            foreach (var bad in new Bodies(document, operation).Bad())
            {
                sent++;
                var reply = await admin.SendAsync(operation.Verb, address, bad.Json, operation.Method == "patch" ? [("If-Match", "*")] : []);
                if (reply.Status != HttpStatusCode.BadRequest || reply.MediaType != "application/problem+json" || !reply.Pointers.Contains(bad.Pointer)
                    || reply.Body.GetProperty("errors").EnumerateArray().Any(e => string.IsNullOrWhiteSpace(e.Text("detail"))))
                {
                    wrong.Add($"{operation.Id}, {bad.Name} at {bad.Pointer}: {(int)reply.Status} {reply.Text} to {bad.Json[..Math.Min(bad.Json.Length, 200)]}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {sent}:\n" + string.Join('\n', wrong.Take(40)));
        Assert.True(sent > 1000, $"Only {sent} were made from the document.");
        Assert.Equal(before, await server.VersionAsync());
    }

    [Fact]
    public async Task A_body_that_is_no_readable_JSON_object_is_refused_by_every_write()
    {
        using var admin = await server.ClientAsync("admin");
        var before = await server.VersionAsync();
        var bodies = new (string Name, byte[] Body, string? Pointer)[]
        {
            ("empty", [], ""),
            ("an array", "[]"u8.ToArray(), ""),
            ("a text", "\"text\""u8.ToArray(), ""),
            ("a number", "5"u8.ToArray(), ""),
            ("null", "null"u8.ToArray(), ""),
            ("no JSON", "amount=5"u8.ToArray(), ""),
            ("two values", "{} {}"u8.ToArray(), ""),
            ("a comment", "{ /* */ }"u8.ToArray(), ""),
            ("a trailing comma", "{ \"note\": { \"en\": \"a\" }, }"u8.ToArray(), ""),
            ("broken off", "{ \"note\": "u8.ToArray(), ""),
            ("bytes that are not UTF-8", [.. "{ \"note\": { \"en\": \""u8, 0xC3, 0x28, .. "\" } }"u8], ""),
            ("UTF-16", Encoding.Unicode.GetBytes("{}"), ""),
            ("half a surrogate pair as a name", "{ \"\\ud800\": 1 }"u8.ToArray(), null),
            ("half a surrogate pair as a text", "{ \"note\": { \"en\": \"\\ud800\" }, \"name\": { \"en\": \"\\ud800\" } }"u8.ToArray(), null),
            ("a thousand levels of objects", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"note\":", 1000)) + "1" + new string('}', 1000)), ""),
            ("a thousand levels of arrays", Encoding.UTF8.GetBytes(new string('[', 1000) + new string(']', 1000)), ""),
        };
        var wrong = new List<string>();
        foreach (var operation in (await Operation.AllAsync(server)).Operations.Where(o => o.JsonSchema is not null))
        {
            foreach (var (name, body, pointer) in bodies)
            {
                var reply = await SendAsync(admin, operation, new ByteArrayContent(body), "application/json");
                if (reply.Status != HttpStatusCode.BadRequest || reply.MediaType != "application/problem+json" || (pointer is not null && !reply.Pointers.Contains(pointer)))
                {
                    wrong.Add($"{operation.Id}, {name}: {(int)reply.Status} {reply.Text}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await server.VersionAsync());
    }

    [Fact]
    public async Task A_body_of_another_type_or_compressed_is_415_and_a_large_one_413_on_every_write()
    {
        using var admin = await server.ClientAsync("admin");
        var before = await server.VersionAsync();
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("{}"u8);
        }

        var wrong = new List<string>();
        foreach (var operation in (await Operation.AllAsync(server)).Operations.Where(o => o.JsonSchema is not null))
        {
            foreach (var type in new string?[] { null, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "nonsense" })
            {
                await ExpectAsync(415, "unsupported_media_type", type ?? "no type", new ByteArrayContent("{}"u8.ToArray()), type);
            }

            var compressed = new ByteArrayContent(zipped.ToArray());
            compressed.Headers.ContentEncoding.Add("gzip");
            await ExpectAsync(415, "unsupported_media_type", "gzip", compressed, "application/json");

            var large = new ByteArrayContent(new byte[2 << 20]);
            await ExpectAsync(413, "payload_too_large", "2 MiB", large, "application/json");

            async Task ExpectAsync(int status, string code, string name, ByteArrayContent content, string? type)
            {
                var reply = await SendAsync(admin, operation, content, type);
                if ((int)reply.Status != status || reply.MediaType != "application/problem+json" || reply.Code != code || !operation.Statuses.Contains(status))
                {
                    wrong.Add($"{operation.Id}, {name}: {(int)reply.Status} {reply.Text}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await server.VersionAsync());
    }

    [Theory]
    [InlineData("/v1/organizations", """{"id":"a","name":{"en":"A"},"type":"22","website":"http://a/\u0000"}""", "/website")]
    [InlineData("/v1/sources", """{"id":"a","title":{"en":"A"},"language":"ar\nx","publishedOn":"2026-01-01","reliability":"primary"}""", "/language")]
    [InlineData("/v1/sources", """{"id":"a","title":{"en":"A"},"language":"ar-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa","publishedOn":"2026-01-01","reliability":"primary"}""", "/language")]
    [InlineData("/v1/keys", """{"name":"a","role":"admin","expiresAt":"2030-01-01"}""", "/expiresAt")]
    [InlineData("/v1/keys", """{"name":"a","role":"admin","expiresAt":"2030-01-01T00:00:00"}""", "/expiresAt")]
    public async Task What_only_looks_right_is_refused(string path, string body, string pointer)
    {
        using var admin = await server.ClientAsync("admin");
        var before = await server.VersionAsync();
        var reply = await admin.SendAsync(HttpMethod.Post, path, body);
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([pointer], reply.Pointers);
        Assert.Equal(before, await server.VersionAsync());
    }

    [Fact]
    public async Task A_large_body_without_a_length_is_413()
    {
        using var admin = await server.ClientAsync("admin");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/organizations") { Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(new string(' ', 1 << 20) + "{}"))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;
        using var response = await admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Every_example_of_a_body_is_accepted_as_it_stands()
    {
        var operations = (await Operation.AllAsync(server)).Operations.Where(o => o.BodyExample is not null).ToList();
        Assert.Equal(operations.Count, (await Operation.AllAsync(server)).Operations.Count(o => o.Method == "post" && o.JsonSchema is not null));
        foreach (var operation in operations)
        {
            // Each on the documented facts alone: one example does not lean on another.
            await using var fresh = new SeededServer();
            await fresh.InitializeAsync();
            using var admin = await fresh.ClientAsync("admin");
            var reply = await admin.SendAsync(operation.Verb, operation.Address(), operation.BodyExample!.ToJsonString());
            Assert.True(reply.Status == HttpStatusCode.Created, $"{operation.Id}: {(int)reply.Status} {reply.Text}");
        }
    }

    [Fact]
    public async Task Every_amendment_takes_a_patch_with_the_ETag_that_was_read()
    {
        await using var fresh = new SeededServer();
        await fresh.InitializeAsync();
        using var admin = await fresh.ClientAsync("admin");
        foreach (var operation in (await Operation.AllAsync(fresh)).Operations.Where(o => o.Method == "patch"))
        {
            foreach (var patch in new[] { "{}", operation.Id == "AmendSource" ? """{ "note": { "en": "Seen again" } }""" : operation.Id == "AmendCountry" ? """{ "aliases": ["Seen again"] }""" : """{ "description": { "en": "Seen again" } }""" })
            {
                var reply = await admin.AmendAsync(operation.Address(), patch);
                Assert.True(reply.Status == HttpStatusCode.OK, $"{operation.Id} {patch}: {(int)reply.Status} {reply.Text}");
                // What the answer shows and its ETag are good for the next amendment.
                var again = await admin.SendAsync(HttpMethod.Patch, operation.Address(), "{}", ("If-Match", reply.EntityTag!));
                Assert.True(again.Status == HttpStatusCode.OK, $"{operation.Id}: {(int)again.Status} {again.Text}");
            }
        }
    }

    [Fact]
    public async Task An_unknown_query_parameter_is_refused_by_every_write()
    {
        using var admin = await server.ClientAsync("admin");
        var before = await server.VersionAsync();
        foreach (var operation in (await Operation.AllAsync(server)).Operations.Where(o => o.JsonSchema is not null && o.Role is not null))
        {
            var reply = await admin.SendAsync(operation.Verb, operation.Address() + "?dryrun=true", "{}", ("If-Match", "*"));
            Assert.True(reply.Status == HttpStatusCode.BadRequest && reply.Pointers.Contains("?dryrun"), $"{operation.Id}: {(int)reply.Status} {reply.Text}");
        }

        Assert.Equal(before, await server.VersionAsync());
    }

    private static async Task<Reply> SendAsync(HttpClient client, Operation operation, ByteArrayContent content, string? type)
    {
        using var request = new HttpRequestMessage(operation.Verb, operation.Address()) { Content = content };
        // Otherwise a server that refuses a body it has not read may close the connection while it is still being sent.
        request.Headers.ExpectContinue = true;
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await client.SendAsync(request);
        return await response.ToReplyAsync();
    }

    private sealed record BadBody(string Name, string Json, string Pointer);

    /// <summary>Makes bodies that are right but for one thing.</summary>
    private sealed class Bodies(JsonElement document, Operation operation)
    {
        private const string Mark = "@mark@";
        private const string Again = "@again@";

        private readonly JsonObject _good = operation.BodyExample as JsonObject ?? [];

        public IEnumerable<BadBody> Bad() => OfObject(operation.JsonSchema!.Value, []).Concat(OfMoney());

        private IEnumerable<BadBody> OfObject(JsonElement schema, string[] place)
        {
            schema = Resolve(schema);
            yield return With("an unknown member", [.. place, "zzz"], "1");
            var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToHashSet() : [];
            foreach (var property in schema.GetProperty("properties").EnumerateObject())
            {
                string[] at = [.. place, property.Name];
                var good = GoodValue(property.Name, property.Value);
                yield return Twice(at, good);
                if (required.Contains(property.Name))
                {
                    yield return With("null", at, "null");
                    // A patch leaves out what stays; only the items of a list are whole.
                    if ((operation.Method != "patch" && place is not ["changes", ..]) || place.Contains("0"))
                    {
                        yield return With("missing", at, null);
                    }
                }

                foreach (var bad in OfValue(property.Name, property.Value, at))
                {
                    yield return bad;
                }
            }
        }

        private IEnumerable<BadBody> OfValue(string name, JsonElement schema, string[] at)
        {
            schema = Resolve(schema);
            switch (TypeOf(schema))
            {
                case "object":
                    foreach (var raw in new[] { "5", "\"text\"", "[]", "true" })
                    {
                        yield return With("no object", at, raw);
                    }

                    foreach (var bad in OfObject(schema, at))
                    {
                        yield return bad;
                    }

                    break;
                case "array":
                    yield return With("no array", at, "5");
                    yield return With("no array", at, "{}");
                    yield return With("null in a list", at, "[null]", [.. at, "0"]);
                    foreach (var bad in OfValue(name, schema.GetProperty("items"), [.. at, "0"]))
                    {
                        yield return bad;
                    }

                    break;
                case "string":
                    yield return With("a number for a text", at, "5");
                    yield return With("an object for a text", at, "{}");
                    yield return With("an empty text", at, "\"\"");
                    yield return With("too long", at, $"\"{new string('a', 20_001)}\"");
                    yield return With("a control character", at, "\"a\\u0000b\"");
                    foreach (var bad in OfText(name, schema, at))
                    {
                        yield return bad;
                    }

                    break;
                case "boolean":
                    yield return With("a text for a truth", at, "\"true\"");
                    yield return With("a number for a truth", at, "1");
                    break;
                case var number:
                    yield return With("a text for a number", at, "\"5\"");
                    yield return With("an object for a number", at, "{}");
                    yield return With("thirty digits", at, new string('9', 30));
                    yield return With("thirty digits behind the point", at, "1." + new string('1', 30));
                    yield return With("1e400", at, "1e400");
                    yield return With("NaN", at, "NaN", []);
                    yield return With("Infinity", at, "Infinity", []);
                    yield return With("a leading zero", at, "012", []);
                    if (number == "integer")
                    {
                        yield return With("a broken number", at, "2018.5");
                    }

                    if (Amounts.Contains(name))
                    {
                        // An adjustment's may be of any sign.
                        if (schema.TryGetProperty("exclusiveMinimum", out _) || schema.TryGetProperty("minimum", out _))
                        {
                            yield return With("a negative amount", at, "-1");
                            yield return With("nothing", at, "0");
                            yield return With("nothing, precisely", at, "0.00");
                        }

                        // What does not belong there at all is told first.
                        if (!at.Contains("settles"))
                        {
                            yield return With("a billion billions", at, "1e18");
                        }
                    }

                    if (name == "change")
                    {
                        yield return With("no change", at, "0");
                    }

                    break;
            }
        }

        private IEnumerable<BadBody> OfText(string name, JsonElement schema, string[] at)
        {
            if (schema.TryGetProperty("enum", out _))
            {
                yield return With("a word that is not in the list", at, "\"zzz\"");
            }

            if (schema.TryGetProperty("format", out var format))
            {
                foreach (var text in format.GetString() == "date"
                    ? new[] { "2026-02-30", "2026-13-01", "26-01-01", "01/02/2026", "2026-01-01T00:00:00Z", "yesterday" }
                    : ["2027-02-30T00:00:00Z", "2027-01-01 25:00", "tomorrow"])
                {
                    yield return With("no such day", at, $"\"{text}\"");
                }
            }

            if (ValueDates.Contains(name))
            {
                yield return With("a day after tomorrow", at, "\"2026-11-23\"");
                yield return With("the year 9999", at, "\"9999-12-31\"");
                yield return With("the year 1", at, "\"0001-01-01\"");
            }

            // (The end of the event that is amended lies before that, and is what is pointed at.)
            if (DueDates.Contains(name) && (name, operation.Id) != ("startsOn", "AmendEvent"))
            {
                yield return With("forty years ahead", at, "\"2066-11-21\"");
            }

            if (name.EndsWith("Id", StringComparison.Ordinal) && name != "externalId")
            {
                yield return With("no id", at, "\"Not an id\"");
            }

            if (name is "currency" or "country")
            {
                yield return With("no such code", at, "\"ZZZ\"");
                yield return With("a code in small letters", at, name == "currency" ? "\"usd\"" : "\"irq\"");
            }
        }

        // Decimals follow from the currency: that of the body, or of the pledge that the path names (US dollars, in the examples).
        private IEnumerable<BadBody> OfMoney()
        {
            string[]? amount = operation.Id switch
            {
                "RecordPledge" => ["donors", "0", "amount"],
                "CreateEvent" or "AmendEvent" => ["reportedTotal", "amount"],
                "RevisePledge" => ["change"],
                "AmendPledge" => ["instalments", "0", "amount"],
                _ => Resolve(operation.JsonSchema!.Value).GetProperty("properties").TryGetProperty("amount", out _) ? ["amount"] : null,
            };
            if (amount is null)
            {
                yield break;
            }

            yield return With("three decimals of dollars", amount, "1.234");
            yield return With("a thousand billions and a cent", amount, "10000000000000.00");
            string[] currency = operation.Id switch
            {
                "RecordPledge" => ["currency"],
                "RevisePledge" or "WithdrawPledge" or "AmendPledge" => [],
                _ => [.. amount[..^1], "currency"],
            };
            if (currency.Length > 0)
            {
                foreach (var (code, raw) in new[] { ("JPY", "1.5"), ("KWD", "1.2345"), ("EUR", "1.005") })
                {
                    var body = Put(_good, currency, $"\"{code}\"");
                    yield return new($"{raw} {code}", Put(Parsed(body), amount, raw), "/" + string.Join('/', amount));
                }
            }
        }

        private BadBody With(string name, string[] at, string? raw, string[]? pointer = null) =>
            new(name, Put(_good, at, raw), string.Concat((pointer ?? at).Select(part => "/" + part)));

        private BadBody Twice(string[] at, string good)
        {
            var place = at[..^1];
            var body = Put(Parsed(Put(_good, at, good)), [.. place, Again], good);
            return new("twice", body.Replace($"\"{Again}\"", $"\"{at[^1]}\"", StringComparison.Ordinal), string.Concat(at.Select(part => "/" + part)));
        }

        /// <summary>The body with this value, as it is written, at this place; without it when there is none.</summary>
        private string Put(JsonObject good, string[] at, string? raw)
        {
            var body = (JsonObject)good.DeepClone();
            JsonNode node = body;
            for (var i = 0; i < at.Length; i++)
            {
                var last = i == at.Length - 1;
                if (node is JsonArray list)
                {
                    if (last)
                    {
                        list[0] = Mark;
                        break;
                    }

                    // Where the example has a text for it, the object that it stands for.
                    if (list[0] is JsonValue)
                    {
                        list[0] = JsonNode.Parse(GoodValue(at[i], SchemaAt(at[..(i + 1)])));
                    }

                    node = list[0]!;
                    continue;
                }

                var members = (JsonObject)node;
                if (last && raw is null)
                {
                    members.Remove(at[i]);
                }
                else if (last)
                {
                    members.Remove(at[i]);
                    members[at[i]] = Mark;
                }
                else
                {
                    // Where the example has nothing to put it into, something right is made.
                    if (members[at[i]] is null)
                    {
                        members[at[i]] = JsonNode.Parse(GoodValue(at[i], SchemaAt(at[..(i + 1)])));
                    }

                    node = members[at[i]]!;
                }
            }

            return raw is null ? body.ToJsonString() : body.ToJsonString().Replace($"\"{Mark}\"", raw, StringComparison.Ordinal);
        }

        private static JsonObject Parsed(string json) => JsonNode.Parse(json)!.AsObject();

        private JsonElement SchemaAt(string[] at) => at.Aggregate(Resolve(operation.JsonSchema!.Value), (schema, part) =>
            Resolve(TypeOf(schema) == "array" ? schema.GetProperty("items") : schema.GetProperty("properties").GetProperty(part)));

        private string GoodValue(string name, JsonElement schema)
        {
            schema = Resolve(schema);
            var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToList() : [];
            return TypeOf(schema) switch
            {
                "object" when schema.GetProperty("properties").TryGetProperty("en", out _) => """{ "en": "text" }""",
                "object" => "{" + string.Join(',', required.Select(r => $"\"{r}\": {GoodValue(r, schema.GetProperty("properties").GetProperty(r))}")) + "}",
                "array" => $"[{GoodValue(name, schema.GetProperty("items"))}]",
                "boolean" => "true",
                "integer" => "2026",
                "number" => "1",
                _ when schema.TryGetProperty("enum", out var words) => $"\"{words[0].GetString()}\"",
                _ when schema.TryGetProperty("format", out var format) => format.GetString() == "date" ? "\"2026-01-01\"" : "\"2027-01-01T00:00:00Z\"",
                _ => name switch
                {
                    "sourceId" => "\"state-note-2018-06-26\"",
                    "currency" => "\"USD\"",
                    "countries" or "country" => "\"IRQ\"",
                    "sectors" => "\"15220\"",
                    _ => "\"text\"",
                },
            };
        }

        private JsonElement Resolve(JsonElement schema)
        {
            if (schema.TryGetProperty("oneOf", out var choices))
            {
                return Resolve(choices.EnumerateArray().First(c => c.TryGetProperty("$ref", out _)));
            }

            if (schema.TryGetProperty("allOf", out var parts) || schema.TryGetProperty("anyOf", out parts))
            {
                return Resolve(parts[0]);
            }

            return schema.TryGetProperty("$ref", out var reference)
                ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
                : schema;
        }

        private static string TypeOf(JsonElement schema)
        {
            var type = schema.GetProperty("type");
            return type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!).First(t => t != "null") : type.GetString()!;
        }
    }
}
