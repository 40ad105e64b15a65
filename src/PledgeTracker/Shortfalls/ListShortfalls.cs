using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Shortfalls;

/// <summary>What funds lack: reported and computed, latest statement first.</summary>
internal sealed class ListShortfalls : IEndpoint
{
    private static readonly QueryParameter<string> Fund = QueryParameter.Slug("fund", "Only shortfalls of this fund.", "undp-ffs");
    private static readonly QueryParameter<string> Basis = QueryParameter.OneOf("basis", "Only reported or only computed ones.", ["reported", "computed"]);
    private static readonly QueryParameter<bool?> Current = QueryParameter.Flag("current", "Only those that no later statement supersedes, or only those that one does.");
    private static readonly QueryParameter<DateOnly?> From = QueryParameter.Date("statedFrom", "Stated on this day or later.", "2017-01-01");
    private static readonly QueryParameter<DateOnly?> To = QueryParameter.Date("statedTo", "Stated on this day or earlier.", "2018-12-31");

    private static readonly Paging Paging = new("-statedOn", "t.id", new SortField("statedOn", "t.stated_on"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/shortfalls", Handle).Reads("ListShortfalls", "Shortfalls",
        "Shortfalls", "What funds still lack, latest statement first. Reported ones are readings of one gauge: the later supersedes the earlier, and they are " +
        "never added up. Computed ones are a requirement less the commitments to it.",
        Paging.With(Fund, Basis, Current, From, To));

    private static async Task<Results<Ok<Page<Shortfall<string>>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        var filter = new Filter()
            .Where("t.fund_id = @fund", "@fund", request.Get(Fund))
            .Where("t.stated_on >= @from", "@from", request.Get(From))
            .Where("t.stated_on <= @to", "@to", request.Get(To));
        if (request.Get(Current) is { } current)
        {
            filter.Where(current ? "x.no IS NULL" : "x.no IS NOT NULL");
        }

        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<ShortfallRow>($"{ShortfallRow.Sql(request.Get(Basis) ?? "both", page.Sql)} {keyset.OrderSql("stated_on", "id")}", page.Parameters);
        long? count = request.Get(Paging.Count) == true
            ? snapshot.First<long>($"SELECT count(*) FROM ({ShortfallRow.Sql(request.Get(Basis) ?? "both", filter.Sql)})", filter.Parameters)
            : null;
        var shown = ShortfallRow.Show(snapshot, rows, request.View, Texts.In(request.Language)).ToDictionary(s => s.Id);
        return TypedResults.Ok(keyset.Page(rows, row => (row.StatedOn, row.Id), row => shown[row.Id], count));
    }
}
