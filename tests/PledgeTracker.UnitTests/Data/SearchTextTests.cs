using PledgeTracker.Data;

namespace PledgeTracker.UnitTests.Data;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("الكُوَيْت", "الكويت")]                 // marks
    [InlineData("الكـــويت", "الكويت")]                 // tatweel
    [InlineData("الإمارات", "الامارات")]                // alef with hamza below
    [InlineData("أفريقيا", "افريقيا")]                  // above
    [InlineData("آسيا", "اسيا")]                        // madda
    [InlineData("ٱلعراق", "العراق")]                    // wasla
    [InlineData("مستشفى", "مستشفي")]                    // alef maqsura
    [InlineData("هيئة", "هييه")]                        // hamza on ya, ta marbuta
    [InlineData("مؤتمر", "موتمر")]                      // hamza on waw
    [InlineData("شركاء", "شركا")]                       // hamza alone
    [InlineData("سوریا", "سوريا")]                      // Persian ya
    [InlineData("کویت", "كويت")]                        // Persian kaf
    [InlineData("الرحمٰن", "الرحمن")]                   // dagger alef
    public void Arabic_spellings_that_people_take_for_the_same_are_the_same(string one, string other) =>
        Assert.Equal(SearchText.Fold(other), SearchText.Fold(one));

    [Theory]
    [InlineData("العراق", "عراق")]
    [InlineData("والعراق", "عراق")]
    [InlineData("بالعراق", "عراق")]
    [InlineData("فالعراق", "عراق")]
    [InlineData("كالعراق", "عراق")]
    [InlineData("للعراق", "عراق")]
    [InlineData("للاستقرار", "استقرار")]
    [InlineData("والإمارات", "امارات")]
    [InlineData("بِالْكُوَيْتِ", "كويت")]
    public void The_article_does_not_matter_nor_what_is_written_together_with_it(string with, string without) =>
        Assert.Equal(without, SearchText.Fold(with));

    [Theory]
    [InlineData("الله")]
    [InlineData("ولاية")]
    [InlineData("لله")]
    [InlineData("باب")]
    public void Short_words_that_only_look_like_an_article_stay_whole(string word) =>
        Assert.Equal(word.Replace('ة', 'ه'), SearchText.Fold(word));

    [Theory]
    [InlineData("٢٠١٨", "2018")]
    [InlineData("۲۰۱۸", "2018")]
    [InlineData("٠١٢٣٤٥٦٧٨٩", "0123456789")]
    [InlineData("۰۱۲۳۴۵۶۷۸۹", "0123456789")]
    [InlineData("٥٧٥ مليون", "575 مليون")]
    public void Digits_of_any_script_are_the_same(string written, string folded) => Assert.Equal(folded, SearchText.Fold(written));

    [Theory]
    [InlineData("Köln", "koln")]
    [InlineData("CÔTE D’IVOIRE", "cote divoire")]
    [InlineData("Côte d'Ivoire", "cote divoire")]
    [InlineData("Türkiye", "turkiye")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("Łódź", "lodz")]
    [InlineData("São Tomé", "sao tome")]
    [InlineData("Reykjavi\u0301k", "reykjavik")] // an accent of its own
    [InlineData("ŠĐČĆŽ", "sdccz")]
    [InlineData("Åland", "aland")]
    [InlineData("Việt Nam", "viet nam")]
    [InlineData("Straße", "strasse")]
    [InlineData("Æther œuvre", "aether oeuvre")]
    [InlineData("ﬁnance oﬃce", "finance office")]
    [InlineData("ＵＮＤＰ　２０２６", "undp 2026")]
    [InlineData("Sana\u02BCa", "sanaa")]
    public void Latin_accents_and_case_do_not_matter(string written, string folded) => Assert.Equal(folded, SearchText.Fold(written));

    [Theory]
    [InlineData("stabilisation", "stabilization")]
    [InlineData("organise", "organize")]
    [InlineData("analysed", "analyzed")]
    [InlineData("programmes", "programs")]
    [InlineData("centre", "center")]
    [InlineData("labour", "labor")]
    [InlineData("defence", "defense")]
    [InlineData("travelled", "traveled")]
    [InlineData("dialogue", "dialog")]
    public void British_and_American_words_are_the_same(string british, string american) => Assert.Equal(SearchText.Fold(american), SearchText.Fold(british));

    [Theory]
    [InlineData("stabilization")]
    [InlineData("stabilisation")]
    [InlineData("analyzes")]
    [InlineData("licences")]
    [InlineData("travelling")]
    public void Whoever_types_the_beginning_of_a_word_finds_it(string word)
    {
        for (var length = 1; length <= word.Length; length++)
        {
            Assert.StartsWith(SearchText.Fold(word[..length]), SearchText.Fold(word), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("سورية", "سوريا")]
    [InlineData("سوريه", "سوريا")]
    [InlineData("تركية", "تركيا")]
    [InlineData("بسوريا", "بسوريا")]
    [InlineData("ﺳﻮﺭﻳﺎ", "سوريا")]
    [InlineData("ﻻجئون", "لاجيون")]
    public void The_last_letter_of_a_countrys_name_does_not_matter(string written, string folded) => Assert.Equal(folded, SearchText.Fold(written));

    [Fact]
    public void What_is_kept_to_be_searched_has_the_other_names_of_countries()
    {
        var kept = SearchText.Searched("Refugees in Turkey and the United States").Split(' ');
        Assert.Superset(new HashSet<string>(["refugees", "turkey", "turkiye", "تركيا", "usa", "states", "امريكا"]), kept.ToHashSet());
        Assert.DoesNotContain("كندا", kept);
    }

    [Fact]
    public void Words_are_separated_by_single_spaces_whatever_stands_between_them() =>
        Assert.Equal("un undps fund 3 عراق", SearchText.Fold("  UN/UNDP's", null, "", "—fund… (3),", "العراق؟"));

    [Fact]
    public void Eight_different_words_are_looked_for() =>
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h"], SearchText.Words("a b A á c d e, f g h i j"));

    [Theory]
    [InlineData("Schools in the Syrian Arab Republic", "schools", "in", "the", "syria")]
    [InlineData("مدارس الجمهورية العربية السورية", "مدارس", "syria")]
    [InlineData("Iran (Islamic Republic of), water", "iran", "water")]
    [InlineData("إيران (جمهورية - الإسلامية)", "iran")]
    [InlineData("Syrian Arab", "syrian", "arab")]
    [InlineData("South Sudan", "south", "sudan")]
    public void A_countrys_name_in_full_is_looked_for_by_its_short_one(string text, params string[] words)
    {
        Assert.Equal(words, SearchText.Words(text));
        Assert.Subset(SearchText.Searched(text).Split(' ').ToHashSet(), words.ToHashSet());
    }

    [Fact]
    public void Nothing_folds_to_nothing()
    {
        Assert.Equal("", SearchText.Fold());
        Assert.Equal("", SearchText.Fold(null, " ", "…", "ـــ"));
        Assert.Empty(SearchText.Words("؟ !"));
    }

    [Fact]
    public void What_was_folded_stays_as_it_is()
    {
        foreach (var text in (string[])["Côte d’Ivoire 2018", "صندوق الأمم المتحدة", "مؤتمر الكويت الدولي لإعادة إعمار العراق"])
        {
            var once = SearchText.Fold(text);
            Assert.Equal(once, SearchText.Fold(once));
        }
    }
}
