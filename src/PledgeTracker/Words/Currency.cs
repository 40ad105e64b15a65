using System.Collections.Frozen;
using System.Globalization;

namespace PledgeTracker.Words;

/// <summary>ISO 4217 currencies, in use and withdrawn, with the number of decimals of their minor unit.</summary>
internal static class Currency
{
    private const string Two =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP " +
        "DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL " +
        "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG " +
        "SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

    private const string Zero = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";

    private const string Three = "BHD IQD JOD KWD LYD OMR TND";

    // The standard's list of historic codes, but for bonds, gold and other units that nobody is paid in. XDR, the IMF's unit, is in use; the standard gives it
    // no minor unit, and it is written with two decimals.
    private const string WithdrawnTwo =
        "AFA ALK ANG AOK AON AOR ARA ARP ARY ATS AYM AZM BAD BGJ BGK BGL BGN BOP BRB BRC BRE BRN BRR BUK CSD CSJ CSK CUC CYP DDM DEM ECS EEK FIM FRF GEK " +
        "GHC GHP GNE GNS GQE GWE GWP HRD HRK IEP ILP ILR ISJ LAJ LSM LTL LTT LVL LVR MAF MLF MRO MTL MTP MVQ MXP MZE MZM NIC NLG PEH PEI PES PLZ RHD ROK ROL " +
        "RUR SDD SDP SIT SKK SLL SRG STD SUR TJR TMM UAK UGS UGW UYN UYP VEB VEF VNC XDR XEU YDD YUD YUM YUN ZAL ZMK ZRN ZRZ ZWC ZWD ZWL ZWN ZWR";

    private const string WithdrawnZero = "ADP BEC BEF BEL BYB BYR ESA ESB ESP GRD ITL LUC LUF LUL MGF PTE TPE TRL";

    // Codes of the standard for what nobody is paid in: metals, bonds and units of account, indexed units, and the codes for tests and for no currency.
    private static readonly FrozenSet<string> NoMoney =
        "BOV CHE CHW CLF COU MXV USN USS UYI UYW XAD XAG XAU XBA XBB XBC XBD XFO XFU XPD XPT XRE XSU XTS XUA XXX".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> Decimals = ((string[])[Zero, WithdrawnZero]).SelectMany(codes => codes.Split(' ')).Select(code => (code, 0))
        .Concat(((string[])[Two, WithdrawnTwo]).SelectMany(codes => codes.Split(' ')).Select(code => (code, 2)))
        .Concat(Three.Split(' ').Select(code => (code, 3)))
        .ToFrozenDictionary(p => p.code, p => p.Item2, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Withdrawn =
        $"{WithdrawnTwo} {WithdrawnZero}".Split(' ').Except(["XDR"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All codes, in use and withdrawn, in alphabetical order.</summary>
    public static IEnumerable<string> All => Decimals.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether the code is on the standard's list of historic ones.</summary>
    public static bool IsWithdrawn(string code) => Withdrawn.Contains(code);

    private static readonly decimal[] Units = [1m, 10m, 100m, 1000m];

    public static bool Exists(string? code) => code is not null && Decimals.ContainsKey(code);

    /// <summary>Whether the standard has the code, and not for money.</summary>
    public static bool IsNoMoney(string code) => NoMoney.Contains(code);

    /// <summary>The number of decimals of the currency's minor unit: JPY 0, USD 2, KWD 3.</summary>
    public static int Exponent(string code) => Decimals[code];

    /// <summary>How many minor units make one unit: JPY 1, USD 100, KWD 1000.</summary>
    public static long MinorUnits(string code) => (long)Units[Exponent(code)];

    /// <summary>Minor units in words: 500,000 EUR; 25,000.50 USD.</summary>
    public static string Amount(long minor, string code)
    {
        var major = Major(minor, code);
        var digits = major == decimal.Truncate(major) ? "#,0" : "#,0." + new string('0', Exponent(code));
        return $"{major.ToString(digits, CultureInfo.InvariantCulture)} {code}";
    }

    /// <summary>Minor units as a plain number of major units, with no zeros behind it: 30000000000 US cents are 300000000.</summary>
    public static decimal Major(long minor, string code) => Major(minor, Exponent(code));

    /// <summary>US cents as dollars.</summary>
    public static decimal Usd(long cents) => Major(cents, 2);

    /// <summary>Major units as minor ones, or null when the amount has more decimals than the currency or is out of bounds.</summary>
    public static long? Minor(decimal major, string code)
    {
        if (Math.Abs(major) > Money.MaxMinor)
        {
            return null;
        }

        var minor = major * Units[Exponent(code)];
        return minor == decimal.Truncate(minor) && Math.Abs(minor) <= Money.Most(code) ? (long)minor : null;
    }

    /// <summary>value ÷ 10^decimals, exactly and with no zeros behind it. A decimal's own division would take ten times as long.</summary>
    public static decimal Major(long value, int decimals)
    {
        while (decimals > 0 && value % 10 == 0)
        {
            value /= 10;
            decimals--;
        }

        var digits = Math.Abs(value);
        return new decimal((int)digits, (int)(digits >> 32), 0, value < 0, (byte)decimals);
    }
}
