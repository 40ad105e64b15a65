namespace PledgeTracker.Site;

// The page of a fund.
internal static partial class Texts
{
    public static readonly LocalizedText FundPromised = new("This fund was promised {0}, {1}.", "بلغ مجموع التعهدات لهذا الصندوق {0} {1}.");
    public static readonly LocalizedText FundNothingPromised = new("No promise to this fund is on record.", "لا تعهد لهذا الصندوق في السجل.");
    public static readonly LocalizedText FundDirectCommitted = new("Without a promise before, {0} was committed to it.", "والتُزم له بمبلغ {0} دون تعهد سابق.");
    public static readonly LocalizedText FundDirectPaid = new("Without a promise before, {0} was committed to it, and {1} was paid.", "والتُزم له بمبلغ {0} دون تعهد سابق، ودُفع مبلغ {1}.");
    public static readonly LocalizedText FundLacks = new("By its latest statement it lacked {0}; {1} is still missing.", "وبحسب أحدث تصريح كان ينقصه {0}، ولا يزال ينقصه {1}.");
    public static readonly LocalizedText UmbrellaOf = new("Part of {0}", "يندرج تحت {0}");
    public static readonly LocalizedText RunBy = new("Run by {0}", "تديره {0}");
    public static readonly LocalizedText Website = new("Website", "الموقع");
    public static readonly LocalizedText WhatItNeeds = new("What it says it needs", "ما يقول إنه يحتاجه");
    public static readonly LocalizedText WhatItNeedsNote = new("Statements of need, the latest first. A later one about the same time takes the place of the earlier.", "تصريحات الاحتياج، أحدثها أولا. ويحل اللاحق عن الفترة نفسها محل السابق.");
    public static readonly LocalizedText StatedOnHead = new("Stated", "تاريخ التصريح");
    public static readonly LocalizedText ForPeriod = new("For", "الفترة");
    public static readonly LocalizedText Needed = new("Needed", "الاحتياج");
    public static readonly LocalizedText NoPeriod = new("no period named", "بلا فترة محددة");
    public static readonly LocalizedText FromTo = new("{0} to {1}", "من {0} إلى {1}");
    public static readonly LocalizedText FromOn = new("from {0} on", "من {0} فصاعدا");
    public static readonly LocalizedText Until = new("until {0}", "حتى {0}");
    public static readonly LocalizedText FundsUnderIt = new("Funds under it", "صناديق تندرج تحته");
    public static readonly LocalizedText FundsUnderItNote = new("Their money is their own: none of it is counted above.", "أموالها لها، ولا يُحسب شيء منها أعلاه.");
    public static readonly LocalizedText FundInWords = new("{0} pledged · {1} paid", "{0} متعهَّد بها · {1} مدفوعة");
    public static readonly LocalizedText WhatHasComeOfIt = new("What has come of it", "ما تحقق");
    public static readonly LocalizedText WhatHasComeOfItNote = new("What is measured, as sources give it.", "ما يُقاس، كما أوردته المصادر.");
}
