using PledgeTracker.Changes;

namespace PledgeTracker.Pledges;

/// <summary>Every change of a pledge and of what was entered under it.</summary>
public sealed class GetPledgeHistory : Lists<GetPledgeHistory.Request, Change>
{
    /// <param name="Id" example="019b76da-a800-8e45-8dfb-36fd1ca58378">The pledge's id.</param>
    public sealed record Request(string Id) : ListRequest;

    public sealed class Rules() : ListRules<Request>(Sorting);

    private static readonly Sorting Sorting = new("sequence", ("c.seq", typeof(long)), new SortField("sequence", "c.seq", typeof(long)));

    public override void Configure()
    {
        Get("/v1/pledges/{id}/history");
        Tells("Pledges", "A pledge's history", "Every change of the pledge and of what was entered under it, by whom, each as a sentence; with what was there before at `/v1/changes/{sequence}`.", 404);
    }

    protected override async Task<Page<Change>> ReadAsync(Request request, View view)
    {
        var filter = new Filter().Where("c.pledge_id = @pledge", "pledge", request.Id);
        var page = await PageAsync<ChangeRow>(view, request, Sorting, ChangeRow.Select(), "FROM change c", filter, (row, _) => (row.Seq, row.Seq));
        // That it was recorded is a change of every pledge.
        return page.Data.Count == 0 ? throw GetPledge.Missing(request.Id) : new(await ChangeRow.ShowAsync(view, page.Data, Reader), page.Next, page.Count);
    }
}
