using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Funds;

/// <summary>Funds with their figures.</summary>
internal sealed class ListFunds : IEndpoint
{
    private static readonly QueryParameter<string> Kind = QueryParameter.OneOf("kind", "Only funds of this kind.", Words.FundKinds);
    private static readonly QueryParameter<string> Country = Codes.CountryParameter("Only funds that work in this country.");
    private static readonly QueryParameter<string> Parent = QueryParameter.Slug("parent", "Only funds under this umbrella.", "iraq-stabilization");
    private static readonly QueryParameter<string> Text = QueryParameter.Text("q", "Words in the id or the name, in either language. All must occur.", "stabilization");

    private static readonly Paging Paging = new("id", "f.id", new SortField("id", "f.id"),
        new("pledged", "t.pledged_usd", Number: true), new("withdrawn", "t.withdrawn_usd", Number: true), new("committed", "t.committed_usd", Number: true),
        new("paid", "t.paid_usd", Number: true), new("outstanding", "t.outstanding_usd", Number: true));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/funds", Handle).Reads("ListFunds", "Funds",
        "Funds", "Facilities, trust funds, appeals, programmes and pledge drives with their own figures, by id. Sorted by a figure, or with `instrument` or " +
        "`grantsOnly`, the list holds the funds that have such figures.",
        Paging.With(Kind, Country, Parent, Text, ByInstrument.Instrument, ByInstrument.GrantsOnly));

    private static async Task<Results<Ok<Page<FundItem>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        // Funds are few: all are read, and the filters are tried on each. By id, funds without money are listed too.
        var byFigure = keyset.Field.Name != "id";
        var instrument = ByInstrument.Of(request);
        var totals = "t.scope = 'fund' AND t.instrument = @instrument";
        var from = byFigure ? "total t CROSS JOIN fund f ON f.id = t.id"
            : $"fund f {(instrument == "all" ? "LEFT" : "CROSS")} JOIN total t ON t.id = f.id AND {totals}";
        var filter = new Filter().With("@instrument", instrument)
            .Where("f.kind = @kind", "@kind", request.Get(Kind))
            .Where("f.parent_id = @parent", "@parent", request.Get(Parent))
            .Where("EXISTS (SELECT 1 FROM json_each(f.countries) WHERE value = @country)", "@country", request.Get(Country));
        if (byFigure)
        {
            filter.Where(totals).Where("t.lines > 0");
        }

        filter.WhereWords("f.search", request.Get(Text));
        var tie = byFigure ? "t.id" : "f.id";
        var page = keyset.Apply(filter, null, tie);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<FundRow>($"SELECT {FundRow.Columns} FROM {from} {FundRow.Joins} {page.Sql} {keyset.OrderSql(null, tie)}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM {from} {filter.Sql}", filter.Parameters) : null;
        return TypedResults.Ok(keyset.Page(rows, row => (keyset.Field.Name == "id" ? row.Id : row.Figure(keyset.Field.Name), row.Id), row => new FundItem
        {
            Id = row.Id,
            Name = new LocalizedText(row.NameEn, row.NameAr).In(request.Language),
            Kind = row.Kind,
            Parent = Ref.Of(row.ParentId, row.ParentEn, row.ParentAr, request.Language),
            Countries = row.Countries,
            Figures = FigureSet.Of(row),
        }, count));
    }
}
