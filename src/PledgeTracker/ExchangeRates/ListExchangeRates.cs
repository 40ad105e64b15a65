using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.ExchangeRates;

/// <summary>The loaded exchange rates, latest first.</summary>
internal sealed class ListExchangeRates : IEndpoint
{
    private static readonly QueryParameter<string> Currency = Codes.CurrencyParameter("Only rates of this currency.");
    private static readonly QueryParameter<DateOnly?> From = QueryParameter.Date("from", "Of this day or later.", "2021-01-01");
    private static readonly QueryParameter<DateOnly?> To = QueryParameter.Date("to", "Of this day or earlier.", "2021-12-31");

    private static readonly Paging Paging = new("-date", "x.no", new SortField("date", "x.date"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/exchange-rates", Handle).Reads("ListExchangeRates", "Exchange rates",
        "Exchange rates", $"US dollars for one unit of a currency, by day and provider, latest first. An amount whose source gives no US dollars is converted by the nearest rate at most {Rates.OldestInDays} days older.",
        Paging.With(Currency, From, To));

    private static async Task<Results<Ok<Page<ExchangeRate>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        var filter = new Filter()
            .Where("x.currency = @currency", "@currency", request.Get(Currency))
            .Where("x.date >= @from", "@from", request.Get(From))
            .Where("x.date <= @to", "@to", request.Get(To));
        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<ExchangeRateRow>($"SELECT {ExchangeRateRow.Columns} FROM exchange_rate x {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM exchange_rate x {filter.Sql}", filter.Parameters) : null;
        return TypedResults.Ok(keyset.Page(rows, row => (row.Date, row.No), row => row.ToRate(), count));
    }
}
