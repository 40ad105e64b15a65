using PledgeTracker.Ledger;
using PledgeTracker.Site;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Site;

public sealed class StoryTests
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    [Theory]
    [InlineData(0, 0, 0, 0, "", "")]
    [InlineData(0, 0, 100, 0, "So far no payment and no signed commitment is on record.", "حتى الآن لا دفعة ولا التزام موقّع في السجل.")]
    [InlineData(100, 0, 0, 0, "All of it is paid.", "دُفع ذلك كله.")]
    [InlineData(0, 0, 0, 100, "All of it was withdrawn.", "سُحب ذلك كله.")]
    [InlineData(40, 0, 60, 0, "Of that, $40 million is paid. The rest, $60 million, is a promise and nothing more.", "دُفع من ذلك مبلغ 40 مليون دولار. أما الباقي، وهو 60 مليون دولار، فوعد لا غير.")]
    [InlineData(0, 100, 0, 0, "Of that, $100 million is committed; no payment is on record.", "بلغ ما التُزم به من ذلك 100 مليون دولار، ولا دفعة في السجل.")]
    [InlineData(0, 0, 70, 30, "So far no payment and no signed commitment is on record. And $30 million was withdrawn. The rest, $70 million, is a promise and nothing more.",
        "حتى الآن لا دفعة ولا التزام موقّع في السجل. وسُحب مبلغ 30 مليون دولار. أما الباقي، وهو 70 مليون دولار، فوعد لا غير.")]
    [InlineData(100, 90, 50, 230, "Of that, $100 million is paid. Another $90 million is committed and not yet paid. And $230 million was withdrawn. The rest, $50 million, is a promise and nothing more.",
        "دُفع من ذلك مبلغ 100 مليون دولار. والتُزم بمبلغ 90 مليون دولار لم يُدفع بعد. وسُحب مبلغ 230 مليون دولار. أما الباقي، وهو 50 مليون دولار، فوعد لا غير.")]
    [InlineData(20, 0, 0, 80, "Of that, $20 million is paid. And $80 million was withdrawn.", "دُفع من ذلك مبلغ 20 مليون دولار. وسُحب مبلغ 80 مليون دولار.")]
    public void What_came_is_told_by_its_stages(int paid, int committed, int promised, int withdrawn, string english, string arabic)
    {
        var figures = Of(paid, committed, promised, withdrawn);
        Assert.Equal(english, Told(Edition(Language.English), figures));
        Assert.Equal(arabic, Told(Edition(Language.Arabic), figures));
    }

    [Fact]
    public void Where_nothing_came_it_is_told_for_how_long()
    {
        var figures = Of(0, 0, 100, 0);
        Assert.Equal("More than 8 years later, no payment and no signed commitment is on record.", Told(Edition(Language.English), figures, new DateOnly(2018, 2, 14)));
        Assert.Equal("وبعد أكثر من سنتين، لا دفعة ولا التزام موقّع في السجل.", Told(Edition(Language.Arabic), figures, new DateOnly(2024, 2, 14)));
        Assert.Equal("So far no payment and no signed commitment is on record.", Told(Edition(Language.English), figures, new DateOnly(2026, 2, 14)));
        Assert.Equal("By then, no payment and no signed commitment is on record.", Told(Edition(Language.English, "asOf", "2018-03-01") with { Day = new(2018, 3, 1) }, figures, new DateOnly(2018, 2, 14)));
    }

    [Fact]
    public void A_figure_is_about_what_its_parts_are_about_only_where_it_has_all_of_them()
    {
        var figures = TotalSet.Of(new Sums { Pledged = 10_000_000_00, Withdrawn = 10_000_000_00, Approximate = 1 });
        var donor = Story.Of(Edition(Language.English), Texts.DonorPromised, figures, 1, "/v1/summary").ToList();
        Assert.Equal("It promised about $10 million, in one promise.", donor[0].Plain(Edition(Language.English)).Replace('\u00A0', ' '));
        Assert.Equal("/figures/pledged", donor[0].Parts[0].At);
        Assert.Equal((1, "/v1/summary"), donor[0].Parts[1].Count);
    }

    /// <summary>Whatever the stages are, each that is not nothing is told once, and none that is.</summary>
    [Fact]
    public void Each_stage_that_there_is_is_told_once()
    {
        foreach (var (paid, committed, promised, withdrawn) in from p in (int[])[0, 7] from c in (int[])[0, 11] from o in (int[])[0, 13] from w in (int[])[0, 17] select (p, c, o, w))
        {
            var told = Story.WhatCame(Edition(Language.English), Of(paid, committed, promised, withdrawn), "/figures", "#donors", null).SelectMany(sentence => sentence.Parts).Select(part => part.Amount).OfType<decimal>().ToList();
            Assert.Equal(told.Count, told.Distinct().Count());
            List<int> there = [.. new[] { paid, committed, promised, withdrawn }.Where(million => million > 0)];
            // Where there is one alone, it is all that was promised, and that was told.
            Assert.Equal(there.Count > 1 || committed > 0 ? there.Order() : [], told.Select(usd => (int)(usd / 1_000_000)).Order());
        }
    }

    private static string Told(Edition edition, TotalSet figures, DateOnly? since = null) =>
        string.Join(' ', Story.WhatCame(edition, figures, "/figures", "#donors", since).Select(sentence => sentence.Plain(edition))).Replace('\u00A0', ' ');

    // In millions of dollars.
    private static TotalSet Of(int paid, int committed, int promised, int withdrawn)
    {
        const long Million = 1_000_000_00;
        return TotalSet.Of(new Sums
        {
            Pledged = (paid + committed + promised + withdrawn) * Million,
            Withdrawn = withdrawn * Million,
            Committed = (paid + committed) * Million,
            Paid = paid * Million,
            Outstanding = (committed + promised) * Million,
            PromisedOnly = promised * Million,
        });
    }

    private static Edition Edition(Language language, params string[] query) =>
        new(language, Today, Today, "9-abcdef01", new Address("", "/", query.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1])));
}
