namespace PledgeTracker.ExchangeRates;

/// <summary>The loaded exchange rates, latest first.</summary>
public sealed class ListExchangeRates : Lists<ListExchangeRates.Request, ExchangeRate>
{
    /// <param name="Currency">Only rates of these currencies. ISO 4217. For example `EUR`.</param>
    /// <param name="From">Of this day or later. For example `2021-01-01`.</param>
    /// <param name="To">Of this day or earlier. For example `2021-12-31`.</param>
    public sealed record Request(IReadOnlyList<string>? Currency = null, DateOnly? From = null, DateOnly? To = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            this.ForAnyOf(r => r.Currency).IsCurrency();
            RuleFor(r => r.To).IsNotBefore("from", r => r.From);
        }
    }

    private static readonly Sorting Sorting = new("-date", ("x.no", typeof(long)), new SortField("date", "x.date", typeof(DateOnly)));

    public override void Configure()
    {
        Get("/v1/exchange-rates");
        Tells("Exchange rates", "Exchange rates", "US dollars for one unit of a currency, by day and provider, latest first. An amount whose source gives no US dollars is " +
            $"converted by the nearest rate at most {Rates.OldestInDays} days older.");
    }

    protected override async Task<Page<ExchangeRate>> ReadAsync(Request request, View view)
    {
        var filter = new Filter()
            .WhereAny(view.Engine, "x.currency", "currency", request.Currency)
            .Where("x.date >= @from", "from", request.From)
            .Where("x.date <= @to", "to", request.To);
        var page = await PageAsync<Row>(view, request, Sorting, "SELECT x.no, x.currency, x.date, x.usd_pico, x.provider, x.url, x.recorded_at FROM exchange_rate x",
            "FROM exchange_rate x", filter, (row, _) => (row.Date, row.No));
        return page.Of(row => new ExchangeRate
        {
            Currency = row.Currency,
            Date = row.Date,
            UsdPerUnit = Rates.PerUnit(row.UsdPico),
            Provider = row.Provider,
            Url = row.Url,
            RecordedAt = row.RecordedAt,
        });
    }

    private sealed record Row
    {
        public required long No { get; init; }
        public required string Currency { get; init; }
        public required DateOnly Date { get; init; }
        public required long UsdPico { get; init; }
        public required string Provider { get; init; }
        public string? Url { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
    }
}
