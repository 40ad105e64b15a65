namespace PledgeTracker.Site;

internal static partial class Texts
{
    /// <summary>What the page says on which things are recorded. Its script has no words of its own: it shows these.</summary>
    public static class Recording
    {
        public static readonly LocalizedText Title = new("Record", "التسجيل");
        public static readonly LocalizedText Intro = new(
            "For holders of a key: what you gave or received. What is recorded here counts at once, on every page.",
            "لحاملي المفاتيح: ما قدمتموه أو تلقيتموه. ما يُسجل هنا يُحسب فورا في كل الصفحات.");
        public static readonly LocalizedText NeedsScript = new("Recording here needs a script. Without one, send what you have to the API.", "يحتاج التسجيل هنا إلى برنامج نصي. من دونه أرسل ما لديك إلى الواجهة البرمجية.");

        public static readonly LocalizedText YourKey = new("Your key", "مفتاحك");
        public static readonly LocalizedText KeyStays = new(
            "It stays in this tab: it goes with what you send, stands in no address, and is gone when the tab is closed or you forget it.",
            "يبقى في علامة التبويب هذه: يُرسل مع ما ترسله، ولا يظهر في أي عنوان، ويزول عند إغلاقها أو حين تطلب نسيانه.");
        public static readonly LocalizedText Begin = new("Begin", "ابدأ");
        public static readonly LocalizedText ForgetKey = new("Forget the key", "انس المفتاح");
        public static readonly LocalizedText KeyForgotten = new("The key is forgotten.", "نُسي المفتاح.");
        public static readonly LocalizedText SpeaksFor = new("You record in the name of {0}.", "تسجل باسم {0}.");
        public static readonly LocalizedText SpeaksForAll = new("You record in anybody's name, as {0}.", "تسجل باسم أي جهة، بمفتاح {0}.");
        public static readonly LocalizedText NoAdmins = new(
            "The key of an administrator has no place in a browser. Take one of your organization, or an editor's.",
            "لا مكان لمفتاح مشرف في متصفح. استعمل مفتاح جهتك أو مفتاح محرر.");
        public static readonly LocalizedText OutOfReach = new("The server did not answer. Send it again: it is recorded once.", "لم يجب الخادم. أرسله مرة أخرى: لن يُسجل إلا مرة واحدة.");
        public static readonly LocalizedText Silent = new("The server did not answer. Try again.", "لم يجب الخادم. حاول مرة أخرى.");
        public static readonly LocalizedText IsOptional = new("optional", "اختياري");

        public static readonly LocalizedText AContribution = new("A contribution", "مساهمة");
        public static readonly LocalizedText AContributionIs = new(
            "A commitment or a payment, or that one was taken back. Type a few letters of a name and choose.",
            "التزام أو دفعة، أو رجوع عن أي منهما. اكتب بضعة أحرف من الاسم ثم اختر.");
        public static readonly LocalizedText WhoGives = new("Donor", "الجهة المانحة");
        public static readonly LocalizedText WhichPledge = new("The pledge that it fulfils", "التعهد الذي تنفذه");
        public static readonly LocalizedText WhichPledgeHint = new("One of this donor's. Leave it empty where nobody had pledged it.", "أحد تعهدات هذه الجهة. اتركه فارغا إن لم يتعهد بها أحد.");
        public static readonly LocalizedText ToWhichFund = new("Fund", "الصندوق");
        public static readonly LocalizedText WhoReceives = new("Recipient", "الجهة المستفيدة");
        public static readonly LocalizedText WhoReceivesHint = new("Name a fund or a recipient; under a pledge neither: the pledge says it.", "اذكر صندوقا أو جهة مستفيدة. أما ضمن تعهد فلا تذكر أيا منهما: يحدده التعهد.");
        public static readonly LocalizedText WhatItIs = new("What it is", "ماهيتها");
        public static readonly LocalizedText Amount = new("Amount", "المبلغ");
        public static readonly LocalizedText AmountHint = new("Digits, such as 25000.50", "أرقام مثل 25000.50");
        public static readonly LocalizedText NoAmount = new("Send digits alone, such as 25000.50. What can be read in two ways, such as 1,234, is not taken.", "أرسل أرقاما وحدها مثل 25000.50. ما يُقرأ على وجهين، مثل 1,234، لا يُقبل.");
        public static readonly LocalizedText TooManyDecimals = new("{0} has {1} decimals: send no more.", "عدد المنازل العشرية لعملة {0} هو {1}: لا ترسل أكثر منها.");
        public static readonly LocalizedText CurrencyOf = new("Currency", "العملة");
        public static readonly LocalizedText AmountInDollars = new("The same in US dollars", "المبلغ نفسه بالدولار الأمريكي");
        public static readonly LocalizedText AmountInDollarsHint = new("As the source gives it. Needed where no exchange rate is known.", "كما أورده المصدر. يلزم حيث لا يُعرف سعر صرف.");
        public static readonly LocalizedText DollarsNeeded = new("No exchange rate of that time is known here: give the amount in US dollars as well, as the source has it.", "لا يُعرف هنا سعر صرف لذلك الوقت: اكتب المبلغ بالدولار الأمريكي أيضا كما أورده المصدر.");
        public static readonly LocalizedText DateOfIt = new("Date", "التاريخ");
        public static readonly LocalizedText Reference = new("Reference", "المرجع");
        public static readonly LocalizedText ReferenceHint = new("Of the transfer or the agreement", "مرجع الحوالة أو الاتفاق");
        public static readonly LocalizedText RecordIt = new("Record", "سجل");
        public static readonly LocalizedText Recorded = new("It is recorded:", "سُجلت:");
        public static readonly LocalizedText Needed = new("Fill this in.", "املأ هذا الحقل.");
        public static readonly LocalizedText NeededTo = new("Choose a fund or a recipient.", "اختر صندوقا أو جهة مستفيدة.");
        public static readonly LocalizedText SeemsRecorded = new(
            "The same amount between the same two seems to be recorded already. Nothing was recorded now:",
            "يبدو أن المبلغ نفسه بين الطرفين نفسيهما مسجل من قبل. لم يُسجل شيء الآن:");
        public static readonly LocalizedText AnotherOne = new("It is another one: record it", "هذه مساهمة أخرى: سجلها");
        public static readonly LocalizedText NotFound = new("Nothing is called so.", "لا شيء بهذا الاسم.");
        public static readonly LocalizedText ChooseOne = new("Choose one of the list.", "اختر من القائمة.");

        public static readonly LocalizedText ASpreadsheet = new("A spreadsheet", "جدول");
        public static readonly LocalizedText ASpreadsheetIs = new("Many at once. It is tried out first, and each cell that is wrong is named.", "سجلات كثيرة معا. يُجرب أولا وتُذكر كل خلية خاطئة.");
        public static readonly LocalizedText WhatRowsAre = new("What the rows are", "ما في الصفوف");
        public static readonly LocalizedText Templates = new("An empty sheet to fill in:", "جدول فارغ لتعبئته:");
        public static readonly LocalizedText FileOf = new("File (XLSX or CSV)", "الملف (XLSX أو CSV)");
        public static readonly LocalizedText WhereRefused = new("Where a row is wrong", "إن كان صف خاطئا");
        public static readonly LocalizedText TryOut = new("Try it out", "جربه");
        public static readonly LocalizedText RecordRows = new("Record the rows", "سجل الصفوف");
        public static readonly LocalizedText TriedOut = new("it was tried out, and nothing is recorded yet. So it would go.", "جُرب ولم يُسجل شيء بعد. هكذا ستكون النتيجة.");
        public static readonly LocalizedText RefusedRows = new("Refused rows", "الصفوف المرفوضة");
        public static readonly LocalizedText RestOfRefused = new("These are the first hundred rows. The file of refused rows has all of them.", "هذه أول مئة صف، وتجد الصفوف كلها في ملف الصفوف المرفوضة.");
        public static readonly LocalizedText Row = new("Row", "الصف");
        public static readonly LocalizedText Cell = new("Cell", "الخلية");
        public static readonly LocalizedText WhatIsWrong = new("What is wrong", "الخطأ");
        public static readonly LocalizedText Corrections = new("The refused rows as a file, to correct and send again", "الصفوف المرفوضة في ملف لتصحيحها وإرسالها من جديد");
        public static readonly LocalizedText HowFar = new("Where it stands", "الحال");

        public static readonly LocalizedText MyRecords = new("My records", "سجلاتي");
        public static readonly LocalizedText MyRecordsAre = new("Nothing is deleted: what was wrong is taken back by a second entry, and both stay to be read.", "لا يُحذف شيء: يُلغى الخطأ بقيد ثان ويبقى كلاهما للقراءة.");
        public static readonly LocalizedText From = new("From", "من");
        public static readonly LocalizedText To = new("To", "إلى");
        public static readonly LocalizedText Actions = new("Correct it", "تصحيح");
        public static readonly LocalizedText ReverseIt = new("Reverse", "إلغاء");
        public static readonly LocalizedText ReplaceIt = new("Replace", "استبدال");
        public static readonly LocalizedText IsReversed = new("reversed", "ملغى");
        public static readonly LocalizedText Reason = new("Why", "السبب");
        public static readonly LocalizedText ReasonHint = new("Everybody can read it.", "يمكن للجميع قراءته.");
        public static readonly LocalizedText NothingChanged = new("Nothing is changed yet: change the amount, the date or the reference.", "لم يتغير شيء بعد: غيّر المبلغ أو التاريخ أو المرجع.");
        public static readonly LocalizedText LeaveIt = new("Leave it", "اتركه");
        public static readonly LocalizedText MoreOfThem = new("More", "المزيد");
        public static readonly LocalizedText NothingYet = new("Nothing yet.", "لا شيء بعد.");
    }
}
