namespace PledgeTracker.Ledger;

/// <summary>US dollars in another currency, by one rate of one day.</summary>
/// <param name="UsdPico">US dollars for one unit, times <see cref="Rates.Pico"/>.</param>
internal sealed record Conversion(string Currency, long UsdPico, DateOnly Date, string Provider)
{
    private const int OldestInDays = 31;

    /// <summary>The latest rate up to a day, of the provider that comes first among those that have one that is not too old.</summary>
    /// <param name="providers">In order; others come after them.</param>
    /// <exception cref="Refused">There is none: it names the nearest day that has one.</exception>
    public static async Task<Conversion> OfAsync(View view, string currency, DateOnly day, string[] providers)
    {
        var oldest = day.DayNumber < OldestInDays ? DateOnly.MinValue : day.AddDays(-OldestInDays);
        var rates = (await view.Sql.QueryAsync<Row>("""
            SELECT no, date, usd_pico, provider FROM exchange_rate WHERE currency = @currency AND date <= @day AND date >= @oldest ORDER BY date DESC, no DESC
            """, new { currency, day, oldest })).AsList();
        if (rates.Count > 0)
        {
            var rate = rates.MinBy(rate => Array.IndexOf(providers, rate.Provider) is >= 0 and var place ? place : providers.Length)!;
            return new Conversion(currency, rate.UsdPico, rate.Date, rate.Provider);
        }

        var nearest = (await view.Sql.QueryAsync<DateOnly>("""
            SELECT x.date FROM (SELECT max(date) AS date FROM exchange_rate WHERE currency = @currency AND date <= @day
                                UNION ALL SELECT min(date) FROM exchange_rate WHERE currency = @currency AND date > @day) x WHERE x.date IS NOT NULL
            """, new { currency, day })).OrderBy(date => Math.Abs(date.DayNumber - day.DayNumber)).Cast<DateOnly?>().FirstOrDefault();
        throw Refused.Invalid(new Fault("?ratesOn", "no_rate", nearest is { } date
            ? new($"No exchange rate of {currency} is loaded for a day from {oldest:yyyy-MM-dd} to {day:yyyy-MM-dd}: the nearest is of {date:yyyy-MM-dd}. Send ratesOn={date:yyyy-MM-dd}.",
                $"لا يوجد سعر صرف لعملة {currency} بين {oldest:yyyy-MM-dd} و{day:yyyy-MM-dd}: أقرب سعر بتاريخ {date:yyyy-MM-dd}. أرسل ratesOn={date:yyyy-MM-dd}.")
            : new($"No exchange rate of {currency} is loaded: leave currency out, or load one.", $"لا يوجد أي سعر صرف لعملة {currency}: لا ترسل currency، أو أضف سعرا.")));
    }

    /// <summary>Minor units of the currency for US cents, half away from zero.</summary>
    public long Of(long cents) => Money.Scale(cents, Words.Currency.MinorUnits(Currency) * (Rates.Pico / 100), UsdPico);

    private sealed record Row
    {
        public required long No { get; init; }
        public required DateOnly Date { get; init; }
        public required long UsdPico { get; init; }
        public required string Provider { get; init; }
    }
}
