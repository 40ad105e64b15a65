namespace PledgeTracker.Contributions;

/// <summary>One contribution.</summary>
public sealed class GetContribution : Reads<GetContribution.Request, Contribution<LocalizedText>>
{
    /// <param name="Id" example="019b76da-a800-812c-979a-e8b431cc74cd">The contribution's id.</param>
    public sealed record Request(string Id) : ReadRequest;

    public sealed class Rules : ReadRules<Request>;

    public override void Configure()
    {
        Get("/v1/contributions/{id}");
        Tells("Contributions", "One contribution", "Also when it was reversed: then `reversed` is true, and the ledger of its pledge shows the correction.", 404);
    }

    protected override async Task<Contribution<LocalizedText>> ReadAsync(Request request, View view) =>
        await FindAsync(view, request.Id, Reader) ?? throw Missing(request.Id);

    internal static Refused Missing(string id) => Refused.Missing($"There is no contribution {id}.", $"لا توجد مساهمة بالمعرف {id}.");

    /// <summary>A contribution as it is shown, to those who read and in the answers of those who write; null where there is none.</summary>
    internal static async Task<Contribution<LocalizedText>?> FindAsync(Session session, string id, Reader reader)
    {
        var row = await session.Sql.QueryFirstOrDefaultAsync<ContributionRow>($"{ContributionRow.Select(reader)} WHERE e.id = @id", new { id });
        return row is null ? null : (await ContributionRow.ShowAsync(session, [row], reader, LocalizedText.Of))[0];
    }
}
