using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Indicators;

/// <summary>What the money is for, and what has come of it.</summary>
internal sealed class ListIndicators : IEndpoint
{
    private static readonly QueryParameter<string> Measure = QueryParameter.Slug("measure", "Only values of this measure.", "coalition-partners");
    private static readonly QueryParameter<string> Fund = QueryParameter.Slug("fund", "Only indicators of this fund.", "undp-ffs");
    private static readonly QueryParameter<DateOnly?> From = QueryParameter.Date("from", "Of this day or later.", "2017-01-01");
    private static readonly QueryParameter<DateOnly?> To = QueryParameter.Date("to", "Of this day or earlier.", "2024-12-31");

    private static readonly Paging Paging = new("-date", "i.id", new SortField("date", "i.date"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/indicators", Handle).Reads("ListIndicators", "Indicators",
        "Indicators", "Values of what the money is for, latest first; the values of one `measure` form a series.", Paging.With(Measure, Fund, From, To));

    private static async Task<Results<Ok<Page<Indicator>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        var filter = new Filter()
            .Where("i.measure = @measure", "@measure", request.Get(Measure))
            .Where("i.fund_id = @fund", "@fund", request.Get(Fund))
            .Where("i.date >= @from", "@from", request.Get(From))
            .Where("i.date <= @to", "@to", request.Get(To));
        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<IndicatorRow>($"SELECT {IndicatorRow.Columns} FROM indicator i {IndicatorRow.Joins} {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM indicator i {filter.Sql}", filter.Parameters) : null;
        var shown = IndicatorRow.Show(snapshot, rows, request.View).ToDictionary(i => i.Id);
        return TypedResults.Ok(keyset.Page(rows, row => (row.Date, row.Id), row => shown[row.Id], count));
    }
}
