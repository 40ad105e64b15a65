namespace PledgeTracker.Pledges;

/// <summary>Every entry ever made under a pledge, in the order of making.</summary>
public sealed class GetPledgeLedger : Lists<GetPledgeLedger.Request, LedgerEntry>
{
    /// <param name="Id" example="019b76da-a800-8e45-8dfb-36fd1ca58378">The pledge's id.</param>
    public sealed record Request(string Id) : ListRequest;

    public sealed class Rules() : ListRules<Request>(Sorting);

    private static readonly Sorting Sorting = new("entered", ("e.no", typeof(long)), new SortField("entered", "e.no", typeof(long)));

    public override void Configure()
    {
        Get("/v1/pledges/{id}/ledger");
        Tells("Pledges", "A pledge's ledger", "Every entry, in the order of making: what was promised, revised, withdrawn, committed, paid and corrected. " +
            "Nothing is ever overwritten; a mistake stands beside its reversal.", 404);
    }

    protected override async Task<Page<LedgerEntry>> ReadAsync(Request request, View view)
    {
        var filter = new Filter().Where("e.pledge_no = (SELECT no FROM pledge WHERE id = @pledge)", "pledge", request.Id);
        var page = await PageAsync<LedgerEntryRow>(view, request, Sorting, LedgerEntryRow.Select(Reader), "FROM ledger_entry e", filter, (row, _) => (row.No, row.No));
        if (page.Data.Count == 0)
        {
            // There is no pledge without an entry.
            throw GetPledge.Missing(request.Id);
        }

        var citations = await Citations.OfAsync(view, "entry_no", page.Data.Select(e => e.No), Reader);
        return page.Of(row => row.ToEntry(citations[row.No]));
    }
}
