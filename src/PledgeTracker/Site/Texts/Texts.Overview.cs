namespace PledgeTracker.Site;

// The overview, search, and what is said in place of a page.
internal static partial class Texts
{
    public static readonly LocalizedText WhatWasPromised = new("What donors promised, and what came", "ما تعهد به المانحون وما وصل");

    public static readonly LocalizedText SincePromisedInAll = new("Since {0} the donors on record here have promised {1} in public.", "منذ {0} بلغت التعهدات العلنية للمانحين المسجلين هنا {1}.");
    public static readonly LocalizedText NothingOnRecord = new("Nothing is on record here yet.", "لا شيء في السجل بعد.");
    public static readonly LocalizedText NothingOnRecordThen = new("By the end of {0} nothing was on record here.", "لم يكن في السجل شيء حتى نهاية {0}.");
    public static readonly LocalizedText NobodyPromised = new("No pledge is on record.", "لا تعهد في السجل.");
    public static readonly LocalizedText MoreThanPromised = new("Payments exceed what was promised by {0}.", "ودُفع مبلغ {0} زيادة على ما جرى التعهد به.");
    public static readonly LocalizedText UnpledgedCommitted = new("Without a pledge, {0} was committed; none of it is on record as paid.", "ودون تعهد سابق جرى الالتزام بمبلغ {0}، ولا شيء منه مسجل على أنه مدفوع.");
    public static readonly LocalizedText UnpledgedPaid = new("Without a pledge, {0} was paid.", "ودون تعهد سابق دُفع مبلغ {0}.");
    public static readonly LocalizedText UnpledgedPartlyPaid = new("Without a pledge, {0} was committed, and {1} of that is on record as paid.", "ودون تعهد سابق جرى الالتزام بمبلغ {0}، سُجل منه مبلغ {1} مدفوعا.");

    // How the money is given.
    public static readonly LocalizedText HowGiven = new("How it is given: {0}.", "طريقة التمويل: {0}.");
    public static readonly LocalizedText HowGivenPartly = new("How it is given: {0}. Of {1} the sources do not say it.", "طريقة التمويل: {0}. أما {1} فلا تذكر المصادر طريقة تمويله.");
    public static readonly LocalizedText HowGivenUnknown = new("The sources do not say whether these are grants, loans or something else.", "لا تذكر المصادر هل هذه منح أم قروض أم غير ذلك.");
    public static readonly LocalizedText NoneIsGrant = new("No promise here is called a grant.", "ولا يوصف أي تعهد هنا بأنه منحة.");

    /// <summary>What is given so, in the plural, as a list names it.</summary>
    public static readonly Dictionary<string, LocalizedText> Given = new()
    {
        ["grant"] = new("grants {0}", "منح {0}"),
        ["loan"] = new("loans {0}", "قروض {0}"),
        ["credit_line"] = new("credit lines {0}", "خطوط ائتمان {0}"),
        ["guarantee"] = new("guarantees {0}", "ضمانات {0}"),
        ["investment"] = new("investment {0}", "استثمارات {0}"),
        ["in_kind"] = new("in kind {0}", "مساهمات عينية {0}"),
        ["mou"] = new("memoranda of understanding {0}", "مذكرات تفاهم {0}"),
    };

    // The blocks.
    public static readonly LocalizedText GapsNote = new(
        "The latest statement for each fund that somebody said was short of money. Each bar is one gap; what came since fills it. Gaps are never added up.",
        "أحدث تصريح عن كل صندوق قيل إن أمواله لا تكفي. كل شريط عجز واحد، وما جاء بعد التصريح يملؤه. ولا تُجمع مبالغ العجز.");

    public static readonly LocalizedText AllGaps = new("All statements of what is missing", "كل التصريحات عما هو ناقص");
    public static readonly LocalizedText WhoPromisedInAllNote = new("A bar for each donor, all on one scale, in US$ million. The largest promises come first.", "شريط لكل جهة مانحة على مقياس واحد، بملايين الدولارات. والأكبر تعهدا أولا.");
    public static readonly LocalizedText WhatBecame = new("What became of it", "ما آل إليه");
    public static readonly LocalizedText AndMore = new("and {0} more", "و{0} أخرى");
    public static readonly LocalizedText AllOfThem = new("All of them", "عرض الكل");
    public static readonly LocalizedText WherePromised = new("Where it was promised", "أين جرى التعهد");
    public static readonly LocalizedText WherePromisedNote = new(
        "Conferences and meetings, newest first, all bars on one scale. An outline is a total that was reported and is more than its parts. Where no payment is named, none is on record.",
        "المؤتمرات والاجتماعات، الأحدث أولا، وكل الأشرطة على مقياس واحد. والإطار الفارغ مجموع معلن أكبر من أجزائه. وحيث لا تُذكر دفعة فلا دفعة في السجل.");

    public static readonly LocalizedText WhatFor = new("What it is for", "لأي غرض");
    public static readonly LocalizedText WhatForNote = new("Funds and programmes, the largest promises first, all bars on one scale. Where no payment is named, none is on record.", "الصناديق والبرامج، الأكبر تعهدا أولا، وكل الأشرطة على مقياس واحد. وحيث لا تُذكر دفعة فلا دفعة في السجل.");
    public static readonly LocalizedText FigPromised = new("{0} promised", "{0} متعهَّد بها");
    public static readonly LocalizedText FigPaid = new("{0} paid", "{0} مدفوعة");
    public static readonly LocalizedText FigCommitted = new("{0} committed, not paid", "{0} ملتزَم بها ولم تُدفع");
    public static readonly LocalizedText FigWithdrawn = new("{0} withdrawn", "{0} مسحوبة");
    public static readonly LocalizedText FigUnpledged = new("{0} given without a pledge", "{0} قُدمت دون تعهد");
    public static readonly LocalizedText FigReported = new("{0} reported in all", "{0} المجموع المعلن");
    public static readonly LocalizedText WhatChanged = new("What changed", "ما الذي تغير");
    public static readonly LocalizedText WhatChangedNote = new("The last entries. Nothing is overwritten: a correction is a new entry beside the old one.", "آخر القيود. لا يُمحى شيء: فالتصحيح قيد جديد إلى جانب القديم.");
    public static readonly LocalizedText EnteredOn = new("entered {0}", "أُدرج {0}");
    public static readonly LocalizedText TakeAlong = new("Take it along", "خذ البيانات معك");
    public static readonly LocalizedText TakeAlongNote = new("Everything shown here can be had as a table, for a program, or as a subscription.", "كل ما يُعرض هنا متاح في جداول أو للبرامج أو بالاشتراك.");
    public static readonly LocalizedText DonorsHead = new("Donors", "الجهات المانحة");
    public static readonly LocalizedText PromisesHead = new("Promises", "التعهدات");
    public static readonly LocalizedText ContributionsHead = new("Commitments and payments", "الالتزامات والدفعات");
    public static readonly LocalizedText EventsHead = new("Events", "المؤتمرات");
    public static readonly LocalizedText FundsHead = new("Funds", "الصناديق");
    public static readonly LocalizedText ShortfallsHead = new("Shortfalls", "العجز");
    public static readonly LocalizedText SourcesHead = new("Sources", "المصادر");

    // Search.
    public static readonly LocalizedText Search = new("Search", "ابحث");
    public static readonly LocalizedText SearchFor = new("Search donors, funds, events, sources and promises", "ابحث في المانحين والصناديق والمؤتمرات والمصادر والتعهدات");
    public static readonly LocalizedText SearchHint = new("For example: Kuwait, Saudi Arabia, Mosul. Arabic and English both work.", "مثلا: الكويت، السعودية، الموصل. يمكن البحث بالعربية وبالإنجليزية.");
    public static readonly LocalizedText Found = new("Found for “{0}”", "نتائج البحث عن «{0}»");
    public static readonly LocalizedText FoundNothing = new("Nothing here is called “{0}”. Try fewer words, another spelling, or the other language.", "لا شيء هنا اسمه «{0}». جرب كلمات أقل أو تهجئة أخرى أو اللغة الأخرى.");
    public static readonly LocalizedText FoundOrganizations = new("Organizations", "الجهات");
    public static readonly LocalizedText FoundMost = new("At most 20 are shown, the best first. More words find fewer.", "يُعرض عشرون على الأكثر، الأقرب أولا. وكلما زادت الكلمات قلت النتائج.");
    public static readonly LocalizedText AsData = new("as data", "بيانات");
    public static readonly LocalizedText PromiseWithoutWords = new("A promise without a description", "تعهد بلا وصف");

    // In place of a page.
    public static readonly LocalizedText SameToday = new("The same page as of today", "الصفحة نفسها كما هي اليوم");
    public static readonly LocalizedText ToOverview = new("To the overview", "إلى النظرة العامة");
    public static readonly LocalizedText StatusAndRequest = new("Status {0}. In the server's log this request is called {1}.", "الحالة {0}. يسمى هذا الطلب في سجل الخادم {1}.");
}
