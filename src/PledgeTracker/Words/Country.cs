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

    // Of the same, in their order: alpha-2, as other standards have them.
    private const string TwoLetters =
        "AW AF AO AI AX AL AD AE AR AM AS AQ TF AG AU AT AZ BI BE BJ BQ BF BD BG BH BS BA BL BY BZ BM BO BR BB BN BT BV BW CF CA CC CH CL CN CI " +
        "CM CD CG CK CO KM CV CR CU CW CX KY CY CZ DE DJ DM DK DO DZ EC EG ER EH ES EE ET FI FJ FK FR FO FM GA GB GE GG GH GI GN GP GM GW GQ GR " +
        "GD GL GT GF GU GY HK HM HN HR HT HU ID IM IN IO IE IR IQ IS IL IT JM JE JO JP KZ KE KG KH KI KN KR KW LA LB LR LY LC LI LK LS LT LU LV " +
        "MO MF MA MC MD MG MV MX MH MK ML MT MM ME MN MP MZ MR MS MQ MU MW MY YT NA NC NE NF NG NI NU NL NO NP NR NZ OM PK PA PN PE PH PW PG PL " +
        "PR KP PT PY PS PF QA RE RO RU RW SA SD SN SG GS SH SJ SB SL SV SM SO PM RS SS ST SR SK SI SE SZ SX SC SY TC TD TG TH TJ TK TM TL TO TT " +
        "TN TR TV TW TZ UG UA UM UY US UZ VA VC VE VG VI VN VU WF WS YE ZA ZM ZW XK";

    // Money of their time says so: Serbia and Montenegro is neither of the two.
    private const string Withdrawn =
        "AFI ANT ATB ATN BUR BYS CSK CTE DDR DHY FXX GEL HVO JTN MID NHB NTZ PCI PCZ PUS RHO SCG SKM SUN TMP VDR WAK YMD YUG ZAR";

    private static readonly FrozenDictionary<string, string> InTwoLetters =
        Codes.Split(' ').Zip(TwoLetters.Split(' ')).ToFrozenDictionary(code => code.First, code => code.Second, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Known = $"{Codes} {Withdrawn}".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// What countries are called, in English and Arabic: in each language first the name that is shown, then the others by which it is found. Put together by hand from the names
    /// that the United Nations use, the names that went before them (Turkey, Swaziland, Burma), and what newspapers write. What editors add are aliases, in the database.
    /// </summary>
    public static readonly FrozenDictionary<string, string[]> Names = Read("""
        ABW Aruba, أروبا
        AFG Afghanistan, أفغانستان
        AFI French Afars and Issas, عفار وعيسى الفرنسي
        AGO Angola, أنغولا, أنجولا
        AIA Anguilla, أنغويلا
        ALA Åland Islands, جزر آلاند
        ALB Albania, ألبانيا
        AND Andorra, أندورا
        ANT Netherlands Antilles, جزر الأنتيل الهولندية, الأنتيل الهولندية
        ARE United Arab Emirates, UAE, الإمارات
        ARG Argentina, الأرجنتين
        ARM Armenia, أرمينيا
        ASM American Samoa, ساموا الأمريكية
        ATA Antarctica, أنتاركتيكا
        ATB British Antarctic Territory, إقليم أنتاركتيكا البريطاني
        ATF French Southern Territories, الأقاليم الجنوبية الفرنسية
        ATG Antigua and Barbuda, أنتيغوا وبربودا
        ATN Dronning Maud Land, أرض الملكة مود
        AUS Australia, أستراليا
        AUT Austria, النمسا
        AZE Azerbaijan, أذربيجان
        BDI Burundi, بوروندي
        BEL Belgium, بلجيكا
        BEN Benin, بنن, بنين
        BES Bonaire, Caribbean Netherlands, بونير, هولندا الكاريبية
        BFA Burkina Faso, بوركينا فاسو
        BGD Bangladesh, بنغلاديش, بنجلاديش
        BGR Bulgaria, بلغاريا
        BHR Bahrain, البحرين
        BHS Bahamas, The Bahamas, جزر البهاما, البهاما, الباهاما
        BIH Bosnia and Herzegovina, البوسنة والهرسك
        BLM Saint Barthélemy, سان بارتيليمي
        BLR Belarus, Byelorussia, بيلاروس, روسيا البيضاء
        BLZ Belize, بليز
        BMU Bermuda, برمودا
        BOL Bolivia, بوليفيا
        BRA Brazil, البرازيل
        BRB Barbados, بربادوس
        BRN Brunei, بروني, بروناي
        BTN Bhutan, بوتان
        BUR Burma, بورما
        BVT Bouvet Island, جزيرة بوفيه
        BWA Botswana, بوتسوانا
        BYS Byelorussian SSR, بيلوروسيا السوفيتية
        CAF Central African Republic, جمهورية أفريقيا الوسطى
        CAN Canada, كندا
        CCK Cocos Islands, Keeling Islands, جزر كوكوس
        CHE Switzerland, سويسرا
        CHL Chile, شيلي, تشيلي
        CHN China, الصين
        CIV Côte d'Ivoire, Ivory Coast, كوت ديفوار, ساحل العاج
        CMR Cameroon, الكاميرون
        COD Democratic Republic of the Congo, DR Congo, DRC, Congo-Kinshasa, جمهورية الكونغو الديمقراطية, الكونغو الديمقراطية, الكونغو كينشاسا
        COG Congo, Congo-Brazzaville, الكونغو, الكونغو برازافيل
        COK Cook Islands, جزر كوك
        COL Colombia, كولومبيا
        COM Comoros, جزر القمر
        CPV Cabo Verde, Cape Verde, كابو فيردي, الرأس الأخضر
        CRI Costa Rica, كوستاريكا
        CSK Czechoslovakia, تشيكوسلوفاكيا
        CTE Canton and Enderbury Islands, جزيرتا كانتون وإندربري
        CUB Cuba, كوبا
        CUW Curaçao, كوراساو
        CXR Christmas Island, جزيرة كريسماس
        CYM Cayman Islands, جزر كايمان
        CYP Cyprus, قبرص
        CZE Czechia, Czech Republic, تشيكيا, التشيك
        DDR German Democratic Republic, East Germany, GDR, الجمهورية الديمقراطية الألمانية, جمهورية ألمانيا الديمقراطية, ألمانيا الشرقية
        DEU Germany, ألمانيا
        DHY Dahomey, داهومي
        DJI Djibouti, جيبوتي
        DMA Dominica, دومينيكا
        DNK Denmark, الدانمرك, الدنمارك
        DOM Dominican Republic, الجمهورية الدومينيكية
        DZA Algeria, الجزائر
        ECU Ecuador, إكوادور
        EGY Egypt, مصر
        ERI Eritrea, إريتريا
        ESH Western Sahara, الصحراء الغربية
        ESP Spain, إسبانيا
        EST Estonia, إستونيا
        ETH Ethiopia, إثيوبيا
        FIN Finland, فنلندا
        FJI Fiji, فيجي
        FLK Falkland Islands, Malvinas, جزر فوكلاند, جزر مالفيناس
        FRA France, فرنسا
        FRO Faroe Islands, جزر فارو
        FSM Micronesia, ميكرونيزيا
        FXX Metropolitan France, فرنسا الأوروبية
        GAB Gabon, غابون, الجابون
        GBR United Kingdom, UK, Great Britain, المملكة المتحدة, بريطانيا
        GEL Gilbert and Ellice Islands, جزر جيلبرت وإليس
        GEO Georgia, جورجيا
        GGY Guernsey, غيرنزي
        GHA Ghana, غانا
        GIB Gibraltar, جبل طارق
        GIN Guinea, غينيا
        GLP Guadeloupe, غوادلوب
        GMB Gambia, غامبيا, جامبيا
        GNB Guinea-Bissau, غينيا بيساو
        GNQ Equatorial Guinea, غينيا الاستوائية
        GRC Greece, اليونان
        GRD Grenada, غرينادا
        GRL Greenland, غرينلاند
        GTM Guatemala, غواتيمالا, جواتيمالا
        GUF French Guiana, غويانا الفرنسية
        GUM Guam, غوام
        GUY Guyana, غيانا
        HKG Hong Kong, هونغ كونغ
        HMD Heard Island and McDonald Islands, جزيرة هيرد وجزر ماكدونالد
        HND Honduras, هندوراس
        HRV Croatia, كرواتيا
        HTI Haiti, هايتي
        HUN Hungary, هنغاريا, المجر
        HVO Upper Volta, فولتا العليا
        IDN Indonesia, إندونيسيا
        IMN Isle of Man, جزيرة مان
        IND India, الهند
        IOT British Indian Ocean Territory, إقليم المحيط الهندي البريطاني
        IRL Ireland, آيرلندا, أيرلندا
        IRN Iran, إيران
        IRQ Iraq, العراق
        ISL Iceland, آيسلندا, أيسلندا
        ISR Israel, إسرائيل
        ITA Italy, إيطاليا
        JAM Jamaica, جامايكا
        JEY Jersey, جيرسي
        JOR Jordan, الأردن
        JPN Japan, اليابان
        JTN Johnston Island, جزيرة جونستون
        KAZ Kazakhstan, كازاخستان
        KEN Kenya, كينيا
        KGZ Kyrgyzstan, قيرغيزستان
        KHM Cambodia, كمبوديا
        KIR Kiribati, كيريباس, كيريباتي
        KNA Saint Kitts and Nevis, سانت كيتس ونيفيس
        KOR South Korea, Republic of Korea, كوريا الجنوبية, جمهورية كوريا
        KWT Kuwait, الكويت
        LAO Laos, لاو, لاوس
        LBN Lebanon, لبنان
        LBR Liberia, ليبريا, ليبيريا
        LBY Libya, ليبيا
        LCA Saint Lucia, سانت لوسيا
        LIE Liechtenstein, ليختنشتاين
        LKA Sri Lanka, Ceylon, سري لانكا, سيلان
        LSO Lesotho, ليسوتو
        LTU Lithuania, ليتوانيا
        LUX Luxembourg, لكسمبرغ, لوكسمبورغ
        LVA Latvia, لاتفيا
        MAC Macao, Macau, ماكاو
        MAF Saint Martin, سان مارتن
        MAR Morocco, المغرب
        MCO Monaco, موناكو
        MDA Moldova, مولدوفا
        MDG Madagascar, مدغشقر
        MDV Maldives, ملديف, جزر المالديف
        MEX Mexico, المكسيك
        MHL Marshall Islands, جزر مارشال
        MID Midway Islands, جزر ميدواي
        MKD North Macedonia, Macedonia, FYROM, مقدونيا الشمالية, مقدونيا
        MLI Mali, مالي
        MLT Malta, مالطة
        MMR Myanmar, Burma, ميانمار, بورما
        MNE Montenegro, الجبل الأسود
        MNG Mongolia, منغوليا
        MNP Northern Mariana Islands, جزر ماريانا الشمالية
        MOZ Mozambique, موزامبيق
        MRT Mauritania, موريتانيا
        MSR Montserrat, مونتسيرات
        MTQ Martinique, مارتينيك
        MUS Mauritius, موريشيوس
        MWI Malawi, ملاوي
        MYS Malaysia, ماليزيا
        MYT Mayotte, مايوت
        NAM Namibia, ناميبيا
        NCL New Caledonia, كاليدونيا الجديدة
        NER Niger, النيجر
        NFK Norfolk Island, جزيرة نورفولك
        NGA Nigeria, نيجيريا
        NHB New Hebrides, هبريدس الجديدة
        NIC Nicaragua, نيكاراغوا
        NIU Niue, نيوي
        NLD Netherlands, Holland, هولندا
        NOR Norway, النرويج
        NPL Nepal, نيبال
        NRU Nauru, ناورو
        NTZ Neutral Zone, المنطقة المحايدة
        NZL New Zealand, نيوزيلندا
        OMN Oman, عمان
        PAK Pakistan, باكستان
        PAN Panama, بنما
        PCI Pacific Islands Trust Territory, إقليم جزر المحيط الهادئ المشمول بالوصاية
        PCN Pitcairn, بيتكيرن
        PCZ Panama Canal Zone, منطقة قناة بنما
        PER Peru, بيرو
        PHL Philippines, الفلبين
        PLW Palau, بالاو
        PNG Papua New Guinea, بابوا غينيا الجديدة
        POL Poland, بولندا
        PRI Puerto Rico, بورتوريكو
        PRK North Korea, كوريا الشمالية
        PRT Portugal, البرتغال
        PRY Paraguay, باراغواي
        PSE Palestine, فلسطين
        PUS United States Miscellaneous Pacific Islands, جزر المحيط الهادئ الأمريكية المتفرقة
        PYF French Polynesia, بولينيزيا الفرنسية
        QAT Qatar, قطر
        REU Réunion, ريونيون
        RHO Southern Rhodesia, Rhodesia, روديسيا الجنوبية, روديسيا
        ROU Romania, رومانيا
        RUS Russia, Russian Federation, روسيا, الاتحاد الروسي
        RWA Rwanda, رواندا
        SAU Saudi Arabia, السعودية
        SCG Serbia and Montenegro, صربيا والجبل الأسود
        SDN Sudan, السودان
        SEN Senegal, السنغال
        SGP Singapore, سنغافورة
        SGS South Georgia and the South Sandwich Islands, جورجيا الجنوبية وجزر ساندويتش الجنوبية
        SHN Saint Helena, سانت هيلانة
        SJM Svalbard and Jan Mayen, سفالبارد ويان ماين
        SKM Sikkim, سيكيم
        SLB Solomon Islands, جزر سليمان
        SLE Sierra Leone, سيراليون
        SLV El Salvador, السلفادور
        SMR San Marino, سان مارينو
        SOM Somalia, الصومال
        SPM Saint Pierre and Miquelon, سان بيير وميكلون
        SRB Serbia, صربيا
        SSD South Sudan, جنوب السودان
        STP Sao Tome and Principe, سان تومي وبرينسيبي
        SUN Soviet Union, USSR, الاتحاد السوفيتي, الاتحاد السوفياتي
        SUR Suriname, سورينام
        SVK Slovakia, سلوفاكيا
        SVN Slovenia, سلوفينيا
        SWE Sweden, السويد
        SWZ Eswatini, Swaziland, إسواتيني, سوازيلند
        SXM Sint Maarten, سينت مارتن
        SYC Seychelles, سيشيل
        SYR Syria, سوريا, سورية
        TCA Turks and Caicos Islands, جزر تركس وكايكوس
        TCD Chad, Tchad, تشاد
        TGO Togo, توغو
        THA Thailand, تايلند, تايلاند
        TJK Tajikistan, طاجيكستان
        TKL Tokelau, توكيلاو
        TKM Turkmenistan, تركمانستان
        TLS Timor-Leste, East Timor, تيمور ليشتي, تيمور الشرقية
        TMP East Timor, Portuguese Timor, تيمور الشرقية, تيمور البرتغالية
        TON Tonga, تونغا
        TTO Trinidad and Tobago, ترينيداد وتوباغو
        TUN Tunisia, تونس
        TUR Türkiye, Turkey, تركيا, تركية
        TUV Tuvalu, توفالو
        TWN Taiwan, تايوان
        TZA Tanzania, تنزانيا
        UGA Uganda, أوغندا
        UKR Ukraine, أوكرانيا
        UMI United States Minor Outlying Islands, جزر الولايات المتحدة الصغيرة النائية
        URY Uruguay, أوروغواي
        USA United States, USA, الولايات المتحدة, أمريكا, أميركا
        UZB Uzbekistan, أوزبكستان
        VAT Holy See, Vatican, Vatican City, الكرسي الرسولي, الفاتيكان
        VCT Saint Vincent and the Grenadines, سانت فنسنت وجزر غرينادين
        VDR North Viet Nam, فييت نام الشمالية
        VEN Venezuela, فنزويلا
        VGB British Virgin Islands, جزر فيرجن البريطانية
        VIR United States Virgin Islands, جزر فيرجن الأمريكية
        VNM Viet Nam, Vietnam, فييت نام, فيتنام
        VUT Vanuatu, فانواتو
        WAK Wake Island, جزيرة ويك
        WLF Wallis and Futuna, واليس وفوتونا
        WSM Samoa, ساموا
        XKX Kosovo, كوسوفو
        YEM Yemen, اليمن
        YMD Democratic Yemen, South Yemen, اليمن الديمقراطية, اليمن الجنوبي
        YUG Yugoslavia, يوغوسلافيا, يوغسلافيا
        ZAF South Africa, جنوب أفريقيا
        ZAR Zaire, زائير
        ZMB Zambia, زامبيا
        ZWE Zimbabwe, زمبابوي
        """);

    /// <summary>
    /// What countries are called in full, where that says more: it stands for the short name. (Whoever looks for what is in the north does not mean the United Kingdom of Great Britain
    /// and Northern Ireland.)
    /// </summary>
    public static readonly FrozenDictionary<string, string[]> FullNames = Read("""
        ARE الإمارات العربية المتحدة
        BOL Plurinational State of Bolivia, Bolivia (Plurinational State of), دولة بوليفيا المتعددة القوميات, بوليفيا (دولة - المتعددة القوميات)
        BRN Brunei Darussalam, بروني دار السلام, بروناي دار السلام
        COG Republic of the Congo, جمهورية الكونغو
        CZE الجمهورية التشيكية
        EGY Arab Republic of Egypt, جمهورية مصر العربية
        FSM Federated States of Micronesia, Micronesia (Federated States of), ولايات ميكرونيزيا الموحدة, ميكرونيزيا (ولايات - الموحدة)
        GBR United Kingdom of Great Britain and Northern Ireland, المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية
        IRN Islamic Republic of Iran, Iran (Islamic Republic of), جمهورية إيران الإسلامية, إيران (جمهورية - الإسلامية)
        LAO Lao People's Democratic Republic, Lao PDR, جمهورية لاو الديمقراطية الشعبية
        MDA Republic of Moldova, جمهورية مولدوفا
        PRK Democratic People's Republic of Korea, DPRK, جمهورية كوريا الشعبية الديمقراطية
        PSE State of Palestine, Palestinian Territories, occupied Palestinian territory, دولة فلسطين, الأرض الفلسطينية المحتلة, الأراضي الفلسطينية المحتلة
        SAU Kingdom of Saudi Arabia, المملكة العربية السعودية
        SYR Syrian Arab Republic, الجمهورية العربية السورية
        TUR Republic of Türkiye, جمهورية تركيا
        TZA United Republic of Tanzania, جمهورية تنزانيا المتحدة
        USA United States of America, الولايات المتحدة الأمريكية
        VDR Democratic Republic of Viet Nam, جمهورية فييت نام الديمقراطية
        VEN Bolivarian Republic of Venezuela, Venezuela (Bolivarian Republic of), جمهورية فنزويلا البوليفارية, فنزويلا (جمهورية - البوليفارية)
        """);

    public static bool Exists(string code) => Known.Contains(code);

    /// <summary>Whether it has been withdrawn from ISO 3166-1: it says where the money of its time went.</summary>
    public static bool IsWithdrawn(string code) => Withdrawn.Contains(code, StringComparison.Ordinal);

    /// <summary>ISO 3166-1 alpha-2; null for what was withdrawn.</summary>
    public static string? Alpha2(string code) => InTwoLetters.GetValueOrDefault(code);

    /// <summary>What the country is called where it is shown; null for what is no country's code.</summary>
    public static LocalizedText? NameOf(string code) => Names.TryGetValue(code, out var names) ? new(names.First(name => name[0] < '\u0600'), names.First(name => name[0] >= '\u0600')) : null;

    private static FrozenDictionary<string, string[]> Read(string lines) => lines.Split('\n').ToFrozenDictionary(line => line[..3], line => line[4..].Split(", "));
}
