using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;
using PledgeTracker.Sources;

namespace PledgeTracker.Contributions;

/// <summary>Commitments and payments, filtered, by date.</summary>
internal sealed class ListContributions : IEndpoint
{
    private static readonly QueryParameter<string> Stage = QueryParameter.OneOf("stage", "Only contributions of this stage.", Words.Stages);
    private static readonly QueryParameter<string> Donor = QueryParameter.Slug("donor", "Only contributions of this donor.", "sau");
    private static readonly QueryParameter<string> Fund = QueryParameter.Slug("fund", "Only contributions to this fund.", "undp-ffs");
    private static readonly QueryParameter<string> Pledge = QueryParameter.Uuid("pledge", "Only contributions under this pledge.");
    private static readonly QueryParameter<DateOnly?> From = QueryParameter.Date("from", "Dated this day or later.", "2018-01-01");
    private static readonly QueryParameter<DateOnly?> To = QueryParameter.Date("to", "Dated this day or earlier.", "2023-12-31");
    private static readonly QueryParameter<string> Verification =
        QueryParameter.OneOf("verification", "Only contributions that editors found so, or have not looked at.", Words.Verifications);
    private static readonly QueryParameter<bool?> IncludeReversed = QueryParameter.Flag("includeReversed", "Also those that were entered by mistake and reversed.");

    private static readonly Paging Paging = new("-date", "c.entry_no", new SortField("date", "c.value_date"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/contributions", Handle).Reads("ListContributions", "Contributions",
        "Contributions", "Commitments and payments with their releases and refunds, newest first; those that were reversed are left out unless asked for.",
        Paging.With(Stage, Donor, Fund, Pledge, From, To, Verification, IncludeReversed));

    private static async Task<Results<Ok<Page<Contribution<string>>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        // The narrowest filter's index also holds the date: a page is walked, never sorted.
        var index =
            request.Get(Pledge) is not null ? "contribution_by_pledge"
            : request.Get(Donor) is not null ? "contribution_by_donor"
            : request.Get(Fund) is not null ? "contribution_by_fund"
            : request.Get(Verification) is not null ? "contribution_by_verification"
            : request.Get(Stage) is not null ? "contribution_by_stage"
            : "contribution_by_date";
        var from = $"contribution c INDEXED BY {index}";
        var filter = new Filter()
            .Where("c.pledge_no = (SELECT no FROM pledge WHERE id = @pledge)", "@pledge", request.Get(Pledge))
            .Where("c.donor_id = (SELECT coalesce(merged_into, id) FROM organization WHERE id = @donor)", "@donor", request.Get(Donor))
            .Where("c.fund_id = @fund", "@fund", request.Get(Fund))
            .Where("c.verification = @verification", "@verification", request.Get(Verification))
            .Where("c.stage = @stage", "@stage", request.Get(Stage))
            .Where("c.value_date >= @from", "@from", request.Get(From))
            .Where("c.value_date <= @to", "@to", request.Get(To));
        if (request.Get(IncludeReversed) != true)
        {
            filter.Where("c.reversed = 0");
        }

        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<ContributionRow>($"SELECT {ContributionRow.Columns} FROM {from} {ContributionRow.Joins} {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM {from} {filter.Sql}", filter.Parameters) : null;
        var text = Texts.In(request.Language);
        var citations = Citations.Of(snapshot, Citations.OfEntries, $"[{string.Join(',', rows.Select(r => r.No))}]", request.Language);
        return TypedResults.Ok(keyset.Page(rows, row => (row.ValueDate, row.No), row => row.ToContribution(snapshot, citations[row.No], request.Language, text), count));
    }
}
