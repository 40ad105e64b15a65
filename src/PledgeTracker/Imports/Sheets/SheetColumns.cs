using System.Collections.Frozen;

namespace PledgeTracker.Imports.Sheets;

/// <summary>How the cells of a column are read.</summary>
internal enum SheetColumnKind
{
    Text,

    /// <summary>In English or Arabic, by its letters.</summary>
    LocalizedText,

    /// <summary>Typed from a paper to find the same thing again.</summary>
    Identifier,

    /// <summary>The id of a record, a UUID.</summary>
    Record,
    Organization,
    Fund,
    Event,
    Source,
    Countries,
    Currency,
    Word,
    Amount,
    Date,
    Boolean,
    Years,
    Sectors,
}

/// <summary>A column of a sheet.</summary>
/// <param name="Member">What of the request it is: the pointer without the slash in front.</param>
/// <param name="Name">Its header.</param>
/// <param name="Also">Other headers, in either language.</param>
/// <param name="Means">For whoever fills it in.</param>
/// <param name="Example">Of the row that a template begins with; null where that has none.</param>
internal sealed record SheetColumn(string Member, SheetColumnKind Kind, LocalizedText Name, string[] Also, LocalizedText Means, LocalizedText? Example = null)
{
    /// <summary>There is no row without it.</summary>
    public bool IsNeeded { get; init; }

    /// <summary>Whether it stands in the template; any other may be added.</summary>
    public bool IsInTemplate { get; init; } = true;

    /// <summary>The words that may stand in it, and what they are called.</summary>
    public IReadOnlyDictionary<string, LocalizedText>? Words { get; init; }

    /// <summary>What else they are called.</summary>
    public IReadOnlyDictionary<string, string> OtherWords { get; init; } = FrozenDictionary<string, string>.Empty;

    private FrozenDictionary<string, string> ByName => field ??= Words!.SelectMany(word => new[] { word.Key, word.Value.En!, word.Value.Ar! }.Select(name => (Name: SearchText.Fold(name), word.Key)))
        .Concat(OtherWords.Select(other => (Name: SearchText.Fold(other.Key), Key: other.Value))).DistinctBy(w => w.Name).ToFrozenDictionary(w => w.Name, w => w.Key);

    /// <summary>The word that is called so; null where none is.</summary>
    public string? WordOf(string text) => ByName.GetValueOrDefault(SearchText.Fold(text));
}

/// <summary>The columns of our sheets: what may be written in a first row, in English or Arabic, and what of a request it is. docs/spreadsheets.md is made of it.</summary>
internal static class SheetColumns
{
    private const SheetColumnKind Text = SheetColumnKind.Text;

    private static readonly OrderedDictionary<string, LocalizedText> EnteredStages = new(Labels.Stages.Where(stage => Vocabulary.EnteredStages.Contains(stage.Key)));

    private static readonly OrderedDictionary<string, LocalizedText> EnteredQualifiers = new(Labels.Qualifiers.Where(word => Vocabulary.Qualifiers.Contains(word.Key)));

    private static readonly FrozenDictionary<string, string> OtherStages = new Dictionary<string, string>
    {
        ["paid"] = "payment",
        ["disbursement"] = "payment",
        ["مدفوع"] = "payment",
        ["دفع"] = "payment",
        ["committed"] = "commitment",
        ["ملتزم به"] = "commitment",
        ["released"] = "release",
        ["refunded"] = "refund",
        ["تحرير"] = "release",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> OtherRequirementKinds = new Dictionary<string, string>
    {
        ["original"] = "original",
        ["أصلي"] = "original",
        ["أصلية"] = "original",
        ["revised"] = "revised",
        ["معدل"] = "revised",
        ["معدلة"] = "revised",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> OtherQualifiers = new Dictionary<string, string>
    {
        ["exactly"] = "exact",
        ["approximately"] = "approximate",
        ["تقريبا"] = "approximate",
        ["more than"] = "at_least",
        ["على الأقل"] = "at_least",
        ["at most"] = "at_most",
        ["على الأكثر"] = "at_most",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> OtherPrecisions = new Dictionary<string, string>
    {
        ["يوم"] = "day",
        ["month"] = "month",
        ["شهر"] = "month",
        ["year"] = "year",
        ["سنة"] = "year",
        ["about"] = "approximate",
        ["تقريبي"] = "approximate",
        ["exact"] = "day",
    }.ToFrozenDictionary();

    private static SheetColumn Amount(string member, LocalizedText means, string? example, params string[] also) =>
        new(member, SheetColumnKind.Amount, new("Amount", "المبلغ"), ["amount", "القيمة", "مبلغ", "value", .. also], means, example is null ? null : new(example, example)) { IsNeeded = true };

    private static SheetColumn Money(string member = "currency") => new(member, SheetColumnKind.Currency, new("Currency", "العملة"), ["currency", "عملة", "currency code", "رمز العملة"],
        new("Its code (ISO 4217), such as USD; the usual names of many are read too.", "رمزها (ISO 4217) مثل USD، وتُقرأ الأسماء الشائعة لكثير منها."), new("USD", "USD"))
    { IsNeeded = true };

    private static SheetColumn Usd(string member) => new(member, SheetColumnKind.Amount, new("Amount in US dollars", "المبلغ بالدولار الأمريكي"), ["amountUsd", "amount usd", "USD amount", "amount in USD", "المبلغ بالدولار"],
        new("As the source gives it. Needed for another currency where no exchange rate is loaded.", "كما ورد في المصدر. يلزم لعملة أخرى لا يوجد لها سعر صرف محفوظ."));

    private static SheetColumn Fund(bool isNeeded, LocalizedText means) => new("fundId", SheetColumnKind.Fund, new("Fund", "الصندوق"), ["fundId", "fund.id", "fund id", "fund name", "plan", "appeal", "صندوق", "اسم الصندوق", "معرف الصندوق", "الخطة", "النداء", "البرنامج"],
        means, new("undp-ffs", "undp-ffs"))
    { IsNeeded = isNeeded };

    private static SheetColumn Donor(string member, bool isNeeded, LocalizedText means, LocalizedText? example) => new(member, SheetColumnKind.Organization, new("Donor", "الجهة المانحة"),
        ["donorId", "donor.id", "donors.id", "donor id", "donor name", "donor organization", "المانح", "مانح", "الجهة المتبرعة", "المتبرع", "اسم المانح", "اسم الجهة المانحة", "معرف الجهة المانحة"], means, example)
    { IsNeeded = isNeeded };

    private static readonly SheetColumn Recipient = new("recipientId", SheetColumnKind.Organization, new("Recipient", "الجهة المستفيدة"),
        ["recipientId", "recipient.id", "recipient id", "recipient name", "recipient organization", "المستفيد", "مستفيد", "الجهة المتلقية", "المتلقي", "اسم المستفيد", "معرف الجهة المستفيدة"],
        new("Who receives: a name or an id of an organization.", "من يتلقى: اسم جهة أو معرفها."), new("undp", "undp"));

    private static readonly SheetColumn Countries = new("countries", SheetColumnKind.Countries, new("Countries", "البلدان"),
        ["countries", "country", "country code", "البلد", "الدول", "الدولة", "بلد", "دولة", "بلدان"],
        new("Names or codes (ISO 3166-1 alpha-3) with semicolons between them; where the source gives shares, each with its percentage: IRQ 60; SYR 40.",
            "أسماء أو رموز (ISO 3166-1 من ثلاثة أحرف) تفصل بينها فواصل منقوطة؛ وإن ذكر المصدر نسبا فمع كل بلد نسبته: IRQ 60؛ SYR 40."));

    private static readonly SheetColumn Shared = new("shared", SheetColumnKind.Boolean, new("Shared", "مشترك"), ["shared", "مشتركة"],
        new("yes where the source names several countries and no split.", "نعم إن ذكر المصدر عدة بلدان دون تقسيم."))
    { IsInTemplate = false };

    private static readonly SheetColumn Sectors = new("sectors", SheetColumnKind.Sectors, new("Sectors", "القطاعات"), ["sectors", "sector", "purpose codes", "القطاع", "رموز القطاعات"],
        new("OECD DAC 5-digit purpose codes with semicolons between them.", "رموز الغرض من خمسة أرقام وفق لجنة المساعدة الإنمائية، تفصل بينها فواصل منقوطة."))
    { IsInTemplate = false };

    private static readonly SheetColumn UsageYears = new("usageYears", SheetColumnKind.Years, new("Usage years", "سنوات الاستخدام"), ["usageYears", "usage year", "years", "سنة الاستخدام", "السنوات"],
        new("The years the money is for: 2026; 2027, or 2026-2028.", "السنوات المخصص لها المال: 2026؛ 2027 أو 2026-2028."))
    { IsInTemplate = false };

    private static readonly SheetColumn Earmarking = new("earmarking", SheetColumnKind.Word, new("Earmarking", "التخصيص"), ["earmarking", "تخصيص"],
        new("How closely the money is tied to a purpose.", "مدى تقييد المال بغرض."))
    { IsInTemplate = false, Words = Labels.Earmarkings };

    private static readonly SheetColumn Event = new("eventId", SheetColumnKind.Event, new("Event", "الفعالية"), ["eventId", "event.id", "event id", "event name", "conference", "المؤتمر", "فعالية", "اسم الفعالية", "معرف الفعالية"],
        new("The event at which it was announced: its name or id.", "الفعالية التي أُعلن فيها: اسمها أو معرفها."))
    { IsInTemplate = false };

    private static readonly SheetColumn PassedOnFrom = new("passedOnFrom", SheetColumnKind.Record, new("Passed on from", "محول من"), ["passedOnFrom", "passed on from pledge"],
        new("The id of the pledge whose money this passes on.", "معرف التعهد الذي يُحول ماله."))
    { IsInTemplate = false };

    private static readonly SheetColumn ExternalId = new("externalId", SheetColumnKind.Identifier, new("Your number", "رقمكم"), ["externalId", "external id", "number", "record number", "الرقم", "رقم السجل", "المعرف الخارجي"],
        new("A number that no other row has: the same row is then never entered twice, and can be found again.", "رقم لا يتكرر في صف آخر: فلا يُسجل الصف نفسه مرتين ويمكن العثور عليه لاحقا."), new("EXAMPLE-1", "مثال-1"));

    private static readonly SheetColumn ExternalSystem = new("externalSystem", SheetColumnKind.Identifier, new("System", "النظام"), ["externalSystem", "external system", "النظام الخارجي"],
        new("The system whose number it is, where it is not yours.", "النظام صاحب الرقم إن لم يكن رقمكم."))
    { IsInTemplate = false };

    private static readonly SheetColumn Source = new("citations/0/sourceId", SheetColumnKind.Source, new("Source", "المصدر"), ["source", "sourceId", "source id", "citations.sourceId", "مصدر", "معرف المصدر", "الوثيقة"],
        new("The document that it rests on: the id or title of a source.", "الوثيقة التي يستند إليها: معرف مصدر أو عنوانه."));

    private static readonly SheetColumn Quote = new("citations/0/quote", Text, new("Quote", "الاقتباس"), ["quote", "نص المصدر", "اقتباس"],
        new("The words in it.", "نص العبارة فيها."))
    { IsInTemplate = false };

    private static SheetColumn Described(string member, string en, string ar, LocalizedText means, LocalizedText? example = null, params string[] also) =>
        new(member, SheetColumnKind.LocalizedText, new(en, ar), [member, .. also], means, example);

    private static SheetColumn InOne(string member, string language, string en, string ar, LocalizedText means) =>
        new($"{member}/{language}", Text, new(en, ar), [$"{member}.{language}"], means) { IsInTemplate = false };

    private static IEnumerable<SheetColumn> Texts(string member, string en, string ar, LocalizedText means, LocalizedText? example, params string[] also) =>
    [
        Described(member, en, ar, means, example, also),
        InOne(member, "en", $"{en} in English", $"{ar} بالإنجليزية", new("Where there is a text in both languages.", "إن وُجد نص باللغتين.")),
        InOne(member, "ar", $"{en} in Arabic", $"{ar} بالعربية", new("Where there is a text in both languages.", "إن وُجد نص باللغتين.")),
    ];

    private static SheetColumn Precision(string of, string ofInArabic) => new("datePrecision", SheetColumnKind.Word, new("Date precision", "دقة التاريخ"), ["datePrecision", "precision"],
        new($"How exact the {of} is. Of a date known to the month send its first day.", $"مدى دقة {ofInArabic}. إن عُرف الشهر وحده فأرسل أول يوم منه."))
    { IsInTemplate = false, Words = Labels.DatePrecisions, OtherWords = OtherPrecisions };

    private static readonly SheetColumn Qualifier = new("qualifier", SheetColumnKind.Word, new("Qualifier", "دقة المبلغ"), ["qualifier", "amount precision"],
        new("How exact the source is about the amount.", "مدى دقة المصدر في المبلغ."))
    { IsInTemplate = false, Words = EnteredQualifiers, OtherWords = OtherQualifiers };

    private static SheetColumn UsdQualifier(string member) => new(member, SheetColumnKind.Word, new("Qualifier of the US dollars", "دقة المبلغ بالدولار"), ["usdQualifier", "usd qualifier"],
        new("The same of the US dollars, where they are more or less exact.", "مدى دقة المبلغ بالدولار إن اختلفت."))
    { IsInTemplate = false, Words = EnteredQualifiers, OtherWords = OtherQualifiers };

    private static SheetColumn Instrument(bool isNeeded) => new("instrument", SheetColumnKind.Word, new("Instrument", "نوع التمويل"), ["instrument", "type of funding", "أداة التمويل", "التمويل"],
        new("What is given. Nobody's word is invented: unspecified where the source does not say.", "ما يُقدم. لا يُخمن: غير محدد إن لم يذكره المصدر."), isNeeded ? new("grant", "منحة") : null)
    { IsNeeded = isNeeded, Words = Labels.Instruments };

    private static readonly LocalizedText ExampleNote = new("An example: delete this row.", "مثال: احذف هذا الصف.");

    public static readonly IReadOnlyList<SheetColumn> Contributions =
    [
        Donor("donorId", false, new("Who gives: a name or an id of an organization. Under a pledge of one donor it may be left out.", "من يعطي: اسم جهة أو معرفها. يمكن تركه إن كان للتعهد جهة مانحة واحدة."), new("Greece", "اليونان")),
        new("stage", SheetColumnKind.Word, new("Stage", "المرحلة"), ["stage", "status", "مرحلة", "الحالة", "النوع"],
            new("What it is; release takes back a commitment, refund a payment.", "ماهيته؛ وتحرير التزام يلغي التزاما، والاسترداد يلغي دفعة."), new("payment", "دفعة")) { IsNeeded = true, Words = EnteredStages, OtherWords = OtherStages },
        Amount("amount", new("Positive, also of a release or a refund; digits alone, such as 25000.50.", "موجب، وكذلك في تحرير التزام أو استرداد؛ أرقام وحدها مثل 25000.50."), "25000.50"),
        Money(),
        Usd("amountUsd"),
        new("date", SheetColumnKind.Date, new("Date", "التاريخ"), ["date", "value date", "payment date", "تاريخ", "تاريخ الدفع", "تاريخ الدفعة", "تاريخ المساهمة"],
            new("The day it counts from: 2026-03-02, or a date of the spreadsheet.", "اليوم الذي تُحسب منه: 2026-03-02 أو تاريخ في برنامج الجداول."), new("2026-03-02", "2026-03-02")) { IsNeeded = true },
        Fund(false, new("What it is given to, unless it is under a pledge: a name or an id of a fund.", "ما يُعطى له ما لم يكن ضمن تعهد: اسم صندوق أو معرفه.")),
        Recipient,
        Countries,
        new("pledgeId", SheetColumnKind.Record, new("Pledge", "التعهد"), ["pledgeId", "pledge id", "معرف التعهد", "رقم التعهد"],
            new("The id of the pledge that it fulfils. Then fund, recipient, countries and what else the pledge says are left out.", "معرف التعهد الذي تنفذه. عندها لا يُذكر الصندوق والجهة المستفيدة والبلدان وسائر ما يذكره التعهد.")),
        Instrument(false),
        new("reference", SheetColumnKind.Identifier, new("Reference", "المرجع"), ["reference", "transfer reference", "payment reference", "مرجع", "رقم المرجع", "رقم الحوالة"],
            new("Of the transfer or agreement.", "مرجع الحوالة أو الاتفاق."), new("EXAMPLE", "مثال")),
        ExternalId,
        .. Texts("description", "Description", "الوصف", new("What the money is for.", "الغرض من المال."), null, "وصف", "purpose", "الغرض"),
        .. Texts("note", "Note", "الملاحظة", new("Whatever else is to be known.", "أي أمر آخر يحسن ذكره."), ExampleNote, "notes", "comment", "ملاحظة", "ملاحظات"),
        Source,
        Quote,
        Precision("date", "التاريخ"),
        Qualifier,
        UsdQualifier("usdQualifier"),
        new("settles/amount", SheetColumnKind.Amount, new("Settles", "يسدد"), ["settles.amount", "settles amount"],
            new("Under a pledge in another currency: how much of it this settles, in the pledge's currency.", "ضمن تعهد بعملة أخرى: ما يسدده منه بعملة التعهد.")) { IsInTemplate = false },
        new("settles/currency", SheetColumnKind.Currency, new("Settles in currency", "عملة ما يسدده"), ["settles.currency", "settles currency"], new("The pledge's.", "عملة التعهد.")) { IsInTemplate = false },
        new("paidBy", SheetColumnKind.Organization, new("Paid by", "دفعها"), ["paidBy", "paidBy.id", "paid by", "الدافع"],
            new("The member that paid, where partners pledged as a group.", "العضو الذي دفع إن تعهد الشركاء مجتمعين.")) { IsInTemplate = false },
        Event,
        Shared,
        Sectors,
        UsageYears,
        Earmarking,
        PassedOnFrom,
        ExternalSystem,
    ];

    public static readonly IReadOnlyList<SheetColumn> Pledges =
    [
        Donor("donors/0/donorId", true, new("Who promises: a name or an id of an organization. Donors who pledged together with a published split are sent as JSON.", "من يتعهد: اسم جهة أو معرفها. أما من تعهدوا معا وفق تقسيم منشور فيُرسل تعهدهم بصيغة JSON."), new("Germany", "ألمانيا")),
        Amount("donors/0/amount", new("Positive; digits alone, such as 1500000.", "موجب؛ أرقام وحدها مثل 1500000."), "1500000", "donors.amount", "pledged", "مبلغ التعهد"),
        Money(),
        Usd("donors/0/amountUsd"),
        new("announcedOn", SheetColumnKind.Date, new("Announced on", "تاريخ الإعلان"), ["announcedOn", "date", "pledge date", "التاريخ", "تاريخ التعهد", "تاريخ"],
            new("The day of the promise: 2026-03-01, or a date of the spreadsheet.", "يوم التعهد: 2026-03-01 أو تاريخ في برنامج الجداول."), new("2026-03-01", "2026-03-01")) { IsNeeded = true },
        Instrument(true),
        Fund(false, new("What it is promised to: a name or an id of a fund.", "ما يُتعهد له: اسم صندوق أو معرفه.")),
        Recipient with { Example = null },
        Countries,
        new("dueOn", SheetColumnKind.Date, new("Due on", "تاريخ الاستحقاق"), ["dueOn", "due date", "due", "الاستحقاق"], new("The day by which it is to be paid.", "اليوم الذي يُدفع قبل انقضائه.")),
        Event with { IsInTemplate = true },
        ExternalId,
        .. Texts("description", "Description", "الوصف", new("What the money is for.", "الغرض من المال."), null, "وصف", "purpose", "الغرض"),
        .. Texts("note", "Note", "الملاحظة", new("Whatever else is to be known.", "أي أمر آخر يحسن ذكره."), ExampleNote, "notes", "comment", "ملاحظة", "ملاحظات"),
        Source,
        Quote,
        Precision("date", "التاريخ"),
        Qualifier,
        UsdQualifier("donors/0/usdQualifier"),
        Shared,
        Sectors,
        UsageYears,
        Earmarking,
        new("restates", SheetColumnKind.Record, new("Restates", "يعيد صياغة"), ["restates", "restates.id"], new("The id of the earlier pledge that it repackages; it then stays out of totals.", "معرف التعهد الأسبق الذي يعيد صياغته؛ فلا يدخل في المجاميع.")) { IsInTemplate = false },
        PassedOnFrom,
        ExternalSystem,
    ];

    public static readonly IReadOnlyList<SheetColumn> Requirements =
    [
        Fund(true, new("Whose requirement it is: a name or an id of a fund.", "صاحب الاحتياج: اسم صندوق أو معرفه.")),
        new("kind", SheetColumnKind.Word, new("Kind", "النوع"), ["kind", "type", "نوع", "نوع الاحتياج"], new("Whether it is the original or a revised one.", "هل هو الاحتياج الأصلي أم معدل."), new("original requirement", "الاحتياج الأصلي"))
            { IsNeeded = true, Words = Labels.RequirementKinds, OtherWords = OtherRequirementKinds },
        Amount("amount", new("Digits alone, such as 1000000; 0 only where a revised requirement was withdrawn.", "أرقام وحدها مثل 1000000؛ ولا يكون صفرا إلا في احتياج معدل سُحب."), "1000000", "requirements", "requirement", "الاحتياج", "الاحتياجات"),
        Money(),
        Usd("amountUsd"),
        new("periodStart", SheetColumnKind.Date, new("Period start", "بداية الفترة"), ["periodStart", "from", "start", "start date", "البداية", "من"], new("The first day that it is for.", "أول يوم يشمله."), new("2026-01-01", "2026-01-01")),
        new("periodEnd", SheetColumnKind.Date, new("Period end", "نهاية الفترة"), ["periodEnd", "to", "end", "end date", "النهاية", "إلى"], new("The last.", "آخر يوم يشمله."), new("2026-12-31", "2026-12-31")),
        new("statedOn", SheetColumnKind.Date, new("Stated on", "تاريخ البيان"), ["statedOn", "date", "statement date", "التاريخ", "تاريخ"], new("The day it was said.", "يوم ذكره."), new("2026-01-15", "2026-01-15")) { IsNeeded = true },
        .. Texts("statedBy", "Stated by", "صاحب البيان", new("Who said it.", "من ذكره."), null, "الجهة المعلنة"),
        .. Texts("note", "Note", "الملاحظة", new("Whatever else is to be known.", "أي أمر آخر يحسن ذكره."), ExampleNote, "notes", "comment", "ملاحظة", "ملاحظات"),
        Source,
        Quote,
        Qualifier,
        Precision("day it was stated", "تاريخ البيان"),
    ];
}
