using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Donors;

/// <summary>Organizations that pledged or gave, in the order of any figure. The totals are kept, so the cost does not grow with the pledges.</summary>
internal sealed class ListDonors : IEndpoint
{
    private static readonly QueryParameter<string> Type = QueryParameter.OneOf("type", "Only donors of this type: IATI OrganisationType codes, and `group`.", Words.OrganizationTypes);
    private static readonly QueryParameter<string> Country = Codes.CountryParameter("Only donors of this country.");
    private static readonly QueryParameter<string> Text = QueryParameter.Text("q", "Words in the id or the name, in either language. All must occur.", "bank");

    private static readonly Paging Paging = new("-pledged", "t.id",
        new("pledged", "t.pledged_usd", Number: true), new("withdrawn", "t.withdrawn_usd", Number: true), new("committed", "t.committed_usd", Number: true),
        new("paid", "t.paid_usd", Number: true), new("outstanding", "t.outstanding_usd", Number: true), new("id", "t.id"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/donors", Handle).Reads("ListDonors", "Donors",
        "Donors", "Organizations that pledged or gave, with their figures, the largest pledges first. With `instrument` or `grantsOnly`, those who gave " +
        "or pledged that instrument, with its figures alone.",
        Paging.With(Type, Country, Text, ByInstrument.Instrument, ByInstrument.GrantsOnly));

    private static async Task<Results<Ok<Page<DonorItem>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        // Donors are few: all totals of the instrument are read and sorted. Who they belong to is looked up for those that are shown, unless a
        // filter asks about it.
        var filter = new Filter()
            .Where("t.scope = 'donor'")
            .Where("t.instrument = @instrument", "@instrument", ByInstrument.Of(request))
            .Where("t.lines > 0")
            .Where("o.type = @type", "@type", request.Get(Type))
            .Where("o.country = @country", "@country", request.Get(Country));
        filter.WhereWords("o.search", request.Get(Text));
        var aboutThem = request.Get(Type) ?? request.Get(Country) ?? request.Get(Text);
        var from = aboutThem is null ? "total t" : "total t CROSS JOIN organization o ON o.id = t.id";
        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<Row>($"SELECT t.id, {TotalRow.Columns} FROM {from} {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM {from} {filter.Sql}", filter.Parameters) : null;
        return TypedResults.Ok(keyset.Page(rows, row => (keyset.Field.Name == "id" ? row.Id : row.Figure(keyset.Field.Name), row.Id), row =>
        {
            var donor = snapshot.Remembered<OrganizationRow>("SELECT name_en, name_ar, type, country FROM organization WHERE id = @key", row.Id)!;
            return new DonorItem
            {
                Id = row.Id,
                Name = new LocalizedText(donor.NameEn, donor.NameAr).In(request.Language),
                Type = donor.Type,
                Country = donor.Country,
                Figures = FigureSet.Of(row),
            };
        }, count));
    }

    private sealed record Row : SumsRow
    {
        public required string Id { get; init; }
    }

    private sealed record OrganizationRow
    {
        public string? NameEn { get; init; }

        public string? NameAr { get; init; }

        public required string Type { get; init; }

        public string? Country { get; init; }
    }
}
