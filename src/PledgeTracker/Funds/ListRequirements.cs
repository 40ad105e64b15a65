using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Funds;

/// <summary>What funds said they need.</summary>
internal sealed class ListRequirements : IEndpoint
{
    private static readonly QueryParameter<string> Fund = QueryParameter.Slug("fund", "Only requirements of this fund.", "iraq-reconstruction");
    private static readonly QueryParameter<bool?> Current = QueryParameter.Flag("current", "Only those that no later statement supersedes, or only those that one does.");

    private static readonly Paging Paging = new("-statedOn", "q.id", new SortField("statedOn", "q.stated_on"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/requirements", Handle).Reads("ListRequirements", "Funds",
        "Requirements", "What funds said they need, latest statement first. A later statement about the same period supersedes the earlier; both stay.",
        Paging.With(Fund, Current));

    private static async Task<Results<Ok<Page<Requirement<string>>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        var filter = new Filter().Where("q.fund_id = @fund", "@fund", request.Get(Fund));
        if (request.Get(Current) is { } current)
        {
            filter.Where(current ? "x.no IS NULL" : "x.no IS NOT NULL");
        }

        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<RequirementRow>(
            $"SELECT {RequirementRow.Columns} FROM requirement q {RequirementRow.Joins} {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true
            ? snapshot.First<long>($"SELECT count(*) FROM requirement q {RequirementRow.Joins} {filter.Sql}", filter.Parameters)
            : null;
        var shown = RequirementRow.Show(snapshot, rows, request.View, Texts.In(request.Language)).ToDictionary(r => r.Id);
        return TypedResults.Ok(keyset.Page(rows, row => (row.StatedOn, row.Id), row => shown[row.Id], count));
    }
}
