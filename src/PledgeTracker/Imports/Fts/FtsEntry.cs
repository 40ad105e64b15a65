namespace PledgeTracker.Imports.Fts;

/// <summary>What a flow comes to in the ledger. Pure.</summary>
/// <param name="Kind">`pledge`, `commitment`, `payment`, or `adjustment` where it takes something away or moves nothing.</param>
/// <param name="Adjusts">What an adjustment corrects.</param>
/// <param name="AmountUsd">As they were reported; null where the amount is in US dollars itself.</param>
/// <param name="Date">The flow's; where that cannot be a day of the ledger, the nearest thing to it, and approximate.</param>
internal sealed record FtsEntry(string Kind, string? Adjusts, decimal Amount, string Currency, decimal? AmountUsd, DateOnly Date, string? DatePrecision, string? Reference)
{
    private static readonly DateOnly First = new(1945, 1, 1);

    public bool IsAdjustment => Kind == "adjustment";

    /// <summary>In the smallest units of its currency.</summary>
    public long Minor => Words.Currency.Minor(Amount, Currency)!.Value;

    /// <summary>US cents.</summary>
    public long Cents => Words.Currency.Minor(AmountUsd ?? Amount, "USD")!.Value;

    /// <param name="today">When it is recorded: nothing is dated behind it.</param>
    /// <param name="notes">Hears what is recorded otherwise than it was told.</param>
    public static FtsEntry Of(FtsFlow flow, DateOnly today, FtsReading? notes = null)
    {
        var stage = flow.Status == "paid" ? "payment" : flow.Status;
        var usd = Rounded(flow.AmountUsd, "USD", "amountUSD", notes);
        var isAdjustment = usd <= 0;
        var (amount, currency) = Original(flow, usd, notes) ?? (usd, "USD");
        var (date, precision) = DateOf(flow, today, notes);
        return new(isAdjustment ? "adjustment" : stage, isAdjustment ? stage : null, amount, currency, currency == "USD" ? null : usd, date, precision, flow.Reference);
    }

    // In the currency in which it was given, where that was told and can be kept.
    private static (decimal Amount, string Currency)? Original(FtsFlow flow, decimal usd, FtsReading? notes)
    {
        if (flow is not { OriginalAmount: { } original, OriginalCurrency: { } currency } || currency == "USD")
        {
            return null;
        }

        if (!Words.Currency.Exists(currency))
        {
            notes?.Note("originalCurrency", "unknown_code", $"{currency} is no ISO 4217 code: it is recorded in US dollars.", $"ليس {currency} رمزا في ISO 4217: سُجل المبلغ بالدولار الأمريكي.");
            return null;
        }

        var amount = Math.Abs(original) > Words.Currency.Major(Money.Most(currency), currency) ? null : (decimal?)Rounded(original, currency, "originalAmount", notes);
        if (amount is null || (usd > 0 && amount <= 0))
        {
            // Nothing and less than nothing is no amount of what came to some dollars.
            notes?.Note("originalAmount", "invalid_amount", "An amount in its own currency cannot be told from this: it is recorded in US dollars.", "لا يُعرف من هذا مبلغ بعملته: سُجل بالدولار الأمريكي.");
            return null;
        }

        return (amount.Value, currency);
    }

    private static decimal Rounded(decimal amount, string currency, string member, FtsReading? notes)
    {
        var decimals = Words.Currency.Exponent(currency);
        var rounded = Math.Round(amount, decimals, MidpointRounding.ToEven);
        if (rounded != amount)
        {
            notes?.Note(member, "invalid_amount", $"{currency} has {decimals} decimals: {amount} was rounded half to even, to {rounded}.",
                $"عدد المنازل العشرية لعملة {currency} هو {decimals}: قُرّب {amount} إلى {rounded} (نصف الوحدة إلى الزوجي).");
        }

        return rounded;
    }

    private static (DateOnly, string?) DateOf(FtsFlow flow, DateOnly today, FtsReading? notes)
    {
        // It is already tomorrow somewhere.
        var last = today.AddDays(1);
        if (flow.Date is { } date && date >= First && date <= last)
        {
            return (date, null);
        }

        DateOnly?[] others = [flow.FirstReportedDate, flow.DecisionDate];
        var other = others.FirstOrDefault(day => day >= First && day <= last) ?? today;
        notes?.Note("date", "date_out_of_range", $"It is recorded for {other:yyyy-MM-dd}, approximately: its date is missing or cannot be one of a record.",
            $"سُجل بتاريخ {other:yyyy-MM-dd} تقريبا: تاريخه غير مذكور أو لا يصلح تاريخا لسجل.");
        return (other, "approximate");
    }
}
