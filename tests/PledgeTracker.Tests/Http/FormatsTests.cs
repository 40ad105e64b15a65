using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PledgeTracker.Tests.Http;

/// <summary>Lists as CSV and NDJSON, and what they have in common with XLSX.</summary>
public sealed class FormatsTests(FormatsTests.Server server) : IClassFixture<FormatsTests.Server>
{
    private const string Csv = "text/csv; charset=utf-8; header=present";
    private const string Ndjson = "application/x-ndjson";
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    [Fact]
    public async Task Every_list_has_as_many_rows_in_CSV_and_as_many_lines_in_NDJSON_as_it_counts()
    {
        var lists = await server.ListsAsync(server.BusyPledge);
        Assert.True(lists.Count >= 17);
        foreach (var list in lists)
        {
            var count = (await server.GetAsync($"{list.Path}?limit=1&count=true")).GetProperty("count").GetInt32();
            var csv = await CsvAsync($"{list.Path}.csv");
            Assert.Equal(count, csv.Rows.Count);
            Assert.Equal(count, (await server.AskAsync($"{list.Path}.ndjson")).Text.Count(c => c == '\n'));
            // Nothing is nameless, and the tags are as many as the names.
            Assert.DoesNotContain("", csv.Names);
            var tagged = await CsvAsync($"{list.Path}.csv?hxl=true");
            Assert.Equal(count + 1, tagged.Rows.Count);
            Assert.Contains(tagged.Rows[0], tag => tag.StartsWith('#'));
            Assert.Equal(csv.Rows, tagged.Rows[1..]);
        }
    }

    [Fact]
    public async Task The_lines_of_NDJSON_are_the_items_of_JSON_as_they_stand()
    {
        foreach (var list in await server.ListsAsync(server.BusyPledge))
        {
            var data = (await server.GetAsync($"{list.Path}?limit=3")).GetProperty("data").EnumerateArray().Select(item => item.GetRawText());
            var answer = await server.AskAsync(list.Path + "?limit=3", null, ("Accept", Ndjson));
            Assert.Equal(Ndjson, answer.Header("Content-Type"));
            Assert.Equal(data, answer.Text.Split('\n')[..^1]);
        }
    }

    [Fact]
    public async Task The_columns_stand_in_the_order_of_the_JSON_and_hold_what_it_holds()
    {
        foreach (var list in await server.ListsAsync(server.BusyPledge))
        {
            var items = (await server.GetAsync($"{list.Path}?limit=500")).GetProperty("data").EnumerateArray().ToList();
            var (names, rows) = await CsvAsync($"{list.Path}.csv?limit=500");
            foreach (var (item, row) in items.Zip(rows))
            {
                foreach (var (name, cell) in names.Zip(row))
                {
                    Assert.Equal($"{name}: {Expected(item, name.Split('.'))}", $"{name}: {cell}");
                }
            }

            var order = names.Select(name => string.Join(' ', Places(items[0], name.Split('.')).Select(place => place.ToString("000", CultureInfo.InvariantCulture)))).ToList();
            Assert.Equal(order.Order(StringComparer.Ordinal), order);
        }
    }

    [Fact]
    public async Task A_table_says_what_it_is_and_is_not_sent_again_while_it_is_the_same()
    {
        var tags = new List<string?>();
        foreach (var (path, accept, type, file) in new[]
        {
            ("/v1/pledges.csv", null, Csv, "pledges.csv"), ("/v1/pledges.ndjson", "text/csv", Ndjson, "pledges.ndjson"), ("/v1/pledges", "text/csv", Csv, "pledges.csv"),
            ("/v1/pledges", "text/csv, */*;q=0.1", Csv, "pledges.csv"), ("/v1/pledges", "text/csv, */*", Csv, "pledges.csv"), ("/v1/pledges.csv?bom=true", "application/json", Csv, "pledges.csv"),
            ("/v1/pledges.csv?hxl=true", null, Csv, "pledges.csv"), ("/v1/pledges.csv?fields=id", null, Csv, "pledges.csv"), ("/v1/pledges", "text/html, */*;q=0.8", "application/json; charset=utf-8", null),
            ("/v1/pledges", "application/json, text/csv", "application/json; charset=utf-8", null), ($"/v1/pledges/{server.BusyPledge}/ledger.csv", null, Csv, "ledger.csv"),
            ("/v1/pledges.xlsx", null, Xlsx, "pledges.xlsx"), ("/v1/pledges", Xlsx, Xlsx, "pledges.xlsx"), ($"/v1/pledges/{server.BusyPledge}/ledger.xlsx?hxl=true", null, Xlsx, "ledger.xlsx"),
        })
        {
            (string, string)[] headers = accept is null ? [] : [("Accept", accept)];
            var answer = await server.AskAsync(path, null, headers);
            Assert.True(answer.Status == 200, $"{path} {accept}: {answer.Text}");
            Assert.Equal(type, answer.Header("Content-Type"));
            Assert.Equal(file is null ? null : $"attachment; filename={file}", answer.Header("Content-Disposition"));
            Assert.Contains("Accept", answer.Header("Vary")!.Split(", "));
            Assert.NotNull(answer.Header("Dataset-Version"));
            Assert.Equal("public, no-cache", answer.Header("Cache-Control"));
            tags.Add(answer.Header("ETag"));
            var again = await server.AskAsync(path, null, [.. headers, ("If-None-Match", answer.Header("ETag")!)]);
            Assert.Equal((304, ""), (again.Status, again.Text));
            var head = await server.AskAsync(path, HttpMethod.Head, headers);
            Assert.Equal((200, type, answer.Header("ETag"), ""), (head.Status, head.Header("Content-Type"), head.Header("ETag"), head.Text));
        }

        // Each representation has a tag of its own; an answer in one is no answer in another.
        Assert.Equal(9, tags.Distinct().Count());
        Assert.Equal(200, (await server.AskAsync("/v1/pledges", null, ("If-None-Match", tags[2]!))).Status);
    }

    [Fact]
    public async Task A_table_is_sent_compressed_under_a_tag_of_its_own()
    {
        var answer = await server.AskAsync("/v1/pledges.csv", null, ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", answer.Header("Content-Encoding"));
        Assert.EndsWith("-gz\"", answer.Header("ETag"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_CSV_are_followed_by_their_Link_and_a_cursor_is_good_in_every_format()
    {
        var whole = await CsvAsync("/v1/pledges.csv?donor=alpha&sort=-amountUsd");
        Assert.True(whole.Rows.Count > 7);
        foreach (var (start, accept) in new[] { ("/v1/pledges.csv?donor=alpha&sort=-amountUsd&limit=3&hxl=false", "*/*"), ("/v1/pledges?limit=3&sort=-amountUsd&donor=alpha", "text/csv") })
        {
            var rows = new List<string[]>();
            for (var next = start; next is not null;)
            {
                var answer = await server.AskAsync(next, null, ("Accept", accept));
                rows.AddRange(Read(answer.Text).Rows);
                next = answer.Header("Link")?.Split('>')[0][1..];
            }

            Assert.Equal(whole.Rows, rows);
        }

        var json = (await server.GetAsync("/v1/pledges?donor=alpha&sort=-amountUsd&limit=3")).GetProperty("next").GetString()!;
        var cursor = json.Split("cursor=")[1];
        Assert.Equal(whole.Rows[3..], (await CsvAsync($"/v1/pledges.csv?donor=alpha&sort=-amountUsd&cursor={cursor}&bom=true")).Rows);
        Assert.Equal(whole.Rows[3..5], (await CsvAsync($"/v1/pledges.csv?donor=alpha&sort=-amountUsd&limit=2&cursor={cursor}")).Rows);
        Assert.Null((await server.AskAsync("/v1/pledges.csv?donor=alpha&sort=-amountUsd")).Header("Link"));
        await server.RefusesAsync($"/v1/pledges.csv?donor=beta&sort=-amountUsd&cursor={cursor}", "?cursor", "invalid_cursor");
    }

    [Fact]
    public async Task Fields_choose_columns_and_members_in_the_order_of_asking()
    {
        var (names, rows) = await CsvAsync("/v1/contributions.csv?fields=amountUsd,id,donor.name,donor,countries&limit=4");
        Assert.Equal(["amountUsd", "id", "donor.name", "donor.id", "countries"], names);
        Assert.Equal(4, rows.Count);
        var items = (await server.GetAsync("/v1/contributions?limit=4")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(items.Select(i => i.GetProperty("donor").Text("name")), rows.Select(row => row[2]));
        var lines = (await server.AskAsync("/v1/pledges.ndjson?limit=1&fields=figures.stages.paid,id,donors.name,figures.paid,fund")).Text;
        var pledge = (await server.GetAsync("/v1/pledges?limit=1")).GetProperty("data")[0];
        var (figures, donors) = (pledge.GetProperty("figures"), pledge.GetProperty("donors").EnumerateArray().Select(d => $$"""{"name":{{d.GetProperty("name").GetRawText()}}}"""));
        Assert.Equal(
            $$$"""{"figures":{"stages":{"paid":{{{figures.GetProperty("stages").GetProperty("paid")}}}},"paid":{{{figures.GetProperty("paid")}}}},"id":"{{{pledge.Id()}}}","donors":[{{{string.Join(',', donors)}}}],"fund":{{{pledge.GetProperty("fund").GetRawText()}}}}""" + "\n",
            lines);
        // A row of nothing is a row.
        var one = await CsvAsync("/v1/pledges.csv?fields=fund.name");
        Assert.Equal((await CsvAsync("/v1/pledges.csv")).Rows.Count, one.Rows.Count);
        Assert.Contains(one.Rows, row => row is [""]);
    }

    [Theory]
    [InlineData("/v1/contributions.csv?fields=id,donor.nam", "?fields", "unknown_field", "donor.name")]
    [InlineData("/v1/contributions.ndjson?fields=donr", "?fields", "unknown_field", "donor.id")]
    [InlineData("/v1/contributions.csv?fields=", "?fields", "unknown_field", "")]
    [InlineData("/v1/contributions?fields=id", "?fields", "not_allowed", "NDJSON")]
    [InlineData("/v1/contributions?hxl=true", "?hxl", "not_allowed", "CSV or XLSX")]
    [InlineData("/v1/contributions.ndjson?bom=true", "?bom", "not_allowed", "CSV")]
    [InlineData("/v1/contributions.xlsx?bom=true", "?bom", "not_allowed", "CSV")]
    [InlineData("/v1/contributions.xlsx?fields=donr", "?fields", "unknown_field", "donor.id")]
    [InlineData("/v1/contributions.xlsx?count=true", "?count", "not_allowed", "JSON")]
    [InlineData("/v1/contributions.csv?count=true", "?count", "not_allowed", "JSON")]
    [InlineData("/v1/contributions.csv?limit=501", "?limit", "out_of_range", "500")]
    [InlineData("/v1/contributions.csv?format=csv", "?format", "unknown_parameter", "")]
    [InlineData("/v1/contributions.csv?hxl=1", "?hxl", "invalid_boolean", "true")]
    public async Task What_a_format_does_not_have_is_refused_by_name_with_a_problem_document(string path, string pointer, string code, string said)
    {
        var problem = await server.RefusesAsync(path, pointer, code);
        Assert.Contains(said, problem.GetProperty("errors")[0].Text("detail"), StringComparison.Ordinal);
        var arabic = await server.AskAsync(path + "&lang=ar");
        Assert.True(arabic.Json.GetProperty("errors")[0].Text("detail").IsArabic());
    }

    [Theory]
    [InlineData("/v1/pledges.xls", null, 404)]
    [InlineData("/v1/pledges.CSV", null, 404)]
    [InlineData("/v1/pledges/.csv", null, 404)]
    [InlineData("/v1/funds/facility.csv", null, 404)]
    [InlineData("/v1/funds/facility.xlsx", null, 404)]
    [InlineData("/v1/changes/stream.csv", null, 404)]
    [InlineData("/version.csv", null, 404)]
    [InlineData("/v1/nothing.csv", null, 404)]
    [InlineData("/v1/pledges/0/ledger.csv", null, 404)]
    [InlineData("/v1/funds/facility", "text/csv", 406)]
    [InlineData("/v1/pledges", "text/csv;q=0", 406)]
    [InlineData("/v1/pledges", "application/vnd.ms-excel", 406)]
    public async Task What_is_no_table_has_no_such_format(string path, string? accept, int status)
    {
        var answer = await server.AskAsync(path, null, accept is null ? [] : [("Accept", accept)]);
        Asking.AssertProblem(answer, status, status == 404 ? "not_found" : "not_acceptable");
        if (status == 406 && path == "/v1/pledges")
        {
            Assert.Contains(Xlsx, answer.Json.Text("detail"), StringComparison.Ordinal);
            Assert.Contains(Xlsx, (await server.AskAsync(path + "?lang=ar", null, ("Accept", accept!))).Json.Text("detail"), StringComparison.Ordinal);
        }

        Assert.Equal(404, (await server.AskAsync("/v1/pledges.csv", HttpMethod.Post)).Status);
    }

    [Fact]
    public async Task Names_and_texts_come_through_in_either_language_whatever_signs_are_in_them()
    {
        foreach (var language in new[] { "en", "ar" })
        {
            var items = (await server.GetAsync($"/v1/organizations?limit=500&lang={language}")).GetProperty("data").EnumerateArray().ToDictionary(Asking.Id, i => i.Text("name"));
            var answer = await server.AskAsync($"/v1/organizations.csv?lang={language}");
            Assert.Equal(language, answer.Header("Content-Language"));
            var (names, rows) = Read(answer.Text);
            var name = names.IndexOf("name");
            foreach (var row in rows)
            {
                var text = items[row[0]]!;
                Assert.Equal("=+-@".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text, row[name]);
            }

            Assert.Contains(rows, row => row[name] == (language == "en" ? "'=HYPERLINK(\"http://example.org\",\"Pay, now\")" : "'=1+1 وزارة"));
        }

        var described = (await CsvAsync("/v1/pledges.csv?fields=description&donor=odd-1")).Rows;
        Assert.Equal("First line, \"quoted\"\nsecond; line", Assert.Single(described)[0]);
        // RFC 4180: every line ends in CR LF, and a line feed inside of a text stays one.
        var raw = (await server.AskAsync("/v1/pledges.csv?fields=id,description&donor=odd-1")).Text;
        Assert.Contains("\"First line, \"\"quoted\"\"\nsecond; line\"\r\n", raw, StringComparison.Ordinal);
        var negative = (await CsvAsync("/v1/pledges.csv?fields=figures.revisedDown,donors.amount&donor=odd-1")).Rows;
        Assert.Equal(["300", "700"], Assert.Single(negative));
        Assert.Equal(["-300"], (await CsvAsync($"/v1/pledges/{server.OddPledge}/ledger.csv?fields=amount")).Rows[^1]);
    }

    [Fact]
    public async Task A_byte_order_mark_and_the_tags_are_there_when_they_are_asked_for()
    {
        var plain = await server.Client.GetByteArrayAsync("/v1/pledges.csv?limit=2");
        var marked = await server.Client.GetByteArrayAsync("/v1/pledges.csv?limit=2&bom=true");
        Assert.Equal([0xEF, 0xBB, 0xBF, .. plain], marked);
        var (names, rows) = await CsvAsync("/v1/contributions.csv?hxl=true&limit=1");
        var tags = names.Zip(rows[0]).ToDictionary();
        Assert.Equal("#org+name+funder", tags["donor.name"]);
        Assert.Equal("#org+code+funder", tags["donor.id"]);
        Assert.Equal("", tags["direct"]);
        (names, rows) = await CsvAsync("/v1/pledges.csv?hxl=true&limit=1&fields=announcedOn,figures.pledged,donors.name,figures.stages.paid");
        Assert.Equal(["#date+announced", "#value+pledge+usd", "#org+name+funder", "#value+stage+paid+usd"], rows[0]);
    }

    [Fact]
    public async Task What_is_asked_for_with_a_key_is_nobody_elses_to_keep()
    {
        using var editor = server.WithToken(await server.EditorKey);
        using var answer = await editor.GetAsync("/v1/pledges.csv?recordedBy=me");
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Null(answer.Headers.ETag);
        Assert.NotEmpty(Read(await answer.Content.ReadAsStringAsync()).Rows);
        Assert.Equal(401, (await server.AskAsync("/v1/pledges.csv?recordedBy=me")).Status);
    }

    [Fact]
    public async Task The_document_tells_of_the_formats_of_each_list()
    {
        var (_, operations) = await Contract.Operation.AllAsync(server);
        foreach (var list in await server.ListsAsync(server.BusyPledge))
        {
            var operation = operations.Single(o => o.Id == list.Name);
            Assert.Equal(["application/json", Xlsx, Ndjson, "text/csv"], operation.MediaTypes.Order(StringComparer.Ordinal));
            Assert.Superset(new HashSet<string> { "fields", "hxl", "bom" }, list.Parameters.Select(p => p.Name).ToHashSet());
            Assert.Contains($"`{operation.Path}.csv`", operation.Definition.Text("description"), StringComparison.Ordinal);
            Assert.Contains($"`{operation.Path}.xlsx`", operation.Definition.Text("description"), StringComparison.Ordinal);
        }
    }

    private static string Expected(JsonElement item, ReadOnlySpan<string> path)
    {
        if (item.ValueKind == JsonValueKind.Array)
        {
            var rest = path.ToArray();
            var joined = string.Join(';', item.EnumerateArray().Select(one => Plain(one, rest)));
            return Guarded(joined, item.GetArrayLength() > 0 && Leaf(item[0], rest) is { ValueKind: JsonValueKind.String } first && !IsDay(first));
        }

        return path.Length > 0 && item.ValueKind == JsonValueKind.Object ? Expected(item.TryGetProperty(path[0], out var member) ? member : default, path[1..])
            : Guarded(Plain(item, []), item.ValueKind == JsonValueKind.String);
    }

    private static JsonElement Leaf(JsonElement item, string[] path) => path.Length == 0 || item.ValueKind != JsonValueKind.Object ? item : Leaf(item.GetProperty(path[0]), path[1..]);

    private static string Plain(JsonElement item, string[] path) => Leaf(item, path) is var leaf && leaf.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? "" : leaf.ToString() is "True" or "False" ? leaf.GetRawText() : leaf.ToString();

    private static bool IsDay(JsonElement text) => DateOnly.TryParse(text.GetString(), CultureInfo.InvariantCulture, out _);

    private static string Guarded(string text, bool isText) => isText && text.Length > 0 && "=+-@".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    // Where each member of the way stands among its neighbours.
    private static IEnumerable<int> Places(JsonElement item, string[] path)
    {
        foreach (var name in path)
        {
            item = item.ValueKind == JsonValueKind.Array && item.GetArrayLength() > 0 ? item[0] : item;
            if (item.ValueKind != JsonValueKind.Object)
            {
                yield break;
            }

            yield return item.EnumerateObject().TakeWhile(m => m.Name != name).Count();
            item = item.GetProperty(name);
        }
    }

    private async Task<(List<string> Names, List<string[]> Rows)> CsvAsync(string path)
    {
        var answer = await server.AskAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
        return Read(answer.Text);
    }

    internal static (List<string> Names, List<string[]> Rows) Read(string text)
    {
        var rows = new List<string[]>();
        var (row, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        // As RFC 4180 has it, and no more.
        for (var i = text.StartsWith('\uFEFF') ? 1 : 0; i < text.Length; i++)
        {
            if (quoted)
            {
                if (text[i] != '"')
                {
                    cell.Append(text[i]);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[++i]);
                }
                else
                {
                    quoted = false;
                }
            }
            else if (text[i] == '"')
            {
                Assert.Equal(0, cell.Length);
                quoted = true;
            }
            else if (text[i] is ',' or '\r')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (text[i] == '\r')
                {
                    Assert.Equal('\n', text[++i]);
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else
            {
                Assert.NotEqual('\n', text[i]);
                cell.Append(text[i]);
            }
        }

        Assert.True(row.Count == 0 && cell.Length == 0 && !quoted, "The last line is cut off.");
        Assert.All(rows, r => Assert.Equal(rows[0].Length, r.Length));
        return ([.. rows[0]], rows[1..]);
    }

    /// <summary>The generated data, and names that spreadsheets stumble on.</summary>
    public sealed class Server : GeneratedServer
    {
        public string OddPledge { get; private set; } = "";

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await this.EnterAsync(async enter =>
            {
                await enter.OrganizationAsync("odd-1", "=HYPERLINK(\"http://example.org\",\"Pay, now\")", "=1+1 وزارة");
                await enter.OrganizationAsync("odd-2", "+1 \"two\", three", "-1؛ \"اثنان\"، ثلاثة");
                await enter.OrganizationAsync("odd-3", "@SUM(A1:A9); x", "@ أسماء");
                OddPledge = await enter.PledgeAsync(new
                {
                    donors = new[] { new { donorId = "odd-1", amount = 1000 } },
                    currency = "USD",
                    announcedOn = "2026-01-01",
                    instrument = "grant",
                    description = new { en = "First line, \"quoted\"\r\nsecond; line" },
                });
                await enter.ReviseAsync(OddPledge, -300, "2026-02-01");
            });
        }
    }
}
