using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Donors;

/// <summary>All organizations, donors or not, without those that were merged into others.</summary>
internal sealed class ListOrganizations : IEndpoint
{
    private static readonly QueryParameter<string> Type = QueryParameter.OneOf("type", "Only organizations of this type: IATI OrganisationType codes, and `group`.", Words.OrganizationTypes);
    private static readonly QueryParameter<string> Country = Codes.CountryParameter("Only organizations of this country.");
    private static readonly QueryParameter<string> Text = QueryParameter.Text("q", "Words in the id or the name, in either language. All must occur.", "bank");

    private static readonly Paging Paging = new("id", "o.id", new SortField("id", "o.id"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/organizations", Handle).Reads("ListOrganizations", "Organizations",
        "Organizations", "Everyone who gives, receives or runs a fund, by id.", Paging.With(Type, Country, Text));

    private static async Task<Results<Ok<Page<OrganizationItem>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        var filter = new Filter()
            .Where("o.merged_into IS NULL")
            .Where("o.type = @type", "@type", request.Get(Type))
            .Where("o.country = @country", "@country", request.Get(Country));
        filter.WhereWords("o.search", request.Get(Text));
        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<OrganizationRow>($"SELECT {OrganizationRow.Columns} FROM organization o {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM organization o {filter.Sql}", filter.Parameters) : null;
        return TypedResults.Ok(keyset.Page(rows, row => (row.Id, row.Id), row => row.ToItem(request.Language), count));
    }
}
