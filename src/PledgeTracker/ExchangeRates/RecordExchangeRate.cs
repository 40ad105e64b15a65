using FluentValidation;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.ExchangeRates;

/// <summary>Enters what one unit of a currency was worth in US dollars on a day.</summary>
internal sealed class RecordExchangeRate : IEndpoint
{
    private const string Example = """
        currency,date,usdPerUnit,provider,url
        EUR,2026-03-03,1.0831,European Central Bank,https://www.ecb.europa.eu/
        JPY,2026-03-03,0.0067,Bank of Japan,
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/exchange-rates", Handle).Writes("RecordExchangeRate", "Exchange rates",
        "Record exchange rates", "One rate as JSON, or many as CSV (RFC 4180, `text/csv`) with the columns currency, date, usdPerUnit, provider and url: all of them are recorded, or none.",
        Role.Editor).WithMetadata(new AlsoTakes(RatesRequest.Csv, Example));

    /// <param name="Currency">ISO 4217; not USD.</param>
    /// <param name="UsdPerUnit">US dollars for one unit of the currency, with at most 12 decimals.</param>
    /// <param name="Provider">Who published the rate.</param>
    public sealed record Request(string? Currency = null, DateOnly? Date = null, decimal? UsdPerUnit = null, string? Provider = null, string? Url = null);

    internal sealed class Rules : AbstractValidator<Request>
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
            RuleFor(r => r.Provider).Needed().IsText(200);
            RuleFor(r => r.Url).IsWebAddress();
        }
    }

    private static Task<Recorded<IReadOnlyList<ExchangeRate>>> Handle(RatesRequest request, ChangeLog log)
    {
        var rules = new Rules();
        var faults = request.Rates.SelectMany((rate, i) => rules.Check(rate).ConvertAll(f => request.At(f, i))).ToList();
        return faults.Count > 0
            ? Task.FromResult(new Recorded<IReadOnlyList<ExchangeRate>>(Refusal.Invalid(faults)))
            : request.RecordAsync<IReadOnlyList<ExchangeRate>>(write =>
            {
                var made = new List<ExchangeRate>();
                for (var i = 0; i < request.Rates.Count; i++)
                {
                    var outcome = Record(write, log, request.Caller.Actor, request.Rates[i]);
                    if (outcome.Refusal is { } refusal)
                    {
                        return refusal with { Faults = refusal.Faults?.Select(f => request.At(f, i)).ToList() };
                    }

                    made.Add(ExchangeRateRow.Load(write, outcome.Value));
                }

                return new Made<IReadOnlyList<ExchangeRate>>(null, made);
            });
    }

    internal static Outcome<long> Record(Write write, ChangeLog log, Actor actor, Request request)
    {
        var faults = new List<Fault>();
        CodeRules.NotAfterTomorrow(faults, "/date", request.Date!.Value, write.At);
        if (faults.Count > 0)
        {
            return faults;
        }

        if (write.First<long?>("SELECT no FROM exchange_rate WHERE currency = @currency AND date = @date AND provider = @provider",
                ("@currency", request.Currency), ("@date", request.Date), ("@provider", request.Provider)) is not null)
        {
            return Refusal.Conflict("This provider's rate for that currency and day is recorded already.", "سعر هذا المصدر لهذه العملة وهذا اليوم مسجل من قبل.");
        }

        log.Append(write, actor, "created", "exchange_rate", $"{request.Currency}/{request.Date:yyyy-MM-dd}/{request.Provider}", request);
        return write.Insert("""
            INSERT INTO exchange_rate (currency, date, usd_pico, provider, url, recorded_at, recorded_by)
            VALUES (@currency, @date, @pico, @provider, @url, @at, @by)
            """,
            ("@currency", request.Currency), ("@date", request.Date), ("@pico", (long)(request.UsdPerUnit!.Value * Rates.Pico)),
            ("@provider", request.Provider), ("@url", request.Url), ("@at", write.At), ("@by", actor.Id));
    }
}
