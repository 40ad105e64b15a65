namespace PledgeTracker.Site;

// What the figures mean and where they come from.
internal static partial class Texts
{
    public static readonly LocalizedText AboutTitle = new("About the figures", "عن الأرقام");
    public static readonly LocalizedText AboutLead = new(
        "PledgeTracker keeps what donors promised in public, what they committed and paid, and what funds said was missing. Every figure leads to the document it rests on, and nothing is ever overwritten.",
        "يحفظ متتبع التعهدات ما تعهد به المانحون علنا، وما التزموا به ودفعوه، وما قالت الصناديق إنه ناقص. كل رقم يقود إلى الوثيقة التي يقوم عليها، ولا يُمحى شيء أبدا.");

    public static readonly LocalizedText TheWords = new("What the words mean", "معاني الكلمات");
    public static readonly (LocalizedText Word, LocalizedText Meaning)[] Words =
    [
        (new("Pledge", "تعهد"), new("A public promise by a donor. It binds nobody.", "وعد علني من جهة مانحة. لا يُلزم أحدا.")),
        (new("Commitment", "التزام"), new("A promise that binds: a signed agreement or an approved grant.", "وعد ملزم: اتفاق موقّع أو منحة أُقرت.")),
        (new("Payment", "دفعة"), new("The money arrived, so a source says. A refund is money that went back.", "وصل المال بحسب أحد المصادر. والمسترد مال عاد إلى صاحبه.")),
        (new("Withdrawal", "سحب"), new("A promise, or a part of it, that will not come. The promise stays on record beside it.", "وعد، أو جزء منه، لن يأتي. ويبقى الوعد في السجل إلى جانب السحب.")),
        (new("Revision", "تعديل"), new("The donor changes the amount of a promise.", "تغير الجهة المانحة مبلغ تعهدها.")),
        (new("Reversal", "عكس قيد"), new("The correction of an entry that was wrong. Both stay in view.", "تصحيح قيد كان خطأ. ويبقى كلاهما ظاهرا.")),
        (new("Fund", "صندوق"), new("What money is given to: a facility, a trust fund, an appeal, a programme or a pledge drive. Its figures are its own, never those of funds below it.", "ما يُقدم إليه المال: مرفق تمويل أو صندوق استئماني أو نداء أو برنامج أو حملة تعهدات. وأرقامه له وحده، لا للصناديق المندرجة تحته.")),
        (new("Shortfall", "عجز"), new("What a fund lacks: as somebody stated it on a day, or computed from what it requires. Shortfalls are never added up.", "ما ينقص صندوقا: كما صرح به أحد في يوم ما، أو محسوبا من احتياجه. ولا تُجمع مبالغ العجز أبدا.")),
        (new("Instrument", "طريقة التمويل"), new("How money is given: grant, loan, credit line, guarantee, investment, in kind, memorandum. What no source says is called not stated; nobody's word is invented.", "كيف يُقدم المال: منحة أو قرض أو خط ائتمان أو ضمان أو استثمار أو مساهمة عينية أو مذكرة تفاهم. وما لا يذكره مصدر يسمى غير مذكور، ولا يُنسب إلى أحد ما لم يقله.")),
        (new("About, at least, up to", "نحو، ما لا يقل عن، ما يصل إلى"), new("How exact the source was. A sum of amounts of different precision is “about” that.", "مدى دقة المصدر. ومجموع المبالغ المتفاوتة الدقة يُكتب «نحو».")),
    ];

    public static readonly LocalizedText AsTheApiSays = new("The words are those of the API's own document: the name behind each is what programs ask for.", "النص ترجمة لما في وثيقة الواجهة البرمجية نفسها، والاسم المذكور بعد كل كلمة هو ما تطلبه البرامج.");
    public static readonly LocalizedText HowToCite = new("How to cite", "كيف تستشهد");
    public static readonly LocalizedText HowToCiteText = new(
        "At the foot of each page stands its address with the day and the version of the data. Whoever opens it later sees what you saw, whatever was recorded or corrected since. Without the version it shows that day as it is known by then.",
        "في أسفل كل صفحة عنوانها مع اليوم وإصدار البيانات. من يفتحه لاحقا ير ما رأيته، أيا كان ما سُجل أو صُحح منذ ذلك. ومن دون الإصدار يعرض ذلك اليوم كما يكون معروفا حينها.");

    public static readonly LocalizedText HowCorrected = new("How corrections work", "كيف تجري التصحيحات");
    public static readonly LocalizedText HowCorrectedText = new(
        "An entry that was wrong is reversed by another that names it and says why; both stay, and every change is in the log, chained so that none can be taken out unseen. A page as of a day shows the corrected truth of that day; a page as it was known at a moment shows what was believed then. Only an administrator can blank free text, and then it says so.",
        "القيد الخاطئ يعكسه قيد آخر يذكره ويبين السبب، ويبقى كلاهما. وكل تغيير مدون في سجل مترابط الحلقات لا تُنزع منه حلقة دون أن يُرى ذلك. الصفحة كما في يوم ما تعرض الحقيقة المصححة لذلك اليوم، والصفحة كما كانت معروفة في لحظة ما تعرض ما كان يُعتقد حينها. ولا يحجب نصا حرا إلا مشرف، وحينها يُذكر ذلك.");

    public static readonly LocalizedText LogOfChanges = new("The log of changes", "سجل التغييرات");
    public static readonly LocalizedText Licences = new("Licences", "التراخيص");
    public static readonly LocalizedText LicencesText = new(
        "The program is free software under the MIT licence. Quotations belong to those who published them; each names its source.",
        "البرنامج حر برخصة MIT. والاقتباسات لمن نشرها، وكل منها يذكر مصدره.");

    public static readonly LocalizedText Accessibility = new("Accessibility", "سهولة الوصول");
    public static readonly LocalizedText AccessibilityText = new(
        "Every page is complete without a script, works by the keyboard alone, and is meant to meet WCAG 2.2 at level AA. Each chart has a table or a key in text beside it; no colour carries a meaning alone. English and Arabic are equals.",
        "كل صفحة كاملة دون برامج نصية، وتعمل بلوحة المفاتيح وحدها، ويُقصد بها أن تفي بمعيار WCAG 2.2 بالمستوى AA. وإلى جانب كل رسم جدول أو مفتاح مكتوب، ولا يحمل لون معنى وحده. والعربية والإنجليزية متساويتان.");

    public static readonly LocalizedText WhereFrom = new("Where the data comes from", "من أين تأتي البيانات");
    public static readonly LocalizedText WhereFromCounts = new("On record here: {0}, {1} and {2}, resting on {3}.", "المسجل هنا: {0} و{1} و{2}، تقوم على {3}.");
    public static readonly LocalizedText WhatRestsOnIt = new("what rests on it (data)", "ما يقوم عليها (بيانات)");
    public static readonly LocalizedText ListOfSources = new("The documents", "الوثائق");
    public static readonly Counted Contributions = new(("1 commitment or payment", "{0} commitments and payments"), ("التزام أو دفعة", "التزامان أو دفعتان", "{0} التزامات ودفعات", "{0} التزاما ودفعة"), "{0} التزام ودفعة");
    public static readonly Counted ShortfallStatements = new(("1 statement of a shortfall", "{0} statements of shortfalls"), ("تصريح واحد عن عجز", "تصريحان عن عجز", "{0} تصريحات عن عجز", "{0} تصريحا عن عجز"), "{0} تصريح عن عجز");
    public static readonly Counted Documents = new(("1 document", "{0} documents"), ("وثيقة واحدة", "وثيقتين", "{0} وثائق", "{0} وثيقة"));
}
