using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PledgeTracker.Contributions;
using PledgeTracker.Data;
using PledgeTracker.Funds;
using PledgeTracker.Http;
using PledgeTracker.Imports.Sheets;
using PledgeTracker.Pledges;
using PledgeTracker.Tests;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Imports;

public sealed class SheetColumnsTests
{
    public static TheoryData<string> Formats => [.. SheetFormat.Known.Keys.Order()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void No_header_and_no_word_means_two_things(string word)
    {
        var format = SheetFormat.Known[word];
        foreach (var column in format.Columns)
        {
            Assert.All(column.Also.Append(column.Name.En!).Append(column.Name.Ar!), header => Assert.Same(column, format.ColumnOf(header)));
            foreach (var (key, label) in column.Words ?? new Dictionary<string, LocalizedText>())
            {
                Assert.All([key, label.En!, label.Ar!], name => Assert.Equal(key, column.WordOf(name)));
            }

            Assert.All(column.OtherWords, other => Assert.Equal(other.Value, column.WordOf(other.Key)));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_column_is_a_member_of_the_request_and_every_member_but_a_few_a_column(string word)
    {
        var type = word switch
        {
            "contributions" => typeof(RecordContribution.Request),
            "pledges" => typeof(RecordPledge.Request),
            _ => typeof(StateRequirement.Request),
        };
        var columns = SheetFormat.Known[word].Columns;
        foreach (var column in columns)
        {
            JsonNode value = column.Kind switch
            {
                SheetColumnKind.Amount => 1,
                SheetColumnKind.Boolean => true,
                SheetColumnKind.Years => new JsonArray(2026),
                SheetColumnKind.Countries or SheetColumnKind.Sectors => new JsonArray("IRQ"),
                SheetColumnKind.LocalizedText => new JsonObject { ["en"] = "x" },
                _ => "2026-01-01",
            };
            foreach (var part in column.Member.Split('/').Reverse())
            {
                value = part == "0" ? new JsonArray(value) : new JsonObject { [part] = value };
            }

            Assert.NotNull(value.Deserialize(type, Json.Options));
        }

        var members = columns.Select(column => column.Member.Split('/')[0]).ToHashSet();
        Assert.Equal(word switch { "contributions" => ["distinctFrom"], "pledges" => ["instalments"], _ => (string[])[] },
            type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(Binding.NameOf).Where(name => !members.Contains(name)).Order());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_a_template_says_of_a_column_fits_where_spreadsheet_programs_show_it(string word) => Assert.All(SheetFormat.Known[word].Columns.Where(column => column.IsInTemplate), column =>
    {
        Assert.All([column.Name.En!, column.Name.Ar!], title => Assert.InRange(title.Length, 1, 32));
        Assert.All([column.Means.En!, column.Means.Ar!], prompt => Assert.InRange(prompt.Length, 1, 255));
        Assert.All([column.Name, column.Means], text => Assert.NotEqual(text.En, text.Ar));
    });

    [Theory]
    [InlineData("US dollar", "USD")]
    [InlineData("دولار أمريكي", "USD")]
    [InlineData("الدولار الأمريكي", "USD")]
    [InlineData("US$", "USD")]
    [InlineData("€", "EUR")]
    [InlineData("يورو", "EUR")]
    [InlineData("usd", "USD")]
    [InlineData("dem", "DEM")]
    [InlineData("دينار كويتي", "KWD")]
    [InlineData("الليرة السورية", "SYP")]
    [InlineData("$", null)]
    [InlineData("dollar", null)]
    [InlineData("دينار", null)]
    [InlineData("XYZ", null)]
    public void Currencies_go_by_their_code_or_a_name_that_is_theirs_alone(string text, string? code) => Assert.Equal(code, CurrencyNames.Find(text));

    [Fact]
    public async Task The_documentation_has_all_columns()
    {
        var text = new StringBuilder();
        foreach (var format in (SheetFormat[])[SheetFormat.Contributions, SheetFormat.Pledges, SheetFormat.Requirements])
        {
            text.Append("## ").Append(char.ToUpperInvariant(format.Word[0])).Append(format.Word[1..]).Append("\n\n| column | العمود | member | also read as | what to write | ما يُكتب |\n|---|---|---|---|---|---|\n");
            foreach (var column in format.Columns)
            {
                text.Append("| ").AppendJoin(" | ",
                    $"{(column.IsNeeded ? "**" : "")}{column.Name.En}{(column.IsNeeded ? "**" : "")}{(column.IsInTemplate ? "" : " ⁺")}", column.Name.Ar, $"`{column.Member.Replace('/', '.')}`",
                    string.Join(", ", column.Also.Where(also => also != column.Member.Replace('/', '.'))), What(column, column.Means.En!, ": ", ", ", Language.English), What(column, column.Means.Ar!, " ", "، ", Language.Arabic)).Append(" |\n");
            }

            text.Append('\n');
        }

        var path = Path.Combine(Repository.Root, "docs", "spreadsheets.md");
        var written = (await File.ReadAllTextAsync(path)).Split("<!-- The tables of columns are made by SheetColumnsTests. -->\n");
        await Repository.MatchesAsync("docs/spreadsheets.md", $"{written[0]}<!-- The tables of columns are made by SheetColumnsTests. -->\n\n{text.ToString().TrimEnd()}\n");

        static string What(SheetColumn column, string means, string colon, string between, Language language) =>
            column.Words is null ? means : $"{means}{(language == Language.English ? " One of" : " إحدى القيم")}{colon}{string.Join(between, column.Words.Select(word => $"{word.Value.In(language)} (`{word.Key}`)"))}.";
    }
}
