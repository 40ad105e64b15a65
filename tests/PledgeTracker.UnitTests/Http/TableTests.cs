using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Http;

namespace PledgeTracker.UnitTests.Http;

public sealed class TableTests
{
    // Humanitarian Exchange Language 1.1, hashtag dictionary (hxlstandard.org): the core hashtags.
    private static readonly string[] Core =
    [
        "access", "activity", "adm1", "adm2", "adm3", "adm4", "adm5", "affected", "beneficiary", "capacity", "cause", "channel", "contact", "country", "crisis", "currency", "date", "description",
        "event", "frequency", "geo", "group", "impact", "indicator", "inneed", "item", "loc", "meta", "modality", "need", "operations", "org", "output", "population", "reached", "region",
        "respondee", "sector", "service", "severity", "status", "subsector", "targeted", "value",
    ];

    private static readonly Gen<string> Texts =
        from parts in Gen.ListOf(Gen.Elements("=", "+", "-", "@", "\t", "\r", "\n", "\r\n", "\"", "\"\"", ",", ";", "'", " ", "a", "1", "=1+1", "تعهد", "\u200F", "\uFEFF", "💧", "#org", "\0"))
        select string.Concat(parts);

    private static readonly Table Rows = Table.Of(typeof(Answer))!;

    private static readonly List<(string Operation, Table Table)> Tables =
        [.. from operation in Endpoints.All let answer = AnswerOf(operation) where answer is not null && Table.IsIn(answer) select (operation.Name, Table.Of(answer)!)];

    [Fact]
    public void Any_text_is_read_back_from_CSV_as_it_was_but_for_the_apostrophe_in_front_of_a_formula() => Prop.ForAll(
        (from texts in Gen.NonEmptyListOf(from text in Texts from other in Texts select new Row(text, other, -1.50m)) select texts).ToArbitrary(),
        rows =>
        {
            Assert.Equal(
                rows.Select(row => (Guarded(row.Text), Guarded(row.Other), "-1.50")),
                Read(Rows.Columns, rows).Select(cells => (cells[0], cells[1], cells[2])));
            // A column by itself: a row of nothing is a row.
            Assert.Equal(rows.Select(row => Guarded(row.Text)), Read([Rows.Columns[0]], rows).Select(cells => cells[0]));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("a=1", "a=1")]
    [InlineData("'=1", "'=1")]
    public void A_text_that_a_spreadsheet_would_take_for_a_formula_has_an_apostrophe_in_front(string text, string cell) =>
        Assert.Equal(cell, Rows.Columns[0].Cell(new Row(text, "", 0)));

    [Fact]
    public void A_number_below_zero_is_a_number() => Assert.Equal("-0.000001", Rows.Columns[2].Cell(new Row("", "", -0.000001m)));

    [Fact]
    public void The_columns_of_each_answer_are_its_scalars_each_named_once_and_tagged_as_the_standard_writes_tags()
    {
        Assert.True(Tables.Count >= 17);
        foreach (var (_, table) in Tables)
        {
            Assert.Equal(table.Columns.Select(column => column.Name).Distinct(), table.Columns.Select(column => column.Name));
            var tags = table.Columns.Select(column => column.Tag).OfType<string>().ToList();
            Assert.NotEmpty(tags);
            Assert.Equal(tags.Distinct(), tags);
            Assert.All(tags, tag => Assert.Matches(@"\A#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*\z", tag));
            Assert.All(tags, tag => Assert.Contains(tag[1..].Split('+')[0], Core));
        }
    }

    [Fact]
    public async Task The_table_of_tags_in_the_documentation_is_what_the_columns_have()
    {
        var tables = Tables.GroupBy(t => string.Join(", ", t.Table.Columns.Select(c => $"{c.Name} {c.Tag}")), (_, same) => (Names: string.Join(", ", same.Select(t => $"`{t.Operation}`")), same.First().Table));
        var written = string.Join('\n', tables.Select(o => $"| {o.Names} | {string.Join(", ", o.Table.Columns.Where(c => c.Tag is not null).Select(c => $"`{c.Name}` {c.Tag}"))} |"));
        var file = Path.Combine(Tests.Repository.Root, "docs", "formats.md");
        var text = await File.ReadAllTextAsync(file);
        const string Head = "| operation | columns and their tags |\n|---|---|\n";
        var from = text.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        var to = text.IndexOf("\n\n", from, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("PLEDGETRACKER_UPDATE") == "1")
        {
            await File.WriteAllTextAsync(file, text[..from] + written + text[to..]);
        }

        Assert.Equal(written, text[from..to]);
    }

    private static Type? AnswerOf(Type? operation) => operation is null ? null
        : operation.IsGenericType && operation.GetGenericTypeDefinition() == typeof(Reads<,>) ? operation.GenericTypeArguments[1] : AnswerOf(operation.BaseType);

    private static string Guarded(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0]) ? "'" + text : text;

    private static List<string[]> Read(IReadOnlyList<Column> columns, IEnumerable<object> rows)
    {
        var stream = new MemoryStream();
        new CsvLines(stream, columns, bom: false, hxl: false).Add(rows);
        using var csv = new CsvReader(new StreamReader(new MemoryStream(stream.ToArray()), detectEncodingFromByteOrderMarks: false), new CsvConfiguration(CultureInfo.InvariantCulture));
        Assert.True(csv.Read() && csv.ReadHeader());
        Assert.Equal(columns.Select(column => column.Name), csv.HeaderRecord!);
        var read = new List<string[]>();
        while (csv.Read())
        {
            read.Add(csv.Parser.Record!);
        }

        return read;
    }

    private sealed record Row(string Text, string Other, decimal Number);

    private sealed record Answer(IReadOnlyList<Row> Data) : ITable<Row>
    {
        IEnumerable<Row> ITable<Row>.Rows => Data;
    }
}
