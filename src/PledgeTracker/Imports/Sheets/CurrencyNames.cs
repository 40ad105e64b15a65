using System.Collections.Frozen;

namespace PledgeTracker.Imports.Sheets;

/// <summary>What people call the money that most of aid is in. What several countries call theirs (dollar, pound, دينار) is nobody's name.</summary>
internal static class CurrencyNames
{
    private static readonly FrozenDictionary<string, string> ByName = Read("""
        USD US dollar, US dollars, United States dollar, American dollar, US$, $US, دولار أمريكي, دولار اميركي, الدولار الأمريكي
        EUR euro, euros, €, يورو
        GBP pound sterling, British pound, British pounds, sterling, جنيه إسترليني, الجنيه الإسترليني
        CHF Swiss franc, Swiss francs, فرنك سويسري
        JPY Japanese yen, yen, ين ياباني, ين
        SEK Swedish krona, Swedish kronor, كرونة سويدية, كرون سويدي
        NOK Norwegian krone, Norwegian kroner, كرونة نرويجية, كرون نرويجي
        DKK Danish krone, Danish kroner, كرونة دنماركية, كرون دنماركي
        CAD Canadian dollar, Canadian dollars, دولار كندي
        AUD Australian dollar, Australian dollars, دولار أسترالي
        NZD New Zealand dollar, New Zealand dollars, دولار نيوزيلندي
        SAR Saudi riyal, Saudi riyals, ريال سعودي
        AED UAE dirham, Emirati dirham, UAE dirhams, درهم إماراتي
        KWD Kuwaiti dinar, Kuwaiti dinars, دينار كويتي
        QAR Qatari riyal, Qatari riyals, ريال قطري
        BHD Bahraini dinar, Bahraini dinars, دينار بحريني
        OMR Omani rial, Omani rials, ريال عماني
        JOD Jordanian dinar, Jordanian dinars, دينار أردني
        IQD Iraqi dinar, Iraqi dinars, دينار عراقي
        SYP Syrian pound, Syrian pounds, Syrian lira, ليرة سورية, الليرة السورية
        LBP Lebanese pound, Lebanese pounds, Lebanese lira, ليرة لبنانية, الليرة اللبنانية
        EGP Egyptian pound, Egyptian pounds, جنيه مصري
        YER Yemeni rial, Yemeni rials, ريال يمني
        TRY Turkish lira, Turkish liras, ليرة تركية, الليرة التركية
        MAD Moroccan dirham, Moroccan dirhams, درهم مغربي
        TND Tunisian dinar, Tunisian dinars, دينار تونسي
        DZD Algerian dinar, Algerian dinars, دينار جزائري
        LYD Libyan dinar, Libyan dinars, دينار ليبي
        SDG Sudanese pound, Sudanese pounds, جنيه سوداني
        IRR Iranian rial, Iranian rials, ريال إيراني
        AFN Afghani, Afghanis, أفغاني
        CNY Chinese yuan, yuan, renminbi, يوان, يوان صيني
        INR Indian rupee, Indian rupees, روبية هندية
        PKR Pakistani rupee, Pakistani rupees, روبية باكستانية
        RUB Russian rouble, Russian ruble, روبل روسي
        UAH Ukrainian hryvnia, hryvnia, هريفنيا
        KRW South Korean won, Korean won, وون كوري
        XDR special drawing rights, SDR, حقوق السحب الخاصة
        """);

    /// <summary>The code that a code or a name stands for; null where it is none.</summary>
    public static string? Find(string text) => text.ToUpperInvariant() is var code && (Currency.Exists(code) || Currency.IsNoMoney(code)) ? code : ByName.GetValueOrDefault(Key(text));

    private static FrozenDictionary<string, string> Read(string lines) => lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(line => line[4..].Split(',', StringSplitOptions.TrimEntries).Select(name => (Name: Key(name), Code: line[..3]))).DistinctBy(n => n.Name).ToFrozenDictionary(n => n.Name, n => n.Code);

    // Signs of money are nothing once folded.
    private static string Key(string text) => text.AsSpan().IndexOfAny('$', '€') >= 0 ? text.Trim().ToUpperInvariant() : SearchText.Fold(text);
}
