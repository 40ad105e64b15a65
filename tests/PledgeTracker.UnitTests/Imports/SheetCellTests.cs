using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Imports.Sheets;

namespace PledgeTracker.UnitTests.Imports;

public sealed class SheetCellTests
{
    [Theory]
    [InlineData("1234", "1234")]
    [InlineData("1234567.50", "1234567.5")]
    [InlineData("1,234,567.50", "1234567.5")]
    [InlineData("1.234.567,50", "1234567.5")]
    [InlineData("1 234", "1234")]
    [InlineData("1\u00A0234\u00A0567,5", "1234567.5")]
    [InlineData("1\u202F234", "1234")]
    [InlineData("1'234", "1234")]
    [InlineData("1’234.50", "1234.5")]
    [InlineData("1,234,567", "1234567")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("1,234.567", "1234.567")]
    [InlineData("1 234,567", "1234.567")]
    [InlineData("1234,567", "1234.567")]
    [InlineData("1234.567", "1234.567")]
    [InlineData("0.123", "0.123")]
    [InlineData("0,123", "0.123")]
    [InlineData(".5", "0.5")]
    [InlineData("12,5", "12.5")]
    [InlineData("1.2340", "1.234")]
    [InlineData("007", "7")]
    [InlineData("+5", "5")]
    [InlineData("-500", "-500")]
    [InlineData("−500", "-500")]
    [InlineData("500-", "-500")]
    [InlineData("(500)", "-500")]
    [InlineData("١٢٬٥٠٠٫٧٥", "12500.75")]
    [InlineData("۱۲۳۴", "1234")]
    [InlineData("١٢٣٫٤٥٦", "123.456")]
    [InlineData("1٬234", "1234")]
    [InlineData("١،٢٣٤،٥٦٧", "1234567")]
    [InlineData("1.2E+3", "1200")]
    [InlineData("1e-2", "0.01")]
    [InlineData("'-5", "-5")]
    [InlineData("9999999999999999999999999999", "9999999999999999999999999999")]
    public void A_number_is_read_exactly_however_its_digits_are_written(string text, string number)
    {
        Assert.Null(new SheetCell(text).TakeNumber(out var read));
        Assert.Equal(number, read.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("1,234", "ambiguous_number", "1234", "1.2340")]
    [InlineData("1.234", "ambiguous_number", "1234", "1.2340")]
    [InlineData("١٢،٣٤٥", "ambiguous_number", "12345", "12.3450")]
    [InlineData("5 million", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("$500", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("500 USD", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("12,34,567", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("1,234.567.890", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("1'234 567", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("5.", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("NaN", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("=1+1", "wrong_type", "digits alone", "1234567.50")]
    [InlineData("1e400", "out_of_range", "28", "28")]
    [InlineData("1e-400", "out_of_range", "28", "28")]
    [InlineData("1e99999999999", "out_of_range", "28", "28")]
    [InlineData("99999999999999999999999999999", "out_of_range", "28", "28")]
    public void A_number_that_could_be_another_or_is_none_is_refused_with_what_to_send(string text, string code, string sent, string or)
    {
        var fault = new SheetCell(text).TakeNumber(out _);
        Assert.Equal(code, fault!.Code);
        Assert.All([fault.Text.En!, fault.Text.Ar!], said => Assert.Contains(text, said, StringComparison.Ordinal));
        Assert.All([sent, or], what => Assert.Contains(what, fault.Text.En!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("25000.5", "25000.5")]
    [InlineData("0.28999999999999998", "0.29")]
    [InlineData("1234567890123.4501", "1234567890123.45")]
    [InlineData("999999999999999.9", "1000000000000000")]
    [InlineData("1.2E+3", "1200")]
    [InlineData("-7.0000000000000007E-2", "-0.07")]
    [InlineData("1.234", "1.234")]
    public void A_number_of_a_spreadsheet_is_read_from_its_digits_without_what_floating_point_left_behind_them(string digits, string number)
    {
        Assert.Null(new SheetCell(digits, SheetCellKind.Number).TakeNumber(out var read));
        Assert.Equal(number, read.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("12345678901234567")]
    [InlineData("1E+400")]
    [InlineData("INF")]
    public void A_number_that_no_spreadsheet_keeps_is_refused(string digits) => Assert.NotNull(new SheetCell(digits, SheetCellKind.Number).TakeNumber(out _));

    [Fact]
    public void Any_amount_is_read_back_from_any_way_of_writing_it() => Prop.ForAll(
        (from minor in Gen.Choose(0, int.MaxValue)
         from scale in Gen.Choose(0, 2)
         from style in Gen.Choose(0, 5)
         select (Amount: new decimal(minor, 0, 0, false, (byte)scale), style)).ToArbitrary(),
        written =>
        {
            var (amount, style) = written;
            var text = amount.ToString(style is 0 ? "0.00" : "#,##0.00", CultureInfo.InvariantCulture);
            text = style switch
            {
                2 => text.Replace(',', ' '),
                3 => text.Replace(',', '\'').Replace('.', ','),
                4 => string.Concat(text.Select(c => c == ',' ? '.' : c == '.' ? ',' : c)),
                5 => string.Concat(text.Select(c => c == ',' ? '\u066C' : c == '.' ? '\u066B' : (char)(c - '0' + '\u0660'))),
                _ => text,
            };
            Assert.Null(new SheetCell(text).TakeNumber(out var read));
            Assert.Equal(amount, read);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_is_read_as_a_number_that_other_digits_would_be() => Prop.ForAll(
        Gen.ListOf(Gen.Elements('0', '1', '2', '3', '.', ',', ' ', '\'', '-', '+', '(', ')', 'e', 'E', '٣', '٫', '٬', '،', 'x', '"')).Select(list => string.Concat(list)).ToArbitrary(),
        text =>
        {
            if (new SheetCell(text).TakeNumber(out var read) is null && text.Any(char.IsDigit) && !text.Contains('e') && !text.Contains('E'))
            {
                // Whatever the marks mean, the digits are those that stand there.
                var digits = string.Concat(text.Where(char.IsDigit).Select(c => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)))).Trim('0');
                Assert.Equal(digits, string.Concat(read.ToString(CultureInfo.InvariantCulture).Where(char.IsDigit)).Trim('0'));
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2018-06-26", "2018-06-26")]
    [InlineData("2018/6/26", "2018-06-26")]
    [InlineData("2018.06.26", "2018-06-26")]
    [InlineData("2018-06-26T00:00:00", "2018-06-26")]
    [InlineData("٢٠١٨-٠٦-٢٦", "2018-06-26")]
    [InlineData("\u200F2018-06-26", "2018-06-26")]
    public void A_date_is_read_with_the_year_first(string text, string date)
    {
        Assert.Null(new SheetCell(text).TakeDate(out var day));
        Assert.Equal(date, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("26/06/2018", "send 2018-06-26.")]
    [InlineData("06/26/2018", "send 2018-06-26.")]
    [InlineData("05/06/2026", "send 2026-06-05 or 2026-05-06")]
    [InlineData("05-05-2026", "send 2026-05-05.")]
    [InlineData("31/31/2026", "yyyy-MM-dd")]
    [InlineData("2018-02-30", "yyyy-MM-dd")]
    [InlineData("2018", "yyyy-MM-dd")]
    [InlineData("43277", "yyyy-MM-dd")]
    [InlineData("26 June 2018", "yyyy-MM-dd")]
    public void A_date_that_could_be_another_day_is_refused_with_what_to_send(string text, string said)
    {
        var fault = new SheetCell(text).TakeDate(out _);
        Assert.Equal("invalid_date", fault!.Code);
        Assert.Contains(said, fault.Text.En!, StringComparison.Ordinal);
        Assert.Contains(text, fault.Text.Ar!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("43277", SheetCellKind.Day, false, "2018-06-26")]
    [InlineData("43277", SheetCellKind.Number, false, "2018-06-26")]
    [InlineData("43277.604", SheetCellKind.Day, false, "2018-06-26")]
    [InlineData("41815", SheetCellKind.Day, true, "2018-06-26")]
    [InlineData("4.3277E4", SheetCellKind.Day, false, "2018-06-26")]
    [InlineData("2018", SheetCellKind.Number, false, null)]
    [InlineData("20180626", SheetCellKind.Number, false, null)]
    [InlineData("60", SheetCellKind.Day, false, null)]
    [InlineData("1E+30", SheetCellKind.Day, false, null)]
    internal void A_date_of_a_spreadsheet_is_counted_from_1900_or_1904(string serial, SheetCellKind kind, bool is1904, string? date) =>
        Assert.Equal(date, new SheetCell(serial, kind, is1904).TakeDate(out var day) is null ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null);

    [Theory]
    [InlineData("'=1+1", "=1+1")]
    [InlineData("'+964", "+964")]
    [InlineData("''=x", "''=x")]
    [InlineData("'quoted", "'quoted")]
    [InlineData("'\tx", "x")]
    [InlineData(" 00123 ", "00123")]
    public void The_apostrophe_in_front_of_what_is_no_formula_goes_once(string text, string taken)
    {
        Assert.Null(new SheetCell(text).TakeText(isIdentifier: false, out var read));
        Assert.Equal(taken, read);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("TRUE", true)]
    [InlineData("نعم", true)]
    [InlineData("لا", false)]
    [InlineData("خطأ", false)]
    [InlineData("0", false)]
    public void Yes_and_no_are_read_in_both_languages(string text, bool value)
    {
        Assert.Null(new SheetCell(text).TakeBoolean(out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("a\u0000b", "\"ab\"")]
    [InlineData("\u202Eabc", "\"abc\"")]
    [InlineData("\u2067\u0000", "\"\"")]
    [InlineData("💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧", "\"💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧…\"")]
    public void What_stands_in_a_cell_is_said_without_what_would_turn_or_break_the_text_around_it(string text, string said) => Assert.Equal(said, new SheetCell(text).Said);

    [Theory]
    [InlineData(SheetCellKind.Error, "#REF!", "#REF!")]
    [InlineData(SheetCellKind.Formula, "", "formula")]
    internal void What_no_column_can_read_is_told_as_what_it_is(SheetCellKind kind, string text, string said)
    {
        var cell = new SheetCell(text, kind);
        Assert.False(cell.IsBlank);
        Assert.All([cell.TakeNumber(out _), cell.TakeDate(out _), cell.TakeText(true, out _), cell.TakeBoolean(out _)], fault => Assert.Contains(said, fault!.Text.En!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("46143", "2026-05-01")]
    [InlineData("25", "25")]
    public void A_date_is_no_number_and_its_days_are_nobody_s_amount(string days, string shown)
    {
        // What 1.5 becomes where a program takes it for the first of May.
        var fault = new SheetCell(days, SheetCellKind.Day).TakeNumber(out _)!;
        Assert.Equal("wrong_type", fault.Code);
        Assert.Contains($"\"{shown}\"", fault.Text.En!, StringComparison.Ordinal);
        Assert.Contains($"«{shown}»", fault.Text.Ar!, StringComparison.Ordinal);
        Assert.Equal(shown, new SheetCell(days, SheetCellKind.Day).Shown);
    }

    [Fact]
    public void What_is_shown_to_be_corrected_reads_as_it_was_read() => Prop.ForAll(
        (from minor in Gen.Choose(0, 10_000_000) from scale in Gen.Choose(0, 4) select new decimal(minor, 0, 0, false, (byte)scale)).ToArbitrary(),
        number =>
        {
            var shown = new SheetCell(number.ToString(CultureInfo.InvariantCulture), SheetCellKind.Number).Shown;
            Assert.Null(new SheetCell(shown).TakeNumber(out var read));
            Assert.Equal(number, read);
        }).QuickCheckThrowOnFailure();
}
