using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Changes;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Pledges;

/// <summary>Every change of a pledge and of what was entered under it.</summary>
internal sealed class GetPledgeHistory : IEndpoint
{
    private static readonly Paging Paging = new("sequence", "c.seq", new SortField("sequence", "c.seq", Number: true));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/pledges/{id}/history", Handle).Reads("GetPledgeHistory", "Pledges",
        "A pledge's history", "Every change of the pledge and of what was entered under it, by whom, with what was there before.", Paging.With());

    /// <param name="id" example="019b76da-a800-8e45-8dfb-36fd1ca58378">The pledge's id.</param>
    private static async Task<Results<Ok<Page<Change>>, Invalid, Missing>> Handle(string id, ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        using var snapshot = await request.OpenAsync();
        if (snapshot.First<long?>("SELECT no FROM pledge WHERE id = @id", ("@id", id)) is null)
        {
            return new Missing($"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");
        }

        var filter = new Filter().Where("c.pledge_id = @pledge", "@pledge", id);
        var page = keyset.Apply(filter);
        var rows = snapshot.Query<ChangeRow>($"SELECT {ChangeRow.Columns} FROM change c {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM change c {filter.Sql}", filter.Parameters) : null;
        return TypedResults.Ok(keyset.Page(rows, row => (row.Seq, row.Seq), row => row.ToChange(), count));
    }
}
