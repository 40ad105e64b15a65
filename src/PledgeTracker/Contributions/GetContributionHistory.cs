using PledgeTracker.Changes;

namespace PledgeTracker.Contributions;

/// <summary>Every change of a contribution.</summary>
public sealed class GetContributionHistory : Lists<GetContributionHistory.Request, Change>
{
    /// <param name="Id" example="019b76da-a800-812c-979a-e8b431cc74cd">The contribution's id.</param>
    public sealed record Request(string Id) : ListRequest;

    public sealed class Rules() : ListRules<Request>(Sorting);

    private static readonly Sorting Sorting = new("sequence", ("c.seq", typeof(long)), new SortField("sequence", "c.seq", typeof(long)));

    public override void Configure()
    {
        Get("/v1/contributions/{id}/history");
        Tells("Contributions", "A contribution's history",
            "That it was recorded, cited, confirmed, verified, disputed or reversed: when, and by whom. One that was replaced has a history of its own under its own id.", 404);
    }

    protected override async Task<Page<Change>> ReadAsync(Request request, View view)
    {
        // One that was entered again under another header has changes of its own only from then on.
        if (await view.Sql.QueryFirstOrDefaultAsync<long?>("SELECT c.entry_no FROM ledger_entry e JOIN contribution c ON c.entry_no = e.no WHERE e.id = @Id", new { request.Id }) is null)
        {
            throw GetContribution.Missing(request.Id);
        }

        var filter = new Filter().Where("c.entity_id = @contribution", "contribution", request.Id);
        var page = await PageAsync<ChangeRow>(view, request, Sorting, ChangeRow.Select(), "FROM change c", filter, (row, _) => (row.Seq, row.Seq));
        return new(await ChangeRow.ShowAsync(view, page.Data, Reader), page.Next, page.Count);
    }
}
