namespace PledgeTracker.Contributions;

/// <summary>Commitments and payments, filtered, by date. The narrowest filter's index also holds the date: a page is walked, never sorted.</summary>
public sealed class ListContributions : Lists<ListContributions.Request, Contribution<string>>
{
    /// <param name="Stage">Only contributions of this stage.</param>
    /// <param name="Donor">Only contributions of this donor. For example `sau`.</param>
    /// <param name="Fund">Only contributions to this fund. For example `undp-ffs`.</param>
    /// <param name="Pledge">Only contributions under this pledge.</param>
    /// <param name="From">Dated this day or later, or in a month or a year that has a day as late. For example `2018-01-01`.</param>
    /// <param name="To">Dated this day or earlier, or in a month or a year that has a day as early. For example `2023-12-31`.</param>
    /// <param name="Verification">Only contributions that editors found so, or have not looked at.</param>
    /// <param name="IncludeReversed">Also those that were entered by mistake and reversed.</param>
    public sealed record Request(
        string? Stage = null, string? Donor = null, string? Fund = null, string? Pledge = null, DateOnly? From = null, DateOnly? To = null, string? Verification = null,
        bool? IncludeReversed = null) : ListRequest;

    public sealed class Rules : ListRules<Request>
    {
        public Rules()
            : base(Sorting)
        {
            RuleFor(r => r.Stage).IsOneOf(Vocabulary.Stages);
            RuleFor(r => r.Donor).IsSlug("sau");
            RuleFor(r => r.Fund).IsSlug("undp-ffs");
            RuleFor(r => r.Pledge).IsUuid().Or("invalid_id",
                "Send a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057.", "أرسل معرفا من نوع UUID مثل 01890a5d-ac96-774b-bcce-b302099a8057.");
            RuleFor(r => r.To).IsNotBefore("from", r => r.From);
            RuleFor(r => r.Verification).IsOneOf(Vocabulary.Verifications);
        }
    }

    private static readonly Sorting Sorting = new("-date", ("c.entry_no", typeof(long)), new SortField("date", "c.value_date", typeof(DateOnly)));

    public override void Configure()
    {
        Get("/v1/contributions");
        Tells("Contributions", "Contributions", "Commitments and payments with their releases and refunds, newest first; those that were reversed are left out unless asked for.");
    }

    protected override async Task<Page<Contribution<string>>> ReadAsync(Request request, View view)
    {
        // Found first: a planner that does not know which donor it is takes the many of a large one for few, and sorts them.
        var donor = await References.SurvivorAsync(view, request.Donor) ?? request.Donor;
        var filter = new Filter()
            .Where("c.pledge_no = (SELECT no FROM pledge WHERE id = @pledge)", "pledge", request.Pledge?.ToLowerInvariant())
            .Where("c.donor_id = @donor", "donor", donor)
            .Where("c.fund_id = @fund", "fund", request.Fund)
            .Where("c.verification = @verification", "verification", request.Verification)
            .Where("c.stage = @stage", "stage", request.Stage)
            .WhereOverlaps("c.value_date", "e.date_precision", request.From, request.To)
            .Where("c.reversed = FALSE", request.IncludeReversed != true);
        var counted = request is { From: null, To: null } ? "FROM contribution c" : "FROM contribution c JOIN ledger_entry e ON e.no = c.entry_no";
        var page = await PageAsync<ContributionRow>(view, request, Sorting, ContributionRow.Select(Reader), counted, filter, (row, _) => (row.ValueDate, row.No));
        return new(await ContributionRow.ShowAsync(view, page.Data, Reader, (en, ar) => LocalizedText.Of(en, ar)?.In(Reader.Language)), page.Next, page.Count);
    }
}
