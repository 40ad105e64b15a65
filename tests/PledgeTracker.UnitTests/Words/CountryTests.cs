using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Words;

public sealed class CountryTests
{
    [Fact]
    public void Every_country_in_use_has_a_code_of_two_letters_of_its_own_and_one_that_was_withdrawn_has_none()
    {
        var codes = Country.Names.Keys.Select(code => (Code: code, InTwo: Country.Alpha2(code))).ToList();
        Assert.All(codes, code => Assert.Equal(Country.IsWithdrawn(code.Code), code.InTwo is null));
        var inTwo = codes.Select(code => code.InTwo).OfType<string>().ToList();
        Assert.Equal(inTwo.Count, inTwo.Distinct().Count());
        // Those that do not begin as they do in three letters, or are easily taken for others.
        Assert.Equal(["AE", "AT", "AU", "CH", "CD", "CG", "CY", "DZ", "EE", "ES", "GW", "IQ", "KM", "KP", "KR", "ME", "MA", "MG", "PS", "PY", "RS", "SE", "SV", "SY", "TD", "TR", "UA", "XK", "YT"],
            ((string[])["ARE", "AUT", "AUS", "CHE", "COD", "COG", "CYP", "DZA", "EST", "ESP", "GNB", "IRQ", "COM", "PRK", "KOR", "MNE", "MAR", "MDG", "PSE", "PRY", "SRB", "SWE", "SLV", "SYR", "TCD", "TUR", "UKR", "XKX", "MYT"])
            .Select(Country.Alpha2));
    }
}
