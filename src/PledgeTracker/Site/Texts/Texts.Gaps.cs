namespace PledgeTracker.Site;

// What is missing, and how long what is promised has been open.
internal static partial class Texts
{
    public static readonly LocalizedText StillOpen = new("Still open", "لم يُدفع بعد");
    public static readonly LocalizedText SincePromised = new("Since the promise", "منذ التعهد");
    public static readonly LocalizedText Drawn = new("Drawn", "الرسم");
    public static readonly LocalizedText AgeingCaption = new("Still open, by time since the promise", "ما لم يُدفع بعد بحسب المدة منذ التعهد");
    public static readonly LocalizedText HowLongOpen = new("How long it has been open", "منذ متى لم يُدفع");
    public static readonly LocalizedText HowLongOpenNote = new("What is still open, by the time since the promise.", "ما لم يُدفع بعد، بحسب المدة منذ التعهد.");
    public static readonly LocalizedText UpTo90Days = new("Up to 90 days", "حتى 90 يوما");
    public static readonly LocalizedText UpTo180Days = new("91 to 180 days", "من 91 إلى 180 يوما");
    public static readonly LocalizedText UpTo365Days = new("Half a year to 1 year", "من نصف سنة إلى سنة");
    public static readonly LocalizedText UpTo730Days = new("1 to 2 years", "من سنة إلى سنتين");
    public static readonly LocalizedText UpTo1095Days = new("2 to 3 years", "من سنتين إلى 3 سنوات");
    public static readonly LocalizedText UpTo1825Days = new("3 to 5 years", "من 3 إلى 5 سنوات");
    public static readonly LocalizedText Over1825Days = new("Over 5 years", "أكثر من 5 سنوات");

    public static readonly LocalizedText WhatIsMissing = new("What is still missing", "ما لا يزال ناقصا");
    public static readonly LocalizedText WhatIsMissingNote = new(
        "Each bar is one statement of what was missing. What came since fills it; the rest stays empty. Statements are never added up.",
        "يمثل كل شريط تصريحا واحدا بما كان ناقصا. ما جاء منذ ذلك الحين يملأ الشريط ويبقى الباقي فارغا. ولا تُجمع التصريحات بعضها إلى بعض.");

    public static readonly LocalizedText NothingMissing = new("No shortfall is on record.", "لا عجز في السجل.");
    public static readonly LocalizedText StatedOn = new("Stated {0}", "تصريح {0}");
    public static readonly LocalizedText ComputedOn = new("Computed from the requirement of {0}", "محسوب من احتياج {0}");
    public static readonly LocalizedText StatedBy = new("Stated by: {0}.", "صاحب التصريح: {0}.");
    public static readonly LocalizedText StatedOnBy = new("Stated {1} by: {0}.", "تصريح {1}، صاحبه: {0}.");
    public static readonly LocalizedText LatestStatement = new("latest statement", "أحدث تصريح");
    public static readonly LocalizedText Superseded = new("superseded", "حلّ محله تصريح لاحق");
    public static readonly LocalizedText Missing = new("missing", "عجز");
    public static readonly LocalizedText MissingInYear = new("missing in {0}", "عجز في عام {0}");
    public static readonly LocalizedText MissingInPeriod = new("missing from {0} to {1}", "عجز من {0} إلى {1}");
    public static readonly LocalizedText MissingUntil = new("missing, needed by {0}", "عجز مطلوب سده حتى {0}");
    public static readonly LocalizedText CoveredSince = new("Covered since", "غُطي منذ التصريح");
    public static readonly LocalizedText CoveredByCommitments = new("Covered by commitments", "غُطي بالتزامات");
    public static readonly LocalizedText StillMissing = new("Still missing", "العجز المتبقي");
    public static readonly LocalizedText RelatedMoney = new(
        "Not counted: {0} promised in the same window to {1}, which stands above this fund. No source says that it is for this one.",
        "غير محتسب: {0} تعهدات في الفترة نفسها لـ{1} الذي يندرج تحته هذا الصندوق. ولا يقول أي مصدر إنها له.");

    public static readonly LocalizedText WindowOpen = new("Money counts if it comes after {0} and by {1}. The window is open.", "يُحتسب ما يأتي بعد {0} وحتى {1}. الفترة مفتوحة.");
    public static readonly LocalizedText WindowClosed = new("Money counts if it came after {0} and by {1}. The window is closed.", "يُحتسب ما جاء بعد {0} وحتى {1}. انتهت الفترة.");
    public static readonly LocalizedText WindowSuperseded = new(
        "Money counts if it came after {0} and by {1}: the window ended with the next statement.", "يُحتسب ما جاء بعد {0} وحتى {1}، إذ انتهت الفترة بصدور التصريح التالي.");

    public static readonly LocalizedText WhenEachStood = new("When each statement stood", "فترة سريان كل تصريح");

    public static readonly LocalizedText TooManyToDraw = new(
        "Of more than {0} promises a page draws the sums and the donors alone. {1} has this, too.", "حين تزيد التعهدات على {0} لا ترسم الصفحة إلا المجاميع والجهات المانحة. تجد هذا أيضا في {1}.");

    public static readonly LocalizedText InTheApi = new("The API", "الواجهة البرمجية");
}
