namespace PledgeTracker.Shortfalls;

/// <summary>One shortfall, reported or computed.</summary>
public sealed class GetShortfall : Reads<GetShortfall.Request, Shortfall<LocalizedText>>
{
    /// <param name="Id" example="019b76da-a800-8e6f-beac-e0365b2a8d65">The id of the statement, or of the requirement.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/shortfalls/{id}");
        Tells("Shortfalls", "One shortfall", "Reported (by the id of the statement) or computed (by the id of the requirement), with what has come in against it.", 404);
    }

    protected override async Task<Shortfall<LocalizedText>> ReadAsync(Request request, View view) =>
        await FindAsync(view, request.Id, Reader) ?? throw Refused.Missing($"There is no shortfall {request.Id}.", $"لا يوجد عجز بالمعرف {request.Id}.");

    /// <summary>A shortfall as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Shortfall<LocalizedText>?> FindAsync(Session session, string id, Reader reader)
    {
        var row = await session.Sql.QueryFirstOrDefaultAsync<ShortfallRow>(ShortfallRow.Select(null, changing: false, reader, "WHERE t.id = @id"), new { id });
        return row is null ? null : (await ShortfallRow.ShowAsync(session, [row], reader, LocalizedText.Of)).Shortfalls[0];
    }
}
