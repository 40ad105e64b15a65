namespace PledgeTracker.Words;

/// <summary>What the words of the closed vocabularies are called, for people: by vocabulary, each word in its order.</summary>
internal static class Labels
{
    public static readonly OrderedDictionary<string, LocalizedText> OrganizationTypes = Of(
        ("10", "Government", "حكومة"),
        ("11", "Local government", "حكومة محلية"),
        ("15", "Other public sector", "جهة عامة أخرى"),
        ("21", "International NGO", "منظمة غير حكومية دولية"),
        ("22", "National NGO", "منظمة غير حكومية وطنية"),
        ("23", "Regional NGO", "منظمة غير حكومية إقليمية"),
        ("30", "Public-private partnership", "شراكة بين القطاعين العام والخاص"),
        ("40", "Multilateral", "جهة متعددة الأطراف"),
        ("60", "Foundation", "مؤسسة خيرية"),
        ("70", "Private sector", "قطاع خاص"),
        ("80", "Academic, training and research", "جهة أكاديمية أو تدريبية أو بحثية"),
        ("90", "Other", "جهة أخرى"),
        ("group", "Group that pledges together", "مجموعة تتعهد معا"),
        ("pooled_fund", "Pooled fund", "صندوق جماعي"));

    public static readonly OrderedDictionary<string, LocalizedText> FundKinds = Of(
        ("facility", "Facility", "مرفق تمويل"),
        ("trust_fund", "Trust fund", "صندوق استئماني"),
        ("appeal", "Appeal", "نداء"),
        ("programme", "Programme", "برنامج"),
        ("pledge_drive", "Pledge drive", "حملة تعهدات"));

    public static readonly OrderedDictionary<string, LocalizedText> Instruments = Of(
        ("grant", "grant", "منحة"),
        ("loan", "loan", "قرض"),
        ("credit_line", "credit line", "خط ائتمان"),
        ("guarantee", "guarantee", "ضمان"),
        ("investment", "investment", "استثمار"),
        ("in_kind", "in kind", "مساهمة عينية"),
        ("mou", "memorandum of understanding", "مذكرة تفاهم"),
        ("unspecified", "unspecified", "غير محدد"));

    public static readonly OrderedDictionary<string, LocalizedText> Statuses = Of(
        ("announced", "announced", "معلن"),
        ("partially_committed", "partially committed", "ملتزم به جزئيا"),
        ("committed", "committed", "ملتزم به"),
        ("partially_paid", "partially paid", "مدفوع جزئيا"),
        ("paid", "paid", "مدفوع"),
        ("partially_withdrawn", "partially withdrawn", "مسحوب جزئيا"),
        ("withdrawn", "withdrawn", "مسحوب"),
        ("taken_back", "taken back", "مسترد"),
        ("adjusted", "adjusted", "مصحح"),
        ("void", "void", "ملغى"));

    public static readonly OrderedDictionary<string, LocalizedText> Origins = Of(
        ("announced", "announced pledge", "تعهد معلن"),
        ("direct", "not pledged before", "بلا تعهد سابق"));

    public static readonly OrderedDictionary<string, LocalizedText> Earmarkings = Of(
        ("unearmarked", "unearmarked", "غير مخصص"),
        ("softly_earmarked", "softly earmarked", "مخصص تخصيصا مرنا"),
        ("tightly_earmarked", "tightly earmarked", "مخصص تخصيصا محكما"),
        ("earmarked", "earmarked", "مخصص"));

    public static readonly OrderedDictionary<string, LocalizedText> Stages = Of(
        ("commitment", "commitment", "التزام"),
        ("release", "release of a commitment", "تحرير التزام"),
        ("payment", "payment", "دفعة"),
        ("refund", "refund", "استرداد"),
        ("adjustment", "adjustment", "تصحيح"));

    public static readonly OrderedDictionary<string, LocalizedText> Kinds = Of(
        ("pledge", "pledge", "تعهد"),
        ("revision", "revision", "تعديل تعهد"),
        ("withdrawal", "withdrawal", "سحب"),
        ("commitment", "commitment", "التزام"),
        ("payment", "payment", "دفعة"),
        ("adjustment", "adjustment", "تصحيح"));

    public static readonly OrderedDictionary<string, LocalizedText> Qualifiers = Of(
        ("exact", "exact", "بالضبط"),
        ("approximate", "about", "نحو"),
        ("at_least", "at least", "ما لا يقل عن"),
        ("at_most", "up to", "ما يصل إلى"),
        ("mixed", "of parts of different precision", "من أجزاء متفاوتة الدقة"));

    public static readonly OrderedDictionary<string, LocalizedText> WithdrawalReasons = Of(
        ("withdrawn_by_donor", "withdrawn by the donor", "سحبته الجهة المانحة"),
        ("lapsed", "lapsed", "انقضى أجله"),
        ("written_off", "written off", "شُطب"),
        ("unspecified", "unspecified", "غير محدد"));

    public static readonly OrderedDictionary<string, LocalizedText> Verifications = Of(
        ("reported", "reported", "مبلغ عنه"),
        ("verified", "verified", "متحقق منه"),
        ("disputed", "disputed", "متنازع عليه"));

    public static readonly OrderedDictionary<string, LocalizedText> DatePrecisions = Of(
        ("day", "that day", "ذلك اليوم"),
        ("month", "some day of that month", "يوم ما من ذلك الشهر"),
        ("year", "some day of that year", "يوم ما من تلك السنة"),
        ("approximate", "about that day", "نحو ذلك اليوم"));

    public static readonly OrderedDictionary<string, LocalizedText> RequirementKinds = Of(
        ("original", "original requirement", "الاحتياج الأصلي"),
        ("revised", "revised requirement", "الاحتياج المعدل"));

    public static readonly OrderedDictionary<string, LocalizedText> Reliabilities = Of(
        ("primary", "primary source", "مصدر أولي"),
        ("secondary", "secondary source", "مصدر ثانوي"));

    public static readonly OrderedDictionary<string, LocalizedText> Entities = Of(
        ("organization", "organization", "جهة"),
        ("fund", "fund", "صندوق"),
        ("event", "event", "فعالية"),
        ("source", "source", "مصدر"),
        ("country", "country", "بلد"),
        ("exchange_rate", "exchange rate", "سعر صرف"),
        ("requirement", "requirement", "احتياج"),
        ("shortfall", "shortfall", "عجز"),
        ("indicator", "indicator", "مؤشر"),
        ("pledge", "pledge", "تعهد"),
        ("contribution", "contribution", "مساهمة"),
        ("entry", "entry of the ledger", "قيد في السجل"),
        ("flow", "flow of another system", "تدفق من نظام آخر"));

    public static readonly OrderedDictionary<string, LocalizedText> Actions = Of(
        ("created", "created", "إنشاء"),
        ("amended", "amended", "تعديل"),
        ("revised", "revised", "تعديل المبلغ"),
        ("withdrawn", "withdrawn", "سحب"),
        ("reversed", "reversed", "عكس قيد"),
        ("reclassified", "reclassified", "إعادة تصنيف"),
        ("merged", "merged", "دمج"),
        ("cited", "cited", "إضافة مصدر"),
        ("confirmed", "confirmed by the recipient", "تأكيد من الجهة المستفيدة"),
        ("verified", "verified", "تحقق"),
        ("disputed", "disputed", "اعتراض"),
        ("redacted", "free text removed", "حجب نص"));

    public static readonly OrderedDictionary<string, LocalizedText> GroupBy = Of(
        ("donor", "donor", "الجهة المانحة"),
        ("donor-type", "type of donor", "نوع الجهة المانحة"),
        ("fund", "fund", "الصندوق"),
        ("recipient", "recipient", "الجهة المستفيدة"),
        ("recipient-type", "type of recipient", "نوع الجهة المستفيدة"),
        ("country", "country", "البلد"),
        ("sector", "sector", "القطاع"),
        ("event", "event", "الفعالية"),
        ("instrument", "instrument", "نوع التمويل"),
        ("earmarking", "earmarking", "التخصيص"),
        ("status", "status", "الحالة"),
        ("year", "year", "السنة"),
        ("currency", "currency", "العملة"));

    public static readonly OrderedDictionary<string, LocalizedText> RowKinds = Of(
        ("item", "one of those grouped by", "عنصر مما جُمع بحسبه"),
        ("other", "all others", "البقية"),
        ("shared", "shared by several", "مشترك بين عدة عناصر"),
        ("none", "names none", "بلا تحديد"));

    public static readonly OrderedDictionary<string, LocalizedText> Intervals = Of(
        ("month", "month", "شهر"),
        ("quarter", "quarter", "ربع سنة"),
        ("year", "year", "سنة"));

    public static readonly OrderedDictionary<string, LocalizedText> Statements = Of(
        ("pledge", "pledge", "تعهد"),
        ("revision", "revision", "تعديل تعهد"),
        ("withdrawal", "withdrawal", "سحب"),
        ("shortfall", "shortfall", "عجز"),
        ("requirement", "requirement", "احتياج"));

    public static readonly OrderedDictionary<string, LocalizedText> Measures = Of(
        ("conversionRate", "conversion rate", "نسبة ما دُفع من التعهدات"),
        ("undisbursed", "committed and not paid", "ملتزم به غير مدفوع"),
        ("ageing", "age of what is outstanding", "عمر المبالغ المتبقية"),
        ("timeliness", "timeliness", "سرعة الدفع"),
        ("schedule", "schedule", "الجدول الزمني"),
        ("concentration", "concentration", "التركز"),
        ("dataQuality", "quality of the data", "جودة البيانات"));

    public static readonly OrderedDictionary<string, LocalizedText> AgeingBases = Of(
        ("pledge", "since it was pledged", "منذ التعهد"),
        ("due", "since it fell due", "منذ الاستحقاق"));

    public static readonly OrderedDictionary<string, LocalizedText> ShortfallBases = Of(
        ("reported", "reported", "مبلغ عنه"),
        ("computed", "computed from requirements", "محسوب من الاحتياجات"));

    public static readonly OrderedDictionary<string, LocalizedText> ImportFormats = Of(
        ("fts-json", "flows of FTS, as its API gives them", "تدفقات خدمة التتبع المالي كما في واجهتها"),
        ("fts-csv", "flows of FTS, as HDX publishes them", "تدفقات خدمة التتبع المالي كما تنشرها HDX"),
        ("contributions", "sheet of contributions", "جدول مساهمات"),
        ("pledges", "sheet of pledges", "جدول تعهدات"),
        ("requirements", "sheet of requirements", "جدول احتياجات"));

    public static readonly OrderedDictionary<string, LocalizedText> ImportModes = Of(
        ("all", "one refused row refuses the file", "صف مرفوض واحد يرفض الملف"),
        ("per-row", "the rows that are not refused go in", "تُسجل الصفوف غير المرفوضة"));

    public static readonly OrderedDictionary<string, LocalizedText> ImportStates = Of(
        ("staging", "is read", "تجري قراءته"),
        ("checking", "is tried out", "تجري تجربته"),
        ("applying", "is recorded", "يجري تسجيله"),
        ("done", "done", "انتهى"),
        ("checked", "was tried out", "جُرب"),
        ("refused", "refused", "مرفوض"),
        ("cancelled", "cancelled", "ملغى"));

    public static readonly OrderedDictionary<string, LocalizedText> RowOutcomes = Of(
        ("created", "recorded", "سُجل"),
        ("changed", "changed something", "غير شيئا"),
        ("unchanged", "was there already", "كان موجودا"),
        ("refused", "refused", "مرفوض"));

    public static readonly OrderedDictionary<string, LocalizedText> Differences = Of(
        ("new", "new", "جديد"),
        ("advanced", "moved on", "تقدم"),
        ("went_back", "went back", "تراجع"),
        ("amount_changed", "another amount", "تغير مبلغه"),
        ("changed", "changed in something else", "تغير فيه شيء آخر"),
        ("dropped", "not told any more", "لم يعد يُذكر"),
        ("returned", "told again", "عاد ذكره"));

    public static readonly OrderedDictionary<string, LocalizedText> SourceStates = Of(
        ("changed", "told otherwise by its source", "يذكره مصدره على غير ما هو هنا"),
        ("dropped", "not told any more by its source", "لم يعد مصدره يذكره"));

    public static readonly OrderedDictionary<string, LocalizedText> Roles = Of(
        ("recorder", "recorder", "مسجل"),
        ("editor", "editor", "محرر"),
        ("admin", "administrator", "مشرف"));

    private static OrderedDictionary<string, LocalizedText> Of(params ReadOnlySpan<(string Word, string En, string Ar)> words)
    {
        var labels = new OrderedDictionary<string, LocalizedText>();
        foreach (var (word, en, ar) in words)
        {
            labels.Add(word, new(en, ar));
        }

        return labels;
    }
}
