using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Changes;

/// <summary>What was done, by whom, in the order of doing.</summary>
internal sealed class ListChanges : IEndpoint
{
    private static readonly QueryParameter<int?> After = QueryParameter.Whole("after", "Only changes after this sequence.", 0, int.MaxValue, 0);
    private static readonly QueryParameter<string> Entity = QueryParameter.OneOf("entity", "Only changes of this kind of thing.", Entities);
    private static readonly QueryParameter<string> Actor = new("actor", "Only changes by this actor.",
        () => new() { Type = Microsoft.OpenApi.JsonSchemaType.String, MaxLength = 100 }, "seed", text => text.Length is > 0 and <= 100 ? text : null, "invalid_id",
        new("Send an actor as it stands in the changes, such as seed.", "أرسل اسم الفاعل كما يرد في التغييرات مثل seed."));
    private static readonly QueryParameter<DateOnly?> From = QueryParameter.Date("from", "Made on this day (UTC) or later.", "2026-01-01");
    private static readonly QueryParameter<DateOnly?> To = QueryParameter.Date("to", "Made on this day (UTC) or earlier.", "2026-12-31");

    private static readonly Paging Paging = new("sequence", "c.seq", new SortField("sequence", "c.seq", Number: true));

    private static string[] Entities =>
        ["organization", "fund", "event", "source", "exchange_rate", "requirement", "shortfall", "indicator", "pledge", "contribution", "entry"];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/changes", Handle).Reads("ListChanges", "Changes",
        "Changes", "Every change of the data with what was there before, in the order of making. Nothing is ever taken out of this log.",
        Paging.With(After, Entity, Actor, From, To));

    private static async Task<Results<Ok<Page<Change>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        // Times grow with the sequence, so days are bounds of it; an actor's or an entity's changes stand in an index that ends in it.
        var filter = new Filter()
            .Where("c.seq > @since", "@since", request.Get(After))
            .Where("c.entity = @entity", "@entity", request.Get(Entity))
            .Where("c.actor = @actor", "@actor", request.Get(Actor))
            .Where("c.seq >= (SELECT coalesce(min(seq), 9223372036854775807) FROM change WHERE at >= @from)", "@from", request.Get(From) is { } from ? Iso.Date(from) : null)
            // "U" comes behind every time of that day, which goes on with "T".
            .Where("c.seq <= (SELECT coalesce(max(seq), 0) FROM change WHERE at < @to)", "@to", request.Get(To) is { } to ? Iso.Date(to) + "U" : null);
        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<ChangeRow>($"SELECT {ChangeRow.Columns} FROM change c {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM change c {filter.Sql}", filter.Parameters) : null;
        return TypedResults.Ok(keyset.Page(rows, row => (row.Seq, row.Seq), row => row.ToChange(), count));
    }
}
