namespace PledgeTracker.Site;

/// <summary>A noun as it is counted. Arabic has a form for one, for two, for three to ten, and for more.</summary>
/// <param name="En">One and many, with <c>{0}</c> for the number.</param>
/// <param name="Hundreds">The Arabic form behind whole hundreds and one or two more, where it is another than that of many.</param>
public sealed record Counted((string One, string Many) En, (string One, string Two, string Few, string Many) Ar, string? Hundreds = null);

/// <summary>What the pages say, in both languages: whole sentences, never glued words. Things are put in where it says <c>{0}</c>, <c>{1}</c> …</summary>
internal static partial class Texts
{
    public static readonly LocalizedText Name = new("PledgeTracker", "متتبع التعهدات");
    public static readonly LocalizedText Tagline = new("Aid money from the promise to the payment", "أموال المساعدات من الوعد إلى الدفع");
    public static readonly LocalizedText Skip = new("Skip to the figures", "انتقل إلى الأرقام");
    public static readonly LocalizedText MainNavigation = new("Main", "الرئيسية");

    /// <summary>The parts of the site.</summary>
    public static readonly (string Part, string Address, LocalizedText Called)[] Parts =
    [
        ("overview", "/", new("Overview", "نظرة عامة")),
        ("events", "/#events", new("Events", "المؤتمرات")),
        ("funds", "/#funds", new("Funds", "الصناديق")),
        ("donors", "/#donors", new("Donors", "المانحون")),
        ("record", "/record", new("Record", "التسجيل")),
    ];

    public static readonly LocalizedText OnRecord = new(
        "“On record” means that a public document says so and has been entered here. Where nothing is on record, nothing is claimed: money may have been paid without a document that we hold.",
        "«في السجل» تعني أن وثيقة علنية تذكر ذلك وأنها مدرجة هنا. وحيث لا شيء في السجل لا نزعم شيئا: فقد تُدفع أموال دون وثيقة بين أيدينا.");

    public static readonly LocalizedText AboutTheFigures = new("About the figures", "عن الأرقام");
    public static readonly LocalizedText FeedOfChanges = new("Feed of changes", "موجز التغييرات");
    public static readonly LocalizedText CalendarOfDues = new("Calendar of what falls due", "تقويم المستحقات");
    public static readonly LocalizedText ApiAndDownloads = new("API and downloads", "الواجهة البرمجية والتنزيل");
    public static readonly LocalizedText InDollars = new("Amounts are in US dollars, as the source gives them or at the rate of the day.", "المبالغ بالدولار الأمريكي كما أوردها المصدر أو بسعر صرف اليوم المعني.");

    // The stages, and what each means.
    public static readonly LocalizedText Paid = new("Paid", "مدفوع");
    public static readonly LocalizedText PaidMeans = new("The money arrived, so a source says.", "وصل المال بحسب أحد المصادر.");
    public static readonly LocalizedText CommittedUnpaid = new("Committed, not paid", "ملتزَم به ولم يُدفع");
    public static readonly LocalizedText CommittedUnpaidMeans = new("A signed agreement or an approved grant.", "اتفاق موقّع أو منحة أُقرت.");
    public static readonly LocalizedText PromisedOnly = new("Promised only", "وعد فقط");
    public static readonly LocalizedText PromisedOnlyMeans = new("A public promise, nothing more on record.", "وعد علني لا يتجاوزه شيء في السجل.");
    public static readonly LocalizedText Withdrawn = new("Withdrawn", "مسحوب");
    public static readonly LocalizedText WithdrawnMeans = new("Taken back, or sent elsewhere.", "سُحب أو حُوّل إلى غرض آخر.");
    public static readonly LocalizedText NotItemised = new("Reported, not itemised", "معلن دون تفصيل");
    public static readonly LocalizedText NotItemisedMeans = new("In the reported total, but no source we hold says who promised it.", "ضمن المجموع المعلن، لكن لا مصدر لدينا يذكر من تعهد به.");
    public static readonly LocalizedText ReportedInAll = new("Reported in all: {0}", "المجموع المعلن: {0}");
    public static readonly LocalizedText NoneOnRecord = new("none on record", "لا شيء في السجل");

    // Around every page.
    public static readonly LocalizedText AsOf = new("As of", "حتى");
    public static readonly LocalizedText DataVersion = new("data version", "إصدار البيانات");
    public static readonly LocalizedText CiteThisPage = new("Cite this page", "الاستشهاد بهذه الصفحة");
    public static readonly LocalizedText Citation = new("PledgeTracker. “{0}”. As of {1}, data version {2}.", "متتبع التعهدات. «{0}». حتى {1}، إصدار البيانات {2}.");
    public static readonly LocalizedText BackToToday = new("Back to today", "العودة إلى اليوم");
    public static readonly LocalizedText AnotherDay = new("Look at another day, or at what was believed then", "اعرض يوما آخر أو ما كان معروفا حينها");
    public static readonly LocalizedText AsOfDay = new("How it stood at the end of", "كما كان في نهاية يوم");
    public static readonly LocalizedText KnownAt = new("As it was known at", "كما كان معروفا في");
    public static readonly LocalizedText KnownAtHint = new(
        "The first shows the corrected truth of a day. The second leaves out what was recorded here later: an instant or a data version.",
        "يعرض الأول الحقيقة المصححة ليوم ما. ويستبعد الثاني ما سُجل هنا بعد ذلك: لحظة أو إصدار بيانات.");

    /// <summary>Said to screen readers when a page changed under its reader; <c>{0}</c> are headings.</summary>
    public static readonly LocalizedText Updated = new("Updated: {0}", "حُدّث: {0}");

    public static readonly LocalizedText Show = new("Show", "اعرض");
    public static readonly LocalizedText Link = new("Link", "رابط");
    public static readonly LocalizedText Embed = new("Embed", "تضمين");
    public static readonly LocalizedText AsTable = new("Show as table", "عرض في جدول");
    public static readonly LocalizedText Note = new("Note", "ملاحظة");
    public static readonly LocalizedText Source = new("Source", "المصدر");
    public static readonly LocalizedText TwoSources = new("2 sources", "مصدران");
    public static readonly LocalizedText FewSources = new("{0} sources", "{0} مصادر");
    public static readonly LocalizedText ManySources = new("{0} sources", "{0} مصدرا");

    // What became of what was promised.
    public static readonly LocalizedText NoPayment = new("no payment", "لا دفعة");
    public static readonly LocalizedText NothingCame = new("So far {0} and no signed commitment is on record.", "حتى الآن {0} ولا التزام موقّع في السجل.");
    public static readonly LocalizedText NothingHadCome = new("By then, {0} and no signed commitment is on record.", "حتى ذلك اليوم {0} ولا التزام موقّع في السجل.");
    public static readonly LocalizedText NothingCameIn = new("More than {0} later, {1} and no signed commitment is on record.", "وبعد أكثر من {0}، {1} ولا التزام موقّع في السجل.");
    public static readonly LocalizedText AllPaid = new("All of it is paid.", "دُفع ذلك كله.");
    public static readonly LocalizedText AllWithdrawn = new("All of it was withdrawn.", "سُحب ذلك كله.");
    public static readonly LocalizedText PartPaid = new("Of that, {0} is paid.", "دُفع من ذلك مبلغ {0}.");
    public static readonly LocalizedText PartCommitted = new("Another {0} is committed and not yet paid.", "والتُزم بمبلغ {0} لم يُدفع بعد.");
    public static readonly LocalizedText PartCommittedAlone = new("Of that, {0} is committed; no payment is on record.", "بلغ ما التُزم به من ذلك {0}، ولا دفعة في السجل.");
    public static readonly LocalizedText PartWithdrawn = new("And {0} was withdrawn.", "وسُحب مبلغ {0}.");
    public static readonly LocalizedText TheRestIsPromise = new("The rest, {0}, is a promise and nothing more.", "أما الباقي، وهو {0}، فوعد لا غير.");
    public static readonly Counted InexactEntries = new(
        ("One amount behind these figures is not exact in its source.", "{0} amounts behind these figures are not exact in their sources."),
        ("مبلغ واحد مما تستند إليه هذه الأرقام غير دقيق في مصدره.", "مبلغان مما تستند إليه هذه الأرقام غير دقيقين في مصدريهما.", "{0} مبالغ مما تستند إليه هذه الأرقام غير دقيقة في مصادرها.", "{0} مبلغا مما تستند إليه هذه الأرقام غير دقيقة في مصادرها."));

    public static readonly Counted Promises = new(("1 promise", "{0} promises"), ("تعهد واحد", "تعهدان", "{0} تعهدات", "{0} تعهدا"), "{0} تعهد");
    public static readonly Counted Donors = new(("1 donor", "{0} donors"), ("جهة مانحة واحدة", "جهتان مانحتان", "{0} جهات مانحة", "{0} جهة مانحة"));
    public static readonly Counted Years = new(("one year", "{0} years"), ("سنة", "سنتين", "{0} سنوات", "{0} سنة"));
}
