using ADRaffy.ENSNormalize;
using FsCheck;
using FsCheck.Fluent;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Words;

public sealed class TextTests
{
    // What the rules speak of, and letters that come in several ways. What is refused, wherever it stands, comes seldom, so that most texts are taken.
    private static readonly Gen<string> Texts = Gen.Frequency(
        (100, Gen.Elements(
            "a", " ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "\u200B", "\uFEFF", "\u00AD", "\u200E", "\u200F", "\u200D", "\u2060", "\u202Aa\u202C", "\u2067ا\u2069", "e", "\u0301",
            "\u0323", "é", "\u212B", "ا", "\u0653", "أ", "한", "\u1100", "\u1161", "𝅗𝅥", "ﬁ")),
        (1, Gen.Elements("\u202A", "\u202E", "\u202C", "\u2067", "\u2069", "\u0007", "\ud800"))).ListOf().Select(string.Concat);

    [Fact]
    public void What_is_taken_is_in_one_form_and_stays_as_it_is()
    {
        var (longTaken, refused) = (0, 0);
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(3000), Prop.ForAll(Arb.From(Texts), sent =>
        {
            foreach (var isIdentifier in (bool[])[false, true])
            {
                if (Text.Take(sent, isIdentifier, out var taken) is not null)
                {
                    refused++;
                    continue;
                }

                Assert.Null(Text.Take(taken, isIdentifier, out var again));
                Assert.Equal(taken, again);
                Assert.Equal(ENSNormalize.NF.NFC(taken), taken);
                Assert.Equal(taken.Trim(), taken);
                longTaken += taken.Length > 10 ? 1 : 0;
            }
        }));
        Assert.True(longTaken > 1000 && refused > 100, $"Of 6000 texts {longTaken} longer ones were taken, and {refused} refused.");
    }

    [Theory]
    [InlineData("  A\u00A0\u200E17\u2003\uFEFF", "A 17")]
    [InlineData("A\t17\r\n", "A 17")]
    [InlineData("\u202EA17", "A17")]
    public void An_identifier_has_no_format_character_and_one_kind_of_space(string sent, string taken)
    {
        Assert.Null(Text.Take(sent, isIdentifier: true, out var kept));
        Assert.Equal(taken, kept);
    }

    [Theory]
    [InlineData("usaa", "usa")]
    [InlineData("sua", "usa")]
    [InlineData("kuwait-confrence-2018", "kuwait-conference-2018")]
    [InlineData("xyz", null)]
    [InlineData("germany", null)]
    public void What_is_near_is_a_third_wrong_at_most(string name, string? nearest) => Assert.Equal(nearest, Near.Of(name, ["usa", "deu", "undp", "kuwait-conference-2018"]));
}
