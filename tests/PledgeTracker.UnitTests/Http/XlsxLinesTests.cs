using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Http;
using PledgeTracker.Tests;

namespace PledgeTracker.UnitTests.Http;

public sealed class XlsxLinesTests
{
    private static readonly Table Rows = Table.Of(typeof(Answer))!;

    private static readonly Gen<string> Texts =
        from parts in Gen.ListOf(Gen.Elements("=", "+", "-", "@", "\t", "\r", "\n", "\"", "<", "&", "]]>", ";", "'", " ", "a", "_", "_x0041_", "_x005F_", "تعهد", "\u200F", "\uFEFF", "💧", "\uD83D", "\uDCA7", "\uFFFE", "\uFFFF", "\0", "\u001F"))
        select string.Concat(parts);

    [Fact]
    public void Any_text_is_read_back_as_it_was_whatever_XML_can_hold_of_it() => Prop.ForAll(Texts.NonEmptyListOf().ToArbitrary(),
        texts => Assert.Equal(texts, Read(texts.Select(text => new Row(text, 0, null, null))).Select(row => row[0].Shown))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("0", "number")]
    [InlineData("-1.50", "number")]
    [InlineData("0.0000000001", "number")]
    [InlineData("123456789012345", "number")]
    [InlineData("1234567890123.45", "number")]
    [InlineData("100000000000000000", "number")]
    [InlineData("1234567890123456", "text")]
    [InlineData("99999999999999.99", "text")]
    [InlineData("-123456789012345678.25", "text")]
    public void A_number_of_more_than_fifteen_digits_is_a_text_and_keeps_them_all(string number, string kind) =>
        Assert.Equal(new SheetCell(kind, number), Read([new Row("", decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture), null, null)])[0][1]);

    [Theory]
    [InlineData("2026-11-27", "day")]
    [InlineData("1900-03-01", "day")]
    [InlineData("9999-12-31", "day")]
    [InlineData("1900-02-28", "text")]
    [InlineData("1815-06-09", "text")]
    public void A_day_is_a_day_where_all_programs_count_days_alike_and_else_a_text(string day, string kind) =>
        Assert.Equal(new SheetCell(kind, day), Read([new Row("", 0, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), null)])[0][2]);

    [Fact]
    public void An_instant_is_in_UTC_to_the_millisecond() =>
        Assert.Equal(new SheetCell("instant", "2026-03-15T10:00:00.123Z"), Read([new Row("", 0, null, new DateTimeOffset(2026, 3, 15, 12, 0, 0, 123, TimeSpan.FromHours(2)))])[0][3]);

    [Theory]
    [InlineData("x")]
    [InlineData("💧")]
    [InlineData("a💧")]
    public void What_is_longer_than_a_cell_is_cut_between_characters_and_says_so(string character)
    {
        var text = string.Concat(Enumerable.Repeat(character, 40_000));
        var cell = Read([new Row(text, 0, null, null)])[0][0].Shown;
        Assert.InRange(cell.Length, 32_766, 32_767);
        Assert.EndsWith("…", cell, StringComparison.Ordinal);
        Assert.StartsWith(cell[..^1], text, StringComparison.Ordinal);
        Assert.False(char.IsHighSurrogate(cell[^2]));
        Assert.Equal(text[..32_767], Read([new Row(text[..32_767], 0, null, null)])[0][0].Shown);
    }

    private static List<SheetCell[]> Read(IEnumerable<Row> rows)
    {
        using var stream = new MemoryStream();
        var lines = new XlsxLines(stream, Rows.Columns, "rows", hxl: false, rightToLeft: false, most: 1 << 20);
        lines.Add(rows);
        lines.End();
        return Workbook.Read(stream.ToArray()).Rows[1..];
    }

    private sealed record Row(string Text, decimal Number, DateOnly? Day, DateTimeOffset? Instant);

    private sealed record Answer : ITable<Row>
    {
        IEnumerable<Row> ITable<Row>.Rows => [];
    }
}
