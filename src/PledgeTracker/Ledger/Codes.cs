using PledgeTracker.Http;

namespace PledgeTracker.Ledger;

/// <summary>Query parameters for the code lists of the field.</summary>
internal static class Codes
{
    public static QueryParameter<string> CountryParameter(string description) =>
        QueryParameter.Code("country", description + " ISO 3166-1 alpha-3.", "^[A-Z]{3}$", Country.Exists, "IRQ", CodeRules.CountryHelp);

    public static QueryParameter<string> CurrencyParameter(string description) =>
        QueryParameter.Code("currency", description + " ISO 4217.", "^[A-Z]{3}$", code => Currency.Exists(code), "EUR", CodeRules.CurrencyHelp);
}
