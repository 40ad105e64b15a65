namespace PledgeTracker.Pledges;

/// <summary>One pledge, whole.</summary>
public sealed class GetPledge : Reads<GetPledge.Request, Pledge>
{
    /// <param name="Id" example="019b76da-a800-89f3-bf96-67ceab5649cd">The pledge's id.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/pledges/{id}");
        Tells("Pledges", "One pledge", "With its donors' lines, its figures, both languages of its texts, and the documents it rests on.", 404);
    }

    protected override async Task<Pledge> ReadAsync(Request request, View view) =>
        await FindAsync(view, request.Id, Reader) ?? throw Missing(request.Id);

    internal static Refused Missing(string id) => Refused.Missing($"There is no pledge {id}.", $"لا يوجد تعهد بالمعرف {id}.");

    /// <summary>A pledge as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Pledge?> FindAsync(Session session, string id, Reader reader)
    {
        if (await PledgeRow.FindAsync(session, id, reader) is not { } row)
        {
            return null;
        }

        var (donors, movements, citations) = await PledgeRow.PartsAsync(session, [row], reader);
        return new Pledge(row, donors[row.No], movements[row.No], citations[row.No], reader);
    }
}
