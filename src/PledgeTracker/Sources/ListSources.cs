using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Sources;

/// <summary>The documents that figures rest on, latest first.</summary>
internal sealed class ListSources : IEndpoint
{
    private static readonly QueryParameter<string> Reliability = QueryParameter.OneOf("reliability", "Only sources of this kind.", Words.Reliabilities);
    private static readonly QueryParameter<string> Text = QueryParameter.Text("q", "Words in the id, the title or the publisher, in either language. All must occur.", "coalition");

    private static readonly Paging Paging = new("-publishedOn", "s.id", new SortField("publishedOn", "s.published_on"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/sources", Handle).Reads("ListSources", "Sources",
        "Sources", "The documents that figures rest on, latest first.", Paging.With(Reliability, Text));

    private static async Task<Results<Ok<Page<SourceItem>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        var filter = new Filter().Where("s.reliability = @reliability", "@reliability", request.Get(Reliability));
        filter.WhereWords("s.search", request.Get(Text));
        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<SourceRow>($"SELECT {SourceRow.Columns} FROM source s {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM source s {filter.Sql}", filter.Parameters) : null;
        var text = Texts.In(request.Language);
        return TypedResults.Ok(keyset.Page(rows, row => (row.PublishedOn, row.Id), row => new SourceItem
        {
            Id = row.Id,
            Title = text(row.TitleEn, row.TitleAr),
            Publisher = text(row.PublisherEn, row.PublisherAr),
            Url = row.Url,
            Language = row.Language,
            PublishedOn = row.PublishedOn,
            DateQualifier = row.DateQualifier,
            Reliability = row.Reliability,
        }, count));
    }
}
