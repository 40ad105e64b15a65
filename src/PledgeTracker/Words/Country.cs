using System.Collections.Frozen;

namespace PledgeTracker.Words;

/// <summary>ISO 3166-1 alpha-3 country codes, those that were withdrawn (ISO 3166-3), and XKX, which is reserved for users and in common use for Kosovo.</summary>
internal static class Country
{
    private const string Codes =
        "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB " +
        "BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI " +
        "ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN " +
        "IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC " +
        "MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU " +
        "NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM " +
        "SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT " +
        "VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE" + " XKX";

    // Money of their time says so: Serbia and Montenegro is neither of the two.
    private const string Withdrawn =
        "AFI ANT ATB ATN BUR BYS CSK CTE DDR DHY FXX GEL HVO JTN MID NHB NTZ PCI PCZ PUS RHO SCG SKM SUN TMP VDR WAK YMD YUG ZAR";

    private static readonly FrozenSet<string> Known = $"{Codes} {Withdrawn}".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// What countries are called, in English and Arabic, where the same one goes by several names or spellings or is written in another script: for searching only, names are shown as
    /// they were entered. Put together by hand from the short names that the United Nations use, the names that went before them (Turkey, Swaziland, Burma), and what newspapers write.
    /// </summary>
    public static readonly FrozenDictionary<string, string[]> Names = """
        AFG Afghanistan, أفغانستان
        AGO Angola, أنغولا, أنجولا
        ALB Albania, ألبانيا
        ARE United Arab Emirates, UAE, الإمارات
        ARG Argentina, الأرجنتين
        ARM Armenia, أرمينيا
        AUS Australia, أستراليا
        AUT Austria, النمسا
        AZE Azerbaijan, أذربيجان
        BDI Burundi, بوروندي
        BEL Belgium, بلجيكا
        BEN Benin, بنن, بنين
        BFA Burkina Faso, بوركينا فاسو
        BGD Bangladesh, بنغلاديش, بنجلاديش
        BGR Bulgaria, بلغاريا
        BHR Bahrain, البحرين
        BIH Bosnia and Herzegovina, البوسنة والهرسك
        BLR Belarus, Byelorussia, بيلاروس, روسيا البيضاء
        BOL Bolivia, بوليفيا
        BRA Brazil, البرازيل
        BRN Brunei, بروني, بروناي
        CAF Central African Republic, جمهورية أفريقيا الوسطى
        CAN Canada, كندا
        CHE Switzerland, سويسرا
        CHL Chile, شيلي, تشيلي
        CHN China, الصين
        CIV Côte d'Ivoire, Ivory Coast, كوت ديفوار, ساحل العاج
        CMR Cameroon, الكاميرون
        COD Democratic Republic of the Congo, DR Congo, DRC, جمهورية الكونغو الديمقراطية, الكونغو الديمقراطية
        COL Colombia, كولومبيا
        COM Comoros, جزر القمر
        CPV Cabo Verde, Cape Verde, كابو فيردي, الرأس الأخضر
        CUB Cuba, كوبا
        CYP Cyprus, قبرص
        CZE Czechia, Czech Republic, تشيكيا, التشيك
        DEU Germany, ألمانيا
        DJI Djibouti, جيبوتي
        DNK Denmark, الدانمرك, الدنمارك
        DZA Algeria, الجزائر
        EGY Egypt, مصر
        ERI Eritrea, إريتريا
        ESP Spain, إسبانيا
        EST Estonia, إستونيا
        ETH Ethiopia, إثيوبيا
        FIN Finland, فنلندا
        FRA France, فرنسا
        GBR United Kingdom, UK, Great Britain, المملكة المتحدة, بريطانيا
        GEO Georgia, جورجيا
        GHA Ghana, غانا
        GIN Guinea, غينيا
        GMB Gambia, غامبيا, جامبيا
        GNB Guinea-Bissau, غينيا بيساو
        GRC Greece, اليونان
        GTM Guatemala, غواتيمالا, جواتيمالا
        HRV Croatia, كرواتيا
        HTI Haiti, هايتي
        HUN Hungary, هنغاريا, المجر
        IDN Indonesia, إندونيسيا
        IND India, الهند
        IRL Ireland, آيرلندا, أيرلندا
        IRN Iran, إيران
        IRQ Iraq, العراق
        ISL Iceland, آيسلندا, أيسلندا
        ISR Israel, إسرائيل
        ITA Italy, إيطاليا
        JOR Jordan, الأردن
        JPN Japan, اليابان
        KAZ Kazakhstan, كازاخستان
        KEN Kenya, كينيا
        KGZ Kyrgyzstan, قيرغيزستان
        KHM Cambodia, كمبوديا
        KOR South Korea, Republic of Korea, كوريا الجنوبية, جمهورية كوريا
        KWT Kuwait, الكويت
        LAO Laos, لاو, لاوس
        LBN Lebanon, لبنان
        LBR Liberia, ليبريا, ليبيريا
        LBY Libya, ليبيا
        LKA Sri Lanka, Ceylon, سري لانكا, سيلان
        LSO Lesotho, ليسوتو
        LTU Lithuania, ليتوانيا
        LUX Luxembourg, لكسمبرغ, لوكسمبورغ
        LVA Latvia, لاتفيا
        MAR Morocco, المغرب
        MDA Moldova, مولدوفا
        MDG Madagascar, مدغشقر
        MEX Mexico, المكسيك
        MKD North Macedonia, مقدونيا الشمالية
        MLI Mali, مالي
        MLT Malta, مالطة
        MMR Myanmar, Burma, ميانمار, بورما
        MNE Montenegro, الجبل الأسود
        MNG Mongolia, منغوليا
        MOZ Mozambique, موزامبيق
        MRT Mauritania, موريتانيا
        MWI Malawi, ملاوي
        MYS Malaysia, ماليزيا
        NAM Namibia, ناميبيا
        NER Niger, النيجر
        NGA Nigeria, نيجيريا
        NLD Netherlands, Holland, هولندا
        NOR Norway, النرويج
        NPL Nepal, نيبال
        NZL New Zealand, نيوزيلندا
        OMN Oman, عمان
        PAK Pakistan, باكستان
        PER Peru, بيرو
        PHL Philippines, الفلبين
        POL Poland, بولندا
        PRK North Korea, كوريا الشمالية
        PRT Portugal, البرتغال
        PSE Palestine, فلسطين
        QAT Qatar, قطر
        ROU Romania, رومانيا
        RUS Russia, Russian Federation, روسيا, الاتحاد الروسي
        RWA Rwanda, رواندا
        SAU Saudi Arabia, السعودية
        SDN Sudan, السودان
        SEN Senegal, السنغال
        SGP Singapore, سنغافورة
        SLE Sierra Leone, سيراليون
        SOM Somalia, الصومال
        SRB Serbia, صربيا
        SSD South Sudan, جنوب السودان
        SVK Slovakia, سلوفاكيا
        SVN Slovenia, سلوفينيا
        SWE Sweden, السويد
        SWZ Eswatini, Swaziland, إسواتيني, سوازيلند
        SYR Syria, سوريا, سورية
        TCD Chad, Tchad, تشاد
        TGO Togo, توغو
        THA Thailand, تايلند, تايلاند
        TJK Tajikistan, طاجيكستان
        TKM Turkmenistan, تركمانستان
        TLS Timor-Leste, East Timor, تيمور ليشتي, تيمور الشرقية
        TUN Tunisia, تونس
        TUR Türkiye, Turkey, تركيا, تركية
        TZA Tanzania, تنزانيا
        UGA Uganda, أوغندا
        UKR Ukraine, أوكرانيا
        USA United States, USA, الولايات المتحدة, أمريكا, أميركا
        UZB Uzbekistan, أوزبكستان
        VEN Venezuela, فنزويلا
        VNM Viet Nam, Vietnam, فييت نام, فيتنام
        XKX Kosovo, كوسوفو
        YEM Yemen, اليمن
        ZAF South Africa, جنوب أفريقيا
        ZMB Zambia, زامبيا
        ZWE Zimbabwe, زمبابوي
        """.Split('\n').ToFrozenDictionary(line => line[..3], line => line[4..].Split(", "));

    public static bool Exists(string code) => Known.Contains(code);
}
