using PledgeTracker.Imports.Fts;
using PledgeTracker.Words;

namespace PledgeTracker.UnitTests.Imports;

/// <summary>What flows come to here: their words, countries, currencies, amounts and days.</summary>
public sealed class FtsWordsTests
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    [Theory]
    [InlineData("Korea, Republic of", "KOR")]
    [InlineData("Korea, Democratic People's Republic of", "PRK")]
    [InlineData("Iran, Islamic Republic of", "IRN")]
    [InlineData("Iran (Islamic Republic of)", "IRN")]
    [InlineData("Congo, The Democratic Republic of the", "COD")]
    [InlineData("Congo, Democratic Republic of the", "COD")]
    [InlineData("Democratic Republic of the Congo", "COD")]
    [InlineData("Congo", "COG")]
    [InlineData("Côte d'Ivoire", "CIV")]
    [InlineData("Cote d'Ivoire", "CIV")]
    [InlineData("Syrian Arab Republic", "SYR")]
    [InlineData("Libyan Arab Jamahiriya", "LBY")]
    [InlineData("Moldova, Republic of", "MDA")]
    [InlineData("Macedonia, The former Yugoslav Republic of", "MKD")]
    [InlineData("The former Yugoslav Republic of Macedonia", "MKD")]
    [InlineData("Tanzania, United Republic of", "TZA")]
    [InlineData("Venezuela, Bolivarian Republic of", "VEN")]
    [InlineData("Bolivia, Plurinational State of", "BOL")]
    [InlineData("Micronesia, Federated States of", "FSM")]
    [InlineData("Lao People's Democratic Republic", "LAO")]
    [InlineData("Viet Nam", "VNM")]
    [InlineData("occupied Palestinian territory", "PSE")]
    [InlineData("Palestinian Territory, Occupied", "PSE")]
    [InlineData("Serbia and Montenegro (until 2006-2009)", "SCG")]
    [InlineData("Serbia and Montenegro", "SCG")]
    [InlineData("Kosovo", "XKX")]
    [InlineData("Kosovo (as per UNSCR 1244)", "XKX")]
    [InlineData("Netherlands Antilles (until 2010)", "ANT")]
    [InlineData("Turkey", "TUR")]
    [InlineData("Türkiye", "TUR")]
    [InlineData("Swaziland", "SWZ")]
    [InlineData("Cape Verde", "CPV")]
    [InlineData("Czech Republic", "CZE")]
    [InlineData("Timor-Leste", "TLS")]
    [InlineData("East Timor", "TLS")]
    [InlineData("Myanmar", "MMR")]
    [InlineData("Taiwan, Province of China", "TWN")]
    [InlineData("China - Hong Kong (Special Administrative Region)", "HKG")]
    [InlineData("Hong Kong", "HKG")]
    [InlineData("Brunei Darussalam", "BRN")]
    [InlineData("Russian Federation", "RUS")]
    [InlineData("United Kingdom of Great Britain and Northern Ireland", "GBR")]
    [InlineData("United States of America", "USA")]
    [InlineData("United States", "USA")]
    [InlineData("Gambia (the)", "GMB")]
    [InlineData("Virgin Islands, British", "VGB")]
    [InlineData("Holy See (Vatican City State)", "VAT")]
    [InlineData("Saint Helena, Ascension and Tristan da Cunha", "SHN")]
    [InlineData("Falkland Islands (Malvinas)", "FLK")]
    [InlineData("Saint Martin (French part)", "MAF")]
    [InlineData("Sint Maarten (Dutch part)", "SXM")]
    [InlineData("Zaire", "COD")]
    [InlineData("Congo, Republic of", "COG")]
    [InlineData("Korea, DPR", "PRK")]
    [InlineData("Virgin Islands (British)", "VGB")]
    [InlineData("St. Vincent and the Grenadines", "VCT")]
    [InlineData("St Lucia", "LCA")]
    [InlineData("PSE", "PSE")]
    [InlineData("World", null)]
    [InlineData("Sahel Region", null)]
    [InlineData("Middle East", null)]
    [InlineData("Global", null)]
    [InlineData("African Great Lakes, Region", null)]
    [InlineData("", null)]
    public void A_place_is_its_country_by_any_of_the_spellings(string name, string? code) => Assert.Equal(code, FtsWords.CountryOf(name));

    [Fact]
    public void Every_country_is_found_by_the_name_that_is_shown()
    {
        // East Timor, Burma and Rhodesia are those of today.
        Assert.All(Country.Names.Keys.Where(code => !Country.IsWithdrawn(code)), code => Assert.Equal(code, FtsWords.CountryOf(Country.NameOf(code)!.En!)));
    }

    [Theory]
    [InlineData("Government", "National government", "10")]
    [InlineData("Governments", null, "10")]
    [InlineData("Government", "Local Government", "11")]
    [InlineData("NGO", "International", "21")]
    [InlineData("NGOs", null, "21")]
    [InlineData("NGO", "National", "22")]
    [InlineData("NGO", "Local", "22")]
    [InlineData("NGO", "Affiliated", "21")]
    [InlineData("UN agency", null, "40")]
    [InlineData("Multilateral Organizations", null, "40")]
    [InlineData("Inter-governmental", null, "40")]
    [InlineData("Red Cross/Red Crescent", "National Society", "90")]
    [InlineData("Red Cross/Red Crescent Organizations", null, "90")]
    [InlineData("Private organization/foundation", "International organization/foundation/individual", "70")]
    [InlineData("Private Organizations", null, "70")]
    [InlineData("Foundation", null, "60")]
    [InlineData("Pooled fund", "Country-based", "pooled_fund")]
    [InlineData("Pooled Funds", null, "pooled_fund")]
    [InlineData("Other", null, "90")]
    [InlineData(null, null, "90")]
    public void Labels_of_either_generation_are_types_of_ours(string? label, string? subtype, string type) => Assert.Equal(type, FtsWords.TypeOf(label, subtype));

    [Fact]
    public void Currencies_long_gone_are_known()
    {
        const string gone = "ADP AFA ATS AZM BEF BGL BYR CSD CSK CUC CYP DDM DEM ECS EEK ESP FIM FRF GHC GRD HRK IEP ITL LTL LUF LVL MGF MRO MTL MZM NLG PEI PLZ PTE ROL RUR SDD SIT SKK SRG STD SUR TJR TMM TPE TRL UYP VEB VEF XEU YUM YUN ZMK ZRN ZWD ZWR";
        Assert.All(gone.Split(' '), code => Assert.True(Currency.Exists(code), code));
    }

    [Theory]
    [InlineData("paid", 100, null, null, "payment 100 USD")]
    [InlineData("pledge", 100, 90.0, "EUR", "pledge 90 EUR 100")]
    [InlineData("commitment", 100, 90.0, "USD", "commitment 100 USD")]
    [InlineData("commitment", 100, 0.0, "EUR", "commitment 100 USD originalAmount")]
    [InlineData("commitment", 100, -90.0, "EUR", "commitment 100 USD originalAmount")]
    [InlineData("commitment", 100, 5.0, "ABC", "commitment 100 USD originalCurrency")]
    [InlineData("commitment", 100, 5.0, "XAU", "commitment 100 USD originalCurrency")]
    [InlineData("commitment", 100, 5e27, "IRR", "commitment 100 USD originalAmount")]
    [InlineData("commitment", 100, 1000.5, "JPY", "commitment 1000 JPY 100 originalAmount")]
    [InlineData("commitment", 100, 1001.5, "JPY", "commitment 1002 JPY 100 originalAmount")]
    [InlineData("commitment", 100, 0.4, "JPY", "commitment 100 USD originalAmount originalAmount")]
    [InlineData("commitment", 100.125, null, null, "commitment 100.12 USD amountUSD")]
    [InlineData("commitment", 0.004, null, null, "adjustment 0 USD amountUSD")]
    [InlineData("paid", 0, null, null, "adjustment 0 USD")]
    [InlineData("paid", 0, 7.0, "DEM", "adjustment 7 DEM 0")]
    [InlineData("pledge", -5, -4.0, "EUR", "adjustment -4 EUR -5")]
    [InlineData("pledge", -5, 0.0, "EUR", "adjustment 0 EUR -5")]
    public void An_amount_is_in_its_own_currency_where_that_can_be_and_keeps_the_dollars(string status, double usd, double? original, string? currency, string expected)
    {
        var (reading, flow) = (new FtsReading(), Flow(status) with { AmountUsd = (decimal)usd, OriginalAmount = (decimal?)original, OriginalCurrency = currency, Date = Today });
        var entry = FtsEntry.Of(flow, Today, reading);
        Assert.Equal(expected, string.Join(' ', new[] { entry.Kind, $"{entry.Amount:0.##}", entry.Currency, entry.AmountUsd is { } dollars ? $"{dollars:0.##}" : "" }.Concat(reading.Notes.Select(note => note.Member)).Where(word => word != "")));
        Assert.Empty(FtsLedger.Check(flow, entry));
    }

    [Theory]
    [InlineData("2026-11-21", "2026-11-21", null)]
    [InlineData("2026-11-22", "2026-11-22", null)]
    [InlineData("2026-11-23", "2026-05-05", "approximate")]
    [InlineData("1944-12-31", "2026-05-05", "approximate")]
    [InlineData(null, "2026-05-05", "approximate")]
    public void A_day_that_cannot_be_one_of_a_record_is_the_nearest_that_was_told(string? date, string expected, string? precision)
    {
        var flow = Flow("paid") with { AmountUsd = 1, Date = date is null ? null : DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), FirstReportedDate = new(2099, 1, 1), DecisionDate = new(2026, 5, 5) };
        var entry = FtsEntry.Of(flow, Today);
        Assert.Equal((expected, precision), ($"{entry.Date:yyyy-MM-dd}", entry.DatePrecision));
        Assert.Equal(Today, FtsEntry.Of(flow with { Date = null, DecisionDate = null }, Today).Date);
    }

    private static FtsFlow Flow(string status) => new() { Id = "1", Status = status, Boundary = "incoming", OnBoundary = "single", AmountUsd = 0, From = new(), To = new() };
}
