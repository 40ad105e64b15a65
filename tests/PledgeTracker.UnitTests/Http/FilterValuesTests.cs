using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Http;

namespace PledgeTracker.UnitTests.Http;

/// <summary>Values of free text are separated by commas, and stand between quotation marks where they must.</summary>
public sealed class FilterValuesTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a,b", "a|b")]
    [InlineData("\"a,b\"", "a,b")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("c,\"a,b\"", "c|a,b")]
    [InlineData("\"\"\"a\"\"\"", "\"a\"")]
    [InlineData("\"\"", "")]
    [InlineData("12\"", "12\"")]
    [InlineData("12\",5\"", "12\"|5\"")]
    [InlineData("", "")]
    [InlineData(",", "|")]
    [InlineData("a,", "a|")]
    public void Values_are_read_as_in_CSV(string text, string values) => Assert.Equal(values.Split('|'), Binding.Values(text));

    [Theory]
    [InlineData("\"")]
    [InlineData("\"a")]
    [InlineData("a,\"b")]
    [InlineData("\"a\"b")]
    [InlineData("\"a\"\"")]
    [InlineData("\"a\" ,b")]
    public void A_quotation_mark_that_is_not_closed_in_front_of_a_comma_is_refused(string text) => Assert.Null(Binding.Values(text));

    [Fact]
    public void Whatever_is_written_between_quotation_marks_is_read_as_it_was()
    {
        var texts = Gen.Elements('a', 'ب', ',', '"', ' ', '\\', '\'').ArrayOf().Select(characters => new string(characters)).NonEmptyListOf();
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(3000), Prop.ForAll(Arb.From(texts), list =>
        {
            Assert.Equal(list, Binding.Values(string.Join(',', list.Select(text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))));
            // Those that need no marks need none.
            Assert.Equal(list, Binding.Values(string.Join(',', list.Select(text => text.Contains(',') || text.StartsWith('"') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text))));
        }));
    }
}
