using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using PledgeTracker.Http;
using PledgeTracker.Tests.Contract;

namespace PledgeTracker.Tests.Http;

/// <summary>Lists and summaries as workbooks, opened by a reader of our own.</summary>
public sealed partial class XlsxTests(FormatsTests.Server server) : IClassFixture<FormatsTests.Server>
{
    [Fact]
    public async Task Every_table_is_a_workbook_with_the_cells_of_its_CSV_each_as_what_it_is()
    {
        await using var facts = new TestServer();
        await facts.InitializeAsync();
        using var admin = facts.WithToken(await facts.FirstKey);
        var tables = (await Operation.AllAsync(facts)).Operations.Where(o => o.Method == "get" && o.MediaTypes.Contains("application/x-ndjson") && !o.Path.StartsWith("/v1/imports/", StringComparison.Ordinal))
            .Where(o => o.MediaTypes.Contains("text/csv")).ToList();
        Assert.True(tables.Count >= 19, string.Join(", ", tables.Select(table => table.Id)));
        var kinds = new HashSet<string>();
        foreach (var table in tables)
        {
            Assert.Contains(Workbook.MediaType, table.MediaTypes);
            foreach (var language in new[] { "en", "ar" })
            {
                var asked = $"{table.Address()}{{0}}?lang={language}";
                var (names, rows) = FormatsTests.Read(await admin.GetStringAsync(asked.Replace("{0}", ".csv", StringComparison.Ordinal)));
                var lines = (await admin.GetStringAsync(asked.Replace("{0}", ".ndjson", StringComparison.Ordinal))).Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement).ToList();
                var workbook = Workbook.Read(await admin.GetByteArrayAsync(asked.Replace("{0}", ".xlsx", StringComparison.Ordinal)));
                Assert.Equal((table.Path.Split('/')[^1], language == "ar", 1), (workbook.Name, workbook.RightToLeft, workbook.FrozenRows));
                Assert.Equal(names, workbook.Names);
                Assert.Equal(rows.Count, workbook.Rows.Count - 1);
                foreach (var (row, line, cells) in rows.Zip(lines, workbook.Rows.Skip(1)))
                {
                    foreach (var (name, text, cell) in names.Zip(row, cells))
                    {
                        // CSV has the apostrophe in front of what could be a formula; here nothing can.
                        Assert.Equal($"{table.Id} {name}: {(text.StartsWith('\'') ? text[1..] : text)}", $"{table.Id} {name}: {cell.Shown}");
                        if (KindOf(Leaf(line, name.Split('.'))) is { } kind)
                        {
                            Assert.Equal($"{table.Id} {name}: {kind} {cell.Shown}", $"{table.Id} {name}: {cell.Kind} {cell.Shown}");
                            kinds.Add(kind);
                        }
                    }
                }
            }
        }

        Assert.Equal(["day", "instant", "number", "text"], kinds.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Texts_are_texts_whatever_they_begin_with_and_whatever_is_in_them()
    {
        string[] names = ["=cmd|' /C calc'!A0", "+1", "@x", "-5", "=1+1", "'=1+1", "_x0041_ stays", "😀 <b>&amp;\"", "007", "TRUE", "2026-01-01", "1E5", "𞤀𞤣𞤤𞤢𞤥"];
        await server.EnterAsync(async enter =>
        {
            for (var i = 0; i < names.Length; i++)
            {
                await enter.OrganizationAsync($"name-{i:00}", names[i], $"وزارة {i}، {names[i]}");
            }
        });
        var (english, arabic) = (await NamesAsync("en"), await NamesAsync("ar"));
        for (var i = 0; i < names.Length; i++)
        {
            Assert.Equal(new SheetCell("text", names[i]), english[$"name-{i:00}"]);
            Assert.Equal(new SheetCell("text", $"وزارة {i}، {names[i]}"), arabic[$"name-{i:00}"]);
        }

        var described = await OpenAsync("/v1/pledges.xlsx?fields=description&donor=odd-1");
        Assert.Equal(new SheetCell("text", "First line, \"quoted\"\nsecond; line"), described.Rows[1][0]);

        async Task<Dictionary<string, SheetCell>> NamesAsync(string language)
        {
            var workbook = await OpenAsync($"/v1/organizations.xlsx?fields=id,name&lang={language}");
            return workbook.Rows.ToDictionary(row => row[0].Shown, row => row[1]);
        }
    }

    [Fact]
    public async Task Columns_are_chosen_tags_are_frozen_with_the_names_and_a_table_without_rows_has_its_names()
    {
        var workbook = await OpenAsync("/v1/pledges.xlsx?limit=2&hxl=true&fields=announcedOn,figures.pledged,donors.name,donors.amount&lang=ar&donor=odd-1");
        Assert.Equal((true, 2, "pledges"), (workbook.RightToLeft, workbook.FrozenRows, workbook.Name));
        Assert.Equal(["announcedOn", "figures.pledged", "donors.name", "donors.amount"], workbook.Names);
        Assert.Equal(["#date+announced", "#value+pledge+usd", "#org+name+funder", ""], workbook.Rows[1].Select(cell => cell.Shown));
        // The amounts of several donors are one text; that of a single one is a number.
        Assert.Equal([new("day", "2026-01-01"), new("number", "700"), new("text", "=1+1 وزارة"), new("number", "700")], workbook.Rows[2]);
        var empty = await OpenAsync("/v1/pledges.xlsx?donor=odd-3&lang=ar");
        Assert.Single(empty.Rows);
        Assert.Equal(FormatsTests.Read((await server.AskAsync("/v1/pledges.csv?donor=odd-3")).Text).Names, empty.Names);
        Assert.True(empty.RightToLeft);
    }

    [Fact]
    public async Task The_same_table_is_the_same_bytes_and_is_not_packed_twice()
    {
        var first = await server.Client.GetByteArrayAsync("/v1/contributions.xlsx");
        // A ZIP counts time in steps of two seconds.
        await Task.Delay(TimeSpan.FromSeconds(2.1));
        Assert.Equal(first, await server.Client.GetByteArrayAsync("/v1/contributions.xlsx"));
        var answer = await server.AskAsync("/v1/contributions.xlsx", null, ("Accept-Encoding", "gzip, br"));
        Assert.Null(answer.Header("Content-Encoding"));
        Assert.Equal((await server.AskAsync("/v1/contributions.xlsx")).Header("ETag"), answer.Header("ETag"));
    }

    [Fact]
    public async Task More_rows_than_a_sheet_holds_are_refused_in_words_and_pages_are_not()
    {
        await using var narrow = new TestServer { Configure = builder => builder.Services.AddSingleton(new Downloads(rows: 6)) };
        await narrow.InitializeAsync();
        var problem = await narrow.RefusesAsync("/v1/pledges.xlsx", "?limit", "out_of_range");
        Assert.Contains("6 rows", problem.GetProperty("errors")[0].Text("detail"), StringComparison.Ordinal);
        Assert.True((await narrow.AskAsync("/v1/pledges.xlsx?lang=ar")).Json.GetProperty("errors")[0].Text("detail").IsArabic());
        Assert.Equal(200, (await narrow.AskAsync("/v1/pledges.csv")).Status);
        var page = await narrow.AskAsync("/v1/pledges.xlsx?limit=5");
        Assert.Equal(200, page.Status);
        Assert.Contains("/v1/pledges.xlsx?limit=5", page.Header("Link"), StringComparison.Ordinal);
        await narrow.RefusesAsync("/v1/pledges.xlsx?limit=5&hxl=true", "?limit", "out_of_range");
    }

    private async Task<Workbook> OpenAsync(string path) => Workbook.Read(await server.Client.GetByteArrayAsync(path));

    private static JsonElement Leaf(JsonElement item, ReadOnlySpan<string> path) =>
        path.Length > 0 && item.ValueKind == JsonValueKind.Object ? item.TryGetProperty(path[0], out var member) ? Leaf(member, path[1..]) : default : item;

    // What lists join is left to the comparison of texts.
    private static string? KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => "number",
        JsonValueKind.String when value.GetString() == "" => null,
        JsonValueKind.String => Day().IsMatch(value.GetString()!) ? "day" : Instant().IsMatch(value.GetString()!) ? "instant" : "text",
        JsonValueKind.True or JsonValueKind.False => "text",
        _ => null,
    };

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d\z", RegexOptions.NonBacktracking)]
    private static partial Regex Day();

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT[\d:.]+Z\z", RegexOptions.NonBacktracking)]
    private static partial Regex Instant();
}
