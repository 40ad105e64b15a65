using Microsoft.AspNetCore.Http.HttpResults;
using PledgeTracker.Data;
using PledgeTracker.Http;

namespace PledgeTracker.Events;

/// <summary>One pledging event.</summary>
internal sealed class GetEvent : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/events/{id}", Handle).Reads("GetEvent", "Events",
        "One pledging event", "What was announced in all beside what the recorded pledges come to. Its pledges: `/v1/pledges?event={id}`.");

    internal static Made<Event<LocalizedText>>? Load(IQueries queries, string id, View view) =>
        queries.First<EventRow>($"SELECT {EventRow.Columns} FROM event v WHERE v.id = @id", ("@id", id)) is { } row
            ? new Made<Event<LocalizedText>>($"/v1/events/{id}", EventRow.Show(queries, [row], view, Texts.Both)[0], row.Version)
            : null;

    /// <param name="id" example="kuwait-conference-2018">The event's id.</param>
    private static async Task<Results<ReadyJson<Event<LocalizedText>>, Missing>> Handle(string id, ReadRequest request)
    {
        using var snapshot = await request.OpenAsync();
        return Load(snapshot, id, request.View) is { } found ? request.Ok(found) : new Missing($"There is no event {id}.", $"لا توجد فعالية بالمعرف {id}.");
    }
}
