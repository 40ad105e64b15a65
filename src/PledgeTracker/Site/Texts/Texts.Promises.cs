namespace PledgeTracker.Site;

// Donors and promises.
internal static partial class Texts
{
    /// <summary>How many promises, as "in" puts it.</summary>
    public static readonly Counted InPromises = new(("in one promise", "in {0} promises"), ("في تعهد واحد", "في تعهدين", "في {0} تعهدات", "في {0} تعهدا"), "في {0} تعهد");

    public static readonly LocalizedText KindOfDonor = new("Donor · {0}", "جهة مانحة · {0}");
    public static readonly LocalizedText DonorPromisedSince = new("Since {0}, {1} has promised {2}.", "منذ {0} بلغ مجموع تعهدات {1} {2}.");
    public static readonly LocalizedText DonorPromisedOnce = new("In {0}, {1} promised {2}.", "في {0} بلغ مجموع تعهدات {1} {2}.");
    public static readonly LocalizedText DonorPromisedInAll = new("{1} has promised {2}.", "بلغ مجموع تعهدات {1} {2}.");
    public static readonly LocalizedText DonorPromisedNothing = new("No pledge of {0} is on record.", "لا تعهد في السجل من {0}.");
    public static readonly LocalizedText DonorPromisedNothingThen = new("By the end of {1} no pledge of {0} was on record.", "لم يكن في السجل تعهد من {0} حتى نهاية {1}.");

    // A table of promises.
    public static readonly LocalizedText EveryPromise = new("Every promise", "كل التعهدات");
    public static readonly LocalizedText EveryPromiseNote = new("The largest first, all bars on one scale, in US$ million.", "الأكبر أولا، وكل الأشرطة على مقياس واحد، بملايين الدولارات.");
    public static readonly LocalizedText LatestPromiseNote = new("The latest first, all bars on one scale, in US$ million.", "الأحدث أولا، وكل الأشرطة على مقياس واحد، بملايين الدولارات.");
    public static readonly LocalizedText PromisesCaption = new("Promises, US$ million", "التعهدات، بملايين الدولارات");
    public static readonly LocalizedText WhoAndWhat = new("Who, and for what", "من، ولأي غرض");
    public static readonly LocalizedText InstrumentAndDay = new("How given, when", "طريقة التمويل واليوم");
    public static readonly LocalizedText Millions = new("US$ million", "مليون دولار");
    public static readonly LocalizedText AllOneStatus = new("All of these: {0}.", "حالتها جميعا: {0}.");
    public static readonly LocalizedText NotStated = new("not stated", "غير مذكور");
    public static readonly LocalizedText Overdue = new("overdue", "متأخر عن موعده");
    public static readonly LocalizedText DueOn = new("due {0}", "يستحق {0}");
    public static readonly LocalizedText ThisPromise = new("This promise", "هذا التعهد");
    public static readonly LocalizedText AllAsTable = new("All of them as a table (CSV)", "كلها في جدول (CSV)");

    // A donor's years.
    public static readonly LocalizedText YearByYear = new("Year by year", "سنة بسنة");
    public static readonly LocalizedText YearByYearNote = new("What became of the promises of each year, in US$ million. Years without a promise or a payment are left out.", "ما آل إليه ما جرى التعهد به في كل سنة، بملايين الدولارات. ولا تُعرض سنة لا تعهد فيها ولا دفعة.");
    public static readonly LocalizedText YearsCaption = new("By the year of the promise, US$ million", "بحسب سنة التعهد، بملايين الدولارات");
    public static readonly LocalizedText Year = new("Year", "السنة");

    // A donor's record.
    public static readonly LocalizedText TheRecord = new("Its record", "سجل الجهة");
    public static readonly LocalizedText TheRecordNote = new("What became of the promises, as far as documents say.", "ما آلت إليه التعهدات بحسب ما تذكره الوثائق.");
    public static readonly LocalizedText PaidShareIs = new("{0} of what it promised and did not withdraw is on record as paid.", "سُجل {0} مما تعهدت به ولم تسحبه مدفوعا.");
    public static readonly LocalizedText NothingOverdue = new("No promise is overdue.", "لا تعهد متأخر عن موعده.");
    public static readonly LocalizedText OneOverdue = new("One promise is overdue; {0} of it is outstanding.", "تعهد واحد متأخر عن موعده، ولم يُدفع منه {0}.");
    public static readonly LocalizedText SomeOverdue = new("{1} promises are overdue; {0} of them is outstanding.", "عدد التعهدات المتأخرة عن موعدها {1}، ولم يُدفع منها {0}.");
    public static readonly LocalizedText Undisbursed = new("Of what is agreed, {0} has not arrived.", "لم يصل مما اتُّفق عليه {0}.");
    public static readonly LocalizedText RevisedDownBy = new("Revisions took {0} off its promises; the sums here are without it.", "خفضت التعديلات تعهداتها بمقدار {0}، والمبالغ هنا لا تشمله.");
    public static readonly LocalizedText WithdrawnByDonor = new("The donor withdrew {0}.", "سحبت الجهة المانحة مبلغ {0}.");
    public static readonly LocalizedText WithdrawnLapsed = new("Promises of {0} lapsed.", "انقضى أجل تعهدات قيمتها {0}.");
    public static readonly LocalizedText WithdrawnWrittenOff = new("Promises of {0} were written off.", "شُطبت تعهدات قيمتها {0}.");
    public static readonly LocalizedText WithdrawnUnsaid = new("Promises of {0} were withdrawn; no reason is on record.", "سُحبت تعهدات قيمتها {0}، ولا سبب في السجل.");
    public static readonly LocalizedText PaidForGroups = new(
        "Besides, it paid {0} on promises of groups that it belongs to. That stands in the groups' figures and in none of these.",
        "ودفعت فضلا عن ذلك مبلغ {0} من تعهدات مجموعات تنتمي إليها. ويُحسب ذلك في أرقام المجموعات لا في هذه الأرقام.");

    public static readonly LocalizedText GivenWithoutPledge = new("Given without a pledge", "ما قُدم دون تعهد");
    public static readonly LocalizedText GivenWithoutPledgeNote = new("Commitments and payments that nobody had pledged before. They cover what is missing like pledges, and are in no sum of pledges.", "التزامات ودفعات لم يسبقها تعهد. تغطي العجز كالتعهدات، ولا تدخل في أي مجموع للتعهدات.");

    // One promise.
    public static readonly LocalizedText APledge = new("Pledge", "تعهد");
    public static readonly LocalizedText ADirect = new("Given without a pledge", "قُدم دون تعهد");
    public static readonly LocalizedText PledgedTo = new("{0}: {1} promised {2} to {3}.", "{0}: تعهد من {1} إلى {3} تبلغ قيمته {2}.");
    public static readonly LocalizedText Pledged = new("{0}: {1} promised {2}.", "{0}: تعهد من {1} تبلغ قيمته {2}.");
    public static readonly LocalizedText DirectTo = new("{0}: money from {1} to {3} that nobody had pledged.", "{0}: أموال من {1} إلى {3} لم يسبقها تعهد.");
    public static readonly LocalizedText DirectOf = new("{0}: money from {1} that nobody had pledged.", "{0}: أموال من {1} لم يسبقها تعهد.");
    public static readonly LocalizedText DirectCommitted = new("Of that, {0} is on record as committed; none as paid.", "بلغ ما التُزم به منها {0}، ولا دفعة في السجل.");
    public static readonly LocalizedText DirectPartlyPaid = new("Of that, {0} is on record as committed, of which {1} is paid.", "بلغ ما التُزم به منها {0}، وبلغ المدفوع {1}.");
    public static readonly LocalizedText DirectPaid = new("Of that, {0} is on record as paid.", "بلغ المدفوع منها {0}.");
    public static readonly LocalizedText TitleOfPledge = new("{0}: pledge of {1}", "{0}: تعهد {1}");
    public static readonly LocalizedText TitleOfDirect = new("{0}: given without a pledge, {1}", "{0}: قُدم دون تعهد، {1}");
    public static readonly LocalizedText AllReversed = new("{0}: a promise of {1} was entered here by mistake. All of it was reversed, and it counts nowhere.", "{0}: أُدرج هنا تعهد من {1} خطأ. عُكست قيوده كلها، ولا يُحتسب في أي مجموع.");
    public static readonly LocalizedText AllReversedDirect = new("{0}: money from {1} was entered here by mistake. All of it was reversed, and it counts nowhere.", "{0}: أُدرجت هنا أموال من {1} خطأ. عُكست قيودها كلها، ولا تُحتسب في أي مجموع.");
    public static readonly LocalizedText GoneToNothing = new("Nothing of it is left.", "لم يبق منها شيء.");
    public static readonly LocalizedText AdjustedAlone = new("It is a correction that a source gave without saying of what.", "وهي تصحيح أورده مصدر دون أن يذكر ما يصححه.");
    public static readonly LocalizedText RestatesOther = new("This promise says again what {0} had promised; it is counted there.", "يعيد هذا التعهد صياغة {0}، وتُحسب أمواله هناك.");
    public static readonly LocalizedText PassesOnOther = new("This passes on the money of {0}; it is counted there.", "يمرر هذا أموال {0}، وتُحسب هناك.");
    public static readonly LocalizedText ReclassifiesOther = new("It was entered before under another classification: {0}.", "كان مدرجا من قبل بتصنيف آخر: {0}.");
    public static readonly LocalizedText AnotherPledge = new("another pledge", "تعهد آخر");
    public static readonly LocalizedText TheFacts = new("What was promised", "ما جرى التعهد به");
    public static readonly LocalizedText TheDirectFacts = new("What it is", "ما هو");
    public static readonly LocalizedText FundFact = new("Fund", "الصندوق");
    public static readonly LocalizedText RecipientFact = new("Recipient", "الجهة المستفيدة");
    public static readonly LocalizedText EventFact = new("Announced at", "أُعلن خلال");
    public static readonly LocalizedText CountriesFact = new("Countries", "البلدان");
    public static readonly LocalizedText SharedCountries = new("Countries, without a published split", "البلدان، دون توزيع منشور");
    public static readonly LocalizedText YearsFact = new("For the years", "للسنوات");
    public static readonly LocalizedText InstrumentFact = new("How it is given", "طريقة التمويل");
    public static readonly LocalizedText EarmarkingFact = new("Earmarking", "التخصيص");
    public static readonly LocalizedText StatusFact = new("Status", "الحالة");
    public static readonly LocalizedText DueFact = new("Due", "موعد الاستحقاق");
    public static readonly LocalizedText InstalmentsFact = new("Instalments", "الأقساط");
    public static readonly LocalizedText OwnAmountFact = new("In its own currency", "بعملته");
    public static readonly LocalizedText SectorsFact = new("Purposes (OECD DAC)", "الأغراض (رموز لجنة المساعدة الإنمائية)");
    public static readonly LocalizedText NumberFact = new("Number", "الرقم");
    public static readonly LocalizedText SourceStateFact = new("Its dataset", "مجموعة بياناته");
    public static readonly LocalizedText PartOfDonor = new("Each donor's part", "حصة كل جهة مانحة");
    public static readonly LocalizedText RedactedText = new("An administrator removed text here on {0}: {1}", "أزال مشرف نصا من هنا في {0}: {1}");

    // The ledger as a story: around the donor {0} and the amount {1}.
    public static readonly LocalizedText TheStory = new("What happened", "ما الذي جرى");
    public static readonly LocalizedText TheStoryNote = new("Every entry, in the order of making. Nothing is overwritten: what was wrong stays, struck out, with what stands in its place.", "كل القيود بترتيب إدراجها. لا يُمحى شيء: يبقى الخطأ مشطوبا ومعه ما حل محله.");
    public static readonly LocalizedText ToldPledge = new("{0} promised {1}.", "{0}: تعهد تبلغ قيمته {1}.");
    public static readonly LocalizedText ToldRaised = new("{0} raised the promise by {1}.", "{0}: زيادة التعهد، مقدارها {1}.");
    public static readonly LocalizedText ToldLowered = new("{0} lowered the promise by {1}.", "{0}: خفض التعهد، مقداره {1}.");
    public static readonly LocalizedText ToldWithdrawn = new("Of the promise of {0}, {1} was withdrawn; no reason is on record.", "{0}: سحب {1} من التعهد، ولا سبب في السجل.");
    public static readonly LocalizedText ToldWithdrawnByDonor = new("{0} withdrew {1} of the promise.", "{0}: سحب {1} من التعهد بقرار منها.");
    public static readonly LocalizedText ToldLapsed = new("Of the promise of {0}, {1} lapsed.", "{0}: انقضى أجل {1} من التعهد.");
    public static readonly LocalizedText ToldWrittenOff = new("Of the promise of {0}, {1} was written off.", "{0}: شُطب {1} من التعهد.");
    public static readonly LocalizedText ToldCommitted = new("{0} committed {1}.", "{0}: التزام تبلغ قيمته {1}.");
    public static readonly LocalizedText ToldReleased = new("Of what {0} had committed, {1} was released.", "{0}: تحرير التزام تبلغ قيمته {1}.");
    public static readonly LocalizedText ToldPaid = new("{0} paid {1}.", "{0}: دفعة تبلغ قيمتها {1}.");
    public static readonly LocalizedText ToldPaidBy = new("{2} paid {1} of the promise of {0}.", "{2}: دفعة من تعهد {0} تبلغ قيمتها {1}.");
    public static readonly LocalizedText ToldRefunded = new("{0} was paid back {1}.", "{0}: مبلغ مسترد قدره {1}.");
    public static readonly LocalizedText ToldAdjusted = new("The source corrects what it says of {0} by {1}, without saying of what.", "{0}: تصحيح من المصدر بمقدار {1} دون بيان ما يخصه.");
    public static readonly LocalizedText CountsAs = new("It counts as {0} of the promise.", "يُحسب من التعهد {0}.");
    public static readonly LocalizedText AtTheRate = new("US dollars at the rate of {0} ({1}).", "بالدولار بسعر {0} ({1}).");
    public static readonly LocalizedText ReferenceIs = new("Reference: {0}.", "المرجع: {0}.");
    public static readonly LocalizedText EnteredBy = new("Entered {0}: {1}.", "أُدرج {0}: {1}.");
    public static readonly LocalizedText ReversedOn = new("Reversed on {0} by {1}: it was wrong.", "عُكس {0}: {1}. كان خطأ.");
    public static readonly LocalizedText ReversedOnBecause = new("Reversed on {0} by {1}: {2}", "عُكس {0}: {1}. السبب: {2}");
    public static readonly LocalizedText InItsPlace = new("In its place stands entry {0}.", "حل محله القيد {0}.");
    public static readonly LocalizedText InPlaceOf = new("It stands in the place of entry {0}.", "حل محل القيد {0}.");
    public static readonly LocalizedText AnEditor = new("an editor", "محرر");
    public static readonly LocalizedText AfterThisDay = new("Later entries are not shown: this is how it stood at the end of {0}.", "لا تُعرض القيود اللاحقة: هكذا كان الوضع في نهاية {0}.");
    public static readonly LocalizedText MoreEntries = new("All entries as a table (CSV)", "كل القيود في جدول (CSV)");
    public static readonly LocalizedText Amendments = new("What was amended", "ما جرى تعديله");
    public static readonly LocalizedText AmendmentsNote = new("Changes of what is said about it, besides its money.", "تغييرات في ما يقال عنه، غير أمواله.");
}
