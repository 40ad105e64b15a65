namespace PledgeTracker.Ledger;

/// <summary>An amount in US cents and where it came from: `reported` by the source, or computed by a loaded `rate`.</summary>
internal readonly record struct Usd(long Minor, string Basis, long? RateNo = null)
{
    public static Usd Reported(long minor) => new(minor, "reported");

    public Usd Negative => this with { Minor = -Minor };
}

/// <summary>Amounts and days of a request whose shape was checked, as they are stored; each adds a fault where they cannot be.</summary>
internal static class Amounts
{
    private static readonly DateOnly First = new(1945, 1, 1);

    /// <summary>Minor units, where both are there and the currency has such an amount.</summary>
    public static long? Of(decimal? amount, string? currency) => amount is { } given && Currency.Exists(currency) ? Currency.Minor(given, currency!) : null;

    /// <summary>The same; a fault says what to send where the currency has fewer decimals, or the amount is too large.</summary>
    public static long? Minor(Faults faults, string pointer, decimal? amount, string? currency)
    {
        if (amount is { } given && Currency.Exists(currency) && WrongWith(given, currency!) is { } wrong)
        {
            faults.Add(pointer, "invalid_amount", wrong);
        }

        return Of(amount, currency);
    }

    /// <summary>Why a currency has no such amount, and what to send; null where it has.</summary>
    public static LocalizedText? WrongWith(decimal amount, string currency)
    {
        if (Currency.Minor(amount, currency) is not null)
        {
            return null;
        }

        var decimals = Currency.Exponent(currency);
        var most = Currency.Major(Money.Most(currency), currency);
        if (Math.Abs(amount) > most)
        {
            return new($"Send an amount in {currency} no larger than {most}.", $"أرسل مبلغا بعملة {currency} لا يزيد على {most}.");
        }

        var rounded = Math.Round(amount, decimals, MidpointRounding.AwayFromZero);
        // Nothing is not what somebody gave.
        rounded = rounded == 0 ? Math.Sign(amount) * Currency.Major(1, currency) : rounded;
        return new($"{currency} has {decimals} decimals. Send {rounded}.", $"عدد المنازل العشرية لعملة {currency} هو {decimals}. أرسل {rounded}.");
    }

    /// <summary>
    /// The US dollars of an amount: as the source gave them, or by the nearest <see cref="Rates">rate</see>. What is missing or breaks a rule of shape has its fault already; that
    /// dollars are needed is told all the same.
    /// </summary>
    /// <param name="ofAnySign">Whether the source's dollars are taken whatever they are: those of a correction.</param>
    public static async Task<Usd> UsdAsync(Session session, Faults faults, decimal? amount, string? currency, decimal? reportedUsd, DateOnly? day, string pointer = "/amountUsd", bool ofAnySign = false)
    {
        // There is no rate before the first day to look for.
        if (currency is null || !Currency.Exists(currency) || day is not { } date || date < First)
        {
            return default;
        }

        var minor = Of(amount, currency);
        var reported = Of(reportedUsd, "USD");
        if (reportedUsd is not null && reported is null)
        {
            return default;
        }

        if (currency == "USD")
        {
            if (reported is not null && minor is not null && reported != minor)
            {
                faults.Add(pointer, "invalid_amount", "The amount is in US dollars already: leave amountUsd out.", "المبلغ بالدولار الأمريكي أصلا: لا ترسل amountUsd.");
            }

            return Usd.Reported(minor ?? 0);
        }

        if (minor == 0 || (reported is not null && (reported != 0 || ofAnySign)))
        {
            return Usd.Reported(reported ?? 0);
        }

        // The last day of a month or a year that has only begun has no rate yet.
        var last = Tomorrow(session.At) is var tomorrow && date > tomorrow ? tomorrow : date;
        var rate = await Rates.NearestAsync(session, currency, last);
        if (reported == 0)
        {
            if (minor is { } sent && rate?.Of(sent) is not { Minor: 0 })
            {
                faults.Add(pointer, "invalid_amount", rate?.Of(sent) is { } more
                    ? $"By the exchange rate of that time this is {Currency.Usd(more.Minor)} US dollars, not 0: send what the source gives, or leave this out."
                    : $"An amount comes to 0 US dollars only where it rounds to no cent, and no exchange rate of {currency} is loaded that says so: load one for a day from {last.AddDays(-Rates.OldestInDays):yyyy-MM-dd} to {last:yyyy-MM-dd}, or send more than 0.",
                    rate?.Of(sent) is { } worth
                    ? $"قيمة المبلغ بسعر الصرف في ذلك الوقت {Currency.Usd(worth.Minor)} دولار أمريكي وليست صفرا: أرسل ما ورد في المصدر، أو لا ترسل هذا الحقل."
                    : $"لا يساوي صفر دولار إلا مبلغ لا يبلغ سنتا واحدا، ولا يوجد سعر صرف لعملة {currency} يبين ذلك: أضف سعرا بين {last.AddDays(-Rates.OldestInDays):yyyy-MM-dd} و{last:yyyy-MM-dd}، أو أرسل مبلغا أكبر من صفر.");
            }

            return Usd.Reported(0);
        }

        if (rate is null)
        {
            faults.Add(pointer, "usd_needed",
                $"Send the US dollars that the source gives, or load an exchange rate of {currency} for a day from {last.AddDays(-Rates.OldestInDays):yyyy-MM-dd} to {last:yyyy-MM-dd}.",
                $"أرسل المبلغ بالدولار كما ورد في المصدر، أو أضف سعر صرف لعملة {currency} بين {last.AddDays(-Rates.OldestInDays):yyyy-MM-dd} و{last:yyyy-MM-dd}.");
            return default;
        }

        if (minor is not { } given)
        {
            return default;
        }

        if (rate.Of(given) is { } usd)
        {
            return usd;
        }

        var most = Currency.Usd(Money.MaxUsd);
        faults.Add(pointer, "invalid_amount", $"By the exchange rate of that time this is more than {most} US dollars: send a smaller amount, or the US dollars that the source gives.",
            $"يزيد هذا بسعر الصرف في ذلك الوقت على {most} دولار أمريكي: أرسل مبلغا أصغر، أو المبلغ بالدولار كما ورد في المصدر.");
        return default;
    }

    /// <summary>Value dates reach to tomorrow: it is already tomorrow somewhere. One that is known to the month or the year only is any day of one that has begun.</summary>
    /// <param name="earliest">The day of what it rests on, where it rests on something.</param>
    /// <param name="precision">How exact the date is.</param>
    public static void NotAfterTomorrow(Faults faults, string pointer, DateOnly? date, DateTimeOffset now, DateOnly? earliest = null, string? precision = null)
    {
        // What it rests on may be dated to the end of a year that has only begun.
        var tomorrow = Tomorrow(now);
        Within(faults, pointer, date, earliest is { } day && day <= tomorrow ? day : First, Period.Of(tomorrow, precision).Last);
    }

    /// <summary>Due dates and the ends of periods reach 30 years ahead; what was left out is as it should be.</summary>
    public static void NotFarAhead(Faults faults, string pointer, DateOnly? date, DateTimeOffset now) =>
        Within(faults, pointer, date, First, DateOnly.FromDateTime(now.UtcDateTime).AddYears(30));

    private static DateOnly Tomorrow(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime).AddDays(1);

    private static void Within(Faults faults, string pointer, DateOnly? date, DateOnly first, DateOnly last)
    {
        if (date < first || date > last)
        {
            faults.Add(pointer, "date_out_of_range", $"Send a date from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}.", $"أرسل تاريخا من {first:yyyy-MM-dd} إلى {last:yyyy-MM-dd}.");
        }
    }
}
