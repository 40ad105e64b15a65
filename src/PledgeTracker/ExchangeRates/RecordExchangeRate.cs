namespace PledgeTracker.ExchangeRates;

/// <summary>Enters what one unit of a currency was worth in US dollars on a day: one rate, or many at once.</summary>
public sealed class RecordExchangeRate : Writes<SentRates, IReadOnlyList<ExchangeRate>>
{
    private const string Example = """
        currency,date,usdPerUnit,provider,url
        EUR,2026-03-03,1.0831,European Central Bank,https://www.ecb.europa.eu/
        JPY,2026-03-03,0.0067,Bank of Japan,
        """;

    /// <param name="Currency">ISO 4217; not USD.</param>
    /// <param name="UsdPerUnit">US dollars for one unit of the currency, with at most 12 decimals.</param>
    /// <param name="Provider">Who published the rate.</param>
    public sealed record Request(string? Currency = null, DateOnly? Date = null, decimal? UsdPerUnit = null, string? Provider = null, string? Url = null);

    public sealed class Rules : Validator<Request>
    {
        public Rules()
        {
            RuleFor(r => r.Currency).Needed().IsCurrency().Must(c => c != "USD").Or("unknown_code",
                "Send an ISO 4217 currency code other than USD, such as EUR.", "أرسل رمز عملة وفق ISO 4217 غير USD مثل EUR.");
            RuleFor(r => r.Date).Needed();
            RuleFor(r => r.UsdPerUnit).Needed()
                .Must(rate => rate is null or (> 0 and <= 1000) && decimal.Truncate((rate ?? 0) * Rates.Pico) == (rate ?? 0) * Rates.Pico)
                .Or("invalid_amount", "Send US dollars for one unit: greater than 0, at most 1000, with at most 12 decimals.",
                    "أرسل قيمة الوحدة بالدولار الأمريكي: أكبر من 0 ولا تتجاوز 1000 وبمنازل عشرية لا تتجاوز 12.");
            RuleFor(r => r.Provider).Needed().IsName(200);
            RuleFor(r => r.Url).IsWebAddress();
        }
    }

    public override void Configure()
    {
        Post("/v1/exchange-rates");
        Tells("Exchange rates", "Record exchange rates", "One rate as JSON, or many as CSV (RFC 4180, `text/csv`) with the columns currency, date, usdPerUnit, provider and url: " +
            "all of them are recorded, or none.", Role.Editor, example: new Request("EUR", new DateOnly(2026, 3, 2), 1.0825m, "European Central Bank"));
        Metadata(new BodyExample(Example, Role.Editor, MediaType: SentRates.Csv));
    }

    protected override async Task<Made<IReadOnlyList<ExchangeRate>>> WriteAsync(SentRates request, Write write)
    {
        var recorded = new List<ExchangeRate>();
        for (var i = 0; i < request.Rates.Count; i++)
        {
            recorded.Add(await RecordAsync(write, request.Rates[i], request.At(i)));
        }

        return new(recorded);
    }

    /// <summary>Records one: for the API, and for whatever else brings rates.</summary>
    internal static Task<ExchangeRate> RecordAsync(Write write, Request request) => RecordAsync(write, request, "");

    /// <param name="at">Where it stands in what was sent.</param>
    private static async Task<ExchangeRate> RecordAsync(Write write, Request request, string at)
    {
        var faults = new Faults();
        var (currency, date, provider) = (request.Currency!, request.Date!.Value, request.Provider!);
        Find(faults.Under(at), request, write.At);
        faults.ThrowIfAny();
        if (await write.Sql.QueryFirstOrDefaultAsync<long?>(
            "SELECT no FROM exchange_rate WHERE currency = @currency AND date = @date AND provider = @provider", new { currency, date, provider }) is not null)
        {
            throw Refused.Conflict("This provider's rate for that currency and day is recorded already.", "سعر هذا المصدر لهذه العملة وهذا اليوم مسجل من قبل.");
        }

        await ChangeLog.AppendAsync(write, "created", "exchange_rate", $"{currency}/{date:yyyy-MM-dd}/{provider}", request);
        var pico = (long)(request.UsdPerUnit!.Value * Rates.Pico);
        await write.Sql.ExecuteAsync("""
            INSERT INTO exchange_rate (no, currency, date, usd_pico, provider, url, recorded_at, recorded_by)
            VALUES ((SELECT coalesce(max(no), 0) + 1 FROM exchange_rate), @currency, @date, @pico, @provider, @Url, @At, @by)
            """, new { currency, date, pico, provider, request.Url, write.At, by = write.By.Id });
        return new() { Currency = currency, Date = date, UsdPerUnit = Rates.PerUnit(pico), Provider = provider, Url = request.Url, RecordedAt = write.At };
    }

    /// <summary>What is wrong with one beyond its shape.</summary>
    internal static void Find(Faults faults, Request request, DateTimeOffset now) => Amounts.NotAfterTomorrow(faults, "/date", request.Date, now);
}
