using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Pledges;

/// <summary>Every entry ever made under a pledge, in the order of making.</summary>
internal sealed class GetPledgeLedger : IEndpoint
{
    private static readonly Paging Paging = new("entered", "e.no", new SortField("entered", "e.no", Number: true));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/pledges/{id}/ledger", Handle).Reads("GetPledgeLedger", "Pledges",
        "A pledge's ledger", "Every entry, in the order of making: what was promised, revised, withdrawn, committed, paid and corrected. " +
        "Nothing is ever overwritten; a mistake stands beside its reversal.", Paging.With());

    /// <param name="id" example="019b76da-a800-8e45-8dfb-36fd1ca58378">The pledge's id.</param>
    private static async Task<Results<Ok<Page<LedgerEntry>>, Invalid, Missing>> Handle(string id, ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        using var snapshot = await request.OpenAsync();
        if (snapshot.First<long?>("SELECT no FROM pledge WHERE id = @id", ("@id", id)) is not { } no)
        {
            return new Missing($"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");
        }

        var filter = new Filter().Where("e.pledge_no = @pledge", "@pledge", no);
        var page = keyset.Apply(filter);
        var rows = snapshot.Query<LedgerEntryRow>($"SELECT {LedgerEntryRow.Columns} FROM ledger_entry e {LedgerEntryRow.Joins} {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM ledger_entry e {filter.Sql}", filter.Parameters) : null;
        var shown = LedgerEntryRow.Show(snapshot, rows, request.View).ToDictionary(e => e.Id);
        return TypedResults.Ok(keyset.Page(rows, row => (row.No, row.No), row => shown[row.Id], count));
    }
}
