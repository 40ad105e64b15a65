using FluentValidation.Results;

namespace PledgeTracker.Ledger;

/// <summary>Rules for the code lists and amounts of the field.</summary>
internal static class CodeRules
{
    public static IRuleBuilderOptions<T, string?> IsCountry<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsCountry), Country.Exists, schema => schema.Pattern = "^[A-Z]{3}$")
            .Or("unknown_code",
                "Send an alpha-3 country code of ISO 3166-1, such as IRQ, or one that was withdrawn (ISO 3166-3), such as YUG; Kosovo is XKX.",
                "أرسل رمز الدولة من ثلاثة أحرف وفق ISO 3166-1 مثل IRQ، أو رمزا ملغى (ISO 3166-3) مثل YUG؛ رمز كوسوفو XKX.");

    public static IRuleBuilderOptions<T, string?> IsCurrency<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsCurrency), code => Currency.Exists(code) || Currency.IsNoMoney(code), schema => schema.Pattern = "^[A-Z]{3}$")
            .Or("unknown_code",
                "Send an ISO 4217 currency code, in use, such as USD, or withdrawn, such as DEM; the IMF's unit is XDR.",
                "أرسل رمز العملة وفق ISO 4217، مستعملا مثل USD أو ملغى مثل DEM؛ رمز وحدة صندوق النقد الدولي XDR.")
            .Keeps(nameof(Currency.IsNoMoney), code => !Currency.IsNoMoney(code))
            .Or("unknown_code",
                "This code of ISO 4217 stands for a metal, a bond, a unit of account or nothing, in which nobody is paid: send the code of the money that is paid.",
                "يدل هذا الرمز في ISO 4217 على معدن أو سند أو وحدة حساب أو على لا شيء ولا يُدفع به: أرسل رمز العملة التي يُدفع بها.");

    /// <summary>Who recorded something: an actor, an organization, or `me`.</summary>
    public static IRuleBuilderOptions<T, string?> IsRecorder<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsRecorder), who => Slug.Is(who.StartsWith("key:", StringComparison.Ordinal) ? who[4..] : who), schema => (schema.Pattern, schema.MaxLength) = ("^(key:)?[a-z0-9]+(-[a-z0-9]+)*$", 68))
            .Or("invalid_id", "Send an organization's id, me with your key, or recordedBy as it is shown, such as seed.", "أرسل معرف جهة، أو me مع مفتاحك، أو قيمة recordedBy كما تظهر مثل seed.");

    public static IRuleBuilderOptions<T, string?> IsSector<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Keeps(nameof(IsSector), code => code.Length == 5 && code.All(char.IsAsciiDigit), schema => schema.Pattern = "^[0-9]{5}$")
            .Or("unknown_code", "Send a 5-digit OECD DAC purpose code, such as 15220.", "أرسل رمز الغرض من خمسة أرقام وفق لجنة المساعدة الإنمائية مثل 15220.");

    public static IRuleBuilderOptions<T, int> IsUsageYear<T>(this IRuleBuilder<T, int> rule) =>
        rule.InclusiveBetween(1945, 2100).Or("out_of_range", "Send a year from 1945 to 2100.", "أرسل سنة من 1945 إلى 2100.");

    /// <summary>Dollars that are the amount itself are as exact as it.</summary>
    public static readonly LocalizedText NoSecondQualifier = new("The amount is in US dollars itself: leave this out.", "المبلغ نفسه بالدولار الأمريكي: لا ترسل هذا الحقل.");

    public static IRuleBuilderOptions<T, decimal?> IsPositive<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.Keeps(nameof(IsPositive), amount => amount > 0, schema => schema.ExclusiveMinimum = "0")
            .Or("not_positive", "Send an amount greater than zero.", "أرسل مبلغا أكبر من صفر.");

    public static IRuleBuilderOptions<T, decimal?> IsNotNegative<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.Keeps(nameof(IsNotNegative), amount => amount >= 0, schema => schema.Minimum = "0").Or("not_positive", "Send an amount, or 0.", "أرسل مبلغا أو صفرا.");

    /// <summary>An amount that its currency has: of no more decimals, and no larger than is kept. Of a code that is none nothing is said, nor of an amount below zero where another rule refuses it.</summary>
    public static void IsOf<T>(this IRuleBuilder<T, decimal?> rule, Func<T, string?> currency, bool ofAnySign = false) =>
        rule.Custom((amount, context) => Add(context, context.PropertyPath, amount, currency(context.InstanceToValidate), ofAnySign));

    /// <summary>The same of the `amount` of each item of a list, whose currency stands beside the list.</summary>
    public static void HaveAmountsOf<T, TItem>(this IRuleBuilder<T, TItem> rule, Func<TItem, decimal?> amount, Func<T, string?> currency) =>
        rule.Custom((item, context) => Add(context, $"{context.PropertyPath}.Amount", amount(item), currency(context.InstanceToValidate), ofAnySign: false));

    private static void Add<T>(FluentValidation.ValidationContext<T> context, string path, decimal? amount, string? currency, bool ofAnySign)
    {
        if (amount is { } given && (given > 0 || ofAnySign) && Currency.Exists(currency) && Amounts.WrongWith(given, currency!) is { } wrong)
        {
            context.AddFailure(new ValidationFailure(path, wrong.En) { ErrorCode = "invalid_amount", CustomState = wrong });
        }
    }

    /// <summary>`grantsOnly` beside an instrument that is none would be answered with nothing, as if there were nothing.</summary>
    public static void IsGrantsOnly<T>(this IRuleBuilder<T, bool?> rule, Func<T, string?> instrument) =>
        rule.Must((request, only) => only != true || instrument(request) is null or "grant").Or("not_allowed",
            "grantsOnly=true is short for instrument=grant: leave one of them out.", "grantsOnly=true اختصار لـ instrument=grant: أرسل أحدهما فقط.");

    /// <summary>US dollars of a filter.</summary>
    public static IRuleBuilderOptions<T, decimal?> IsUsd<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.Keeps(nameof(IsUsd), usd => usd is >= 0 and <= 9_999_999_999_999.99m && decimal.Truncate(usd * 100) == usd * 100,
                schema => (schema.Minimum, schema.Maximum) = ("0", "9999999999999.99"))
            .Or("invalid_amount", "Send an amount in US dollars with at most two decimals, such as 1000000.",
                "أرسل مبلغا بالدولار الأمريكي بمنزلتين عشريتين على الأكثر مثل 1000000.");

    /// <summary>US cents of a filter that kept <see cref="IsUsd"/>.</summary>
    public static long? Cents(decimal? usd) => (long?)(usd * 100);
}
