using FluentValidation;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Ledger;

/// <summary>Rules for the code lists of the field.</summary>
internal static class CodeRules
{
    public static readonly LocalizedText CountryHelp = new(
        "Send an ISO 3166-1 alpha-3 country code, such as IRQ.", "أرسل رمز الدولة من ثلاثة أحرف وفق ISO 3166-1 مثل IRQ.");

    private static readonly DateOnly First = new(1945, 1, 1);

    public static readonly LocalizedText CurrencyHelp = new("Send an ISO 4217 currency code, such as USD.", "أرسل رمز العملة وفق ISO 4217 مثل USD.");

    public static IRuleBuilderOptions<T, string?> IsCountry<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(code => code is null || Country.Exists(code)).Or("unknown_code", CountryHelp.En!, CountryHelp.Ar!);

    public static IRuleBuilderOptions<T, string?> IsCurrency<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(code => code is null || Currency.Exists(code)).Or("unknown_code", CurrencyHelp.En!, CurrencyHelp.Ar!);

    public static IRuleBuilderOptions<T, string> IsSector<T>(this IRuleBuilder<T, string> rule) =>
        rule.Must(code => code is { Length: 5 } && code.All(char.IsAsciiDigit)).Or("unknown_code", "Send a 5-digit OECD DAC purpose code, such as 15220.",
            "أرسل رمز الغرض من خمسة أرقام وفق لجنة المساعدة الإنمائية مثل 15220.");

    public static IRuleBuilderOptions<T, decimal?> IsPositive<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.Must(amount => amount is null or > 0).Or("not_positive", "Send an amount greater than zero.", "أرسل مبلغا أكبر من صفر.");

    /// <summary>Minor units of an amount whose shape was checked; otherwise a fault that says how many decimals the currency has.</summary>
    public static long Minor(List<Fault> faults, string pointer, decimal amount, string currency)
    {
        if (Currency.Minor(amount, currency) is { } minor)
        {
            return minor;
        }

        var decimals = Currency.Exponent(currency);
        var most = Currency.Major(Money.MaxMinor, currency);
        faults.Add(new Fault(pointer, "invalid_amount", new(
            $"Send an amount in {currency} with at most {decimals} decimals, no larger than {most}.",
            $"أرسل مبلغا بعملة {currency} بعدد منازل عشرية لا يتجاوز {decimals} ولا يزيد على {most}.")));
        return 0;
    }

    /// <summary>The US dollars of an amount, or a fault that says what to send: see <see cref="Rates.Convert"/>.</summary>
    public static Usd Usd(List<Fault> faults, Write write, long minor, string currency, decimal? reportedUsd, DateOnly date, string pointer = "/amountUsd")
    {
        if (date.Year < 1945)
        {
            // The date has its own fault already, and there is no rate before it to look for.
            return default;
        }

        long? reported = reportedUsd is { } sent ? Minor(faults, pointer, sent, "USD") : null;
        if (currency == "USD" && reported is { } same && same != minor)
        {
            faults.Add(new Fault(pointer, "invalid_amount", new(
                "The amount is in US dollars already: leave amountUsd out.", "المبلغ بالدولار الأمريكي أصلا: لا ترسل amountUsd.")));
        }

        if (Rates.Convert(write, minor, currency, reported, date) is { } usd)
        {
            return usd;
        }

        faults.Add(new Fault(pointer, "usd_needed", new(
            $"Send the US dollars that the source gives, or load a {currency} exchange rate of {date.AddDays(-Rates.OldestInDays):yyyy-MM-dd} to {date:yyyy-MM-dd}.",
            $"أرسل المبلغ بالدولار كما ورد في المصدر، أو أضف سعر صرف لعملة {currency} بين {date.AddDays(-Rates.OldestInDays):yyyy-MM-dd} و{date:yyyy-MM-dd}.")));
        return default;
    }

    /// <summary>Value dates reach to tomorrow: it is already tomorrow somewhere.</summary>
    /// <param name="earliest">The day of what it rests on, where it rests on something.</param>
    public static void NotAfterTomorrow(List<Fault> faults, string pointer, DateOnly date, DateTimeOffset now, DateOnly? earliest = null) =>
        Within(faults, pointer, date, earliest ?? First, DateOnly.FromDateTime(now.UtcDateTime).AddDays(1));

    /// <summary>Due dates and the ends of periods reach 30 years ahead; what was left out is as it should be.</summary>
    public static void NotFarAhead(List<Fault> faults, string pointer, DateOnly? date, DateTimeOffset now) =>
        Within(faults, pointer, date, First, DateOnly.FromDateTime(now.UtcDateTime).AddYears(30));

    private static void Within(List<Fault> faults, string pointer, DateOnly? date, DateOnly first, DateOnly last)
    {
        if (date < first || date > last)
        {
            faults.Add(new Fault(pointer, "date_out_of_range", new(
                $"Send a date from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}.", $"أرسل تاريخا من {first:yyyy-MM-dd} إلى {last:yyyy-MM-dd}.")));
        }
    }
}
