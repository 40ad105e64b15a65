using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;
using PledgeTracker.Ledger;

namespace PledgeTracker.Events;

/// <summary>Pledging events, latest first.</summary>
internal sealed class ListEvents : IEndpoint
{
    private static readonly QueryParameter<string> Country = Codes.CountryParameter("Only events held in this country.");
    private static readonly QueryParameter<DateOnly?> From = QueryParameter.Date("from", "Begun on this day or later.", "2018-01-01");
    private static readonly QueryParameter<DateOnly?> To = QueryParameter.Date("to", "Begun on this day or earlier.", "2024-12-31");
    private static readonly QueryParameter<string> Text = QueryParameter.Text("q", "Words in the id, the name or the place, in either language. All must occur.", "kuwait");

    private static readonly Paging Paging = new("-startsOn", "v.id", new SortField("startsOn", "v.starts_on"));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/events", Handle).Reads("ListEvents", "Events",
        "Pledging events", "Conferences and meetings where pledges were announced, latest first.", Paging.With(Country, From, To, Text));

    private static async Task<Results<Ok<Page<Event<string>>>, Invalid>> Handle(ReadRequest request)
    {
        if (!Paging.TryRead(request, out var keyset, out var invalid))
        {
            return invalid;
        }

        var filter = new Filter()
            .Where("v.country = @country", "@country", request.Get(Country))
            .Where("v.starts_on >= @from", "@from", request.Get(From))
            .Where("v.starts_on <= @to", "@to", request.Get(To));
        filter.WhereWords("v.search", request.Get(Text));
        var page = keyset.Apply(filter);
        using var snapshot = await request.OpenAsync();
        var rows = snapshot.Query<EventRow>($"SELECT {EventRow.Columns} FROM event v {page.Sql} {keyset.OrderSql()}", page.Parameters);
        long? count = request.Get(Paging.Count) == true ? snapshot.First<long>($"SELECT count(*) FROM event v {filter.Sql}", filter.Parameters) : null;
        var shown = EventRow.Show(snapshot, rows, request.View, Texts.In(request.Language)).ToDictionary(e => e.Id);
        return TypedResults.Ok(keyset.Page(rows, row => (row.StartsOn, row.Id), row => shown[row.Id], count));
    }
}
