namespace PledgeTracker.Site;

// An event, who promised there, and what came of it over time.
internal static partial class Texts
{
    public static readonly LocalizedText PledgingEvent = new("Pledging event", "مؤتمر تعهدات");

    // What was promised. {0} is what was reported, or else what was promised.
    public static readonly LocalizedText StillToCome = new("It is to begin on {0}.", "من المقرر أن يبدأ في {0}.");
    public static readonly LocalizedText ReportedAndNamed = new(
        "The total reported as pledged is {0}. Named donors account for {1} of it, {2}.", "أُعلن عن تعهدات بلغت {0}، منها {1} لجهات مانحة معروفة بالاسم {2}.");

    public static readonly LocalizedText ReportedBesideNamed = new(
        "The total reported as pledged is {0}. Named donors promised {1}, {2}.", "أُعلن عن تعهدات بلغت {0}. وبلغ ما تعهدت به جهات مانحة معروفة بالاسم {1} {2}.");

    public static readonly LocalizedText ReportedAlone = new(
        "The total reported as pledged is {0}. No promise by a named donor is on record.", "أُعلن عن تعهدات بلغت {0}. ولا تعهد باسم جهة مانحة معينة في السجل.");

    public static readonly LocalizedText NamedAlone = new("Named donors promised {0}, {1}.", "بلغ ما تعهدت به جهات مانحة معروفة بالاسم {0} {1}.");
    public static readonly LocalizedText NothingPromised = new("No promise is on record.", "لا تعهد في السجل.");
    public static readonly LocalizedText DonorPromised = new("It promised {0}, {1}.", "بلغ ما تعهدت به {0} {1}.");

    public static readonly LocalizedText CameUnpledged = new("Without a promise before, {0} was committed or paid.", "وإلى جانب ذلك التُزم بمبلغ {0} أو دُفع دون تعهد سابق.");

    // The stages.
    public static readonly LocalizedText PromisesByStage = new("Promises by stage, US$ million", "التعهدات بحسب المرحلة، بملايين الدولارات");
    public static readonly LocalizedText Stage = new("Stage", "المرحلة");
    public static readonly LocalizedText UsdMillion = new("US$ million", "مليون دولار");
    public static readonly LocalizedText ShareOfPromised = new("Share of promised", "الحصة من التعهدات");
    public static readonly LocalizedText Promised = new("Promised", "متعهَّد به");
    public static readonly LocalizedText PromisedInAll = new("Promised in all", "مجموع التعهدات");
    public static readonly LocalizedText WhatBecameOfIt = new("What became of it", "ما آلت إليه التعهدات");
    public static readonly LocalizedText AsChart = new("Show as chart", "عرض في رسم");

    // Who promised.
    public static readonly LocalizedText WhoPromised = new("Who promised, and what came", "من تعهد وماذا وصل");
    public static readonly LocalizedText WhoPromisedNote = new(
        "All bars share one scale. Open a donor’s promises to read the words of their sources.", "لكل الأشرطة مقياس واحد. افتح تعهدات الجهة المانحة لقراءة عبارات مصادرها.");

    public static readonly LocalizedText NoDonors = new("Nobody’s promise or payment is on record here.", "لا تعهد ولا دفعة من أي جهة في السجل.");
    public static readonly LocalizedText Donor = new("Donor", "الجهة المانحة");
    public static readonly LocalizedText SortedBy = new("Sort by {0}", "ترتيب بحسب {0}");
    public static readonly LocalizedText NothingCameForAnybody = new(
        "Nothing is on record as committed, paid or withdrawn for any of them: each bar is a promise only.", "لا التزام ولا دفعة ولا سحب في السجل لأي منها: كل شريط وعد فقط.");

    public static readonly LocalizedText WithoutPledge = new("Gave without a pledge", "قدمت دون تعهد سابق");
    public static readonly LocalizedText PaidInFull = new("Paid in full", "مدفوع بالكامل");
    public static readonly LocalizedText PartlyPaid = new("Partly paid", "مدفوع جزئيا");
    public static readonly LocalizedText Committed = new("Committed", "ملتزَم به");
    public static readonly LocalizedText PartlyCommitted = new("Partly committed", "ملتزَم به جزئيا");
    public static readonly LocalizedText PartlyWithdrawn = new("partly withdrawn", "مسحوب جزئيا");
    public static readonly LocalizedText PaidForGroup = new("Of a group’s promise it paid {0}.", "دفعت مبلغ {0} من تعهد مجموعة.");
    public static readonly LocalizedText MoreDonors = new("and {0} more", "و{0} غيرها");
    public static readonly LocalizedText AllDonors = new("All donors as CSV", "كل الجهات المانحة بصيغة CSV");
    public static readonly LocalizedText MorePromises = new("and {0} more", "و{0} أيضا");
    public static readonly LocalizedText AllPromises = new("All of them as CSV", "كلها بصيغة CSV");
    public static readonly LocalizedText ToFund = new("To: {0}", "إلى: {0}");
    public static readonly LocalizedText RestatesEarlier = new("Repeats an earlier pledge: not counted", "يكرر تعهدا سابقا: غير محتسب");
    public static readonly LocalizedText PassesOn = new("Passes on another’s money: not counted", "يحوّل أموال جهة أخرى: غير محتسب");
    public static readonly LocalizedText IsOverdue = new("overdue", "متأخر");

    public static readonly LocalizedText FilterByInstrument = new("Only one instrument", "نوع تمويل واحد فقط");
    public static readonly LocalizedText All = new("All", "الكل");
    public static readonly LocalizedText OnlyThese = new("Only: {0}", "فقط: {0}");

    // Over time.
    public static readonly LocalizedText OverTime = new("Over time", "عبر الزمن");
    public static readonly LocalizedText OverTimeNote = new(
        "What stood on each day: a step up when something was promised, committed or paid, a step down when it was withdrawn. Time runs from left to right. Move the day to read the figures as of then.",
        "ما كان قائما في كل يوم: درجة إلى أعلى عند تعهد أو التزام أو دفع، ودرجة إلى أسفل عند سحب. يجري الزمن من اليسار إلى اليمين. حرّك اليوم لقراءة الأرقام كما كانت فيه.");

    public static readonly LocalizedText NothingYet = new("Nothing is on record yet.", "لا شيء في السجل بعد.");
    public static readonly LocalizedText NetPromised = new("Promised, less withdrawn", "متعهَّد به بعد طرح المسحوب");
    public static readonly LocalizedText MoveTheDay = new("Move the day", "حرّك اليوم");
    public static readonly LocalizedText OnDay = new("On {0}", "في {0}");
    public static readonly LocalizedText StepsCaption = new("After each day on which something was entered, US$ million", "بعد كل يوم أُدرج فيه شيء، بملايين الدولارات");
    public static readonly LocalizedText StepsThinned = new("Of many days the last one of each period is shown. All of them are in the CSV.", "من الأيام الكثيرة يظهر آخر يوم من كل فترة. وكلها في ملف CSV.");
    public static readonly LocalizedText OnlyLargestDays = new("The days with the largest sums are marked.", "وُضعت علامات على الأيام ذات أكبر المبالغ.");
    public static readonly LocalizedText DayColumn = new("Day", "اليوم");

    // What was stated on a day. {0} is who, {1} how much, {2} how many.
    public static readonly LocalizedText StatedPledge = new("{0} promises {1}.", "{0}: تعهد تبلغ قيمته {1}.");
    public static readonly LocalizedText StatedPledges = new("{2}, the largest by {0}: {1}.", "{2}، الأكبر من {0}: {1}.");
    public static readonly LocalizedText StatedRise = new("{0} raises its promise by {1}.", "{0}: زيادة التعهد، مقدارها {1}.");
    public static readonly LocalizedText StatedCut = new("{0} lowers its promise by {1}.", "{0}: خفض التعهد، مقداره {1}.");
    public static readonly LocalizedText StatedRevisions = new("{2}, the largest by {0}: {1}.", "{2}، الأكبر من {0}: {1}.");
    public static readonly LocalizedText StatedWithdrawal = new("{0}: of a promise, {1} is withdrawn.", "{0}: سحب {1} من التعهد.");
    public static readonly LocalizedText StatedWithdrawals = new("{2}, the largest by {0}: {1}.", "{2}، الأكبر من تعهد {0}: {1}.");
    public static readonly LocalizedText StatedShortfall = new("A shortfall of {1} is stated.", "تصريح بعجز قدره {1}.");
    public static readonly LocalizedText StatedShortfalls = new("{2}, the largest: {1}.", "{2}، الأكبر: {1}.");
    public static readonly LocalizedText StatedRequirement = new("A need of {1} is stated.", "تصريح بحاجة إلى {1}.");
    public static readonly LocalizedText StatedRequirements = new("{2}, the largest: {1}.", "{2}، الأكبر: {1}.");
    public static readonly LocalizedText StatedMany = new("{2}, the largest: {1}.", "{2}، الأكبر: {1}.");
    public static readonly Counted Statements = new(("1 statement", "{0} statements"), ("إعلان واحد", "إعلانان", "{0} إعلانات", "{0} إعلانا"));
    public static readonly Counted Revisions = new(("1 change of a promise", "{0} changes of promises"), ("تعديل واحد", "تعديلان", "{0} تعديلات", "{0} تعديلا"));
    public static readonly Counted Withdrawals = new(("1 withdrawal", "{0} withdrawals"), ("سحب واحد", "عمليتا سحب", "{0} عمليات سحب", "{0} عملية سحب"));
    public static readonly Counted ShortfallsStated = new(("1 statement of a shortfall", "{0} statements of shortfalls"), ("تصريح واحد بعجز", "تصريحان بعجز", "{0} تصريحات بعجز", "{0} تصريحا بعجز"));
    public static readonly Counted RequirementsStated = new(("1 statement of needs", "{0} statements of needs"), ("تصريح واحد بالاحتياج", "تصريحان بالاحتياج", "{0} تصريحات بالاحتياج", "{0} تصريحا بالاحتياج"));

    public static readonly LocalizedText FundsLack = new("What the funds it pledged to still lack", "ما لا يزال ينقص الصناديق المتعهَّد لها");
    public static readonly LocalizedText MoreGaps = new("All shortfalls of these funds", "كل حالات عجز هذه الصناديق");

    // Sources.
    public static readonly LocalizedText Sources = new("Sources", "المصادر");
    public static readonly LocalizedText SourcesNote = new(
        "The documents that the promises here rest on. Quotes are in the document’s own language; what came of a promise is cited on its own page.",
        "الوثائق التي تستند إليها التعهدات هنا. الاقتباسات بلغة الوثيقة الأصلية، وما آل إليه كل تعهد موثق في صفحته.");

    public static readonly LocalizedText NoSources = new("No document is cited here.", "لا وثيقة مستشهد بها هنا.");
    public static readonly LocalizedText NoAddress = new("no address held", "لا عنوان لدينا");
    public static readonly LocalizedText MoreSources = new("More documents are cited by the promises themselves.", "تستشهد التعهدات نفسها بوثائق أخرى.");

    // Blocks alone.
    public static readonly LocalizedText EmbedFoot = new("{0}, as of {1}, data version {2}.", "{0}، حتى {1}، إصدار البيانات {2}.");
    public static readonly LocalizedText SendOneOfThree = new("Send one of event, fund and donor.", "أرسل واحدا من event وfund وdonor.");
    public static readonly LocalizedText OpensOutside = new("(opens another page)", "(تُفتح في صفحة أخرى)");
}
